/** Mails about mail itself: nobody is reminded any more, or an address is not reached. */
import { wordsIn } from '../../calendars/words.ts';
import type { Draft } from '../../db/drafts.ts';
import { footer, type MailLinks } from './footer.ts';
import type { Letter } from './letter.ts';

/** Tells an RO that nobody of one of its organisations is reminded any more. Throws when it is about nobody. */
export function unremindedMail(draft: Draft, links: MailLinks): Letter {
  const { about, language, organisation } = draft;
  if (!about) throw new Error('a mail about nobody');
  const say = wordsIn(language);
  const values = { about: about.name };
  return {
    language,
    subject: say('mail:unreminded.subject', values),
    blocks: [
      { kind: 'lead', text: say('mail:unreminded.lead', values) },
      { kind: 'text', text: say('mail:unreminded.text', values) },
      ...footer(draft, links, say('mail:unreminded.why', { ...values, organisation: organisation.name })),
    ],
  };
}

/** Tells an organisation's other recipients which of its addresses are not reached, and what the mail server said. */
export function undeliverableMail(draft: Draft, links: MailLinks): Letter {
  const { language, organisation, unreached } = draft;
  const say = wordsIn(language);
  const emails = new Intl.ListFormat(language, { type: 'conjunction' }).format(unreached.map(({ email }) => email));
  const values = { emails, organisation: organisation.name, count: unreached.length };
  return {
    language,
    subject: say('mail:undeliverable.subject', values),
    blocks: [
      { kind: 'lead', text: say('mail:undeliverable.lead', values) },
      { kind: 'facts', rows: unreached.flatMap(({ email, fault }) => (fault === null ? [] : [{ label: email, value: fault }])) },
      { kind: 'text', text: say('mail:undeliverable.text', values) },
      ...footer(draft, links, say('mail:undeliverable.why', values)),
    ],
  };
}
