/** What people find in their mailboxes after a round of planning and sending. */
import PostalMime, { type Email } from 'postal-mime';
import type { Store } from '../../db/store/store.ts';
import { planNow } from '../../jobs/plan.ts';
import { sendDue } from '../../jobs/sending/send.ts';
import { keepingMailer, SETTINGS } from './mail.ts';

/** A mail with whom it went to. */
export interface FoundMail extends Email {
  for: string;
  raw: Buffer;
}

/** Plans, sends all that is due at a moment, and gives what arrived, by address and subject. */
export async function mailsAt(store: Store, now: Date): Promise<FoundMail[]> {
  await planNow({ store }, now);
  const mailer = keepingMailer();
  await sendDue({ store, mailer, settings: SETTINGS }, now);
  const mails = await Promise.all(mailer.taken.map(async ({ to, raw }) => ({ ...(await PostalMime.parse(raw)), for: to[0]!, raw })));
  return mails.sort((a, b) => compare(a.for, b.for) || compare(a.subject ?? '', b.subject ?? ''));
}

/** The same as addresses with subjects. */
export async function subjectsAt(store: Store, now: Date): Promise<string[]> {
  return (await mailsAt(store, now)).map((mail) => `${mail.for}: ${mail.subject}`);
}

/** Where a mail's link with this path leads, without the service's own address. */
export function linkIn(mail: Email, path: string): string {
  const found = new RegExp(`https://inkoop\\.example(/${path}/\\S+)`).exec(mail.text ?? '');
  if (!found) throw new Error(`no link to /${path}/ in ${mail.text}`);
  return found[1]!;
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
