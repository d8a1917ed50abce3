/** Access keys: who carries one, and making, replacing and revoking them. Only a key's SHA-256 is kept. */
import { randomUUID } from 'node:crypto';
import { AppError } from '../../calendars/errors.ts';
import { and, asc, eq, gt, isNull, lte, or } from '../store/drizzle.ts';
import { noteOrganisation } from '../store/counters.ts';
import { digestOf, newSecret } from '../store/secrets.ts';
import { saveSetting } from '../store/settings.ts';
import type { ReadDb, WriteDb } from '../store/store.ts';

/** Who a key lets in: an editor of the registry, or one organisation. */
export type Bearer = { kind: 'editor' } | { kind: 'organisation'; organisationId: string };

/** A key in use: whom it lets in, and until when. */
export interface Holder {
  keyId: string;
  bearer: Bearer;
  /** From then on it lets nobody in; null: it stays. */
  endsAt: Date | null;
}

/** A key as its owner sees it: the key itself is not known any more. */
export interface ListedKey {
  id: string;
  label: string;
  createdAt: Date;
  /** The beginning of the hour in which it was used last; null when it was not. */
  lastUsedAt: Date | null;
  /** When it stops because another took its place; null: it stays. */
  endsAt: Date | null;
}

/** Whose keys: an organisation's by its id, or those of the editors, who are one, when null. */
export type KeyOwner = string | null;

const DAY = 24 * 3600 * 1000;
/** How many keys that work an owner has at most. */
const MOST_KEYS = 50;
/** Its row is held by whoever changes the keys of the editors. */
const EDITORS_CHANGED_AT = 'editor_keys_changed_at';

/** Makes a key, whatever others there are, and gives it back this once. */
export async function addKey(tx: WriteDb, owner: KeyOwner, label: string, now: Date): Promise<string> {
  return (await insertKey(tx, owner, label, now)).key;
}

/** Makes a key and gives it back this once. Throws `not_found` for an unknown organisation, `conflict` when there are too many already. */
export async function createKey(tx: WriteDb, owner: KeyOwner, label: string, now: Date): Promise<ListedKey & { key: string }> {
  await holdKeys(tx, owner, now);
  await requireRoom(tx, owner, now);
  return insertKey(tx, owner, label, now);
}

/** An owner's keys that work, the oldest first. */
export async function listKeys(db: ReadDb, owner: KeyOwner, now: Date): Promise<ListedKey[]> {
  const { keys } = db.tables;
  return db
    .select({ id: keys.id, label: keys.label, createdAt: keys.createdAt, lastUsedAt: keys.lastUsedAt, endsAt: keys.endsAt })
    .from(keys)
    .where(and(isOf(db, owner), or(isNull(keys.endsAt), gt(keys.endsAt, now))))
    .orderBy(asc(keys.createdAt), asc(keys.id));
}

/** Whose a key is, by its id. Throws `not_found`, also for one that has ended. */
export async function keyOwner(db: ReadDb, id: string, now: Date): Promise<KeyOwner> {
  const { keys } = db.tables;
  const [row] = await db.select({ owner: keys.organisationId, endsAt: keys.endsAt }).from(keys).where(eq(keys.id, id));
  if (!row || hasEnded(row, now)) throw noSuchKey();
  return row.owner;
}

/**
 * Makes another key under the same label, given back this once; the one that it replaces works for `overlapDays` more. Throws `not_found`, or
 * `conflict` for a key that was replaced already, or when there are too many.
 */
export async function rotateKey(
  tx: WriteDb,
  owner: KeyOwner,
  id: string,
  { overlapDays }: { overlapDays: number },
  now: Date,
): Promise<ListedKey & { key: string; formerKeyEndsAt: Date }> {
  const { keys } = tx.tables;
  await holdKeys(tx, owner, now);
  const former = await getKey(tx, owner, id, now);
  if (former.endsAt) throw new AppError('conflict', `This key was replaced already, and ends at ${former.endsAt.toISOString()}.`);
  const formerKeyEndsAt = new Date(now.getTime() + overlapDays * DAY);
  await tx.update(keys).set({ endsAt: formerKeyEndsAt }).where(eq(keys.id, id));
  await requireRoom(tx, owner, now);
  return { ...(await insertKey(tx, owner, former.label, now)), formerKeyEndsAt };
}

