/** One deadline in a calendar, as it is rendered. */
import type { Deadline } from '../deadlines/deadline.ts';
import type { AgendaItem } from '../agenda/concern.ts';
import type { Day, Reader } from '../terms.ts';

/** A deadline that has a day. */
export type Dated = Deadline & { dueOn: Day };

/** One dated deadline as a calendar shows it. */
export interface FeedItem extends Partial<Pick<AgendaItem, 'handOverOn' | 'otherCare' | 'relation'>> {
  /** Identity for life, with a number and a moment that rise with every visible change. */
  uid: string;
  sequence: number;
  changedAt: Date;
  deadline: Dated;
  /** Null for a duty of the whole sector. */
  insurerName: string | null;
  /** As whom the reader gets it; null in a calendar for everyone. */
  as: Reader | null;
  /** Names of those whose duty it is, where it is not the reader's own. */
  dutyHolders: readonly string[];
  /** What had to be arranged before it without a day of its own; a change of it changes the number. */
  arrangedBefore: readonly Deadline[];
  /** When it was done, in a calendar that shows so; else null. */
  completedOn: Day | null;
  /** Whether it was not done then, but said not to hold. */
  isNotApplicable?: boolean;
  /** How many days before, at 09:00, the app may sound an alarm. */
  alarms: readonly number[];
  /** Of a group of assumptions: what it is made of, by the insurers' names, at least one. Its own deadline is the first of them by day. */
  members?: readonly [GroupMember, ...GroupMember[]];
}

/** One of the assumptions that stand in a calendar together. */
export interface GroupMember extends Pick<FeedItem, 'deadline' | 'insurerName' | 'arrangedBefore'> {
  /** The number of what it says of its own. */
  sequence: number;
  /** How the reader stands with its insurer: there may be nothing to sign. */
  relation: AgendaItem['relation'];
}

/** What of an item hangs on the calendar's own choices. */
export type Look = Pick<FeedItem, 'completedOn' | 'isNotApplicable' | 'alarms'>;
