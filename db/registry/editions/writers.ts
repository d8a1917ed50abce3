/** Everybody who wrote any of an edition, for good: none of them is the second person who looks at it. */
import { asc, eq } from '../../store/drizzle.ts';
import type { ReadDb, WriteDb } from '../../store/store.ts';

/** Who wrote any of it, also what was removed or written over since; each as in the audit. */
export async function writersOf(db: ReadDb, editionId: string): Promise<string[]> {
  const { editionWriters } = db.tables;
  const { by } = editionWriters;
  const rows = await db.select({ by }).from(editionWriters).where(eq(editionWriters.editionId, editionId)).orderBy(asc(by));
  return rows.map((row) => row.by);
}

/** Notes that these wrote in it. */
export async function noteWriters(tx: WriteDb, editionId: string, writers: readonly string[]): Promise<void> {
  const rows = writers.map((by) => ({ editionId, by }));
  if (rows.length > 0) await tx.insert(tx.tables.editionWriters).values(rows).onConflictDoNothing();
}
