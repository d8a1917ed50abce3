/** The version counters, which tell a feed or a list that nothing has changed. */
import { setImmediate } from 'node:timers/promises';
import { and, eq, gt, inArray, isNull, lt, max, or, sql } from './drizzle.ts';
import { recallMessages } from './recall.ts';
import { readSetting, saveSetting } from './settings.ts';
import { preparedFor } from './statements.ts';
import type { ReadDb, WriteDb } from './store.ts';

const REGISTRY = 'registry_version';
const SECTOR = 'sector_version';
const SECTOR_CHANGED_AT = 'sector_changed_at';
const ORGANISATIONS = 'organisations_version';
/** Deadlines that were withdrawn at this moment or before are no longer shown. */
export const GONE_UNTIL = 'tombstones_gone_until';

/**
 * Marks that something readers can see changed at an insurer, or in the sector's own rows when the slug is null. One counter for all, so that
 * the highest of any set tells of every change in it. Without a moment nothing changed that stands in a calendar. Gives the new version.
 */
export async function bumpRegistry(tx: WriteDb, slug: string | null, now?: Date): Promise<number> {
  const { insurers } = tx.tables;
  const version = await raiseCounter(tx, REGISTRY);
  if (slug !== null) await tx.update(insurers).set({ version }).where(eq(insurers.slug, slug));
  else await saveSetting(tx, SECTOR, String(version));
  if (now !== undefined) await recordChange(tx, slug, now);
  await recallMessages(tx);
  return version;
}

/** Marks that something of the organisation's own changed. The organisation that delivers for it shows its duties too. */
export async function bumpOrganisation(tx: WriteDb, id: string, now: Date): Promise<void> {
  const { organisations } = tx.tables;
  const [child] = await tx.select({ parentId: organisations.parentId }).from(organisations).where(eq(organisations.id, id));
  const ids = child?.parentId ? [id, child.parentId] : [id];
  for (const one of ids) await noteOrganisation(tx, one);
  const isConcerned = inArray(organisations.id, ids);
  await tx
    .update(organisations)
    .set({ version: sql`${organisations.version} + 1` })
    .where(isConcerned);
  const older = or(isNull(organisations.changedAt), lt(organisations.changedAt, now));
  await tx.update(organisations).set({ changedAt: now }).where(and(isConcerned, older));
  await recallMessages(tx, ids);
}

/** Notes that what is held in memory of an organisation or of its feeds holds no longer, here or in another process. */
export async function noteOrganisation(tx: WriteDb, organisationId: string): Promise<void> {
  const { organisationChanges } = tx.tables;
  const number = await raiseCounter(tx, ORGANISATIONS);
  await tx
    .insert(organisationChanges)
    .values({ organisationId, number })
    .onConflictDoUpdate({ target: organisationChanges.organisationId, set: { number } });
}

/** Notes that a recipient of an organisation wants other mail than before: it is planned anew, and what a sender holds was made by the old choice. */
export async function notePreferences(tx: WriteDb, organisationId: string): Promise<void> {
  await noteOrganisation(tx, organisationId);
  await recallMessages(tx, [organisationId]);
}

/**
 * Lets every version go on from a number that was never given, and every feed and list count as changed: after a restore the same number would
 * else stand for another content, and whoever has the one would be told that nothing changed. `gap`: more than were given since the backup.
 */
export async function renewEditions(tx: WriteDb, gap: number, now: Date): Promise<void> {
  const { insurers, organisations, settings } = tx.tables;
  const further = { changedAt: now };
  await tx.update(insurers).set({ ...further, version: sql`${insurers.version} + ${gap}` });
  await tx.update(organisations).set({ ...further, version: sql`${organisations.version} + ${gap}` });
  await tx
    .update(settings)
    .set({ value: sql`cast(cast(${settings.value} as integer) + ${gap} as text)` })
    .where(inArray(settings.name, [REGISTRY, SECTOR]));
  await recordChange(tx, null, now);
}

/** Lets the registry's version go on above a number that was given elsewhere: what is numbered by it from now on comes after that. */
export async function raiseRegistryAbove(tx: WriteDb, number: number): Promise<void> {
  if ((await readCounters(tx)).registry < number) await saveSetting(tx, REGISTRY, String(number));
}

/** The version counters of what feeds and lists are made from: each is another one when something of its kind was committed. */
export interface Counters {
  registry: number;
  sector: number;
  organisations: number;
  /** When the sector's own rows changed last in a calendar, and up to when withdrawn deadlines are gone from it, as they are stored. */
  sectorChangedAt: string;
  goneUntil: string;
}

