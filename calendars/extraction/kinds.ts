/** What kind of thing a sentence is: something to be done by a day, a window, a term, a promise, a plan; or nothing that the registry keeps. */
import type { Kind } from '../terms.ts';
import type { Dates } from './dating.ts';
import type { Passage } from './passages.ts';

/** The kind of a passage but for requirements; null where it says nothing to keep. */
export function kindOf(passage: Passage, dates: Dates): Exclude<Kind, 'requirement'> | null {
  const { form, quote } = passage;
  if (isTerm(passage, dates)) return 'term';
  if (form === 'heading') return null;
  if (isCommitment(passage)) return 'commitment';
  const isDated = dates.days.length > 0 || dates.months.length > 0 || dates.hasUnreadable;
  if (isDated && isPast(quote)) return null;
  if (isPlan(quote, dates)) return 'intention';
  if (isDated || isUnreadRow(passage)) return isDue(passage, dates) ? (isWindow(passage, dates) ? 'window' : 'deadline') : null;
  if (isReporting(quote)) return 'period';
  if (isTalk(quote, dates)) return 'period';
  if (isCounted(quote, dates)) return 'deadline';
  if (isUndatedDuty(quote)) return 'deadline';
  return isOpenRequest(quote) ? 'window' : null;
}

/** A contract, and how long it runs or in which years. */
function isTerm({ quote, titles }: Passage, { amounts, years }: Dates): boolean {
  const isLong = amounts.some(({ named }) => named.kind === 'amount' && named.unit === 'year');
  if (isLong && /contract|overeenkomst|looptijd|contractduur/iu.test(quote)) return true;
  const isOfTerms = /looptijd|contractduur/iu.test([...titles.slice(-2), quote].join(' '));
  return isOfTerms && years.length > 0 && /overeenkomst|contract|management|looptijd/iu.test(quote);
}

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
  (PAST.test(quote) && !/\b(?:moet|moeten|dient|dienen|[uv]iterlijk|uiterste datum)\b/iu.test(quote)) ||
  /^Wijzigingen? (?:per|van|d\.d\.)|versie(?:datum)?\b|vastgesteld op/iu.test(quote);
const PAST =
  /\b(?:is|zijn|werd|werden|heeft|hebben)\b.*\b(?:getekend|ondertekend|gepubliceerd|gestart|afgerond|toegevoegd|verplaatst|verwerkt|gewijzigd|overeengekomen|vastgesteld|ingegaan|gevoerd|besproken|opgericht|besloten|verschenen|geactualiseerd)\b/iu;

/** What an insurer wants, weighs or hopes. */
function isPlan(quote: string, { days, months }: Dates): boolean {
  if (
    /bij voorkeur v[oó][oó]r|streven (?:wij |we )?(?:er)?naar|streeft ernaar|meer duidelijkheid|naar verwachting|onder voorbehoud|\bvoornemens\b/iu.test(
      quote,
    )
  )
    return true;
  if (days.length + months.length > 0) return false;
  return (
    /\b[Zz]odra\b.*\b(?:inform\p{L}*|ge[iï]nformeerd|gesprek|duidelijk|besproken)/u.test(quote) ||
    /\bw[ij]{2} zullen\b.*\b(?:informeren|gesprek)\b/iu.test(quote) ||
    /\bwil\b.*\bin gesprek gaan\b|\bblijft\b.*\binzetten\b|\bzet\b.*\bin op\b.*\b(?:regio|gemeenten)|basis zal zijn voor verdere besluitvorming|verder kunnen uitbreiden|indien .*keurmerk beschikbaar|wordt duidelijk (?:of|hoe)/iu.test(
      quote,
    )
  );
}

/** Whether the date is one to be in time for: in a table of dates, behind a word that bounds, beside a verb of handing in. */
function isDue({ form, quote }: Passage, { range }: Dates): boolean {
  return (
    (form === 'row' && !/^\P{L}*$/u.test(quote)) || range !== null || BOUND.test(quote) || (ACT.test(quote) && !/\bsinds\b/iu.test(quote))
  );
}

