/** A mail to a person, as nodemailer is told of it. */
import type { PersonalDraft } from '../../../db/messages/personal-mails.ts';
import type { Message } from '../../../db/schema/schema.ts';
import { envelopeOf, type Sender } from '../envelope.ts';
import { writeHtml, writeText } from '../letter.ts';
import { personalLetter } from './letters.ts';

/** It is on no list that one could leave. */
export function describePersonalMail(
  message: Pick<Message, 'id'>,
  draft: PersonalDraft,
  sender: Sender & { publicUrl: string },
  now: Date,
) {
  const letter = personalLetter(draft, sender.publicUrl);
  const envelope = envelopeOf(message, { subject: letter.subject, to: draft.to }, sender, now);
  return {
    ...envelope,
    text: writeText(letter),
    html: writeHtml(letter),
    headers: { ...envelope.headers, 'Content-Language': letter.language },
  };
}
