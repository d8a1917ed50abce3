/** The links in a mail, on which its reader acts. */
import type { Deadline } from '../../calendars/deadlines/deadline.ts';
import type { Language, RelationStatus, Role } from '../../calendars/terms.ts';

/** Pages on which a reader says something of one deadline; null where it is not the reader's to say. */
export interface DeadlineLinks {
  doneUrl: (deadlineId: string) => string | null;
  muteUrl: (deadlineId: string) => string | null;
}

/** The same of several deadlines that are told of as one. */
interface GroupLinks {
  allDoneUrl: (deadlines: readonly Named[]) => string | null;
  allMuteUrl: (deadlines: readonly Named[]) => string | null;
  /** Where a reader takes back what somebody said at a moment of one or of several: at least one. */
  undoUrl: (deadlines: readonly Named[], at: Date) => string;
}

/** A deadline that a mail names, and how sure its day was then. */
type Named = Pick<Deadline, 'certainty' | 'id'>;

export interface MailLinks extends DeadlineLinks, GroupLinks {
  /** Where a change of the registry stands, for everybody. */
  changeUrl: (changeId: string) => string;
  /** Where all dates are, those for its reader first. */
  home: string;
  /** Where the reader stops these mails: a deputy stops being one. */
  unsubscribeUrl: string;
  /** Where the reader says yes to getting mails. */
  confirmUrl: string;
  /** Where the reader stops the organisation's questions. */
  declineUrl: string;
  /** Where the reader says that an own date is done. */
  stepUrl: (stepId: string) => string;
  /** Where the reader takes back that somebody said so. */
  stepUndoUrl: (stepId: string, at: Date) => string;
}

/** Whom the list of dates is chosen for. */
interface Chosen {
  language: Language;
  roles: readonly Role[];
  relations: readonly { insurerSlug: string; contractStatus: RelationStatus }[];
  /** Whether these are all insurers: then none is chosen. */
  isWithAll: boolean;
}

/**
 * The public list of dates with what a reader is chosen in it, as far as the list can choose so: one role, its insurers, and a contract status that
 * it has with all of them. Nothing secret stands in it.
 */
export function datesUrl(publicUrl: string, { isWithAll, language, relations, roles }: Chosen): string {
  const [role, ...otherRoles] = roles;
  const [status, ...otherStatuses] = new Set(relations.map(({ contractStatus }) => contractStatus));
  const query = [
    ...(role === undefined || otherRoles.length > 0 ? [] : [`role=${role}`]),
    ...(isWithAll || relations.length === 0 ? [] : [`insurer=${relations.map(({ insurerSlug }) => insurerSlug).join(',')}`]),
    ...(status === undefined || status === 'unknown' || otherStatuses.length > 0 ? [] : [`contractStatus=${status}`]),
  ];
  return `${publicUrl}${language === 'en' ? '/en' : ''}/datums${query.length === 0 ? '' : `?${query.join('&')}`}`;
}
