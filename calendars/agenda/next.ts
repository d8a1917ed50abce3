/** What a mail says of the deadlines to come: the first groups of them, and from when its reader is reminded. */
import { isAskedOnce, type AgendaItem } from './concern.ts';
import { compareInMail, groupsOf } from './groups.ts';
import { requestNotes } from './item-notes.ts';
import { isOpen, type OpenItem } from './open-duties.ts';
import { requirementsIn, type Requirements } from './requirements.ts';
import { addDays } from '../days.ts';
import { isAssumed, yearsWithoutPolicy } from '../deadlines/certainty.ts';
import { firstReminderOn, isReminderOver, isToldAfter, type Digest, type FirstOf } from '../reminders/reminders.ts';
import type { Day, Language } from '../terms.ts';

/** Who reads, what it chose, and on which day. */
export interface NextReader {
  recipient: { declined: readonly string[]; digest: Digest; leadDays: readonly number[]; pausedUntil: Day | null };
  language: Language;
  today: Day;
  /** Deadlines that it wants no mail about. */
  muted?: ReadonlySet<string>;
  /** Whether today's reminders have left. */
  isReminded?: boolean;
}

/** All of the first groups, and how many come after those. */
interface Next {
  next: OpenItem[];
  others: number;
}

/** How many groups of the next deadlines a mail lists beside what it is about. */
const NEXT_IN = { welcome: 10, reminder: 3, deputy_undeliverable: 10, trial: 3 } as const;

/** What is foretold to who is to be reminded. */
export interface Foretold extends Next {
  firstOn: Day | null;
  firstOf: FirstOf;
  requirements: Requirements[];
  requestNotes: string[];
  withoutPolicy: number[];
  /** Of `next`, the deadlines of which every moment to be reminded is over. */
  silentIds: string[];
}

/** What comes beside what a reminder is about. */
export function nextBeside(items: readonly AgendaItem[], reader: NextReader): Next {
  return firstGroups(items, NEXT_IN.reminder, reader);
}

/** What comes next, and for whom is new also from when, how many requirements there are, and which requests are over. */
export function nextIn(kind: 'welcome' | 'deputy_undeliverable' | 'trial', items: readonly AgendaItem[], reader: NextReader): Foretold {
  const isNew = kind === 'welcome';
  const { next, others } = firstGroups(items, NEXT_IN[kind], reader);
  const years = new Set(next.map(({ deadline }) => deadline.contractYear));
  const withoutPolicy = yearsWithoutPolicy(items.map(({ deadline }) => deadline)).filter((year) => years.has(year));
  const { firstOn, firstOf } = kind === 'deputy_undeliverable' ? NO_FIRST : firstReminderOf(items, reader);
  const silentIds = kind === 'deputy_undeliverable' ? [] : silentAmong(next, reader);
  const notes = isNew ? requestNotes(items, reader.today, reader.language) : [];
  return {
    next,
    others,
    firstOn,
    firstOf,
    requirements: isNew ? requirementsIn(items) : [],
    requestNotes: notes,
    withoutPolicy,
    silentIds,
  };
}

/** The open items that are only assumed: those are told once. */
export function assumedAmong(items: readonly AgendaItem[], today: Day): OpenItem[] {
  return items.filter((item) => isOpen(item, today)).filter((item) => isAssumed(item.deadline) && !isAskedOnce(item));
}

/** Those of which no reminder comes any more; none for who wants none at all. */
export function silentAmong(items: readonly OpenItem[], { isReminded, recipient, today }: NextReader): string[] {
  if (recipient.declined.includes('reminder')) return [];
  const from = isReminded ? addDays(today, 1) : today;
  return items.filter((item) => isReminderOver(item, { ...recipient, from })).map(({ deadline }) => deadline.id);
}

/** The items of the first groups that are open, in the order of mails, and how many groups come after those. */
function firstGroups(items: readonly AgendaItem[], most: number, { language, today }: NextReader): Next {
  // Who is asked once whether there is something to sign is not told before that it is to come.
  const open = items
    .filter((item) => isOpen(item, today))
    .filter((item) => !isAskedOnce(item))
    .sort((a, b) => compareInMail(a, b, language));
  const groups = groupsOf(open, language);
  return { next: groups.slice(0, most).flatMap((group) => group.items), others: Math.max(0, groups.length - most) };
}

type FirstReminder = Pick<Foretold, 'firstOn' | 'firstOf'>;

const NO_FIRST = { firstOn: null, firstOf: 'duty' } as const;

/** The day of the first reminder that can be foreseen, and of what it is; null for who wants none. */
function firstReminderOf(items: readonly AgendaItem[], { isReminded, muted, recipient, today }: NextReader): FirstReminder {
  const { declined, digest, leadDays, pausedUntil } = recipient;
  if (declined.includes('reminder')) return NO_FIRST;
  const from = pausedUntil !== null && pausedUntil > today ? pausedUntil : isReminded ? addDays(today, 1) : today;
  const open = items.filter((item) => isOpen(item, from)).filter(({ deadline }) => !muted?.has(deadline.id));
  const foreseen = { digest, from, leadDays };
  const firstOn = firstReminderOn(open, foreseen);
  if (firstOn === null) return NO_FIRST;
  const first = open.filter((item) => firstReminderOn([item], foreseen) === firstOn);
  return {
    firstOn,
    firstOf: first.every(isToldAfter) ? 'insurer' : first.every(({ deadline }) => isAssumed(deadline)) ? 'assumption' : 'duty',
  };
}