const BOUND =
  /\b(?:[uv]iterlijk|uiterste datum|deadline|v[oó][oó]r\s+(?:de\s+)?\d|tot(?: en met)?\s+\d|t\/m\s+\d|niet later dan|sluit(?:ingsdatum)?|wordt van .* verwacht|overgaan tot|tijdig)\b/iu;
const ACT =
  /\b(?:indien\p{L}*|in te dienen|dien(?:t|en)?\b.*\bin\b|st(?:uurt?|uren)\b|aanlever\p{L}*|aan te leveren|lever(?:t|en)?\b.*\b(?:aan|in)\b|inlever\p{L}*|in te leveren|onderteken\p{L}*|te tekenen|aanvra\p{L}*|aan te vragen|aanmeld\p{L}*|aan te melden|inschrij\p{L}*|insturen|in te sturen|opsturen|retour\p{L}*|accorder\p{L}*|reager\p{L}*|publi\p{L}+|bekend\s?\p{L}*|staat|contractering|ontvang\p{L}*|aanbied\p{L}*|bied(?:t|en)\b.*\baan)/iu;

/** A row among dates of which the first cell cannot be read. */
export const isUnreadRow = ({ form, garbled }: Passage) => form === 'row' && garbled !== null;

/** What opens and closes. */
const isWindow = (passage: Passage, { range }: Dates) =>
  range !== null ||
  /\bhebben (?:nog )?tot\b|\b(?:aanmeld|inschrijf|indien|reactie)(?:periode|termijn)\b|\bgeopend\b|\bopen(?:gesteld)?\b|\bvanaf\b.*\btot\b/iu.test(
    passage.quote,
  );

/** Reports that are made in a year, and talks. */
const isReporting = (quote: string) => /verplicht om \(?in 20\d\d\)? te rapporteren/iu.test(quote);
const isTalk = (quote: string, { years }: Dates) =>
  years.length > 0 && /\bvoeren (?:wij|we)\b.*\bgesprek\b|\bgesprek(?:ken)?\b.*\bvoeren (?:wij|we)\b/iu.test(quote);

/** So long after something, with something to be done; or at each start of a quarter. */
function isCounted(quote: string, { amounts, isRecurring }: Dates): boolean {
  if (isRecurring) return /\bstart\p{L}*\b|\bindien\p{L}*\b|\bingaan\b/iu.test(quote);
  return (
    amounts.some(({ named }) => named.kind === 'amount' && named.unit !== 'year') &&
    /\bbinnen\b|\b(?:heeft|hebt|krijgt)\b.*\bde tijd\b(?! nodig)|\b(?:weken|dagen|werkdagen|maanden|maand) (?:na|v[oó][oó]r)\b/iu.test(
      quote,
    ) &&
    ACT.test(quote)
  );
}

/** What must be done, and no day is said: "tijdig", "voordat", "direct". */
const isUndatedDuty = (quote: string) =>
  /\b(?:u|zorgaanbieders?|RO|organisaties?|WSV['‘’]?s?) (?:dient|dienen|moet|moeten)\b.*\b(?:aan te vragen|in te dienen|aan te leveren|te ondertekenen|te melden|in te leveren|indienen|aanleveren)\b/iu.test(
    quote,
  ) ||
  /\btijdig\b.*\b(?:beoordeeld|aan te|in te|indienen|aanvragen|aanleveren)|\bvoordat (?:ze|zij|u|deze)\b.*\b(?:indien\p{L}*|aanlever\p{L}*)|\bdirect wijzigt\b|\bwordt\b.*\baangeleverd via\b|\bdienen de plannen\b.*\bin\b|aanleveren die zorgverzekeraars|aanvullingen op het (?:zorg)?inkoopbeleid op:|altijd een gesprek plaats|alleen bij bijzonderheden een gesprek/iu.test(
    quote,
  );

/** What may be handed in all year. */
const isOpenRequest = (quote: string) =>
  /\b[Ss]tuur (?:de|uw|het)\b.*\bnaar\b|\bkunt u\b.*\bhet hele jaar\b|\bdoorlopend\b.*\b(?:aanvra\p{L}*|indien\p{L}*)|\bkan\b.*\been aanvraag indienen\b/u.test(
    quote,
  );
