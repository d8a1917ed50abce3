/** The counters by which a feed or a list knows that nothing has changed. */
import { eq, inArray, max, or, sql } from './drizzle.ts';
import type { ReadDb, WriteDb } from './store.ts';

const REGISTRY = 'registry_version';
const SECTOR = 'sector_version';

/** Marks that something readers can see changed at an insurer, or in the sector's own rows when the slug is null. One counter for all, so that the highest of any set tells of every change in it. */
export async function bumpRegistry(tx: WriteDb, slug: string | null): Promise<void> {
  const { insurers, settings } = tx.tables;
  const [row] = await tx
    .insert(settings)
    .values({ name: REGISTRY, value: '1' })
    .onConflictDoUpdate({ target: settings.name, set: { value: sql`cast(cast(${settings.value} as integer) + 1 as text)` } })
    .returning();
  const version = Number(row!.value);
  if (slug !== null) await tx.update(insurers).set({ version }).where(eq(insurers.slug, slug));
  else await saveSetting(tx, SECTOR, String(version));
}

/** Marks that something of the organisation's own changed. The organisation that delivers for it shows its duties too. */
export async function bumpOrganisation(tx: WriteDb, id: string): Promise<void> {
  const { organisations } = tx.tables;
  const parent = tx.select({ id: organisations.parentId }).from(organisations).where(eq(organisations.id, id));
  await tx
    .update(organisations)
    .set({ version: sql`${organisations.version} + 1` })
    .where(or(eq(organisations.id, id), inArray(organisations.id, parent)));
}

/** The highest version among an organisation's insurers (its children's included) and the sector. */
export async function registryVersionFor(db: ReadDb, organisationId: string): Promise<number> {
  const { insurers, organisations, relations } = db.tables;
  const concerned = db
    .select({ id: organisations.id })
    .from(organisations)
    .where(or(eq(organisations.id, organisationId), eq(organisations.parentId, organisationId)));
  const [row] = await db
    .select({ version: max(insurers.version) })
    .from(insurers)
    .innerJoin(relations, eq(relations.insurerSlug, insurers.slug))
    .where(inArray(relations.organisationId, concerned));
  return Math.max(row?.version ?? 0, Number((await readSetting(db, SECTOR)) ?? 0));
}

/** A small fact about the service, or undefined. */
export async function readSetting(db: ReadDb, name: string): Promise<string | undefined> {
  const { settings } = db.tables;
  const [row] = await db.select().from(settings).where(eq(settings.name, name));
  return row?.value;
}

export async function saveSetting(tx: WriteDb, name: string, value: string): Promise<void> {
  const { settings } = tx.tables;
  await tx.insert(settings).values({ name, value }).onConflictDoUpdate({ target: settings.name, set: { value } });
}
