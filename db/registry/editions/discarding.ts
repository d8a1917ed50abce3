/** Discarding a draft: as it was seen, and nothing else. */
import { eq } from '../../store/drizzle.ts';
import type { WriteDb } from '../../store/store.ts';
import { holdDraft } from './drafts.ts';
import { readEdition, type EditionReading } from './reading.ts';
import { StaleDraft } from './stale.ts';

/**
 * Discards a draft: it stays to be read, and nothing of it is published. `mark`: `readEdition`'s, of what was seen. Throws `not_found`, `conflict` where it
 * is no draft any more, and `StaleDraft` with what it is now where that was not seen.
 */
export async function discardDraft(tx: WriteDb, { id, mark, by }: { id: string; mark: string; by: string }, now: Date): Promise<void> {
  const { editions } = tx.tables;
  await holdDraft(tx, id);
  const reading = await readEdition(tx, id);
  if (reading.mark !== mark) throw new StaleDraft<EditionReading>(reading);
  await tx.update(editions).set({ status: 'discarded', endedAt: now, endedBy: by }).where(eq(editions.id, id));
}
