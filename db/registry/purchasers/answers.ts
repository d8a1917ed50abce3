/** What insurers' purchasers say of entries: it waits for editors, who see to it; the registry does not change by it. */
import { randomUUID } from 'node:crypto';
import { amsterdamMoment, addMonths, amsterdamDay } from '../../../calendars/days.ts';
import { AppError } from '../../../calendars/errors.ts';
import { withoutThese } from '../../../calendars/mail-address.ts';
import { and, asc, count, eq, gt, inArray, isNotNull, isNull, lt } from '../../store/drizzle.ts';
import type { Tables } from '../../schema/schema.ts';
import type { ReadDb, WriteDb } from '../../store/store.ts';
import { holdPurchaserLink, purgePurchaserLinks } from './links.ts';

type AnswerRow = Tables['purchaserAnswers']['$inferSelect'];

/** What is said of one entry as it stood: that it is right (`wrong` is null), or what is wrong. */
export type Saying = Pick<AnswerRow, 'deadlineId' | 'revision' | 'wrong'>;

/** An answer as it waits, with what it is about. */
export interface ListedAnswer extends Omit<AnswerRow, 'closedAt'> {
  insurer: string;
  linkCreatedAt: Date;
  contractYear: number;
  title: string;
  /** As the entry stands now, which may be another revision than the purchaser saw. */
  currentRevision: number;
}

/** So much may be said by one link within a day: more than an insurer has entries, several times. */
export const MOST_ANSWERS_A_DAY = 500;
const DAY_MS = 86_400_000;
const MONTHS_KEPT = 12;

/**
 * Keeps what a purchaser says by a link; what the link said last of the same revision, and waits, is not kept twice. What it said of an entry before
 * is closed by what it says now: of a link one answer waits for each entry. Gives how many are new. Throws `gone` where the link has ended, and `limited` where too much was said within a day.
 */
export async function takeAnswers(tx: WriteDb, linkId: string, sayings: readonly Saying[], now: Date): Promise<number> {
  const { purchaserAnswers } = tx.tables;
  if (!(await holdPurchaserLink(tx, linkId, now))) throw new AppError('gone', 'This link has ended.');
  const last = await lastAnswers(tx, linkId);
  const isNew = ({ deadlineId, revision, wrong }: Saying) => {
    const before = last.get(deadlineId);
    return before === undefined || before.closedAt !== null || before.revision !== revision || before.wrong !== wrong;
  };
  const fresh = sayings.filter(isNew);
  const isLately = and(eq(purchaserAnswers.linkId, linkId), gt(purchaserAnswers.createdAt, new Date(now.getTime() - DAY_MS)));
  if ((await tx.$count(purchaserAnswers, isLately)) + fresh.length > MOST_ANSWERS_A_DAY)
    throw new AppError('limited', 'Too much was said by this link within a day; try again tomorrow.');
  if (fresh.length === 0) return 0;
  const isAbout = inArray(
    purchaserAnswers.deadlineId,
    fresh.map(({ deadlineId }) => deadlineId),
  );
  const taken = await tx
    .select()
    .from(purchaserAnswers)
    .where(and(isOfLink(tx, linkId), isAbout));
  await closeAnswers(tx, taken.map(idOf), now);
  await tx
    .insert(purchaserAnswers)
    .values(fresh.map((saying) => ({ id: randomUUID(), linkId, ...saying, createdAt: now, closedAt: null })));
  return fresh.length;
}

/** What was said last by a link, by the deadline. */
export async function lastAnswers(db: ReadDb, linkId: string): Promise<Map<string, AnswerRow>> {
  const { purchaserAnswers } = db.tables;
  const rows = await db
    .select()
    .from(purchaserAnswers)
    .where(eq(purchaserAnswers.linkId, linkId))
    .orderBy(asc(purchaserAnswers.createdAt), asc(purchaserAnswers.id));
  return new Map(rows.map((row) => [row.deadlineId, row]));
}

