/** A recipient's preferences: its language, and which mail it wants. */
import { silenceOf } from './pauses.ts';
import type { Preferences } from '../../calendars/agenda/open-duties.ts';
import type { Day, Language } from '../../calendars/terms.ts';
import { and, eq, inArray } from '../store/drizzle.ts';
import { noteAct, type Doer } from '../organisations/acts/acts.ts';
import { getRecipient } from './recipients.ts';
import type { DeclinableKind, Organisation, Recipient } from '../schema/schema.ts';
import type { ReadDb, WriteDb } from '../store/store.ts';
import { noteChoice } from './unreminded.ts';
import { notePreferences } from '../store/counters.ts';
import { noteWithdrawal } from '../store/withdrawals.ts';

/** The language of a recipient's mails and pages. */
export function languageFor(recipient: Recipient, organisation: Organisation): Language {
  return recipient.language ?? organisation.language;
}

/** What a recipient wants of one kind of mail on a day. */
export async function readPreferences(
  db: ReadDb,
  recipient: Recipient,
  today: Day,
  kind: DeclinableKind = 'reminder',
): Promise<Required<Preferences>> {
  return preferencesOf(recipient, await mutedBy(db, recipient.id), today, kind);
}

/** The same, where it is known which deadlines it wants no mail about. */
export function preferencesOf(
  recipient: Recipient,
  muted: Iterable<string>,
  today: Day,
  kind: DeclinableKind = 'reminder',
): Required<Preferences> {
  return { leadDays: recipient.leadDays, muted: new Set(muted), silence: silenceOf(recipient, today, kind) };
}

/** The deadlines that a recipient wants no mail about, in the order in which it said so. */
export async function mutedBy(db: ReadDb, recipientId: string): Promise<string[]> {
  return (await mutedAmong(db, [recipientId])).get(recipientId) ?? [];
}

/** The same of several, by recipient; those that want mail about all are left out. */
export async function mutedAmong(db: ReadDb, recipientIds: readonly string[]): Promise<Map<string, string[]>> {
  const { mutes } = db.tables;
  const rows = await db
    .select({ recipientId: mutes.recipientId, deadlineId: mutes.deadlineId })
    .from(mutes)
    .where(inArray(mutes.recipientId, [...recipientIds]))
    .orderBy(mutes.createdAt, mutes.deadlineId);
  const byRecipient = Map.groupBy(rows, (row) => row.recipientId);
  return new Map([...byRecipient].map(([id, some]) => [id, some.map(({ deadlineId }) => deadlineId)]));
}

/** No more mail about one deadline. Doing it twice changes nothing. `way`: by which way it was asked for, so that the organisation's others hear of it. */
export async function muteDeadline(tx: WriteDb, recipientId: string, deadlineId: string, now: Date, way?: Doer['way']): Promise<void> {
  const [muted] = await tx.insert(tx.tables.mutes).values({ recipientId, deadlineId, createdAt: now }).onConflictDoNothing().returning();
  const { email, organisationId, status } = await getRecipient(tx, recipientId);
  if (way !== undefined && muted && status === 'confirmed')
    await noteAct(tx, { kind: 'muted', organisationId, deadlineId }, { way, by: email, recipientId }, now);
  await notePreferences(tx, organisationId);
  await noteWithdrawal(tx, 'mute', [recipientId, deadlineId], now);
}

/** Mail about that deadline after all. */
export async function unmuteDeadline(tx: WriteDb, recipientId: string, deadlineId: string, now: Date): Promise<void> {
  const { mutes } = tx.tables;
  await tx.delete(mutes).where(and(eq(mutes.recipientId, recipientId), eq(mutes.deadlineId, deadlineId)));
  await notePreferences(tx, (await getRecipient(tx, recipientId)).organisationId);
  await noteWithdrawal(tx, 'mute', [recipientId, deadlineId], now, { isOver: true });
}

/** Whether a recipient wants one kind of mail from now on. Throws `not_found`. */
export async function chooseKind(tx: WriteDb, recipientId: string, kind: DeclinableKind, wanted: boolean, now: Date): Promise<Recipient> {
  const { recipients } = tx.tables;
  const { declined } = await getRecipient(tx, recipientId);
  const otherKinds = declined.filter((one) => one !== kind);
  const [row] = await tx
    .update(recipients)
    .set({ declined: wanted ? otherKinds : [...otherKinds, kind] })
    .where(eq(recipients.id, recipientId))
    .returning();
  await notePreferences(tx, row!.organisationId);
  await noteWithdrawal(tx, 'decline', [recipientId, kind], now, { isOver: wanted });
  if (kind === 'reminder') await noteChoice(tx, row!.organisationId, now);
  return row!;
}
