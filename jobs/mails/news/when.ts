/** When a deadline is, as news writes it: in full and short, with how sure that is. */
import { writeLongDay } from '../../../calendars/days.ts';
import { dayWord, isAssumed } from '../../../calendars/deadlines/certainty.ts';
import { countingDay } from '../../../calendars/deadlines/deadline.ts';
import type { Day, Language } from '../../../calendars/terms.ts';
import { markOf, wordsIn } from '../../../calendars/words.ts';
import type { Revision } from '../../../db/registry/revisions.ts';
import { periodOf, writeListedDay, writeShortDay } from '../days.ts';

/** The day that counts, the period that is meant, or the term that starts with an own event. */
export function writeWhen(revision: Revision, language: Language): string {
  const counting = countingDay(revision);
  if (counting === null) return writeUndated(revision, language);
  const day = writeLongDay(counting, language);
  return periodOf(revision, language) || (isAssumed(revision) ? wordsIn(language)('mail:around', { day }) : day);
}

/** The same with how sure it is. */
export function writeSure(revision: Revision, language: Language): string {
  return marked(writeWhen(revision, language), revision, language);
}

/** By when it is to be done, with how sure that is: "uiterlijk vrijdag 31 december 2027". */
export function writeBy(revision: Revision, language: Language): string {
  const counting = countingDay(revision);
  if (counting === null || periodOf(revision, language)) return writeSure(revision, language);
  const by = wordsIn(language)(`mail:by.${dayWord(revision)}`, { day: writeLongDay(counting, language) });
  return marked(by, revision, language);
}

/** For a subject: "ma 30 sep", and with `by` "uiterlijk ma 30 sep". */
export function writeShort(revision: Revision, { language, today }: { language: Language; today: Day }, by = false): string {
  const { dueOn } = revision;
  if (dueOn === null) return writeUndated(revision, language);
  if (!by || periodOf(revision, language)) return writeListedDay({ ...revision, dueOn }, language, today);
  return wordsIn(language)(`mail:by.${dayWord(revision)}`, { day: writeShortDay(countingDay({ ...revision, dueOn }), language, today) });
}

/** Whether there is something to say of when it is: a day, or a term that will give one. */
export function hasWhen({ dueOn, lastSafeOn, rule }: Revision): boolean {
  return countingDay({ dueOn, lastSafeOn }) !== null || (rule.kind === 'offset' && 'event' in rule.from && rule.amount !== null);
}

function writeUndated({ rule }: Revision, language: Language): string {
  const say = wordsIn(language);
  if (rule.kind === 'offset' && 'event' in rule.from && rule.amount !== null && rule.unit !== null)
    return say(`mail:change.term_${rule.unit}`, { count: rule.amount });
  return say('mail:change.no_day');
}

function marked(text: string, revision: Revision, language: Language): string {
  const word = markOf(revision, language);
  return `${text}${word ? ` (${word})` : ''}`;
}
