/** The links in a mail, on which its reader acts. */

/** Pages on which a reader says something of one deadline; null where it is not the reader's to say. */
export interface DeadlineLinks {
  doneUrl: (deadlineId: string) => string | null;
  muteUrl: (deadlineId: string) => string | null;
}

export interface MailLinks extends DeadlineLinks {
  /** Where the calendar itself is. */
  home: string;
  /** Where the reader stops these mails: a deputy stops being one. */
  unsubscribeUrl: string;
  /** Where the reader says yes to getting mails. */
  confirmUrl: string;
  /** Where the reader stops the organisation's questions. */
  declineUrl: string;
}
