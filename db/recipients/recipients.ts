/** The addresses that an organisation's reminders go to: asked for, confirmed by mail, and free to leave. */
import { randomUUID } from 'node:crypto';
import { amsterdamDay } from '../../calendars/days.ts';
import { AppError } from '../../calendars/errors.ts';
import { foldAddress } from '../../calendars/mail-address.ts';
import type { Digest } from '../../calendars/reminders/reminders.ts';
import type { Day, Language } from '../../calendars/terms.ts';
import { noteAct, type Doer } from '../organisations/acts/acts.ts';
import { lockOrganisation } from '../organisations/organisations.ts';
import { and, asc, eq, inArray, sql } from '../store/drizzle.ts';
import { cancelPending, queueMessage } from '../messages/messages.ts';
import { appoint, NO_DEPUTY, type Deputy } from './deputies.ts';
import { DEFAULT_SEND_HOUR, keepSendHour } from '../messages/mail-time.ts';
import { ask, askDeputyOnce } from './questions.ts';
import { DECLINABLE_KINDS, type Recipient } from '../schema/schema.ts';
import { removeSetting, takenAwayName } from '../store/settings.ts';
import type { ReadDb, WriteDb } from '../store/store.ts';
import { noteChoice, noteLeft } from './unreminded.ts';
import { retimeWaitingNews } from './waiting/news.ts';
import { releaseSteps } from '../organisations/steps/steps.ts';
import { notePreferences } from '../store/counters.ts';
import { noteWithdrawal } from '../store/withdrawals.ts';

/** What a recipient may choose beside its address. */
export interface RecipientChoices {
  /** How many days before the last safe day to remind. */
  leadDays: number[];
  digest: Digest;
  /** When mails of a day leave, 'HH:MM' by the clocks of Amsterdam. */
  sendHour: string;
  /** Null: the organisation's. */
  language: Language | null;
  /** The first day on which it gets mail again. */
  pausedUntil: Day | null;
  deputy: Deputy | null;
  /** Its place among the organisation's recipients, from 1. */
  position: number;
}

/** A new recipient. What is not given takes its default; its place is the last one. */
export type RecipientInput = Pick<RecipientChoices, 'leadDays' | 'digest'> & { email: string } & Partial<RecipientChoices>;

/** How many recipients an organisation has at most. */
const MOST_RECIPIENTS = 50;

/**
 * Adds an address and queues the mail that asks to confirm it. One that left earlier may be added again; one that is undeliverable stays so,
 * and is asked nothing; nor is one of which its owner just proved that it is theirs. Throws `not_found` for an unknown organisation, `conflict` when the organisation has this address or no room for it, `invalid` for
 * a pause that is over already.
 */
export async function addRecipient(
  tx: WriteDb,
  organisationId: string,
  input: RecipientInput,
  now: Date,
  { isProved = false }: { isProved?: boolean } = {},
): Promise<Recipient> {
  const { mutes, recipients } = tx.tables;
  await lockOrganisation(tx, organisationId);
  const email = foldAddress(input.email);
  const { deputy = null, position = Infinity } = input;
  await requireRoom(tx, organisationId, email);
  requirePauseAhead(input.pausedUntil, now);
  const pending = { ...chosenBy(input), ...BLANK, createdAt: now };
  const isDead = sql`${recipients.status} = 'undeliverable'`;
  const unlessDead = {
    status: sql<'pending'>`case when ${isDead} then ${recipients.status} else 'pending' end`,
    fault: sql<null>`case when ${isDead} then ${recipients.fault} end`,
  };
  const id = randomUUID();
  const [recipient] = await tx
    .insert(recipients)
    .values({ id, organisationId, email, ...pending })
    .onConflictDoUpdate({
      target: [recipients.organisationId, recipients.email],
      set: { ...pending, ...unlessDead },
      setWhere: inArray(recipients.status, ['unsubscribed', 'undeliverable']),
    })
    .returning();
  if (!recipient)
    throw new AppError('conflict', 'The organisation has a recipient with this address already.', [
      { field: 'email', message: 'is there already' },
    ]);
  const unmuted = await tx.delete(mutes).where(eq(mutes.recipientId, recipient.id)).returning({ deadlineId: mutes.deadlineId });
  for (const { deadlineId } of unmuted) await noteWithdrawal(tx, 'mute', [recipient.id, deadlineId], now, { isOver: true });
  if (recipient.id !== id)
    for (const kind of DECLINABLE_KINDS) await noteWithdrawal(tx, 'decline', [recipient.id, kind], now, { isOver: true });
  if (recipient.status === 'pending' && !isProved) await ask(tx, recipient, 'confirmation', now);
  await place(tx, recipient, position);
  return appoint(tx, await getRecipient(tx, recipient.id), deputy, now);
}

