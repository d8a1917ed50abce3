/** A mail to a person, as nodemailer is told of it. */
import { cleanLine } from '../../../calendars/clean-text.ts';
import type { PersonalDraft } from '../../../db/messages/personal-mails.ts';
import type { Message } from '../../../db/schema/schema.ts';
import { writeHtml, writeText } from '../letter.ts';
import type { MailOptions } from '../mime.ts';
import { personalLetter } from './letters.ts';

interface Sender {
  publicUrl: string;
  from: string;
  replyTo?: string | undefined;
}

/** Its Message-ID is the message's own for life; its date is `now`. It is on no list that one could leave. */
export function describePersonalMail(
  { id }: Pick<Message, 'id'>,
  draft: PersonalDraft,
  { from, publicUrl, replyTo }: Sender,
  now: Date,
): MailOptions & { messageId: string; subject: string } {
  const letter = personalLetter(draft, publicUrl);
  return {
    from: { name: 'Inkoopkalender', address: from },
    ...(replyTo === undefined ? {} : { replyTo: { name: '', address: replyTo } }),
    to: { name: '', address: draft.to },
    subject: cleanLine(letter.subject),
    messageId: `<${id}@${from.slice(from.lastIndexOf('@') + 1)}>`,
    date: now,
    baseBoundary: id.replaceAll('-', ''),
    text: writeText(letter),
    html: writeHtml(letter),
    textEncoding: 'quoted-printable',
    newline: 'windows',
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All', 'Content-Language': letter.language },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
