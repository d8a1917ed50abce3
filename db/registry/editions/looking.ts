/** Looking back at editions: those published lately, and a second pair of eyes for one that was published alone, which says so until another editor has looked. */
import { AppError } from '../../../calendars/errors.ts';
import { and, asc, desc, eq, gte, inArray, isNotNull, isNull } from '../../store/drizzle.ts';
import type { ReadDb, WriteDb } from '../../store/store.ts';
import { noteAudit } from '../audit.ts';
import { holdEdition, type Edition } from './drafts.ts';
import { isWrittenBy, waitForRegistry } from './publish.ts';
import { readEdition } from './reading.ts';

/**
 * Records that another editor looked at an edition that was published alone. Looking twice changes nothing. Throws `not_found`, `conflict` for one that
 * is not published, and `forbidden` for who published it or wrote any of it.
 */
export async function lookAt(tx: WriteDb, id: string, by: string, now: Date): Promise<Edition> {
  const { editions } = tx.tables;
  const edition = await holdEdition(tx, id);
  if (edition.status !== 'published') throw new AppError('conflict', 'The edition is not published.');
  if (edition.aloneReason === null || edition.lookedAt !== null) return edition;
  if (edition.publishedBy === by || isWrittenBy(await readEdition(tx, id), by))
    throw new AppError('forbidden', 'Somebody else than who wrote or published it has to look.');
  // Its changes show that nobody had looked.
  await waitForRegistry(tx, edition);
  const [seen] = await tx.update(editions).set({ lookedAt: now, lookedBy: by }).where(eq(editions.id, id)).returning();
  const [before, after] = [{ lookedAt: null }, { lookedAt: now.toISOString() }];
  await noteAudit(tx, { by, what: 'edition', subject: id, before, after }, now);
  return seen!;
}

/** The editions that were published alone and that nobody else has looked at, the oldest first: for the work list. */
export async function unseenEditions(db: ReadDb): Promise<Edition[]> {
  const { editions } = db.tables;
  return db
    .select()
    .from(editions)
    .where(and(eq(editions.status, 'published'), isNotNull(editions.aloneReason), isNull(editions.lookedAt)))
    .orderBy(asc(editions.publishedAt), asc(editions.id));
}

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
