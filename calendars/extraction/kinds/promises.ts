/** What an insurer says of itself: what it promises to do by a day, and what it only plans. */
import { activityOf } from '../activities.ts';
import type { Dates } from '../when/dates.ts';
import type { Passage } from '../passages.ts';

/** The verbs of what is done for those who contract: for "wij", and for a name. */
const VERBS = [
  ['laten', 'laat', String.raw`.*\bweten`],
  ['informeren', 'informeert', ''],
  ['berichten', 'bericht', ''],
  ['geven', 'geeft', String.raw`.*\b(?:antwoord|terugkoppeling|uitsluitsel|reactie|bericht|duidelijkheid)`],
  ['sturen', 'stuurt', ''],
  ['beoordelen', 'beoordeelt', ''],
  ['beantwoorden', 'beantwoordt', ''],
  ['behandelen', 'behandelt', ''],
  ['bevestigen', 'bevestigt', ''],
  ['beslissen', 'beslist', ''],
  ['besluiten', 'besluit', ''],
  ['reageren', 'reageert', ''],
  ['koppelen', 'koppelt', String.raw`.*\bterug`],
  ['nemen', 'neemt', String.raw`.*\b(?:contact|besluit|beslissing)`],
  ['betalen', 'betaalt', ''],
  ['bieden', 'biedt', String.raw`.*\baan`],
  ['stellen', 'stelt', String.raw`.*\b(?:beschikbaar|vast|op de hoogte)`],
  ['maken', 'maakt', String.raw`.*\bbekend`],
  ['publiceren', 'publiceert', ''],
  ['doen', 'doet', String.raw`.*\b(?:aanbod|voorstel)`],
  ['zullen', 'zal', ''],
] as const;
const PLURAL = VERBS.map(([verb, , rest]) => `(?:${verb}\\s+(?:wij|we)|(?:wij|we)\\s+${verb})(?!\\p{L})${rest}`).join('|');
const SINGULAR = VERBS.map(([, verb, rest]) => `${verb}(?!\\p{L})${rest}`).join('|');
const INSURER_NAMES = String.raw`(?:het zorgkantoor|de (?:zorg)?verzekeraar|zorgkantoor(?: \p{Lu}\p{L}+)*|(?<=[^.]\s|^)\p{Lu}\p{L}+)`;
const SELF = new RegExp(String.raw`(?<!\p{L})(?:${PLURAL})`, 'iu');
const NAMED = new RegExp(
  String.raw`(?<!\p{L})(?!(?:Zorg(?:aanbieder|groep|verlener)|Praktijk|Huisarts|Regio-?organisatie|RO|WSV|RSV|RHO|Wie|Hij|Zij|De|Het)(?!\p{L}))${INSURER_NAMES}\s+(?:${SINGULAR})`,
  'u',
);
/** What reaches those who contract. */
const REACHES =
  /(?<!\p{L})(?:(?:ontvangt|krijgt|hoort)\s+u|u\s+(?:ontvangt|krijgt|hoort)|(?:ontvangen|krijgen|horen)\s+(?:de\s+)?zorgaanbieders|zorgaanbieders\s+(?:ontvangen|krijgen|horen))(?!\p{L})(?!.*(?:\bde tijd\b|(?:dagen|weken|maanden|maand|week) om\b))/iu;
/** What is asked of others is no promise. */
const ASKS =
  /(?<!\p{L})(?:ontvangen (?:wij|we)|(?:wij|we) ontvangen|verwachten|verzoeken|vragen (?:wij|we)|(?:wij|we) vragen|tegemoet|moet u|u moet|dient u|u dient|dienen|kunt u|u kunt|door ons ontvangen)(?!\p{L})/iu;
/** What an insurer does each year by a day that the registry keeps. */
const KEPT = new Set(['publication', 'policy_supplement', 'tariff_publication']);

/** Whether a sentence promises something that the insurer does itself. What the registry keeps as a deadline of the insurer's is none. */
export function isPromise({ form, quote }: Passage, { range }: Dates): boolean {
  if (form === 'row' || range !== null || ASKS.test(quote) || KEPT.has(activityOf(quote) ?? '')) return false;
  return SELF.test(quote) || NAMED.test(quote) || REACHES.test(quote);
}

/** Whether an insurer wants, weighs or hopes something; what the sentence has no day for only where it says so in particular words. */
export function isPlan(quote: string, dates: Dates): boolean {
  const { days, months } = dates;
  if (HOPES.test(quote)) return true;
  if (days.length + months.length > 0) return false;
  return SOME_DAY.test(quote) || isWeighed(quote, dates);
}

/** Whether an insurer still looks into what it names a year for. */
export const isWeighed = (quote: string, { vague, years }: Dates) => years.length + vague.length > 0 && WEIGHS.test(quote);

const HOPES =
  /bij voorkeur v[oó]{2}r(?!.*uiterlijk)|streven (?:wij |we )?(?:er)?naar|streeft ernaar|ons streven|meer duidelijkheid|naar verwachting|(?<!(?:data|planning|tijdpad).*)onder voorbehoud|\bvoornemens\b|\bvan plan\b/iu;
const WEIGHS =
  /(?<!\p{L})(?:(?:wij|we) (?:onderzoeken|verkennen|overwegen|willen|bekijken|bezien|gaan)|(?:onderzoeken|verkennen|overwegen|willen|bekijken|bezien) (?:wij|we)|(?:zorgkantoor|verzekeraar) (?:wil|onderzoekt|verkent|overweegt)|ambitie)(?!\p{L})/iu;
const SOME_DAY = new RegExp(
  [
    String.raw`\b[Zz]odra\b.*\b(?:[Ii]nform\p{L}*|ge[iï]nformeerd|gesprek|duidelijk|besproken)`,
    String.raw`\bw[ij]{2} zullen\b.*\b(?:informeren|gesprek)\b`,
    String.raw`\bwil\b.*\bin gesprek gaan\b|\bblijft\b.*\binzetten\b|\bzet\b.*\bin op\b.*\b(?:regio|gemeenten)`,
    String.raw`basis zal zijn voor verdere besluitvorming|verder kunnen uitbreiden|indien .*keurmerk beschikbaar|wordt duidelijk (?:of|hoe)`,
  ].join('|'),
  'iu',
);
