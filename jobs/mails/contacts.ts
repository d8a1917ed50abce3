/** Mails about mail itself: nobody is reminded any more, or an address is not reached, be it a deputy's. */
import { wordsIn } from '../../calendars/words.ts';
import type { Draft } from '../../db/sending/composing.ts';
import { writeLongDay } from './days.ts';
import { footer, listBlocks } from './footer.ts';
import type { MailLinks } from './links.ts';
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
      ...footer(draft, links, [say('mail:unreminded.why', { ...values, organisation: organisation.name })]),
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
      ...footer(draft, links, [say('mail:undeliverable.why', values)]),
    ],
  };
}

/** Tells an organisation that one of the addresses behind one of its own is not reached, without naming that one. */
export function partlyUndeliverableMail(draft: Draft, links: MailLinks): Letter {
  const { language, organisation, partly } = draft;
  const say = wordsIn(language);
  const emails = new Intl.ListFormat(language, { type: 'conjunction' }).format(partly);
  const values = { emails, organisation: organisation.name, count: partly.length };
  return {
    language,
    subject: say('mail:partly_undeliverable.subject', values),
    blocks: [
      { kind: 'lead', text: say('mail:partly_undeliverable.lead', values) },
      { kind: 'text', text: say('mail:partly_undeliverable.text', values) },
      ...footer(draft, links, [say('mail:undeliverable.why', values)]),
    ],
  };
}

/** Tells who has a deputy that mail does not reach it, that it gets its mail itself again, and what comes next. Throws when there is no deputy. */
export function deputyLostMail(draft: Draft, links: MailLinks): Letter {
  const { language, organisation, recipient, today } = draft;
  const { deputyEmail, deputyFault, pausedUntil } = recipient;
  if (deputyEmail === null || deputyFault === null) throw new Error('nobody was lost');
  const say = wordsIn(language);
  const values = { deputy: deputyEmail, organisation: organisation.name };
  const isPaused = pausedUntil !== null && today < pausedUntil;
  return {
    language,
    subject: say('mail:deputy_undeliverable.subject', values),
    blocks: [
      { kind: 'lead', text: say('mail:deputy_undeliverable.lead', values) },
      { kind: 'facts', rows: [{ label: deputyEmail, value: deputyFault }] },
      {
        kind: 'text',
        text: isPaused
          ? say('mail:deputy_undeliverable.paused', { ...values, day: writeLongDay(pausedUntil, language) })
          : say('mail:deputy_undeliverable.again', values),
      },
      { kind: 'text', text: say('mail:deputy_undeliverable.text', values) },
      ...listBlocks(draft.next, draft, say('mail:welcome.next')),
      ...footer(draft, links, [say('mail:deputy_undeliverable.why', values)]),
    ],
  };
}
