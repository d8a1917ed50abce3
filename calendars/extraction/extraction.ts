/** From a document's text to what it proposes to the registry: sentences with their place, kind, rule and duty. Nothing is added to the text. */
import { unreadableIn } from '../dutch-dates/unreadable.ts';
import type { Kind } from '../terms.ts';
import { activityOf } from './activities.ts';
import { datesIn, isDated, type Dates } from './when/dates.ts';
import { bindsOnDay, dateOf, dueDates, NO_DATE, settle, yearsOf, type Dating } from './when/dating.ts';
import { actorsIn, channelIn, consequenceIn, extensionIn } from './duty.ts';
import { isUnreadRow, kindOf } from './kinds/kinds.ts';
import { passagesOf, type Passage } from './passages.ts';
import { isPromise } from './kinds/promises.ts';
import type { Extraction, Mention, Proposal, UnreadablePlace } from './proposal.ts';
import { requirementIn } from './kinds/requirements.ts';

export type * from './proposal.ts';

/**
 * Reads a document's text: pages end at a form feed, paragraphs at an empty line, the cells of a row are parted by a tab or stand beside each
 * other. The same text always gives the same. Of the text nothing is kept but quotes; it may be of any size that fits into memory.
 */
export function extractFrom(text: string): Extraction {
  const passages = passagesOf(text);
  const dates = passages.map(({ quote }) => datesIn(quote));
  const proposals: Proposal[] = [];
  const mentions: Mention[] = [];
  for (const [i, passage] of passages.entries()) {
    // The sentences after a start at each quarter say how long before it: they are a part of it.
    if (passage.to <= (proposals.at(-1)?.to ?? 0)) continue;
    const slot = slotOf(passages, dates, i);
    const own = slot === null ? proposalsOf(passage, dates[i]!) : [slot];
    proposals.push(...own);
    // A promise is for good: the day on which it was made is only named.
    if (own.every(({ kind }) => kind === 'commitment')) mentions.push(...mentionsIn(passage, dates[i]!));
  }
  return { proposals, mentions, unreadable: passages.flatMap((passage) => unreadableOf(passage, text)) };
}

function proposalsOf(passage: Passage, dates: Dates): Proposal[] {
  const dated = kindOf(passage, dates);
  // A condition with a day is a deadline; without one a condition comes first.
  const isSure = dated !== null && (dated !== 'deadline' || isDated(dates) || dates.amounts.length > 0 || isUnreadRow(passage));
  const strictness = isSure ? null : requirementIn(passage);
  const bindsOn = strictness !== null && bindsOnDay(passage.quote, dates);
  const kind: Kind | null = bindsOn ? 'deadline' : strictness === null ? dated : 'requirement';
  if (kind === null) return [];
  const each = kind === 'deadline' ? dueDates(passage.quote, dates) : [dates];
  return each.map((due) => propose(passage, kind, due, bindsOn ? null : strictness));
}

function propose(passage: Passage, kind: Kind, dates: Dates, strictness: Proposal['strictness'] = null): Proposal {
  const sentences = sentencesAfter(passage);
  const { date, quote } = dateAndQuote(passage, kind, dates);
  return {
    kind,
    activity: kind === 'requirement' ? 'contract_requirement' : kind === 'term' ? 'contract_term' : activityOf(passage.quote),
    quote,
    ...date,
    years: kind === 'term' ? yearsLong(dates) : null,
    strictness,
    ...(isPromise(passage, dates) ? BY_INSURER : actorsOf(passage)),
    channel: kind === 'requirement' ? null : channelIn(passage.quote),
    consequence: kind === 'deadline' || kind === 'window' ? consequenceIn(sentences) : null,
    extension: kind === 'deadline' || kind === 'window' ? extensionIn(sentences) : null,
    ...placeOf(passage),
  };
}

const BY_INSURER: Pick<Proposal, 'actors' | 'contractStatus' | 'onBehalfOf'> = {
  actors: ['insurer'],
  onBehalfOf: [],
  contractStatus: 'any',
};

/** Who acts by the sentence, else by what leads to its list. */
function actorsOf({ lead, quote }: Passage): typeof BY_INSURER {
  const own = actorsIn(quote);
  const above = actorsIn(lead ?? '');
  const isNamed = own.actors.some((actor) => actor !== 'insurer');
  return isNamed || above.actors.length === 0 ? own : { ...above, contractStatus: own.contractStatus };
}

