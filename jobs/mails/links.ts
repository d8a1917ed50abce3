/** The links in a mail, on which its reader acts. */
import type { Deadline } from '../../calendars/deadlines/deadline.ts';

/** Pages on which a reader says something of one deadline; null where it is not the reader's to say. */
export interface DeadlineLinks {
  doneUrl: (deadlineId: string) => string | null;
  muteUrl: (deadlineId: string) => string | null;
}

/** The same of several deadlines that are told of as one. */
interface GroupLinks {
  allDoneUrl: (deadlines: readonly Named[]) => string | null;
  allMuteUrl: (deadlines: readonly Named[]) => string | null;
}

/** A deadline that a mail names, and how sure its day was then. */
type Named = Pick<Deadline, 'certainty' | 'id'>;

export interface MailLinks extends DeadlineLinks, GroupLinks {
  /** Where the calendar itself is. */
  home: string;
  /** Where the reader stops these mails: a deputy stops being one. */
  unsubscribeUrl: string;
  /** Where the reader says yes to getting mails. */
  confirmUrl: string;
  /** Where the reader stops the organisation's questions. */
  declineUrl: string;
}
