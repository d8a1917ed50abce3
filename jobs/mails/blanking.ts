/** Mails that others may look at: without whose they are, and without what only their reader may press. */
import { wordsIn } from '../../calendars/words.ts';
import type { Draft } from '../../db/sending/composing.ts';
import { describeMail, type MailSettings } from './compose.ts';

/** A mail as it is shown to who is not its reader. */
export interface BlankMail {
  subject: string;
  text: string;
  html: string;
}

/**
 * Writes a mail with words in the place of names and addresses, and dots in the place of what is signed in links, or is only known once it is sent. All
 * else is as it leaves, line breaks too.
 */
export function composeBlank(draft: Draft, settings: MailSettings, now: Date): BlankMail {
  const { subject, text, html } = describeMail({ id: 'blank' }, withoutNames(draft), settings, now);
  const blank = (written: string) => withoutTokens(written, settings.publicUrl);
  return { subject, text: blank(text), html: blank(html) };
}

function withoutNames(draft: Draft): Draft {
  const say = wordsIn(draft.language);
  const nameless = <T extends { name: string }>(one: T): T => ({ ...one, name: say('mail:blank.name') });
  const recipient = { ...draft.recipient, email: say('mail:blank.address'), deputyEmail: null, deputyUntil: null };
  return {
    ...draft,
    to: recipient.email,
    recipient,
    organisation: nameless(draft.organisation),
    changes: draft.changes.map((one) => ({ ...one, organisations: one.organisations.map(nameless) })),
  };
}

/** Pages of ours of which a mail's links name what is its reader's, or a change that is made when it is published. */
const PRIVATE = ['confirm', 'decline', 'deputy', 'done', 'leave', 'mute', 'step', 'undo', 'unsubscribe', 'wijzigingen'];

function withoutTokens(written: string, publicUrl: string): string {
  const own = RegExp.escape(publicUrl);
  const behind = new RegExp(`(${own}(?:/en)?/(?:${PRIVATE.join('|')})/)[^\\s"<]+`, 'g');
  // Which list of dates it leads to tells with whom its reader deals.
  const chosen = new RegExp(`(${own}(?:/en)?/datums\\?)[^\\s"<]+`, 'g');
  return written.replaceAll(behind, '$1…').replaceAll(chosen, '$1…');
}
