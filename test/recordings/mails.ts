/** Recordings of a mail of every kind in both languages, whole: also where nobody in the recorded life gets one. */
import { composeMail } from '../../jobs/mails/compose.ts';
import { draftOf, MESSAGE, RECIPIENT } from '../helpers/drafts.ts';
import { ALL_IN_ONE, DRAFTS } from '../helpers/every-mail.ts';
import { SETTINGS } from '../helpers/mail-settings.ts';
import { MONDAY } from '../helpers/reminders.ts';
import { keep, type Recordings } from './recordings.ts';

const DEPUTY = { ...RECIPIENT, deputyEmail: 'ward@example.org', deputyUntil: '2024-10-31' };

/** The mails by kind and language, and those of them that a deputy gets instead. */
export function mailOfEachKind(): Recordings {
  const mails: Recordings = new Map();
  const each = (Object.keys(DRAFTS) as (keyof typeof DRAFTS)[]).map((kind) => [kind, { ...DRAFTS[kind], kind }] as const);
  for (const [name, said] of [...each, ['all in one', { ...ALL_IN_ONE, kind: 'reminder' }] as const])
    for (const language of ['nl', 'en'] as const) {
      const draft = draftOf([], { ...said, language });
      keep(mails, `mail/${name} ${language}`, textOf(draft));
      // The others are about a deputy themselves.
      if (draft.recipient !== RECIPIENT) continue;
      const forDeputy = { ...draft, recipient: DEPUTY, to: DEPUTY.deputyEmail, isForDeputy: true };
      keep(mails, `mail/${name} ${language} to a deputy`, textOf(forDeputy));
    }
  return mails;
}

const textOf = (draft: ReturnType<typeof draftOf>) => composeMail(MESSAGE, draft, SETTINGS, MONDAY).raw.toString();
