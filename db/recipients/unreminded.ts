/** Unreminded organisations, which have no confirmed recipient any more: the recipients of their RO are told. */
import { and, asc, eq, gte, isNotNull, isNull } from '../store/drizzle.ts';
import { insertMessage } from '../messages/messages.ts';
import type { Organisation } from '../schema/schema.ts';
import type { ReadDb, WriteDb } from '../store/store.ts';
import { bumpOrganisation } from '../store/counters.ts';

/** To be called when a recipient that was confirmed goes. When it was the last one, the RO's recipients hear of it, and the organisation's feed says so. */
export async function noteUnreminded(tx: WriteDb, organisationId: string, now: Date): Promise<void> {
  const { organisations, recipients } = tx.tables;
  const count = await tx.$count(recipients, confirmedOf(tx, organisationId));
  if (count > 0) return;
  const [organisation] = await tx
    .update(organisations)
    .set({ unremindedSince: now })
    .where(and(eq(organisations.id, organisationId), isNull(organisations.unremindedSince)))
    .returning();
  if (!organisation) return;
  await bumpOrganisation(tx, organisationId, now);
  if (organisation.parentId === null) return;
  const rows = await tx.select().from(recipients).where(confirmedOf(tx, organisation.parentId)).orderBy(asc(recipients.id));
  for (const recipient of rows) {
    const key = `${recipient.id}/unreminded/${organisationId}/${now.toISOString()}`;
    await insertMessage(tx, recipient, { kind: 'unreminded', key, dueAt: now, aboutId: organisationId }, now);
  }
}

/** To be called when a recipient confirms: somebody is reminded again. */
export async function noteReminded(tx: WriteDb, organisationId: string, now: Date): Promise<void> {
  const { organisations } = tx.tables;
  const [organisation] = await tx
    .update(organisations)
    .set({ unremindedSince: null })
    .where(and(eq(organisations.id, organisationId), isNotNull(organisations.unremindedSince)))
    .returning();
  if (organisation) await bumpOrganisation(tx, organisationId, now);
}

/** The organisations that lost their last recipient, the longest ago first, at most `most`: for the operator. */
export async function listUnreminded(db: ReadDb, most = 100): Promise<Organisation[]> {
  const { organisations } = db.tables;
  return db
    .select()
    .from(organisations)
    .where(isNotNull(organisations.unremindedSince))
    .orderBy(asc(organisations.unremindedSince), asc(organisations.id))
    .limit(most);
}

/** How many lost their last recipient, and since a moment. */
export async function countUnreminded(db: ReadDb, since: Date): Promise<{ all: number; lately: number }> {
  const { organisations } = db.tables;
  return {
    all: await db.$count(organisations, isNotNull(organisations.unremindedSince)),
    lately: await db.$count(organisations, gte(organisations.unremindedSince, since)),
  };
}

function confirmedOf(db: ReadDb, organisationId: string) {
  const { recipients } = db.tables;
  return and(eq(recipients.organisationId, organisationId), eq(recipients.status, 'confirmed'));
}
