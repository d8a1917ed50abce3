/** The iCalendar text of feeds (RFC 5545, RFC 7986): the one file that touches ical-generator, which is given clean text and whose output is read back. */
import ical, { ICalEventBusyStatus, ICalEventStatus, ICalEventTransparency, type ICalEventData } from 'ical-generator';
import { cleanLine, cleanName, cleanText, cleanUrl } from '../clean-text.ts';
import { isOfUnseenRule, isProjected } from '../deadlines/certainty.ts';
import type { AgendaItem } from '../agenda/concern.ts';
import { compareNames } from '../collation.ts';
import { foldLines, unfoldLines } from './content-lines.ts';
import { addDays } from '../days.ts';
import { countingDay, type Deadline } from '../deadlines/deadline.ts';
import { changePageOf, pageOf } from './entry-page.ts';
import { checkEntry, checkHead } from './feed-check.ts';
import type { Dated, FeedItem, GroupMember, Look } from './feed-item.ts';
import { wordItem } from './feed-text.ts';
import { wordGroup } from './group-text.ts';
import type { Day, Language } from '../terms.ts';
import { wordsIn } from '../words.ts';

/** To be raised with every change of what an entry (VEVENT) looks like, words included: calendar apps take an edit only when it is newer than what they have. */
export const RENDERER_VERSION = 10;

/** How often an app may ask again; most have their own idea. */
const REFRESH_HOURS = 6;

const PLAIN: Look = { completedOn: null, alarms: [] };

/** A word to the subscriber in the shape of an entry (VEVENT). */
export interface FeedNotice {
  uid: string;
  sequence: number;
  changedAt: Date;
  on: Day;
  title: string;
  text: string;
}

/** An organisation's own date in the shape of an entry (VEVENT). */
export interface StepEntry extends FeedNotice {
  categories: readonly string[];
  /** As those of a deadline. */
  alarms: readonly number[];
}

export interface CalendarHead {
  /** The calendar's name, as typed. */
  name: string;
  language: Language;
  /** Whether it is a file that is taken once, and never asked for again. */
  isCopy?: boolean;
  /** Whether everybody may subscribe: nobody is mailed by that. */
  isPublic?: boolean;
}

/** An item of an organisation's agenda as its calendar shows it; null when it has no day. */
export function itemFromAgenda(item: AgendaItem, organisationId: string, look: Look = PLAIN): FeedItem | null {
  const {
    arrangedBefore,
    deadline,
    uid,
    sequence,
    changedAt,
    insurerName,
    as,
    handOverOn = null,
    organisations,
    otherCare = null,
    relation,
  } = item;
  const dutyHolders = organisations.filter(({ id }) => id !== organisationId).map(({ name }) => name);
  return isDated(deadline)
    ? { uid, sequence, changedAt, deadline, insurerName, as, dutyHolders, arrangedBefore, handOverOn, otherCare, relation, ...look }
    : null;
}

/** Assumptions of an organisation's agenda that its calendar shows together, with the group's identity and numbers; null when none has a day. */
export function groupFromAgenda(
  items: readonly AgendaItem[],
  organisationId: string,
  { language, ...place }: Pick<FeedItem, 'uid' | 'sequence' | 'changedAt' | 'alarms'> & { language: Language },
): FeedItem | null {
  const members = items
    .toSorted((a, b) => compareNames(a.insurerName ?? '', b.insurerName ?? '', language))
    .flatMap((item): GroupMember[] => {
      const { arrangedBefore, deadline, insurerName, relation, sequence } = item;
      return isDated(deadline) ? [{ arrangedBefore, deadline, insurerName, relation, sequence }] : [];
    });
  const [first, ...rest] = members;
  if (!first) return null;
  const { deadline } = members.toSorted((a, b) =>
    a.deadline.dueOn < b.deadline.dueOn ? -1 : a.deadline.dueOn > b.deadline.dueOn ? 1 : 0,
  )[0]!;
  const holders = items.flatMap(({ organisations }) => organisations).filter(({ id }) => id !== organisationId);
  const dutyHolders = [...new Map(holders.map(({ id, name }) => [id, name])).values()].sort((a, b) => compareNames(a, b, language));
  return {
    ...place,
    deadline,
    insurerName: null,
    as: items[0]!.as,
    dutyHolders,
    arrangedBefore: [],
    completedOn: null,
    members: [first, ...rest],
  };
}

/** A deadline as a calendar for everyone shows it; null when it has no day. */
export function itemForAll(
  deadline: Deadline,
  place: Pick<FeedItem, 'sequence' | 'changedAt' | 'insurerName' | 'arrangedBefore'>,
): FeedItem | null {
  return isDated(deadline) ? { uid: deadline.id, deadline, as: null, dutyHolders: [], ...place, ...PLAIN } : null;
}

/** One entry (VEVENT) with its line ends. The same item gives the same bytes, whenever and wherever. `publicUrl`: where its page is. Throws when what came out is not what was meant. */
export function renderEntry(item: FeedItem, language: Language, publicUrl: string): Buffer {
  const { deadline } = item;
  const say = wordsIn(language);
  const { title, description: told } = wordsOf(item, language);
  const description =
    item.members || !deadline.changeId || deadline.revision === 1
      ? told
      : `${told}\n\n${changeLine(deadline.changeId, language, publicUrl)}`;
  const names = (item.members ?? [item]).map((one) => one.insurerName ?? say('common:sector'));
  const categories = [...new Set([...names, say(`common:activity.${deadline.activity}`)].map(cleanName).filter(Boolean))];
  const url = cleanUrl(pageOf(item, language, publicUrl));
  // What is done or cancelled needs no alarm.
  const alarms = deadline.status === 'withdrawn' || item.completedOn !== null ? [] : item.alarms;
  return render({ ...item, alarms }, countingDay(deadline), {
    summary: title,
    description,
    status: statusOf(deadline),
    categories: categories.map((name) => ({ name })),
    ...(url ? { url } : {}),
  });
}

