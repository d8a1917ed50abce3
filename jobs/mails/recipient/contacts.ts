/** Mails about mail itself: nobody is reminded any more, or an address is not reached, be it a deputy's. */
import { writeLongDay } from '../../../calendars/days.ts';
import { wordsIn, writeList } from '../../../calendars/words.ts';
import type { Draft } from '../../../db/sending/composing.ts';
import { listBlocks } from '../due/list.ts';
import { footer } from '../footer.ts';
import type { MailLinks } from '../links.ts';
import type { Block, Letter } from '../letter.ts';
import { fitSubject, namesAround } from '../subjects/subject.ts';

/** Tells an RO that nobody of one of its organisations is reminded any more. Throws when it is about nobody. */
export function unremindedMail(draft: Draft, links: MailLinks): Letter {
  const { about, language, organisation } = draft;
  if (!about) throw new Error('a mail about nobody');
  const say = wordsIn(language);
  const values = { about: about.name };
  const isChoice = about.unremindedWhy === 'choice';
  return {
    language,
    subject: fitSubject(namesAround(draft), (shortOf) => [say('mail:unreminded.subject', { about: shortOf(about.name) })]),
    blocks: [
      { kind: 'lead', text: say(isChoice ? 'mail:unreminded.choice_lead' : 'mail:unreminded.lead', values) },
      { kind: 'text', text: say(isChoice ? 'mail:unreminded.choice_text' : 'mail:unreminded.text', values) },
      ...footer(draft, links, [say('mail:unreminded.why', { ...values, organisation: organisation.name })]),
    ],
  };
}

/** Tells an organisation's other recipients which of its addresses are not reached, and what the mail server said. */
export function undeliverableMail(draft: Draft, links: MailLinks): Letter {
  const { unreached } = draft;
  const rows = unreached.flatMap(({ email, fault }) => (fault === null ? [] : [{ label: email, value: fault }]));
  const emails = unreached.map(({ email }) => email);
  return unreachedMail(draft, links, { name: 'undeliverable', emails, answers: [{ kind: 'facts', rows }] });
}

/** Tells an organisation that one of the addresses behind one of its own is not reached, without naming that one. */
export function partlyUndeliverableMail(draft: Draft, links: MailLinks): Letter {
  return unreachedMail(draft, links, { name: 'partly_undeliverable', emails: draft.partly, answers: [] });
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
    subject: fitSubject([deputyEmail], (shortOf) => [say('mail:deputy_undeliverable.subject', { deputy: shortOf(deputyEmail) })]),
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
      ...listBlocks(draft.next, draft, say('mail:welcome.next'), draft.others),
      ...footer(draft, links, [say('mail:deputy_undeliverable.why', values)]),
    ],
  };
}

interface Unreached {
  /** Under which its words stand. */
  name: 'undeliverable' | 'partly_undeliverable';
  emails: readonly string[];
  /** What the mail server said. */
  answers: Block[];
}

function unreachedMail(draft: Draft, links: MailLinks, { name, emails, answers }: Unreached): Letter {
  const { language, organisation } = draft;
  const say = wordsIn(language);
  const values = { emails: writeList(emails, language), organisation: organisation.name, count: emails.length };
  return {
    language,
    subject: fitSubject([values.emails], (shortOf) => [say(`mail:${name}.subject`, { ...values, emails: shortOf(values.emails) })]),
    blocks: [
      { kind: 'lead', text: say(`mail:${name}.lead`, values) },
      ...answers,
      { kind: 'text', text: say(`mail:${name}.text`, values) },
      ...footer(draft, links, [say('mail:undeliverable.why', values)]),
    ],
  };
}
