/** The operator's mail: the summary as it was settled, in plain text. */
import { cleanLine } from '../../calendars/clean-text.ts';
import type { Message } from '../../db/schema/schema.ts';
import type { Summary } from '../../db/sending/summaries.ts';
import type { MailOptions } from './mime.ts';

/** The mail as nodemailer is told of it. Its Message-ID is the message's own for life; its date is `now`. */
export function describeSummary(
  { id }: Pick<Message, 'id'>,
  { subject, text, to }: Summary,
  { from, replyTo }: { from: string; replyTo?: string | undefined },
  now: Date,
): MailOptions & { messageId: string; subject: string } {
  return {
    from: { name: 'Inkoopkalender', address: from },
    ...(replyTo === undefined ? {} : { replyTo: { name: '', address: replyTo } }),
    to: { name: '', address: to },
    subject: cleanLine(subject),
    messageId: `<${id}@${from.slice(from.lastIndexOf('@') + 1)}>`,
    date: now,
    text,
    textEncoding: 'quoted-printable',
    newline: 'windows',
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
