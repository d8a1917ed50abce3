/** The mail that asks whether an address wants reminders: nothing else is sent to it before its owner says so. */
import { wordsIn } from '../../calendars/words.ts';
import type { Draft } from '../../db/drafts.ts';
import type { Letter } from './letter.ts';

/** `confirmUrl` leads to a page with a button. */
export function confirmationMail({ organisation, recipient }: Draft, { confirmUrl }: { confirmUrl: string }): Letter {
  const { language, name } = organisation;
  const say = wordsIn(language);
  return {
    language,
    subject: say('mail:confirmation.subject'),
    blocks: [
      { kind: 'lead', text: say('mail:confirmation.lead', { organisation: name, email: recipient.email }) },
      { kind: 'link', label: say('mail:confirmation.button'), url: confirmUrl },
      { kind: 'text', text: say('mail:confirmation.otherwise') },
    ],
  };
}
