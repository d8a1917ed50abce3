/** Personal mails that are about to leave: what was settled when they were queued, unless it holds no longer. */
import { signInsOverBefore, wasToldOfNoAccount, isOfSignIn, readLetter, type PersonalDraft } from '../messages/personal-mails.ts';
import { findDead } from '../messages/unaskable.ts';
import type { CancelReason } from '../messages/messages.ts';
import type { Message } from '../schema/schema.ts';
import { digestsOf } from '../store/secrets.ts';
import type { ReadDb } from '../store/store.ts';
import { findAddressChange } from './address-changes.ts';
import { findEnrolment } from './enrolments.ts';
import { findInvitation } from './invitations.ts';
import { isMailedWork } from './work-mails.ts';

/** Looks anew at a mail to a person. Its address stands since it was queued, and so it does for every copy. */
export async function reviewPersonalMail(
  db: ReadDb,
  message: Message,
  { now, secret }: { now: Date; secret: string },
): Promise<{ draft: PersonalDraft } | { draft: null; reason: CancelReason }> {
  const draft = readLetter(message);
  const reason = draft === null ? 'empty' : await refusal(db, message, draft, { now, secret });
  return draft === null || reason !== null ? { draft: null, reason: reason ?? 'empty' } : { draft };
}

async function refusal(
  db: ReadDb,
  message: Message,
  letter: PersonalDraft,
  { now, secret }: { now: Date; secret: string },
): Promise<CancelReason | null> {
  const { kind, to } = letter;
  if (isOfSignIn(message) && message.createdAt <= signInsOverBefore(now)) return 'passed';
  if (kind === 'no_account') return (await wasToldOfNoAccount(db, message)) ? 'replaced' : null;
  // Whoever signs in, or asked for both addresses to be asked, has proved the address before.
  if (kind === 'sign_in') return null;
  if (await findDead(db, digestsOf(secret, to))) return 'undeliverable';
  return (await leadsSomewhere(db, letter, now)) ? null : 'replaced';
}

/** Whether what a mail's link leads to is still there, and is its reader's: it may have ended while the mail waited. */
async function leadsSomewhere(db: ReadDb, letter: PersonalDraft, now: Date): Promise<boolean> {
  switch (letter.kind) {
    case 'enrolment':
      return (await findEnrolment(db, letter.token, now)) !== null;
    case 'member_invitation':
      return (await findInvitation(db, letter.token, now)) !== null;
    case 'address_change':
      return (await findAddressChange(db, letter.token, now)) !== null;
    case 'work_list':
      return isMailedWork(db, letter.to);
    default:
      return true;
  }
}
