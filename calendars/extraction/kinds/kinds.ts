/** What kind of thing a sentence is: something to be done by a day, a window, a term, a promise, a plan; or nothing that the registry keeps. */
import type { Kind } from '../../terms.ts';
import { ACT, OBLIGED, PROVIDER, URGENT } from './acts.ts';
import { isDated, type Dates } from '../when/dates.ts';
import { dateCellOf, lastDateCellOf } from '../lines.ts';
import { directionOf } from '../when/offsets.ts';
import { isPlan, isPromise, isWeighed } from './promises.ts';
import type { Passage } from '../passages.ts';

/** The kind of a passage but for requirements; null where it says nothing to keep. */
export function kindOf(passage: Passage, dates: Dates): Exclude<Kind, 'requirement'> | null {
  const { form, quote } = passage;
  if (isTerm(passage, dates)) return isWeighed(quote, dates) ? 'intention' : 'term';
  if (form === 'heading') return null;
  if (isCommitment(passage)) return 'commitment';
  const hasDate = isDated(dates);
  if ((hasDate || dates.named.length > 0) && isPast(quote)) return null;
  if (isPlan(quote, dates)) return 'intention';
  if ((hasDate || isCounting(quote, dates)) && isPromise(passage, dates)) return 'commitment';
  if (hasDate || isUnreadRow(passage)) return isDue(passage, dates) ? (isWindow(passage, dates) ? 'window' : 'deadline') : null;
  if (isReporting(quote)) return 'period';
  if (isTalk(quote, dates)) return 'period';
  if (isCounted(quote, dates) || (form === 'row' && isCounting(quote, dates))) return 'deadline';
  if (isUndatedDuty(passage) && !isPromise(passage, dates)) return 'deadline';
  return isOpenRequest(quote) ? 'window' : null;
}

/** A contract, and how long it runs or in which years. */
function isTerm({ form, quote, titles }: Passage, { amounts, range, years }: Dates): boolean {
  const isLong = amounts.some(
    ({ from, named, to }) =>
      named.kind === 'amount' &&
      (named.unit === 'year' || (named.unit === 'month' && LASTS.test(quote.slice(0, from)))) &&
      !NO_TERM_BEFORE.test(quote.slice(0, from)) &&
      !NO_TERM_AFTER.test(quote.slice(to)),
  );
  if (isLong && /contract|overeenkomst|looptijd|contractduur/iu.test(quote)) return true;
  if (range !== null && form !== 'heading' && /overeenkomst|contract|looptijd|contractduur/iu.test(quote) && RUNS.test(quote)) return true;
  const isOfTerms = /looptijd|contractduur|meerjar|voor de (?:jaren|periode)/iu.test([...titles.slice(-2), quote].join(' '));
  return isOfTerms && years.length > 0 && /overeenkomst|contract|management|looptijd/iu.test(quote);
}

/** What stands before how long a contract runs. */
const LASTS = /(?:looptijd|duur|contractduur)\s+(?:van|is|bedraagt)\s+$/iu;
const RUNS = /\b(?:loopt|lopen|looptijd|contractduur|geldt|gelden|duur|aangegaan|afgesloten)\b/iu;
/** Years that are not those of a contract: past ones, an age, a term of notice, an extension. */
const NO_TERM_BEFORE =
  /(?:afgelopen|laatste|voorgaande|vorige|minimaal|ten minste|opzegtermijn van|ouder dan|per|met|iedere?|elke?)\s+(?:de\s+)?$/iu;
const NO_TERM_AFTER = /^\s*(?:geleden|oud|ervaring|werkervaring|na|wordt verlengd|(?:te )?verleng)/iu;

/** What providers promise for good, or are expected to. */
function isCommitment({ lead, quote }: Passage): boolean {
  if (/\b(?:zich\s+committe|committeren aan de doelen|mobiliteitsplan hebben|duurzaamheid verankeren)/iu.test(quote)) return true;
  return (
    /jaarverslag\b.*rapporteren/iu.test(quote) ||
    (lead !== null && /verwachten we van zorgaanbieders/iu.test(lead) && /duurzaam|verslag|GDDZ/iu.test(quote))
  );
}

