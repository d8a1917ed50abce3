/** Notices of acts: who of an organisation is to hear that somebody else said something is done, wants no mail of it, or left. */
import { setImmediate } from 'node:timers/promises';
import { amsterdamDay } from '../../calendars/days.ts';
import { nextMailTime } from '../../calendars/reminders/news-time.ts';
import { addNotices, gatheringMails } from './notices.ts';
import { addresseeOf, isPausedForLong, pauseEnd } from '../recipients/pauses.ts';
import { mutedAmong } from '../recipients/preferences.ts';
import type { Act, Recipient } from '../schema/schema.ts';
import { and, asc, eq, isNull, lte } from '../store/drizzle.ts';
import type { Store, WriteDb } from '../store/store.ts';

/** How many acts are looked for at once. */
const AT_ONCE = 100;

/** Queues what the others of an organisation are to hear, the oldest first. Gives how many acts that concerned; a second run does nothing. */
export async function tellOfActs(store: Store, now: Date): Promise<number> {
  const { acts } = store.read.tables;
  for (let told = 0; ;) {
    const rows = await store.read
      .select({ id: acts.id })
      .from(acts)
      .where(isNull(acts.queuedAt))
      .orderBy(asc(acts.at), asc(acts.id))
      .limit(AT_ONCE);
    if (rows.length === 0) return told;
    for (const { id } of rows) {
      if (await store.write((tx) => queueAct(tx, id, now))) told += 1;
      // Whoever waits for an answer goes first.
      await setImmediate();
    }
  }
}

/** Puts an act in the mails of who is to hear of it; of what nobody is to hear nothing is kept. True where somebody is. */
async function queueAct(tx: WriteDb, id: string, now: Date): Promise<boolean> {
  const { acts } = tx.tables;
  // On PostgreSQL another process may see to the same one.
  const [act] = await tx
    .update(acts)
    .set({ queuedAt: now })
    .where(and(eq(acts.id, id), isNull(acts.queuedAt)))
    .returning();
  if (!act) return false;
  const hearers = await hearersOf(tx, act, now);
  if (hearers.length === 0) {
    await tx.delete(acts).where(eq(acts.id, id));
    return false;
  }
  const wantedMails = hearers.map((recipient) => ({ recipient, key: `${recipient.id}/acts/${id}`, ...timeOf(recipient, act, now) }));
  const mails = await gatheringMails(tx, 'acts', wantedMails, now);
  const { deadlineId, organisationId } = act;
  const blank = { kind: 'acts' as const, fromRevision: null, lastSafeOn: null, knownOn: null };
  await addNotices(
    tx,
    hearers.map((recipient) => {
      return { ...blank, key: `${recipient.id}/act/${id}`, messageId: mails.get(recipient.id)!, deadlineId, actId: id, organisationId };
    }),
  );
  return true;
}

/**
 * The organisation's other recipients, of those that had confirmed by then and want to hear of it. Where there is none, and a button in a mail was
 * pressed, its own reader: a program that looks through mails may have pressed it.
 */
async function hearersOf(tx: WriteDb, act: Act, now: Date): Promise<Recipient[]> {
  const { recipients } = tx.tables;
  const confirmed = await tx
    .select()
    .from(recipients)
    .where(and(eq(recipients.organisationId, act.organisationId), eq(recipients.status, 'confirmed'), lte(recipients.confirmedAt, act.at)))
    .orderBy(asc(recipients.position), asc(recipients.createdAt), asc(recipients.id));
  const muted = await mutedAmong(
    tx,
    confirmed.map(({ id }) => id),
  );
  const today = amsterdamDay(now);
  const isOther = (one: Recipient) =>
    !isDoer(one, act) &&
    !one.declined.includes('acts') &&
    !isPausedForLong(one, today) &&
    !muted.get(one.id)?.includes(act.deadlineId ?? '');
  const others = confirmed.filter(isOther);
  const isByLink = act.way === 'link';
  // Who is alone knows what its own organisation does.
  if (others.length > 0) return confirmed.length > 1 || isByLink ? others : [];
  return isByLink ? confirmed.filter(({ id }) => id === act.recipientId) : [];
}

/** Whether somebody did it itself, or gets its mail at the address of who did it. */
function isDoer(recipient: Recipient, { at, by }: Act): boolean {
  const address = by?.toLowerCase();
  return address === recipient.email.toLowerCase() || address === addresseeOf(recipient, amsterdamDay(at)).toLowerCase();
}

/** With the next mail of the day, by itself on the next working day; as news, what is told during a pause waits for its end. */
function timeOf(recipient: Recipient, { at }: Act, now: Date): { readyAt: Date; dueAt: Date } {
  const pauseEndsAt = pauseEnd(recipient, now);
  return pauseEndsAt === null ? { readyAt: at, dueAt: nextMailTime(at, recipient.sendHour) } : { readyAt: pauseEndsAt, dueAt: pauseEndsAt };
}