/**
 * Ends a key: it lets nobody in from the next request on. With `keepsOne` another has to stay, so that nobody locks himself out. Throws
 * `not_found`, or `conflict` for the last one that stays.
 */
export async function revokeKey(tx: WriteDb, owner: KeyOwner, id: string, { keepsOne }: { keepsOne: boolean }, now: Date): Promise<void> {
  const { keys } = tx.tables;
  await holdKeys(tx, owner, now);
  await getKey(tx, owner, id, now);
  const staying = (await listKeys(tx, owner, now)).filter((other) => other.id !== id && other.endsAt === null);
  if (keepsOne && staying.length === 0)
    throw new AppError(
      'conflict',
      'No other key would stay, and nobody could make one. Make another first, or replace this one with overlapDays 0.',
    );
  await tx.delete(keys).where(eq(keys.id, id));
}

/** Forgets keys that have ended: they let nobody in, and nobody sees them. */
export async function forgetEndedKeys(tx: WriteDb, now: Date): Promise<void> {
  const { keys } = tx.tables;
  await tx.delete(keys).where(lte(keys.endsAt, now));
}

/** Who carries this key, or null. It is cached: a key that ends must be noted as a change of its organisation. */
export async function findHolder(db: ReadDb, key: string, now: Date): Promise<Holder | null> {
  const { keys } = db.tables;
  const [row] = await db
    .select({ keyId: keys.id, organisationId: keys.organisationId, endsAt: keys.endsAt })
    .from(keys)
    .where(eq(keys.hash, digestOf(key)));
  if (!row || hasEnded(row, now)) return null;
  const { keyId, organisationId, endsAt } = row;
  return { keyId, endsAt, bearer: organisationId === null ? { kind: 'editor' } : { kind: 'organisation', organisationId } };
}

/** Whether a key lets nobody in any more. */
export function hasEnded({ endsAt }: { endsAt: Date | null }, now: Date): boolean {
  return endsAt !== null && endsAt <= now;
}

async function insertKey(tx: WriteDb, owner: KeyOwner, label: string, now: Date): Promise<ListedKey & { key: string }> {
  const key = newSecret('ik_');
  const id = randomUUID();
  await tx.insert(tx.tables.keys).values({ id, organisationId: owner, label, hash: digestOf(key), createdAt: now });
  return { id, label, createdAt: now, lastUsedAt: null, endsAt: null, key };
}

/**
 * Lets nobody else change these keys until the end of the transaction, so that two together neither end the last one nor go over the limit; and
 * tells every instance that what it holds of them holds no longer. Editors' keys are held in memory by none.
 */
async function holdKeys(tx: WriteDb, owner: KeyOwner, now: Date): Promise<void> {
  if (owner === null) return saveSetting(tx, EDITORS_CHANGED_AT, now.toISOString());
  const { organisations } = tx.tables;
  if ((await tx.$count(organisations, eq(organisations.id, owner))) === 0) throw new AppError('not_found', 'No such organisation.');
  await noteOrganisation(tx, owner);
}

async function requireRoom(tx: WriteDb, owner: KeyOwner, now: Date): Promise<void> {
  if ((await listKeys(tx, owner, now)).length < MOST_KEYS) return;
  throw new AppError('conflict', `There are ${MOST_KEYS} keys that work, and may be no more. Revoke one first.`);
}

async function getKey(db: ReadDb, owner: KeyOwner, id: string, now: Date): Promise<ListedKey> {
  const key = (await listKeys(db, owner, now)).find((one) => one.id === id);
  if (!key) throw noSuchKey();
  return key;
}

function isOf(db: ReadDb, owner: KeyOwner) {
  const { keys } = db.tables;
  return owner === null ? isNull(keys.organisationId) : eq(keys.organisationId, owner);
}

const noSuchKey = () => new AppError('not_found', 'No such key.');
