/** Unreminded organisations: nobody gets their reminders any more, after somebody did. The recipients of their RO are told. */
import { setImmediate } from 'node:timers/promises';
import { amsterdamDay } from '../../calendars/days.ts';
import { and, asc, eq, gte, inArray, isNotNull, or, sql } from '../store/drizzle.ts';
import { insertMessage } from '../messages/messages.ts';
import { isReminded } from './reminded.ts';
import type { Organisation, Recipient } from '../schema/schema.ts';
import type { ReadDb, Store, WriteDb } from '../store/store.ts';
import { bumpOrganisation, noteOrganisation } from '../store/counters.ts';

/** To be called when a recipient that was confirmed goes: it may have been the last one. */
export async function noteLeft(tx: WriteDb, organisationId: string, now: Date): Promise<void> {
  await settle(tx, organisationId, now, { left: true });
}

/**
 * To be called when a recipient confirms, or chooses whether it is reminded. When nobody is any more, the RO's recipients hear of it, and the
 * organisation's feed says so until somebody is again.
 */
export async function noteChoice(tx: WriteDb, organisationId: string, now: Date): Promise<void> {
  await settle(tx, organisationId, now, { left: false });
}

/**
 * Looks anew at those who chose to get no reminders, or not yet: nobody has to choose anything for a pause or a deputy to come to its end, and who
 * chose in an older release was not noted. Says of how many organisations something is noted now.
 */
export async function reviewChoices(store: Store, now: Date): Promise<number> {
  const { organisations, recipients } = store.read.tables;
  const isChoosy = sql`cast(${recipients.declined} as text) <> '[]'`;
  const ids = store.read
    .select({ id: recipients.organisationId })
    .from(recipients)
    .where(and(eq(recipients.status, 'confirmed'), or(isNotNull(recipients.pausedUntil), isChoosy)));
  const rows = await store.read
    .select({ recipient: recipients, since: organisations.unremindedSince })
    .from(recipients)
    .innerJoin(organisations, eq(organisations.id, recipients.organisationId))
    .where(and(eq(recipients.status, 'confirmed'), inArray(recipients.organisationId, ids)));
  const today = amsterdamDay(now);
  let noted = 0;
  for (const [id, some] of Map.groupBy(rows, ({ recipient }) => recipient.organisationId)) {
    if (some.some(({ recipient }) => isReminded(recipient, today)) === (some[0]!.since === null)) continue;
    await store.write((tx) => noteChoice(tx, id, now));
    noted += 1;
    // Whoever waits for an answer goes first.
    await setImmediate();
  }
  return noted;
}

/** How many stopped being reminded since a moment: for the operator. */
export async function countUnreminded(db: ReadDb, since: Date): Promise<number> {
  const { organisations } = db.tables;
  return db.$count(organisations, gte(organisations.unremindedSince, since));
}

async function settle(tx: WriteDb, organisationId: string, now: Date, { left }: { left: boolean }): Promise<void> {
  // On PostgreSQL whoever leaves at the same moment waits here until this is committed, and then does not count who left.
  await noteOrganisation(tx, organisationId);
  const confirmed = await confirmedOf(tx, organisationId);
  const today = amsterdamDay(now);
  if (confirmed.some((recipient) => isReminded(recipient, today))) return noteSomebody(tx, organisationId, now);
  // Who never had a recipient lost none.
  if (left || confirmed.length > 0) await noteNobody(tx, organisationId, confirmed.length > 0 ? 'choice' : null, now);
}

async function noteSomebody(tx: WriteDb, organisationId: string, now: Date) {
  const { organisations } = tx.tables;
  const [organisation] = await tx
    .update(organisations)
    .set({ unremindedSince: null, unremindedWhy: null })
    .where(and(eq(organisations.id, organisationId), isNotNull(organisations.unremindedSince)))
    .returning();
  if (organisation) await bumpOrganisation(tx, organisationId, now);
}

/** Another reason is told anew in the feed, and not in a mail. */
async function noteNobody(tx: WriteDb, organisationId: string, why: Organisation['unremindedWhy'], now: Date) {
  const { organisations } = tx.tables;
  const [before] = await tx.select().from(organisations).where(eq(organisations.id, organisationId));
  if (!before || (before.unremindedSince !== null && before.unremindedWhy === why)) return;
  await tx.update(organisations).set({ unremindedSince: now, unremindedWhy: why }).where(eq(organisations.id, organisationId));
  await bumpOrganisation(tx, organisationId, now);
  if (before.unremindedSince === null && before.parentId !== null) await tellParent(tx, before.parentId, organisationId, now);
}

async function tellParent(tx: WriteDb, parentId: string, organisationId: string, now: Date) {
  for (const recipient of await confirmedOf(tx, parentId)) {
    const key = `${recipient.id}/unreminded/${organisationId}/${now.toISOString()}`;
    await insertMessage(tx, recipient, { kind: 'unreminded', key, dueAt: now, aboutId: organisationId }, now);
  }
}

async function confirmedOf(db: ReadDb, organisationId: string): Promise<Recipient[]> {
  const { recipients } = db.tables;
  return db
    .select()
    .from(recipients)
    .where(and(eq(recipients.organisationId, organisationId), eq(recipients.status, 'confirmed')))
    .orderBy(asc(recipients.id));
}
