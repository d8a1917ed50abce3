/** What mails say of a deadline: what it is, its first sentences, what proves it, and what the reader can do with it from there. */
import { upperFirst } from '../../calendars/letter-case.ts';
import { writeLongDay, daysBetween, writeDay } from '../../calendars/days.ts';
import { dayWord, isAssumed, isProjected } from '../../calendars/deadlines/certainty.ts';
import { workingDaysBetween } from '../../calendars/holidays.ts';
import { daysOf, type Group } from '../../calendars/agenda/groups.ts';
import type { OpenItem } from '../../calendars/agenda/open-duties.ts';
import { notesOf } from '../../calendars/agenda/item-notes.ts';
import type { AgendaItem } from '../../calendars/agenda/concern.ts';
import { countingDay, reportedYear, type Deadline, type Source } from '../../calendars/deadlines/deadline.ts';
import { isReckoned } from '../../calendars/deadlines/rules.ts';
import type { Activity, Day, Language, Reader } from '../../calendars/terms.ts';
import { assumedOf, countBuyers, nameBuyer } from '../../calendars/deadlines/wording/buyers.ts';
import { certaintyOf, hasOwnTitle, titleOf, wordsIn, writeList } from '../../calendars/words.ts';
import { periodOf } from './days.ts';
import { groundText } from './due/grounds.ts';
import type { DeadlineLinks } from './links.ts';
import type { Block } from './letter.ts';

/** Who reads, and on which day. */
export interface Reading {
  language: Language;
  today: Day;
  organisationId: string;
}

/**
 * The first sentences: by which day, how sure that is and, of several as one, of whom; then how soon, what contradicts it, and what else has to be
 * read first.
 */
export function opening(group: Group, { language, today }: Reading): Block {
  const say = wordsIn(language);
  const [item] = group.items;
  const { conflict, dueOn } = item.deadline;
  const counting = countingDay(item.deadline);
  const period = periodOf(item.deadline, language);
  const isShared = group.items.length > 1;
  const by = period || writeBy(group, language);
  const whose = namesIn(group).length > 1 ? `: ${writeList(namesIn(group), language)}` : '';
  return {
    kind: 'lead',
    text: `${upperFirst(by)} (${certaintyOf(item.deadline, language)})${whose}.`,
    more: sentences([
      // By when its reader hands its part over stands among the facts.
      ...new Set(group.items.flatMap((one) => notesOf({ ...one, handOverOn: null }, language))),
      period ? say('feed:period_ends', { day: writeLongDay(counting, language) }) : '',
      isAssumed(item.deadline) ? assumedText(group, language) : leftText(item, { language, today }),
      dueOn === counting || isShared ? '' : namedText(item.deadline, language),
      groundText(group, language),
      conflict ? say(`mail:conflict.${conflict.kind}`) : '',
      item.askedAgain === null ? '' : say('mail:asked_again', { day: writeDay(counting, language) }),
    ]),
  };
}

/** How soon it is, and whether today is the last day on which people work; of what another does only how soon. */
function leftText(item: OpenItem, { language, today }: Pick<Reading, 'language' | 'today'>): string {
  return leftUntil(countingDay(item.deadline), { language, today }, item.as !== 'informed');
}

/** The same of any day. `isReaders`: the reader has something to do by then. */
export function leftUntil(day: Day, { language, today }: Pick<Reading, 'language' | 'today'>, isReaders = true): string {
  const say = wordsIn(language);
  const count = daysBetween(today, day);
  if (count < 0) return say('mail:passed', { count: -count });
  const working = workingDaysBetween(today, day);
  const isLast = count > 0 && working === 0;
  return sentences([
    say('mail:left', { count, working: isLast ? '' : ` (${say('mail:working_days', { count: working })})` }),
    isLast && isReaders ? say('mail:last_working_day') : '',
  ]);
}

function assumedText({ items }: Group, language: Language): string {
  return items.length > 1 ? wordsIn(language)('mail:assumed_many') : assumedOf(items[0].deadline, language);
}

/** The day that is meant beside the one that counts: of an expected one why the earlier is in time. */
function namedText(deadline: OpenItem['deadline'], language: Language): string {
  const say = wordsIn(language);
  const day = writeLongDay(deadline.dueOn, language);
  const naming = namingOf(deadline);
  const who = nameBuyer('the', deadline, language);
  if (naming !== 'expected' || deadline.precedent === null) return upperFirst(say(`mail:named_day.${naming}`, { day, who }));
  const safe = writeDay(countingDay(deadline), language);
  return upperFirst(say('mail:named_day.expected_from', { day, safe, who, year: deadline.precedent.contractYear }));
}

/**
 * How the day is named beside the last safe one: nobody stated an expected day, no source names one that is reckoned from another, and what is due
 * before a day is not due on it.
 */
function namingOf(deadline: OpenItem['deadline']) {
  const { boundary, conflict, rule } = deadline;
  if (isReckoned(rule)) {
    const name = rule.kind === 'offset' && 'event' in rule.from ? 'term' : 'computed';
    return isProjected(deadline) ? (`${name}_expected` as const) : name;
  }
  if (isProjected(deadline)) return 'expected';
  return boundary === 'before' && !conflict ? 'before' : 'stated';
}

