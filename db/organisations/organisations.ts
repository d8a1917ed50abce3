/** Organisations and how they stand with insurers. */
import { randomUUID } from 'node:crypto';
import { faultOfStanding, readStanding } from '../../calendars/agenda/leading.ts';
import { AppError, type Fault } from '../../calendars/errors.ts';
import type { Language, RelationStatus, Role } from '../../calendars/terms.ts';
import { and, asc, eq, sql } from '../store/drizzle.ts';
import { withRenumbering } from './numbering/renumbering.ts';
import { raiseSequenceNumbers } from './numbering/sequence-numbers.ts';
import { endLinks } from './links.ts';
import { requireInsurers } from '../registry/insurers.ts';
import { addKey } from './keys.ts';
import { sameText } from '../../calendars/canonical.ts';
import type { Organisation, Relation } from '../schema/schema.ts';
import type { ReadDb, WriteDb } from '../store/store.ts';
import { bumpOrganisation } from '../store/counters.ts';
import { noteWithdrawal } from '../store/withdrawals.ts';

export interface OrganisationInput {
  name: string;
  language: Language;
  roles: Role[];
  parent: string | null;
  insurers: { insurer: string; contractStatus: RelationStatus; preferred: boolean }[];
}

/** An organisation with its relations, as it is shown. */
export interface OrganisationWithRelations extends Organisation {
  relations: Relation[];
}

/** Makes an organisation and its first key, which is given back this once. Throws `invalid`: unknown insurer, or a parent that is no RO. */
export async function createOrganisation(
  tx: WriteDb,
  input: OrganisationInput,
  now: Date,
): Promise<OrganisationWithRelations & { key: string }> {
  const organisation = await insertOrganisation(tx, input, now);
  return { ...organisation, key: await addKey(tx, organisation.id, 'Eerste sleutel', now) };
}

/** Throws `invalid` for insurers that are unknown, stand twice, or are preferred without a contract. */
export async function requireRelations(db: ReadDb, insurers: OrganisationInput['insurers']): Promise<void> {
  await requireInsurers(
    db,
    insurers.map((relation) => relation.insurer),
    (i) => `insurers.${i}.insurer`,
  );
  refuseTwice(insurers);
  refuseStandings(insurers, (i) => `insurers.${i}.preferred`);
}

/** Makes an organisation without a key: its members make one when they need it. Throws as `createOrganisation` does. */
export async function insertOrganisation(tx: WriteDb, input: OrganisationInput, now: Date): Promise<OrganisationWithRelations> {
  const { organisations } = tx.tables;
  const { insurers, parent, ...named } = input;
  await requireRelations(tx, insurers);
  await requireParent(tx, null, parent, input.roles);
  const id = randomUUID();
  await withRenumbering(tx, [parent], now, async () => {
    await tx.insert(organisations).values({ id, ...named, parentId: parent, version: 0, createdAt: now });
    for (const { insurer, ...relation } of insurers)
      await tx.insert(tx.tables.relations).values({ organisationId: id, insurerSlug: insurer, ...relation });
  });
  if (parent !== null) await bumpOrganisation(tx, parent, now);
  return getOrganisation(tx, id);
}

/** One organisation. Throws `not_found`. */
export async function getOrganisation(db: ReadDb, id: string): Promise<OrganisationWithRelations> {
  const { organisations, relations } = db.tables;
  const [organisation] = await db.select().from(organisations).where(eq(organisations.id, id));
  if (!organisation) throw new AppError('not_found', 'No such organisation.');
  const rows = await db.select().from(relations).where(eq(relations.organisationId, id)).orderBy(asc(relations.insurerSlug));
  return { ...organisation, relations: rows.map(readStanding) };
}

/** All organisations, by name: for the command line. */
export async function listOrganisations(db: ReadDb): Promise<Organisation[]> {
  const { organisations } = db.tables;
  return db.select().from(organisations).orderBy(asc(organisations.name), asc(organisations.id));
}

/** Changes name, language, roles or parent. What is not given stays. Throws `not_found` or `invalid`. */
export async function changeOrganisation(
  tx: WriteDb,
  id: string,
  change: Partial<Pick<OrganisationInput, 'name' | 'language' | 'roles' | 'parent'>>,
  now: Date,
): Promise<OrganisationWithRelations> {
  const { organisations } = tx.tables;
  const before = await getOrganisation(tx, id);
  const { parent = before.parentId, ...named } = change;
  const roles = change.roles ?? before.roles;
  await requireParent(tx, id, parent, roles);
  if (!roles.includes('ro') && (await hasChildren(tx, id))) {
    throw new AppError('invalid', 'The organisation delivers for others.', [
      { field: 'roles', message: 'must hold ro while other organisations have this one as parent' },
    ]);
  }
  const after = { ...before, ...named, parentId: parent };
  const differs = (...fields: (keyof typeof after)[]) => fields.some((field) => !sameText(after[field], before[field]));
  if (!differs('name', 'language', 'roles', 'parentId')) return before;
  // Before and after: the old parent's list loses this organisation's duties, the new one's gets them.
  await bumpOrganisation(tx, id, now);
  await withRenumbering(tx, [id, before.parentId, parent], now, async () =>
    tx
      .update(organisations)
      .set({ ...named, parentId: parent })
      .where(eq(organisations.id, id)),
  );
  if (parent !== null && parent !== before.parentId) await bumpOrganisation(tx, parent, now);
  if (differs('language')) await raiseSequenceNumbers(tx, id, ['all'], now);
  return getOrganisation(tx, id);
}