/** Of a row without a year the head of its column may name it: then both are quoted. */
function dateAndQuote(passage: Passage, kind: Kind, dates: Dates): { date: Dating; quote: string } {
  const { head, quote } = passage;
  if (kind === 'requirement') return { date: { ...NO_DATE, lack: null }, quote };
  if (kind === 'commitment' && !isPromise(passage, dates)) return { date: untilYear(quote, dates), quote };
  if (isUnreadRow(passage) || (passage.form === 'row' && unreadableIn(quote)[0]?.from === 0))
    return { date: { ...NO_DATE, lack: 'unreadable' }, quote };
  const alone = dateOf(quote, head?.text ?? null, dates);
  if (alone.lack === 'year_not_printed' && head !== null && HEAD_YEAR.test(head.text)) {
    const both = `${head.text} (…) ${quote}`;
    const date = dateOf(both, head.text);
    if (date.lack === null) return { date, quote: both };
  }
  if (kind === 'term') return { date: alone.rule.kind === 'range' ? alone : yearsOf(quote, dates), quote };
  const isOfYears = kind === 'period' || kind === 'intention';
  return { date: isOfYears && alone.rule.kind === 'none' ? orNone(yearsOf(quote, dates), alone) : alone, quote };
}

/** How long a promise holds: "tot en met 2026". */
function untilYear(quote: string, dates: Dates): Dating {
  const last = dates.years.filter(({ from }) => /tot en met\s+$/iu.test(quote.slice(0, from)));
  return last.length === 0 ? { ...NO_DATE, lack: null } : yearsOf(quote, { ...dates, years: last });
}

const orNone = (years: Dating, otherwise: Dating) => (years.rule.kind === 'none' ? otherwise : years);

/** "Datum in 2026": the year of the days. Never that of a contract, which is another one. */
const HEAD_YEAR = /(?:datum|wanneer|moment|kalenderjaar)(?:\s+in)?\s*[(:]?\s*20\d\d(?!\d)/iu;

function yearsLong({ amounts }: Dates): number | null {
  for (const { named } of amounts) {
    if (named.kind !== 'amount') continue;
    if (named.unit === 'year') return named.amount;
    if (named.unit === 'month' && named.amount % 12 === 0) return named.amount / 12;
  }
  return null;
}

/** Starts at each quarter, and in the sentences after it how long before that something must be ready. */
function slotOf(passages: readonly Passage[], dates: readonly Dates[], i: number): Proposal | null {
  const passage = passages[i]!;
  if (!dates[i]!.isRecurring || kindOf(passage, dates[i]!) !== 'deadline') return null;
  for (const step of [0, 1, 2]) {
    const last = passages[i + step];
    const lead = dates[i + step]?.amounts.map(({ named }) => named).find((named) => named.kind === 'amount' && named.unit !== 'year');
    if (last === undefined || last.block.from !== passage.block.from || lead?.kind !== 'amount') continue;
    if (lead.unit === 'year' || lead.unit === 'working_day') continue;
    const quote = passages
      .slice(i, i + step + 1)
      .map((one) => one.quote)
      .join(' ');
    const date = settle({ kind: 'slot', every: 'quarter', lead: { amount: lead.amount, unit: lead.unit } }, 'by', passage.quote);
    const whole = { ...passage, quote, to: last.to };
    return { ...propose(whole, 'deadline', dates[i]!), ...date };
  }
  return null;
}

function mentionsIn(passage: Passage, { named, range }: Dates): Mention[] {
  const [first] = range ?? named;
  if (first === undefined) return [];
  const printed = passage.quote.slice(first.from, first.to).replace(/^(?:v[oó]{2}r|eerder dan)\s+/iu, '');
  return [{ quote: passage.quote, printed, ...placeOf(passage) }];
}

function unreadableOf(passage: Passage, text: string): UnreadablePlace[] {
  const { garbled, page, quote, section } = passage;
  const cell: UnreadablePlace[] =
    garbled === null ? [] : [{ page, section, ...garbled, text: text.slice(garbled.from, garbled.to).trim(), quote, what: 'cell' }];
  const whole = text.slice(passage.from, passage.to);
  return [
    ...cell,
    ...unreadableIn(whole).map(({ from, to }): UnreadablePlace => ({
      page,
      section,
      from: passage.from + from,
      to: passage.from + to,
      text: whole.slice(from, to),
      quote,
      what: 'date',
    })),
  ];
}

const placeOf = ({ from, page, section, to }: Passage) => ({ from, page, section, to });

/** A passage's own sentences and those that follow in its paragraph, up to one with a day of its own: what a consequence may stand in. */
function sentencesAfter({ block, form, quote }: Passage): string[] {
  if (form === 'row') return splitSentences(quote);
  const after = splitSentences(block.text.slice(block.text.indexOf(quote) + quote.length).trim());
  const next = after.findIndex((sentence) => datesIn(sentence).days.length + datesIn(sentence).amounts.length > 0);
  return [quote, ...after.slice(0, next < 0 ? undefined : next)];
}

const splitSentences = (text: string) => text.split(/(?<=[.!?])\s+(?=[\p{Lu}‘“"])/u);
