/** Whose reminders have to be planned: all organisations a range at a time, or those of which something changed. */
import type { Range } from './common-queries.ts';
import { and, asc, eq, gt, inArray, lte, max } from './drizzle.ts';
import type { ReadDb } from './store.ts';
import { organisationsChangedAfter, type Counters } from './versions.ts';

/** How far everything was when it was planned. */
export type PlannedState = Pick<Counters, 'organisations' | 'registry'>;

/** The range of the next organisations that have a recipient, as many as `size`; null when there is none. */
export async function rangeAfter(db: ReadDb, after: string, size: number): Promise<Range | null> {
  const { recipients } = db.tables;
  const id = recipients.organisationId;
  const [last] = await db
    .selectDistinct({ id })
    .from(recipients)
    .where(gt(id, after))
    .orderBy(asc(id))
    .limit(1)
    .offset(size - 1);
  if (last) return { after, until: last.id };
  const [rest] = await db
    .select({ until: max(id) })
    .from(recipients)
    .where(gt(id, after));
  return rest?.until ? { after, until: rest.until } : null;
}

/** The organisations in a range that have a recipient. */
export async function organisationsIn(db: ReadDb, { after, until }: Range): Promise<string[]> {
  const { recipients } = db.tables;
  const rows = await db
    .selectDistinct({ id: recipients.organisationId })
    .from(recipients)
    .where(and(gt(recipients.organisationId, after), lte(recipients.organisationId, until)))
    .orderBy(asc(recipients.organisationId));
  return rows.map(({ id }) => id);
}

/** The organisations in a range that deal with an insurer of which something changed after a number of the registry's, or deliver for one that does. */
export async function concernedIn(db: ReadDb, { after, until }: Range, registry: number): Promise<Set<string>> {
  const { insurers, organisations, relations } = db.tables;
  const changed = gt(insurers.version, registry);
  const own = await db
    .selectDistinct({ id: relations.organisationId })
    .from(insurers)
    .innerJoin(relations, eq(relations.insurerSlug, insurers.slug))
    .where(and(changed, gt(relations.organisationId, after), lte(relations.organisationId, until)));
  const others = await db
    .selectDistinct({ id: organisations.parentId })
    .from(organisations)
    .innerJoin(relations, eq(relations.organisationId, organisations.id))
    .innerJoin(insurers, eq(insurers.slug, relations.insurerSlug))
    .where(and(changed, gt(organisations.parentId, after), lte(organisations.parentId, until)));
  return new Set([...own, ...others].flatMap(({ id }) => id ?? []));
}

/** The organisations that have a recipient and of which something changed after a number of theirs. */
export async function changedAfter(db: ReadDb, organisations: number): Promise<string[]> {
  return remindedAmong(db, await organisationsChangedAfter(db, organisations));
}

/** The organisations that something changed for, with those that deliver for them; null when it may be all, or more than `most`. */
export async function fewChangedAfter(db: ReadDb, before: PlannedState, sector: number, most: number): Promise<string[] | null> {
  if (sector > before.registry) return null;
  const { insurers, organisations, relations } = db.tables;
  const changed = await organisationsChangedAfter(db, before.organisations);
  const concerned = await db
    .selectDistinct({ id: relations.organisationId, parentId: organisations.parentId })
    .from(relations)
    .innerJoin(insurers, and(eq(insurers.slug, relations.insurerSlug), gt(insurers.version, before.registry)))
    .innerJoin(organisations, eq(organisations.id, relations.organisationId))
    // One more tells that there are too many: a write is waited for, and need not read them all.
    .limit(most + 1);
  const ids = new Set([...changed, ...concerned.flatMap(({ id, parentId }) => (parentId === null ? [id] : [id, parentId]))]);
  return ids.size > most ? null : remindedAmong(db, [...ids]);
}

/** Those that have a recipient at all. */
async function remindedAmong(db: ReadDb, ids: readonly string[]): Promise<string[]> {
  const { recipients } = db.tables;
  const found: string[] = [];
  for (let n = 0; n < ids.length; n += 500) {
    const some = inArray(recipients.organisationId, ids.slice(n, n + 500));
    const rows = await db.selectDistinct({ id: recipients.organisationId }).from(recipients).where(some);
    found.push(...rows.map(({ id }) => id));
  }
  return found.sort();
}