/** Throws `not_found`. Whoever adds to an organisation, or takes from it, at the same moment waits: two never take the last place, nor leave together as its last. */
export async function lockOrganisation(tx: WriteDb, id: string): Promise<void> {
  const { organisations } = tx.tables;
  const [row] = await tx
    .update(organisations)
    .set({ name: sql`${organisations.name}` })
    .where(eq(organisations.id, id))
    .returning({ id: organisations.id });
  if (!row) throw new AppError('not_found', 'No such organisation.');
}

/** Removes an organisation with all that is its own: keys, links, addresses, mails. Throws `not_found`. */
export async function deleteOrganisation(tx: WriteDb, id: string, now: Date): Promise<void> {
  const { organisations } = tx.tables;
  const { parentId } = await getOrganisation(tx, id);
  // Who named no leading insurers goes by those of its RO, and loses them with it.
  const children = await childrenOf(tx, id);
  await endLinks(tx, id, now);
  await noteWithdrawal(tx, 'organisation', [id], now);
  await bumpOrganisation(tx, id, now);
  await withRenumbering(tx, [parentId, ...children], now, async () => tx.delete(organisations).where(eq(organisations.id, id)));
  for (const child of children) await bumpOrganisation(tx, child, now);
}

/** How the organisation stands with an insurer from now on. Throws `invalid` for an unknown insurer, or one that is preferred without a contract. */
export async function saveRelation(
  tx: WriteDb,
  organisationId: string,
  insurerSlug: string,
  relation: Pick<Relation, 'contractStatus' | 'preferred'>,
  now: Date,
): Promise<Relation> {
  const { relations } = tx.tables;
  await requireInsurers(tx, [insurerSlug], () => 'insurer');
  refuseStandings([relation], () => 'preferred');
  const { parentId, relations: relationsBefore } = await getOrganisation(tx, organisationId);
  const before = relationsBefore.find((one) => one.insurerSlug === insurerSlug);
  if (before?.contractStatus === relation.contractStatus && before.preferred === relation.preferred) return before;
  const children = (before?.preferred ?? false) === relation.preferred ? [] : await childrenOf(tx, organisationId);
  const [row] = await withRenumbering(tx, [organisationId, parentId, ...children], now, async () =>
    tx
      .insert(relations)
      .values({ organisationId, insurerSlug, ...relation })
      .onConflictDoUpdate({ target: [relations.organisationId, relations.insurerSlug], set: relation })
      .returning(),
  );
  // What an RO names as leading holds for those that named none.
  for (const id of [organisationId, ...children]) await bumpOrganisation(tx, id, now);
  return row!;
}

/** Ends a relation. Throws `not_found` when there was none. */
export async function removeRelation(tx: WriteDb, organisationId: string, insurerSlug: string, now: Date): Promise<void> {
  const { relations } = tx.tables;
  const { parentId, relations: relationsBefore } = await getOrganisation(tx, organisationId);
  const wasPreferred = relationsBefore.some((one) => one.insurerSlug === insurerSlug && one.preferred);
  const children = wasPreferred ? await childrenOf(tx, organisationId) : [];
  const [row] = await withRenumbering(tx, [organisationId, parentId, ...children], now, async () =>
    tx
      .delete(relations)
      .where(and(eq(relations.organisationId, organisationId), eq(relations.insurerSlug, insurerSlug)))
      .returning(),
  );
  if (!row) throw new AppError('not_found', 'The organisation has no relation with that insurer.');
  for (const id of [organisationId, ...children]) await bumpOrganisation(tx, id, now);
}

function refuseTwice(insurers: OrganisationInput['insurers']) {
  const faults: Fault[] = insurers.flatMap(({ insurer }, i) =>
    insurers.findIndex((other) => other.insurer === insurer) < i
      ? [{ field: `insurers.${i}.insurer`, message: `"${insurer}" stands twice` }]
      : [],
  );
  if (faults.length > 0) throw new AppError('invalid', 'An insurer stands twice.', faults);
}

/** `field` tells where each stands. */
function refuseStandings(standings: readonly Pick<Relation, 'contractStatus' | 'preferred'>[], field: (index: number) => string) {
  const faults = standings.flatMap((one, i): Fault[] => {
    const message = faultOfStanding(one);
    return message === null ? [] : [{ field: field(i), message }];
  });
  if (faults.length > 0) throw new AppError('invalid', 'An insurer is preferred without a contract.', faults);
}

async function requireParent(db: ReadDb, id: string | null, parent: string | null, roles: readonly Role[]) {
  if (parent === null) return;
  const { organisations } = db.tables;
  const [row] = await db.select().from(organisations).where(eq(organisations.id, parent));
  const message = !row
    ? 'is not the id of an organisation'
    : !row.roles.includes('ro')
      ? 'must be an organisation with the role ro'
      : !roles.includes('wsv') || parent === id
        ? 'only a WSV has a parent, and it is another organisation'
        : null;
  if (message) throw new AppError('invalid', 'The parent does not fit.', [{ field: 'parent', message }]);
}

async function hasChildren(db: ReadDb, id: string): Promise<boolean> {
  return (await childrenOf(db, id)).length > 0;
}

async function childrenOf(db: ReadDb, id: string): Promise<string[]> {
  const { organisations } = db.tables;
  const rows = await db
    .select({ id: organisations.id })
    .from(organisations)
    .where(eq(organisations.parentId, id))
    .orderBy(organisations.id);
  return rows.map((row) => row.id);
}