/** Where what changed last is told. */
function changeLine(changeId: string, language: Language, publicUrl: string): string {
  return `${wordsIn(language)('feed:changed')}: ${cleanUrl(changePageOf(changeId, language, publicUrl)) ?? ''}`;
}

/** What an entry is called. */
export function titleOfEntry(item: FeedItem, language: Language): string {
  return wordsOf(item, language).title;
}

/** A notice as an entry (VEVENT). */
export function renderNotice(notice: FeedNotice): Buffer {
  const { title, text, on } = notice;
  return render({ ...notice, alarms: [] }, on, {
    summary: cleanLine(title),
    description: cleanText(text),
    status: ICalEventStatus.CONFIRMED,
  });
}

/** An own date as an entry (VEVENT). */
export function renderStep(step: StepEntry): Buffer {
  const { categories, on, text, title } = step;
  return render(step, on, {
    summary: cleanLine(title),
    description: cleanText(text),
    status: ICalEventStatus.CONFIRMED,
    categories: categories.map((name) => ({ name: cleanName(name) })),
  });
}

/** What follows a calendar's head: its rendered entries, at least one, and its end. Some apps delete everything when a calendar comes empty. */
export function joinEntries(entries: readonly Buffer[]): Buffer {
  if (entries.length === 0) throw new Error('a calendar without events');
  return Buffer.concat([...entries, FOOT]);
}

const FOOT = Buffer.from('END:VCALENDAR\r\n');

function wordsOf(item: FeedItem, language: Language): { title: string; description: string } {
  return item.members ? wordGroup(item, item.members, language) : wordItem(item, language);
}

function isDated(deadline: Deadline): deadline is Dated {
  return deadline.dueOn !== null;
}

function statusOf(deadline: Deadline): ICalEventStatus {
  if (deadline.status === 'withdrawn') return ICalEventStatus.CANCELLED;
  // A rule that may hold no longer is no firmer than what was so before.
  return isProjected(deadline) || isOfUnseenRule(deadline) ? ICalEventStatus.TENTATIVE : ICalEventStatus.CONFIRMED;
}

function render(
  { uid, sequence, changedAt, alarms }: Pick<FeedItem, 'uid' | 'sequence' | 'changedAt' | 'alarms'>,
  on: Day,
  fields: Partial<ICalEventData>,
): Buffer {
  const calendar = ical();
  calendar.createEvent({
    id: uid,
    sequence,
    stamp: changedAt,
    lastModified: changedAt,
    // Days as text: ical-generator reads them as UTC, so the zone of the process plays no part.
    start: on,
    end: addDays(on, 1),
    allDay: true,
    transparency: ICalEventTransparency.TRANSPARENT,
    busystatus: ICalEventBusyStatus.FREE,
    ...fields,
  });
  const text = calendar.toString();
  const lines = unfoldLines(text.slice(text.indexOf('BEGIN:VEVENT'), text.lastIndexOf('END:VCALENDAR')));
  const entry = foldLines([...lines.slice(0, -1), ...alarmLines(lines, alarms), 'END:VEVENT']);
  checkEntry(entry);
  return Buffer.from(entry);
}

/** Written by hand: ical-generator lets an alarm on the day itself count from the day's end, which makes it a day late. */
function alarmLines(entry: readonly string[], alarms: readonly number[]): string[] {
  const summary = entry.find((line) => line.startsWith('SUMMARY:'))!.replace('SUMMARY:', 'DESCRIPTION:');
  return alarms.flatMap((days) => ['BEGIN:VALARM', 'ACTION:DISPLAY', `TRIGGER:${triggerOf(days)}`, summary, 'END:VALARM']);
}

/** 09:00 so many days before, counted from the start of the day in whatever zone the reader is (RFC 5545, 3.8.6.3). */
function triggerOf(days: number): string {
  if (days === 0) return 'PT9H';
  return days === 1 ? '-PT15H' : `-P${days - 1}DT15H`;
}

/** The head of a calendar. Its properties stand before the entries, and ical-generator writes them raw: only text that needs no escaping goes in. */
export function renderHead({ isCopy = false, isPublic = false, language, name }: CalendarHead): Buffer {
  const say = wordsIn(language);
  const text = ical({
    prodId: `//Inkoopkalender//Inkoopkalender//${language.toUpperCase()}`,
    name: cleanName(`${say('feed:calendar')} ${name}`),
    description: cleanName(say(isCopy ? 'feed:about_copy' : isPublic ? 'feed:about_public' : 'feed:about')),
    ttl: REFRESH_HOURS * 3600,
  }).toString();
  const head = foldLines(unfoldLines(text.slice(0, text.lastIndexOf('END:VCALENDAR'))).flatMap(describeTwice));
  checkHead(head);
  return Buffer.from(head);
}

/** RFC 7986's name beside the older one. */
const describeTwice = (line: string) => (line.startsWith('X-WR-CALDESC:') ? [line.replace('X-WR-CALDESC', 'DESCRIPTION'), line] : [line]);
