/** How it went before, in words: for mails and calendars alike. */
import { writeDay } from '../days.ts';
import { consequenceLabel } from './consequence.ts';
import { addressLink, writeChannel, type AddressLink } from '../channel-text.ts';
import type { Deadline, Precedent, Source } from './deadline.ts';
import type { Language } from '../terms.ts';
import { titleOf, wordsIn } from '../words.ts';

/** What was known for one contract year, as it stands beside a deadline. */
export interface PrecedentText {
  /** Names the year; null where that is the deadline's own. */
  heading: string | null;
  rows: { label: string; value: string; link?: AddressLink | null }[];
  /** One sentence that proves it; null where another year's stands already, or there is none. */
  source: Source | null;
}

/**
 * What was known for the year that a date is taken from, and what has to be arranged before: by contract year, that of the precedent first. `brief`: only
 * where it was to be handed in, what followed, and what to arrange.
 */
export function precedentText(
  { precedent, contractYear, duty }: Pick<Deadline, 'precedent' | 'contractYear' | 'duty'>,
  arrangedBefore: readonly Deadline[],
  language: Language,
  brief = false,
): PrecedentText[] {
  const years = arrangedBefore.map((one) => one.contractYear).sort((a, b) => b - a);
  const precedents = precedent ? [precedent] : [];
  let isProven = false;
  return [...new Set([...precedents.map((one) => one.contractYear), ...years])].map((year) => {
    const ofYear = precedents.filter((one) => one.contractYear === year);
    const before = arrangedBefore.filter((one) => one.contractYear === year);
    const isOwn = year === contractYear;
    const quotes = isOwn || isProven ? [] : [...ofYear, ...before].flatMap(({ sources }) => sources).filter(({ quote }) => quote !== null);
    isProven ||= quotes.length > 0;
    return {
      heading: isOwn ? null : wordsIn(language)('common:precedent.heading', { year }),
      rows: [...ofYear.flatMap((one) => precedentRows(one, language, brief)), ...beforeRows(before, duty, language, brief)],
      source: quotes[0] ?? null,
    };
  });
}

function precedentRows(precedent: Precedent, language: Language, brief: boolean): PrecedentText['rows'] {
  const { channel, conflict, consequence, deliverable, dueOn, extension, lastSafeOn } = precedent;
  const say = wordsIn(language);
  const typed = (name: string) => say('common:typed', { label: say(name) });
  const day = (on: string | null) => on && writeDay(on, language);
  const rows: [label: string, value: string | null | undefined, link?: AddressLink | null][] = [
    [say('common:precedent.day'), brief ? null : day(dueOn)],
    [say('common:precedent.safe_day'), brief || lastSafeOn === dueOn ? null : day(lastSafeOn)],
    [typed('common:precedent.warning'), brief ? null : conflict?.text],
    [say('common:precedent.what'), brief ? null : deliverable],
    [say('common:precedent.how'), channel && writeChannel(channel, language), channel && addressLink(channel)],
    [say('common:precedent.subject'), channel?.subject],
    [say('common:precedent.hours'), channel?.hours],
    [consequence ? typed(`common:consequence.${consequenceLabel(consequence, language)}`) : '', consequence?.text],
    [typed('common:precedent.extension'), extension?.text],
  ];
  return rows.flatMap(([label, value, link]) => (value ? [{ label, value, ...(link ? { link } : {}) }] : []));
}

/** What to arrange: one row for each, in brief one for all. */
function beforeRows(before: readonly Deadline[], duty: Deadline['duty'], language: Language, brief: boolean): PrecedentText['rows'] {
  const rows = before.map((one) => beforeRow(one, duty, language, brief));
  const [first] = rows;
  return brief && first ? [{ ...first, value: rows.map(({ value }) => value).join(' ') }] : rows;
}

/** One thing to arrange: what, where, for whom, and what follows from it. */
function beforeRow(
  deadline: Deadline,
  { contractStatus }: Deadline['duty'],
  language: Language,
  brief: boolean,
): PrecedentText['rows'][number] {
  const { channel, consequence, duty } = deadline;
  const say = wordsIn(language);
  const beside = [
    channel?.address ?? null,
    duty.contractStatus === 'any' || duty.contractStatus === contractStatus ? null : say(`common:precedent.only.${duty.contractStatus}`),
  ].filter((part) => part !== null);
  const what = titleOf(deadline, language) + (beside.length > 0 ? ` (${beside.join('; ')})` : '');
  return { label: say('common:precedent.before'), value: [`${what}.`, brief ? null : consequence?.text].filter(Boolean).join(' ') };
}
