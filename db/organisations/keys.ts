/** Access keys: who carries one, and making a new one. Only a key's SHA-256 is kept. */
import { randomUUID } from 'node:crypto';
import { eq } from '../store/drizzle.ts';
import { digestOf, newSecret } from '../store/secrets.ts';
import type { ReadDb, WriteDb } from '../store/store.ts';

/** Who a key lets in: an editor of the registry, or one organisation. */
export type Bearer = { kind: 'editor' } | { kind: 'organisation'; organisationId: string };

/** Makes a key, for an editor when there is no organisation, and gives it back this once. */
export async function addKey(tx: WriteDb, organisationId: string | null, label: string, now: Date): Promise<string> {
  const secret = newSecret('ik_');
  await tx.insert(tx.tables.keys).values({ id: randomUUID(), organisationId, label, hash: digestOf(secret), createdAt: now });
  return secret;
}

/** Who carries this key, or null. It is cached: a key that ends must be noted as a change of its organisation. */
export async function findBearer(db: ReadDb, key: string): Promise<Bearer | null> {
  const { keys } = db.tables;
  const [row] = await db
    .select({ organisationId: keys.organisationId })
    .from(keys)
    .where(eq(keys.hash, digestOf(key)));
  if (!row) return null;
  return row.organisationId === null ? { kind: 'editor' } : { kind: 'organisation', organisationId: row.organisationId };
}
