/** What would be sent on a day, worked out by the planning that sends, and taken back again. */
import { addDays, amsterdamDay, amsterdamMoment } from '../calendars/days.ts';
import { reviewMessage, type Draft } from '../db/sending/composing.ts';
import { isOwn } from '../db/messages/messages.ts';
import { gatherMails, severalDue } from '../db/sending/gathering.ts';
import { dueMessages } from '../db/sending/claims.ts';
import { isQuestion, rehearseQuestion } from '../db/recipients/questions.ts';
import { repeatQuestions } from '../db/recipients/repeated-questions.ts';
import type { Message } from '../db/schema/schema.ts';
import type { Store } from '../db/store/store.ts';
import { undone } from '../db/store/transactions/undone.ts';
import { planNow } from './plan.ts';

/** A mail that would leave, and what it would say. */
export interface RehearsedMail {
  message: Message;
  draft: Draft;
}

/**
 * Every mail to organisations that would leave by the end of the day of `now`, were it that moment: by organisation, address and hour. Nothing of it stays, but
 * other writes wait until it is done.
 */
export async function rehearse(store: Store, secret: string, now: Date): Promise<RehearsedMail[]> {
  const mails: RehearsedMail[] = [];
  await undone(store, async (rehearsed, tx) => {
    await planNow({ store: rehearsed }, now);
    const end = new Date(amsterdamMoment(addDays(amsterdamDay(now), 1), '00:00').getTime() - 1);
    await repeatQuestions(rehearsed, secret, end);
    const due = async () => (await dueMessages(tx, end, Number.MAX_SAFE_INTEGER)).filter(isOwn);
    const recipients = new Set((await due()).flatMap(({ recipientId }) => recipientId ?? []));
    await gatherMails(tx, await severalDue(tx, [...recipients], { now, until: end }), { now, until: end });
    for (const message of await due()) {
      const { draft } = await reviewMessage(tx, message, now);
      if (!draft) continue;
      const dueAt = isQuestion(message.kind) ? await rehearseQuestion(tx, { message, to: draft.to }, secret, { now, end }) : message.dueAt;
      if (dueAt) mails.push({ message: { ...message, dueAt }, draft });
    }
  });
  return mails.sort(compareMails);
}

function compareMails(a: RehearsedMail, b: RehearsedMail): number {
  return (
    compare(a.draft.organisation.name, b.draft.organisation.name) ||
    compare(a.draft.recipient.email, b.draft.recipient.email) ||
    a.message.dueAt.getTime() - b.message.dueAt.getTime() ||
    compare(a.message.kind, b.message.kind)
  );
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
