/** What a list shows as one: what is due on one day of one kind, with a line for each way in which it is sure. */
import { certaintyWord, isAssumed, isProjected } from '../../../calendars/deadlines/certainty.ts';
import { countingDay, type Deadline } from '../../../calendars/deadlines/deadline.ts';
import { CERTAINTIES, type Day, type Language } from '../../../calendars/terms.ts';
import { titleOf, wordsIn } from '../../../calendars/words.ts';
import { upperFirst } from '../../../calendars/letter-case.ts';
import { nameBuyer } from '../../../calendars/deadlines/wording/buyers.ts';
import { compareNames } from '../../../calendars/collation.ts';
import { writeInsurers } from './insurers.ts';
import { writeNamed } from '../../../calendars/ics/feed-text.ts';

/** One line of an entry: the insurers of which it is equally sure, and which name the same day. */
export interface EntryLine {
  deadlines: readonly [Deadline, ...Deadline[]];
  /** "a.s.r., CZ en VGZ". */
  insurers: string;
  /** The same one by one, each with its entry. Where an insurer has several for more kinds of care, the kind stands behind its name. */
  byInsurer: readonly { id: string; name: string }[];
  /** What their source names, where that is another day than the one that counts; empty where it is not. */
  named: string;
}

/** What is due on one day: one activity of one contract year, of the same readers. What is assumed stands apart from what anybody said. */
export interface Entry {
  /** The day that counts. */
  day: Day;
  title: string;
  lines: readonly [EntryLine, ...EntryLine[]];
}

/** The same of what has no day. */
export type UndatedEntry = Omit<Entry, 'day'>;

/** Entries by day, on one day the surer first, then by name. What has no day is in none. */
export function entriesOf(deadlines: readonly Deadline[], names: ReadonlyMap<string, string>, language: Language): Entry[] {
  return groupsOf(deadlines, names, language)
    .flatMap(({ day, ...entry }) => (day === null ? [] : [{ ...entry, day }]))
    .sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0) || compareEntries(a, b, language));
}

/** Entries of what has no day, the surer first, then by name. */
export function undatedEntriesOf(deadlines: readonly Deadline[], names: ReadonlyMap<string, string>, language: Language): UndatedEntry[] {
  return groupsOf(deadlines, names, language)
    .filter(({ day }) => day === null)
    .sort((a, b) => compareEntries(a, b, language));
}

function groupsOf(deadlines: readonly Deadline[], names: ReadonlyMap<string, string>, language: Language) {
  return [...Map.groupBy(deadlines, (deadline) => entryKey(deadline, language)).values()].map((all) => {
    const [first] = all as [Deadline, ...Deadline[]];
    const lines = [...Map.groupBy(all, (deadline) => `${certaintyWord(deadline)} ${namedDay(deadline, language)}`).values()]
      .map((some) => lineOf(some as [Deadline, ...Deadline[]], names, language))
      .sort((a, b) => surenessOf(a) - surenessOf(b) || compareNames(a.insurers, b.insurers, language));
    return { day: countingDay(first), title: titleOf(first, language), lines: lines as [EntryLine, ...EntryLine[]] };
  });
}

function compareEntries(a: UndatedEntry, b: UndatedEntry, language: Language): number {
  return (
    surenessOf(a.lines[0]) - surenessOf(b.lines[0]) ||
    compareNames(a.title, b.title, language) ||
    compareNames(a.lines[0].insurers, b.lines[0].insurers, language)
  );
}

function entryKey(deadline: Deadline, language: Language): string {
  const { activity, contractYear, duty, kind, slot } = deadline;
  const { actors, contractStatus, onBehalfOf } = duty;
  return JSON.stringify([
    countingDay(deadline),
    isAssumed(deadline),
    activity,
    kind,
    contractYear,
    slot,
    titleOf(deadline, language),
    actors.toSorted(),
    contractStatus,
    onBehalfOf.toSorted(),
  ]);
}

function lineOf(deadlines: [Deadline, ...Deadline[]], names: ReadonlyMap<string, string>, language: Language): EntryLine {
  const nameOf = ({ insurer }: Deadline) => (insurer === null ? null : (names.get(insurer) ?? insurer));
  const say = wordsIn(language);
  const hasTwin = (one: Deadline) => deadlines.filter(({ insurer }) => insurer === one.insurer).length > 1;
  const byInsurer = deadlines
    .map((one) => ({
      id: one.id,
      name: `${nameOf(one) ?? say('common:sector')}${hasTwin(one) ? ` (${say(`page:date.care.${one.careType}`)})` : ''}`,
    }))
    .sort((a, b) => compareNames(a.name, b.name, language));
  return { deadlines, insurers: writeInsurers(deadlines.map(nameOf), language), byInsurer, named: namedDay(deadlines[0], language) };
}

/**
 * What the source names where that is another day than the one that counts: of a period its name, and nothing where its days are reckoned from
 * what stands there. What nobody stated is not named.
 */
export function namedDay(deadline: Deadline, language: Language): string {
  const { boundary, dueOn, rule } = deadline;
  if (dueOn === null || dueOn === countingDay(deadline) || (rule.kind !== 'fixed' && rule.kind !== 'period')) return '';
  const say = wordsIn(language);
  const words = writeNamed({ ...deadline, dueOn }, language);
  const day = rule.kind === 'period' && boundary === 'before' ? `${say('feed:named_before')} ${words}` : words;
  const who = nameBuyer('the', deadline, language);
  return upperFirst(say(`page:entry.${isProjected(deadline) ? 'named_expected' : 'named'}`, { day, who }));
}

/** The surer, the lower. */
const surenessOf = ({ deadlines: [{ certainty }] }: EntryLine) => CERTAINTIES.indexOf(certainty);
