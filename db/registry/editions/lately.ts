/** Editions that were published lately, for who looks back at them. */
import { and, desc, gte, inArray } from '../../store/drizzle.ts';
import type { ReadDb } from '../../store/store.ts';
import type { Edition } from './drafts.ts';

const MOST = 100;

/** Those published since a moment, taken back or not, the newest first, a hundred at most. */
export async function publishedSince(db: ReadDb, since: Date): Promise<Edition[]> {
  const { editions } = db.tables;
  return db
    .select()
    .from(editions)
    .where(and(inArray(editions.status, ['published', 'taken_back']), gte(editions.publishedAt, since)))
    .orderBy(desc(editions.publishedAt), desc(editions.id))
    .limit(MOST);
}