/** What has been: a document that was signed, changed, published. */
const isPast = (quote: string) =>
  ((PAST.test(quote) || PRETERITE.test(quote)) &&
    !OBLIGED.test(quote) &&
    !/\b(?:[uv]iterlijk|uiterste datum|wordt|worden|geopend)\b/iu.test(quote)) ||
  /^Wijzigingen? (?:per|van|d\.d\.)|(?:^|(?:deze|vorige|nieuwe|in de) )versie\b|versie(?:datum)?[ :]*\(?(?:v\.? ?)?\d|vastgesteld (?:op|door)/iu.test(
    quote,
  );
const PAST =
  /(?<!\p{L})(?:is|zijn|heeft|hebben|hadden|was|waren)(?!\p{L}).*(?<!\p{L})(?:(?!gesloten|getekende|gedurende|gelijk|gezien|gericht|gemiddeld|gezamenlijk|gemandateerd|geregistreerd)(?:aan|af|bekend|bij|in|op|over|toe|uit|vast|samen)?ge\p{Ll}{3,}(?:d|t|en)|ondertekend|verplaatst|verwerkt|verschenen|besproken|besloten|hersteld|vervangen|overeengekomen|vervallen|ontstaan)(?!\p{L})/iu;
const PRETERITE =
  /(?<!\p{L})(?:had|hadden|was|waren|kreeg|kregen|trad|traden|werd|werden|kwam|kwamen|ging|gingen|nam|namen|vond|vonden|steeg|stegen|daalde|stelde|besloot|bleek|dateert|verscheen|organiseerden?|publiceerden?)(?!\p{L})/iu;

/** Whether the date is one to be in time for: in a table of dates, behind a word that bounds, beside a verb of handing in or a word that obliges. */
function isDue({ form, quote }: Passage, { hasUnreadable, range, yearEnds }: Dates): boolean {
  if (form === 'row') return !/^\P{L}*$/u.test(quote);
  if (form === 'item' && (dateCellOf(quote) !== null || lastDateCellOf(quote) !== null)) return true;
  if ((NO_DUTY.test(quote) && !ACT.test(quote)) || (/peildatum|prijspeil/iu.test(quote) && !OBLIGED.test(quote) && !BOUND.test(quote)))
    return false;
  if (range !== null || yearEnds.length > 0 || BOUND.test(quote)) return true;
  if (
    /(?<!\p{L})(?:die|welke|wie) (?:(?:wij|ons|u) )?na \d/iu.test(quote) &&
    /(?<!\p{L})(?:niet|geen|onbeantwoord|terzijde|afgewezen|geweigerd)(?!\p{L})/iu.test(quote)
  )
    return true;
  if (hasUnreadable && /\b[uv]iterlijk\b/iu.test(quote)) return true;
  return (ACT.test(quote) || OBLIGED.test(quote)) && !/\bsinds\b/iu.test(quote);
}

const BOUND =
  /(?<!\p{L})(?:[uv]iterlijk|uiterste datum|deadline|v[oó]{2}r\s+(?:de\s+)?(?:(?:maan|dins|woens|donder|vrij|zater|zon)dag\s+)?\d{1,2}(?!\d)|v[oó]{2}r het eind(?:e)?|ultimo|tot(?: en met)?\s+\d{1,2}(?!\d)|t\/m\s+\d{1,2}(?!\d)|niet later dan|sluit(?:ing(?:sdatum)?)?|wordt van .* verwacht|overgaan tot|tijdig)(?!\p{L})/iu;
/** What holds, happens or is measured on a day, and asks for nothing. */
const NO_DUTY =
  /(?<!\p{L})(?:geldt|gelden|geldig|van kracht|in werking|bedraagt|bedragen|peildatum|prijspeil|geïndexeerd|bereikbaar|gesloten|gaat in|ingaand|webinar|\p{L}*bijeenkomst)(?!\p{L})/iu;

/** A row among dates of which the first cell cannot be read. */
export const isUnreadRow = ({ form, garbled }: Passage) => form === 'row' && garbled !== null;

/** What opens and closes. */
const isWindow = ({ quote }: Passage, { range }: Dates) =>
  range !== null ||
  /\bhebben (?:nog )?tot\b|\b(?:aanmeld|inschrijf|indien|reactie)(?:periode|termijn)\b|\bgeopend\b|\bopen(?:gesteld)?\b|\bvanaf\b.*\btot (?:en met |uiterlijk )?\d/iu.test(
    quote,
  ) ||
  (/\b(?:vanaf|met ingang van)\s+(?:\p{L}+\s+)?\d/iu.test(quote) && /\bkunt u\b|\bu kunt\b|\bkunnen\b|\bis het mogelijk\b/iu.test(quote));

/** Reports that are made in a year, and talks. */
const isReporting = (quote: string) => /verplicht om \(?in 20\d\d\)? te rapporteren/iu.test(quote);
const isTalk = (quote: string, { years }: Dates) =>
  years.length > 0 && /\bvoeren (?:wij|we)\b.*\bgesprek\b|\bgesprek(?:ken)?\b.*\bvoeren (?:wij|we)\b/iu.test(quote);

/** So long before or after something. */
const isCounting = (quote: string, { amounts }: Dates) =>
  amounts.some(({ named, to }) => named.kind === 'amount' && named.unit !== 'year' && directionOf(quote.slice(to)) !== null) ||
  (amounts.some(({ named }) => named.kind === 'amount' && named.unit !== 'year') &&
    /\bbinnen\b|\b(?:heeft|hebt|krijgt)\b.*\b(?:de tijd\b(?! nodig)|\p{L}*(?:dagen|weken|maanden|maand|week) om\b)/iu.test(quote));

/** What is counted, with something to be done; or what comes back each quarter. */
function isCounted(quote: string, dates: Dates): boolean {
  if (dates.isRecurring) return /\bstart\p{L}*\b|\bindien\p{L}*\b|\bingaan\b/iu.test(quote) || (ACT.test(quote) && PROVIDER.test(quote));
  return (
    isCounting(quote, dates) &&
    (ACT.test(quote) || /\b(?:kan|kunnen|kunt)\b/iu.test(quote) || (OBLIGED.test(quote) && PROVIDER.test(quote)))
  );
}

/** What must be done, and no day is said: "tijdig", "voordat", "direct". */
const isUndatedDuty = ({ lead, quote }: Passage) =>
  isAtOnce(quote, lead ?? '') || UNDATED.test(quote) || (/\buiterlijk\b/iu.test(quote) && ACT.test(quote));

/** What those who contract must do at once, or in time. */
const isAtOnce = (quote: string, lead: string) =>
  URGENT.test(quote) &&
  (ACT.test(quote) ||
    /(?<!\p{L})(?:contact|wijzig\p{L}*|informe(?:er|ert|ren)|waarschuwt?|op de hoogte|doorgegeven)(?!\p{L})/iu.test(quote)) &&
  (PROVIDER.test(`${lead} ${quote}`) || OBLIGED.test(quote)) &&
  !/(?<!\p{L})(?:wij|we)(?!\p{L})(?! vragen| verzoeken| verwachten)|zult u|zorgverzekeraars/iu.test(quote);

const UNDATED = new RegExp(
  [
    String.raw`\b(?:u|zorgaanbieders?|RO|organisaties?|WSV['‘’]?s?) (?:dient|dienen|moet|moeten)\b.*\b(?:aan te vragen|in te dienen|aan te leveren|te ondertekenen|te melden|in te leveren|indienen|aanleveren)\b`,
    String.raw`\btijdig\b.*\b(?:beoordeeld|aan te|in te|indienen|aanvragen|aanleveren)|\bvoordat (?:ze|zij|u|deze)\b.*\b(?:indien\p{L}*|aanlever\p{L}*)`,
    String.raw`\bdirect wijzigt\b|\bwordt\b.*\baangeleverd via\b|\bdienen de plannen\b.*\bin\b|aanleveren die zorgverzekeraars`,
    String.raw`aanvullingen op het (?:zorg)?inkoopbeleid op:|altijd een gesprek plaats|alleen bij bijzonderheden een gesprek`,
  ].join('|'),
  'iu',
);

/** What may be handed in all year. */
const isOpenRequest = (quote: string) =>
  /\b[Ss]tuur (?:de|uw|het)\b.*\bnaar\b|\bkunt u\b.*\bhet hele jaar\b|\bdoorlopend\b.*\b(?:aanvra\p{L}*|indien\p{L}*)|\bkan\b.*\been aanvraag indienen\b/u.test(
    quote,
  );
