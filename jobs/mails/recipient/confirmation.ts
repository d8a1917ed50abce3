/** The mails that ask whether an address wants reminders, its own or those of somebody else: nothing else is sent to it before its owner says so. */
import { writeLongDay } from '../../../calendars/days.ts';
import type { Language } from '../../../calendars/terms.ts';
import { wordsIn } from '../../../calendars/words.ts';
import type { Draft } from '../../../db/sending/composing.ts';
import type { MailLinks } from '../links.ts';
import type { Block, Letter } from '../letter.ts';
import { fitSubject } from '../subjects/subject.ts';

type QuestionLinks = Pick<MailLinks, 'confirmUrl' | 'declineUrl'>;

/** `confirmUrl` leads to a page with a button. */
export function confirmationMail({ isRepeated, language, organisation, recipient }: Draft, links: QuestionLinks): Letter {
  const say = wordsIn(language);
  return {
    language,
    subject: say(isRepeated ? 'mail:confirmation.repeated_subject' : 'mail:confirmation.subject'),
    blocks: [
      { kind: 'lead', text: say('mail:confirmation.lead', { organisation: organisation.name, email: recipient.email }) },
      { kind: 'button', label: say('mail:confirmation.button'), url: links.confirmUrl },
      ...(isRepeated ? [{ kind: 'text' as const, text: say('mail:confirmation.repeated') }] : []),
      { kind: 'text', text: say('mail:confirmation.otherwise') },
      ...declineBlocks(organisation.name, links, language),
    ],
  };
}

/** Asks a deputy. Throws when the recipient has none: there is no such mail. */
export function deputyMail({ language, organisation, recipient }: Draft, links: QuestionLinks): Letter {
  const { email, deputyUntil } = recipient;
  if (deputyUntil === null) throw new Error('a question to nobody');
  const say = wordsIn(language);
  const day = writeLongDay(deputyUntil, language);
  return {
    language,
    subject: fitSubject([email], (shortOf) => [say('mail:deputy.subject', { email: shortOf(email) })]),
    blocks: [
      { kind: 'lead', text: say('mail:deputy.lead', { organisation: organisation.name, email, day }) },
      { kind: 'button', label: say('mail:deputy.button'), url: links.confirmUrl },
      { kind: 'text', text: say('mail:deputy.otherwise', { email }) },
      ...declineBlocks(organisation.name, links, language),
    ],
  };
}

function declineBlocks(organisation: string, { declineUrl }: QuestionLinks, language: Language): Block[] {
  const say = wordsIn(language);
  return [
    { kind: 'text', text: say('mail:decline.text', { organisation }) },
    { kind: 'link', label: say('mail:decline.link'), url: declineUrl },
  ];
}
