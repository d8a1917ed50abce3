/** What every mail has alike: from whom and to whom, who it is, and that a machine wrote it. */
import { cleanLine } from '../../calendars/clean-text.ts';
import type { Message } from '../../db/schema/schema.ts';
import type { MailOptions } from './mime.ts';

/** By whom a mail is sent, and where answers go if not there. */
export interface Sender {
  from: string;
  replyTo?: string | undefined;
}

/** The mail as nodemailer is told of it, without what it says. Its Message-ID is the message's own for life; its date is `now`. */
export function envelopeOf(
  { id }: Pick<Message, 'id'>,
  { subject, to }: { subject: string; to: string },
  { from, replyTo }: Sender,
  now: Date,
) {
  return {
    from: { name: 'Inkoopkalender', address: from },
    ...(replyTo === undefined ? {} : { replyTo: { name: '', address: replyTo } }),
    to: { name: '', address: to },
    subject: cleanLine(subject),
    messageId: `<${id}@${domainOf(from)}>`,
    date: now,
    baseBoundary: id.replaceAll('-', ''),
    textEncoding: 'quoted-printable',
    newline: 'windows',
    // Exchange answers for who is away unless told not to.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    disableFileAccess: true,
    disableUrlAccess: true,
  } as const satisfies MailOptions;
}

export const domainOf = (address: string) => address.slice(address.lastIndexOf('@') + 1);
