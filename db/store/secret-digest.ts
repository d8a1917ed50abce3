/** The digest of the secret that a database's links are signed with, kept there so that a start with another one is seen. */
import { createHmac } from 'node:crypto';
import type { ReadDb, Store, WriteDb } from './store.ts';
import { readSetting, saveSetting } from './settings.ts';

/** The setting that it is kept as. */
export const DIGEST = 'secret_digest';

/** Whether it is the database's secret; `none` where the database has none yet. */
export async function compareSecret(db: ReadDb, secret: string): Promise<'same' | 'other' | 'none'> {
  return compareDigest(await readSetting(db, DIGEST), secret);
}

/** The same by the digest that stands in the database; undefined where none does. */
export function compareDigest(digest: string | undefined, secret: string): 'same' | 'other' | 'none' {
  if (digest === undefined) return 'none';
  return digest === digestOf(secret) ? 'same' : 'other';
}

/** Whether the database has a secret. */
export async function hasSecret(db: ReadDb): Promise<boolean> {
  return (await readSetting(db, DIGEST)) !== undefined;
}

/** Makes it the database's secret where there is none; of several at one moment the first stays. Says whether it is the database's now. */
export async function adoptSecret(store: Store, secret: string): Promise<boolean> {
  const standing = await compareSecret(store.read, secret);
  if (standing !== 'none') return standing === 'same';
  return store.write(async (tx) => {
    await tx
      .insert(tx.tables.settings)
      .values({ name: DIGEST, value: digestOf(secret) })
      .onConflictDoNothing();
    return (await compareSecret(tx, secret)) === 'same';
  });
}

/** Makes it the database's secret, whatever was before. */
export async function acceptSecret(tx: WriteDb, secret: string): Promise<void> {
  await saveSetting(tx, DIGEST, digestOf(secret));
}

/** Keyed by the secret itself, and for a message that no link has: it gives away neither the secret nor a signature. */
function digestOf(secret: string): string {
  return createHmac('sha256', secret).update('digest of the secret').digest('hex');
}