/** An organisation's recipients in their order: the first is the first to be told. */
export async function listRecipients(db: ReadDb, organisationId: string): Promise<Recipient[]> {
  const { recipients } = db.tables;
  return db
    .select()
    .from(recipients)
    .where(eq(recipients.organisationId, organisationId))
    .orderBy(asc(recipients.position), asc(recipients.createdAt), asc(recipients.id));
}

/** One recipient, whichever its organisation: for links in mails. Throws `not_found`. */
export async function getRecipient(db: ReadDb, id: string): Promise<Recipient> {
  const { recipients } = db.tables;
  const [row] = await db.select().from(recipients).where(eq(recipients.id, id));
  if (!row) throw new AppError('not_found', 'No such recipient.');
  return row;
}

/** Changes what a recipient chose. What is not given stays. Throws `not_found`, or `invalid` for a deputy that cannot be one or a pause that is over already. */
export async function changeRecipient(
  tx: WriteDb,
  organisationId: string,
  id: string,
  change: Partial<RecipientChoices>,
  now: Date,
): Promise<Recipient> {
  const { recipients } = tx.tables;
  const before = await getRecipient(tx, id);
  if (before.organisationId !== organisationId) throw new AppError('not_found', 'No such recipient.');
  // What was chosen before and is sent along unchanged is no fault, and a pause may be ended by another day.
  const lasts = before.pausedUntil !== null && before.pausedUntil > amsterdamDay(now);
  if (change.pausedUntil !== before.pausedUntil && !lasts) requirePauseAhead(change.pausedUntil, now);
  const [row] = await tx
    .update(recipients)
    .set(chosenBy({ ...before, ...change }))
    .where(eq(recipients.id, id))
    .returning();
  // What a sender holds was made by the old choice.
  await notePreferences(tx, organisationId);
  if (row!.sendHour !== before.sendHour) await keepSendHour(tx, row!, now);
  if (change.position !== undefined) await place(tx, row!, change.position);
  const after = await getRecipient(tx, id);
  const changed = change.deputy === undefined ? after : await appoint(tx, after, change.deputy, now);
  await retimeWaitingNews(tx, { before, after: changed }, now);
  if (change.pausedUntil !== undefined || change.deputy !== undefined) await noteChoice(tx, organisationId, now);
  return changed;
}

/** Removes a recipient itself; `erasure.ts` takes its address out of all else. Throws `not_found`. */
export async function removeRecipient(tx: WriteDb, organisationId: string, id: string, now: Date): Promise<void> {
  const { recipients } = tx.tables;
  await cancelPending(tx, id, 'recipient_removed');
  await releaseSteps(tx, organisationId, id, now);
  const isRecipient = and(eq(recipients.organisationId, organisationId), eq(recipients.id, id));
  const [row] = await tx.delete(recipients).where(isRecipient).returning();
  if (!row) throw new AppError('not_found', 'No such recipient.');
  await removeSetting(tx, takenAwayName(id));
  await noteWithdrawal(tx, 'recipient', [id], now);
  if (row.status === 'confirmed') await noteLeft(tx, organisationId, now);
}

/** Confirms an address and queues the welcome. Confirming twice changes nothing. Throws `not_found`, or `gone` for who has left. */
export async function confirmRecipient(tx: WriteDb, id: string, now: Date): Promise<Recipient> {
  const { recipients } = tx.tables;
  const pending = and(eq(recipients.id, id), eq(recipients.status, 'pending'));
  const [confirmed] = await tx.update(recipients).set({ status: 'confirmed', confirmedAt: now }).where(pending).returning();
  if (confirmed) {
    await queueMessage(tx, confirmed, 'welcome', now);
    await notePreferences(tx, confirmed.organisationId);
    await noteWithdrawal(tx, 'unsubscribe', [id], now, { isOver: true });
    await noteChoice(tx, confirmed.organisationId, now);
    // While it had left, its deputy was not asked.
    await askDeputyOnce(tx, confirmed, now);
    return confirmed;
  }
  const recipient = await getRecipient(tx, id);
  if (recipient.status !== 'confirmed') throw new AppError('gone', 'This address was unsubscribed. Ask the organisation to add it again.');
  return recipient;
}