/** What to call the named day: what nobody stated is not named. */
export function namedLabel(deadline: Pick<Deadline, 'certainty'>): 'due_day' | 'expected_day' | 'assumed_day' {
  if (isAssumed(deadline)) return 'assumed_day';
  return isProjected(deadline) ? 'expected_day' : 'due_day';
}

/** Sentences after one another, as far as there are any. */
export function sentences(all: readonly string[]): string {
  return all.filter((sentence) => sentence !== '').join(' ');
}

/** The quotes that prove it, each with where it stands: the first, which is enough, and the others smaller. */
export function sourceBlocks(sources: readonly Source[]): Block[] {
  let isProven = false;
  return sources.map(({ document, section, quote, url }): Block => {
    const from = [document, section, url].filter((part) => part !== null).join(', ');
    if (quote === null) return { kind: 'small', text: from };
    const small = isProven;
    isProven = true;
    return { kind: 'quote', text: quote, from, small };
  });
}

/** Done, and no more mail about it, as far as the reader may say so. Who only has to know of it has nothing to do. */
export function linkBlocks(deadlineId: string, as: Reader, { doneUrl, muteUrl }: DeadlineLinks, language: Language): Block[] {
  const say = wordsIn(language);
  const done = as === 'informed' ? null : doneUrl(deadlineId);
  const mute = muteUrl(deadlineId);
  return [
    ...(done === null ? [] : [{ kind: 'button' as const, label: say('mail:done'), url: done }]),
    ...(mute === null ? [] : [{ kind: 'link' as const, label: say('mail:mute'), url: mute }]),
  ];
}

/** What is due, and at whose: "Jaarplan indienen bij Noord". */
export function whatOf({ as, deadline, insurerName }: Pick<AgendaItem, 'deadline' | 'insurerName' | 'as'>, language: Language): string {
  return whatAt(deadline, as, insurerName, language);
}

/** The same of several: "Jaarplan indienen bij 9 zorgverzekeraars". */
export function whatOfGroup({ items }: Group, language: Language): string {
  const [first] = items;
  return whatAt(first.deadline, first.as, buyersIn(items).length > 1 ? countIn(items, language) : first.insurerName, language);
}

/** How many they are: "9 zorgverzekeraars"; of one its name. `short`: for where room is scarce. */
export function countIn(items: Group['items'], language: Language, short = false): string {
  const buyers = buyersIn(items);
  return buyers.length > 1 ? countBuyers(buyers, language, short) : (items[0].insurerName ?? '');
}

/** Of whom a group is, in its order, each once. */
export function namesIn({ items }: Group): string[] {
  return [...new Set(items.map(({ insurerName }) => insurerName ?? ''))];
}

/** At whose it is: each once, however many kinds of care it has a deadline for. */
export function buyersIn(items: Group['items']): Deadline[] {
  return [...new Map(items.map(({ deadline, insurerName }) => [insurerName, deadline])).values()];
}

/** Who else has not said that it is done: so many by name, and how many more. Null where its reader is told of nobody. */
export function writeUndoneBy(items: Group['items'], language: Language): string | null {
  const names = [...new Set(items.flatMap(({ undoneBy = [] }) => undoneBy))];
  if (names.length === 0) return null;
  const others = names.length - MOST_NAMES;
  if (others < 2) return writeList(names, language);
  return writeList([...names.slice(0, MOST_NAMES), wordsIn(language)('mail:undone_others', { count: others })], language);
}

const MOST_NAMES = 20;

/** By which day, or between which two. */
function writeBy(group: Group, language: Language): string {
  const say = wordsIn(language);
  const [{ deadline }] = group.items;
  const { first, last } = daysOf(group);
  const day = writeLongDay(first, language);
  if (first === last) return say(`mail:by.${dayWord(deadline)}`, { day });
  return say(isAssumed(deadline) ? 'mail:probably_between' : 'mail:between', { first: day, last: writeLongDay(last, language) });
}

function whatAt(deadline: Deadline, as: Reader, insurer: string | null, language: Language): string {
  const say = wordsIn(language);
  const what = datedTitle(deadline, language);
  if (insurer === null) return say('mail:what.sector', { what });
  return say(`mail:what.${as === 'informed' ? 'insurer' : MEETINGS.has(deadline.activity) ? 'meeting' : 'duty'}`, { what, insurer });
}

/** The title with its year, which the names of activities in English have not: the contract year, of accounts the year that they are about. */
export function datedTitle(deadline: Deadline, language: Language): string {
  const title = titleOf(deadline, language);
  return hasOwnTitle(deadline, language)
    ? title
    : wordsIn(language)('mail:what.of_year', { what: title, year: reportedYear(deadline) ?? deadline.contractYear });
}

/** What is done with an insurer, not at it. */
const MEETINGS: ReadonlySet<Activity> = new Set([
  'review_meeting',
  'mental_health_networks_talk',
  'coordination_fee_talk',
  'elderly_care_talk',
]);
