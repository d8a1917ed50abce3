/** What a mail says of the deadlines to come: the first groups of them, and from when its reader is reminded. */
import { isAskedOnce, type AgendaItem } from './concern.ts';
import { compareInMail, groupsOf } from './groups.ts';
import { requestNotes } from './item-notes.ts';
import { isOpen, type OpenItem } from './open-duties.ts';
import { requirementsIn, type Requirements } from './requirements.ts';
import { addDays } from '../days.ts';
import { yearsWithoutPolicy } from '../deadlines/certainty.ts';
import { firstReminderOn, type Digest } from '../reminders/reminders.ts';
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

/** What comes beside what a reminder is about. */
export function nextBeside(items: readonly AgendaItem[], reader: NextReader): Next {
  return firstGroups(items, NEXT_IN.reminder, reader);
}

/** What comes next, and for whom is new also from when, how many requirements there are, and which requests are over. */
export function nextIn(
  kind: 'welcome' | 'deputy_undeliverable' | 'trial',
  items: readonly AgendaItem[],
  reader: NextReader,
): Next & { firstOn: Day | null; requirements: Requirements[]; requestNotes: string[]; withoutPolicy: number[] } {
  const isNew = kind === 'welcome';
  const { next, others } = firstGroups(items, NEXT_IN[kind], reader);
  const years = new Set(next.map(({ deadline }) => deadline.contractYear));
  const withoutPolicy = yearsWithoutPolicy(items.map(({ deadline }) => deadline)).filter((year) => years.has(year));
  const firstOn = kind === 'deputy_undeliverable' ? null : firstReminderOf(items, reader);
  const notes = isNew ? requestNotes(items, reader.today, reader.language) : [];
  return { next, others, firstOn, requirements: isNew ? requirementsIn(items) : [], requestNotes: notes, withoutPolicy };
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

/** The day of the first reminder that can be foreseen; null for who wants none. */
function firstReminderOf(items: readonly AgendaItem[], { isReminded, muted, recipient, today }: NextReader): Day | null {
  const { declined, digest, leadDays, pausedUntil } = recipient;
  if (declined.includes('reminder')) return null;
  const from = pausedUntil !== null && pausedUntil > today ? pausedUntil : isReminded ? addDays(today, 1) : today;
  const open = items.filter((item) => isOpen(item, from)).filter(({ deadline }) => !muted?.has(deadline.id));
  return firstReminderOn(open, { digest, from, leadDays });
}