/**
 * Ends all mail to an address; what was queued is cancelled. Doing it twice changes nothing. `way`: by which way it was asked for, so that the
 * organisation's others hear of it. Throws `not_found`.
 */
export async function unsubscribeRecipient(tx: WriteDb, id: string, now: Date, way?: Doer['way']): Promise<Recipient> {
  const { recipients } = tx.tables;
  const subscribed = await getRecipient(tx, id);
  if (subscribed.status === 'unsubscribed') return subscribed;
  const [row] = await tx.update(recipients).set({ status: 'unsubscribed', unsubscribedAt: now }).where(eq(recipients.id, id)).returning();
  await cancelPending(tx, id, 'unsubscribed');
  await noteWithdrawal(tx, 'unsubscribe', [id], now);
  const { email, organisationId, status } = subscribed;
  if (status !== 'confirmed') return row!;
  await noteLeft(tx, organisationId, now);
  const deed = { kind: 'unsubscribed' as const, organisationId, deadlineId: null };
  if (way !== undefined) await noteAct(tx, deed, { way, by: email, recipientId: id }, now);
  return row!;
}

/**
 * Asks an address that left, or did not confirm yet, whether it wants mail after all: whoever has an old mail has this link, but only its owner
 * reads the new one. What it chose stays. Changes nothing for others. Throws `not_found`.
 */
export async function askToReturn(tx: WriteDb, id: string, now: Date): Promise<Recipient> {
  const { recipients } = tx.tables;
  const [asked] = await tx
    .update(recipients)
    .set({ status: 'pending', confirmedAt: null, unsubscribedAt: null })
    .where(and(eq(recipients.id, id), inArray(recipients.status, ['unsubscribed', 'pending'])))
    .returning();
  if (!asked) return getRecipient(tx, id);
  await ask(tx, asked, 'confirmation', now);
  return asked;
}

/** Throws `invalid` for a pause that is over before it begins. */
function requirePauseAhead(pausedUntil: Day | null | undefined, now: Date): void {
  const today = amsterdamDay(now);
  if (pausedUntil == null || pausedUntil > today) return;
  throw new AppError('invalid', 'The pause is over already.', [{ field: 'pausedUntil', message: `must be after today, ${today}` }]);
}

async function requireRoom(tx: WriteDb, organisationId: string, email: string): Promise<void> {
  const rows = await listRecipients(tx, organisationId);
  if (rows.length < MOST_RECIPIENTS || rows.some((row) => row.email === email)) return;
  throw new AppError('conflict', `The organisation has ${rows.length} recipients, and may have ${MOST_RECIPIENTS}. Remove one first.`, [
    { field: 'email', message: `is one more than the ${MOST_RECIPIENTS} recipients that an organisation may have` },
  ]);
}

/** Puts a recipient in its place among the organisation's; the others keep their order, and all are numbered from 1. */
async function place(tx: WriteDb, { id, organisationId }: Recipient, position: number): Promise<void> {
  const { recipients } = tx.tables;
  const rows = await listRecipients(tx, organisationId);
  const neighbours = rows.filter((row) => row.id !== id);
  const at = Math.min(position - 1, neighbours.length);
  const placed = [...neighbours.slice(0, at), ...rows.filter((row) => row.id === id), ...neighbours.slice(at)];
  for (const [i, row] of placed.entries())
    if (row.position !== i + 1)
      await tx
        .update(recipients)
        .set({ position: i + 1 })
        .where(eq(recipients.id, row.id));
}

/** What somebody who is added, or added again, did not choose. */
const BLANK = {
  ...NO_DEPUTY,
  status: 'pending' as const,
  confirmedAt: null,
  unsubscribedAt: null,
  fault: null,
  declined: [],
};

function chosenBy({
  leadDays,
  digest,
  sendHour = DEFAULT_SEND_HOUR,
  language = null,
  pausedUntil = null,
}: Omit<RecipientInput, 'email' | 'deputy' | 'position'>) {
  return { leadDays: ordered(leadDays), digest, sendHour, language, pausedUntil };
}

/** The longest lead first, each once. */
function ordered(leadDays: readonly number[]): number[] {
  return [...new Set(leadDays)].sort((a, b) => b - a);
}
