/** The organisations to plan for: all, a slice at a time, or those of which something changed. */
import { setImmediate } from 'node:timers/promises';
import { and, asc, eq, gt, inArray } from '../store/drizzle.ts';
import type { ReadDb } from '../store/store.ts';
import { organisationsChangedAfter, type Counters } from '../store/counters.ts';

/** The counters of the last planning. */
export type PlannedState = Pick<Counters, 'organisations' | 'registry'>;

/** How many organisations are planned in one turn: it blocks some 30 ms at most. */
export const SLICE = 20;

/** The ids of all organisations that have a recipient, in their order, a slice at a time; others get their turn in between. */
export async function* slicesOfOrganisations(db: ReadDb): AsyncIterable<string[]> {
  const { recipients } = db.tables;
  const id = recipients.organisationId;
  for (let after = ''; ;) {
    const rows = await db.selectDistinct({ id }).from(recipients).where(gt(id, after)).orderBy(asc(id)).limit(SLICE);
    const ids = rows.map((row) => row.id);
    if (ids.length === 0) return;
    yield ids;
    after = ids.at(-1)!;
    await setImmediate();
  }
}

/** Those of some organisations that deal with an insurer of which something changed after a number of the registry's, or deliver for one that does. */
export async function withChangedInsurers(db: ReadDb, ids: readonly string[], registry: number): Promise<string[]> {
  const { insurers, organisations, relations } = db.tables;
  const isChanged = gt(insurers.version, registry);
  const dealing = await db
    .selectDistinct({ id: relations.organisationId })
    .from(insurers)
    .innerJoin(relations, eq(relations.insurerSlug, insurers.slug))
    .where(and(isChanged, inArray(relations.organisationId, [...ids])));
  const parents = await db
    .selectDistinct({ id: organisations.parentId })
    .from(organisations)
    .innerJoin(relations, eq(relations.organisationId, organisations.id))
    .innerJoin(insurers, eq(insurers.slug, relations.insurerSlug))
    .where(and(isChanged, inArray(organisations.parentId, [...ids])));
  const concernedIds = new Set([...dealing, ...parents].map((row) => row.id));
  return ids.filter((id) => concernedIds.has(id));
}

/** The organisations that have a recipient and of which something changed after a number of theirs. */
export async function changedAfter(db: ReadDb, organisations: number): Promise<string[]> {
  return remindedAmong(db, await organisationsChangedAfter(db, organisations));
}

/** The organisations that something changed for, with those that deliver for them; null when it may be all, or more than `most`. */
export async function fewChangedAfter(db: ReadDb, before: PlannedState, sector: number, most: number): Promise<string[] | null> {
  if (sector > before.registry) return null;
  const { insurers, organisations, relations } = db.tables;
  const changedIds = await organisationsChangedAfter(db, before.organisations);
  const rows = await db
    .selectDistinct({ id: relations.organisationId, parentId: organisations.parentId })
    .from(relations)
    .innerJoin(insurers, and(eq(insurers.slug, relations.insurerSlug), gt(insurers.version, before.registry)))
    .innerJoin(organisations, eq(organisations.id, relations.organisationId))
    // One more tells that there are too many: a write is waited for, and need not read them all.
    .limit(most + 1);
  const ids = new Set([...changedIds, ...rows.flatMap(({ id, parentId }) => (parentId === null ? [id] : [id, parentId]))]);
  return ids.size > most ? null : remindedAmong(db, [...ids]);
}

/** Those that have a recipient at all. */
async function remindedAmong(db: ReadDb, ids: readonly string[]): Promise<string[]> {
  const { recipients } = db.tables;
  const organisationIds: string[] = [];
  for (let n = 0; n < ids.length; n += 500) {
    const some = inArray(recipients.organisationId, ids.slice(n, n + 500));
    const rows = await db.selectDistinct({ id: recipients.organisationId }).from(recipients).where(some);
    organisationIds.push(...rows.map(({ id }) => id));
  }
  return organisationIds.sort();
}