/** Those that wait, the oldest first. */
export async function listAnswers(db: ReadDb): Promise<ListedAnswer[]> {
  const { deadlines, purchaserAnswers, purchaserLinks, revisions } = db.tables;
  const rows = await db
    .select({
      answer: purchaserAnswers,
      insurer: purchaserLinks.insurerSlug,
      linkCreatedAt: purchaserLinks.createdAt,
      contractYear: deadlines.contractYear,
      currentRevision: deadlines.revision,
      title: revisions.title,
    })
    .from(purchaserAnswers)
    .innerJoin(purchaserLinks, eq(purchaserLinks.id, purchaserAnswers.linkId))
    .innerJoin(deadlines, eq(deadlines.id, purchaserAnswers.deadlineId))
    .innerJoin(revisions, and(eq(revisions.deadlineId, deadlines.id), eq(revisions.number, deadlines.revision)))
    .where(isNull(purchaserAnswers.closedAt))
    .orderBy(asc(purchaserAnswers.createdAt), asc(purchaserAnswers.id));
  return rows.map(({ answer: { closedAt: _, ...answer }, ...about }) => ({ ...answer, ...about }));
}

/** How many wait, by what they say. */
export async function countAnswers(db: ReadDb): Promise<{ right: number; wrong: number }> {
  const { purchaserAnswers } = db.tables;
  const [row] = await db
    .select({ all: count(), wrong: count(purchaserAnswers.wrong) })
    .from(purchaserAnswers)
    .where(isNull(purchaserAnswers.closedAt));
  return { right: row!.all - row!.wrong, wrong: row!.wrong };
}

/** Says that some were seen to. Those that were before, and those that are gone, stay as they are. One by one, in an order that all who close some keep. */
export async function closeAnswers(tx: WriteDb, ids: readonly string[], now: Date): Promise<void> {
  const { purchaserAnswers } = tx.tables;
  for (const id of ids.toSorted()) {
    const isOpen = and(eq(purchaserAnswers.id, id), isNull(purchaserAnswers.closedAt));
    await tx.update(purchaserAnswers).set({ closedAt: now }).where(isOpen);
  }
}

/** The same of all that a link said and that waits. */
export async function closeAnswersOf(tx: WriteDb, linkId: string, now: Date): Promise<void> {
  const { purchaserAnswers } = tx.tables;
  const waiting = await tx.select().from(purchaserAnswers).where(isOfLink(tx, linkId));
  await closeAnswers(tx, waiting.map(idOf), now);
}

/** What a link said, and waits. */
function isOfLink({ tables: { purchaserAnswers } }: ReadDb, linkId: string) {
  return and(eq(purchaserAnswers.linkId, linkId), isNull(purchaserAnswers.closedAt));
}

const idOf = ({ id }: Pick<AnswerRow, 'id'>) => id;

/** Removes what is older than a year, whether somebody saw to it or not, and links that ended before that. Gives how many answers. */
export async function purgeAnswers(tx: WriteDb, now: Date): Promise<number> {
  const { purchaserAnswers } = tx.tables;
  const before = amsterdamMoment(addMonths(amsterdamDay(now), -MONTHS_KEPT), '00:00');
  const gone = await tx.delete(purchaserAnswers).where(lt(purchaserAnswers.createdAt, before)).returning({ id: purchaserAnswers.id });
  await purgePurchaserLinks(tx, before);
  return gone.length;
}

/** Takes addresses out of what was written in answers. There are few. */
export async function eraseFromAnswers(tx: WriteDb, addresses: readonly string[]): Promise<void> {
  if (addresses.length === 0) return;
  const { purchaserAnswers } = tx.tables;
  const rows = await tx.select().from(purchaserAnswers).where(isNotNull(purchaserAnswers.wrong));
  for (const { id, wrong } of rows) {
    const kept = withoutThese(wrong!, addresses);
    if (kept !== wrong) await tx.update(purchaserAnswers).set({ wrong: kept }).where(eq(purchaserAnswers.id, id));
  }
}
