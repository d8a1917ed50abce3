/** From a draft to the bytes of a mail: the same draft at the same moment always gives the same bytes. */
import MailComposer from 'nodemailer/lib/mail-composer';
import type { Draft } from '../../db/drafts.ts';
import type { ComposedMail } from '../../db/outbox.ts';
import type { Message } from '../../db/schema.ts';
import { signLink } from '../../db/secrets.ts';
import { confirmationMail } from './confirmation.ts';
import { oneLine, writeHtml, writeText, type Letter } from './letter.ts';
import type { MailLinks } from './footer.ts';
import { reminderMail } from './reminder.ts';
import { welcomeMail } from './welcome.ts';

/** What mails need of the configuration. */
export interface MailSettings {
  /** Where the service is reached from outside, without a slash at the end. */
  publicUrl: string;
  /** Signs the links. */
  secret: string;
  /** The sender's address. */
  from: string;
}

/** Writes the mail. Its Message-ID is the message's own for life; its date is `now`. */
export async function composeMail(message: Pick<Message, 'id'>, draft: Draft, settings: MailSettings, now: Date): Promise<ComposedMail> {
  const { from, publicUrl, secret } = settings;
  const { kind, recipient } = draft;
  const domain = from.slice(from.lastIndexOf('@') + 1);
  const unsubscribeUrl = `${publicUrl}/unsubscribe/${signLink(secret, 'unsubscribe', recipient.id)}`;
  const confirmUrl = `${publicUrl}/confirm/${signLink(secret, 'confirm', recipient.id)}`;
  const { letter, text, html } = writeWithin(MOST_BYTES, draft, { home: `${publicUrl}/`, unsubscribeUrl, confirmUrl });
  const messageId = `<${message.id}@${domain}>`;
  const subject = oneLine(letter.subject);
  const composer = new MailComposer({
    from: { name: 'Inkoopkalender', address: from },
    to: { name: '', address: recipient.email },
    subject,
    messageId,
    date: now,
    baseBoundary: message.id.replaceAll('-', ''),
    text,
    html,
    textEncoding: 'quoted-printable',
    newline: 'windows',
    headers: {
      'Auto-Submitted': 'auto-generated',
      'Content-Language': letter.language,
      'List-ID': { prepared: true, value: `Inkoopkalender <reminders.${domain}>` },
      // RFC 8058. Who has not confirmed yet is on no list to leave.
      ...(kind === 'confirmation'
        ? {}
        : {
            'List-Unsubscribe': { prepared: true, value: `<${unsubscribeUrl}>` },
            'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
          }),
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return { messageId, subject, raw: await composer.compile().build() };
}

/** Mail programs cut off what is longer than 102 KB; encoding takes a part of that. */
const MOST_BYTES = 75_000;

type Links = MailLinks & { confirmUrl: string };

/** The mail in both forms, with fewer details when it would be cut off. */
function writeWithin(
  bytes: number,
  draft: Draft,
  links: Links,
  detailed = draft.due.length,
): { letter: Letter; text: string; html: string } {
  const letter = letterOf(draft, links, detailed);
  const [text, html] = [writeText(letter), writeHtml(letter)];
  if (detailed <= 1 || Buffer.byteLength(text) + Buffer.byteLength(html) <= bytes) return { letter, text, html };
  return writeWithin(bytes, draft, links, Math.floor(detailed / 2));
}

function letterOf(draft: Draft, links: Links, detailed: number): Letter {
  if (draft.kind === 'confirmation') return confirmationMail(draft, links);
  return draft.kind === 'welcome' ? welcomeMail(draft, links) : reminderMail(draft, links, detailed);
}