/** All counters, in one small query: it follows every commit. */
export async function readCounters(db: ReadDb): Promise<Counters> {
  const rows = await countersOf(db).execute();
  const values = new Map(rows.map(({ name, value }) => [name, value]));
  const number = (name: string) => Number(values.get(name) ?? 0);
  const text = (name: string) => values.get(name) ?? '';
  return {
    registry: number(REGISTRY),
    sector: number(SECTOR),
    organisations: number(ORGANISATIONS),
    sectorChangedAt: text(SECTOR_CHANGED_AT),
    goneUntil: text(GONE_UNTIL),
  };
}

const countersOf = preparedFor((db: ReadDb) => {
  const { settings } = db.tables;
  const names = [REGISTRY, SECTOR, ORGANISATIONS, SECTOR_CHANGED_AT, GONE_UNTIL];
  return db.select().from(settings).where(inArray(settings.name, names)).prepare('counters');
});

/** The organisations of which something changed after a number of `readCounters`. */
export async function organisationsChangedAfter(db: ReadDb, number: number): Promise<string[]> {
  const { organisationChanges } = db.tables;
  const ids = new Set<string>();
  for (let after = number; ;) {
    const rows = await db
      .select({ id: organisationChanges.organisationId, number: organisationChanges.number })
      .from(organisationChanges)
      .where(gt(organisationChanges.number, after))
      .orderBy(organisationChanges.number)
      .limit(AT_ONCE);
    for (const { id } of rows) ids.add(id);
    if (rows.length < AT_ONCE) return [...ids];
    // What changes meanwhile comes again, under a higher number.
    after = rows.at(-1)!.number;
    await setImmediate();
  }
}

/** How many are read in one go, before others get their turn. */
const AT_ONCE = 2000;

/** The version of the registry for a reader, which another content never has, and when that content changed last. */
export interface RegistryState {
  version: number;
  changedAt: Date;
}

/** The highest version among an organisation's insurers (its children's included) and the sector. */
export async function registryVersionFor(db: ReadDb, organisationId: string): Promise<number> {
  return (await registryStateFor(db, organisationId)).version;
}

/** That version with the moment of the last change behind it. */
async function registryStateFor(db: ReadDb, organisationId: string): Promise<RegistryState> {
  const { insurers, organisations, relations } = db.tables;
  const organisationIds = db
    .select({ id: organisations.id })
    .from(organisations)
    .where(or(eq(organisations.id, organisationId), eq(organisations.parentId, organisationId)));
  const [row] = await db
    .select({ version: max(insurers.version), changedAt: max(insurers.changedAt) })
    .from(insurers)
    .innerJoin(relations, eq(relations.insurerSlug, insurers.slug))
    .where(inArray(relations.organisationId, organisationIds));
  const sectorChangedAt = await readSectorChange(db);
  return {
    version: Math.max(row?.version ?? 0, Number((await readSetting(db, SECTOR)) ?? 0)),
    changedAt: new Date(Math.max(row?.changedAt?.getTime() ?? 0, sectorChangedAt.getTime())),
  };
}

/** The next number. Whoever raises a counter holds its row until the commit, so that numbers are committed in their order. */
async function raiseCounter(tx: WriteDb, name: string): Promise<number> {
  const { settings } = tx.tables;
  const [row] = await tx
    .insert(settings)
    .values({ name, value: '1' })
    .onConflictDoUpdate({ target: settings.name, set: { value: sql`cast(cast(${settings.value} as integer) + 1 as text)` } })
    .returning();
  return Number(row!.value);
}

/** The next of the numbers that organisations' changes have: whatever else is numbered by it is committed in its order too. */
export async function nextNumber(tx: WriteDb): Promise<number> {
  return raiseCounter(tx, ORGANISATIONS);
}

/** Moments never go back, also when the clock does. */
async function recordChange(tx: WriteDb, slug: string | null, now: Date) {
  const { insurers } = tx.tables;
  if (slug === null) {
    const changedAt = new Date(Math.max(now.getTime(), (await readSectorChange(tx)).getTime()));
    return saveSetting(tx, SECTOR_CHANGED_AT, changedAt.toISOString());
  }
  const older = or(isNull(insurers.changedAt), lt(insurers.changedAt, now));
  await tx
    .update(insurers)
    .set({ changedAt: now })
    .where(and(eq(insurers.slug, slug), older));
}

async function readSectorChange(db: ReadDb): Promise<Date> {
  return new Date((await readSetting(db, SECTOR_CHANGED_AT)) ?? 0);
}
