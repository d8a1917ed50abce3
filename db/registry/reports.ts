/** Reports: what readers say is wrong with an entry. They wait for who keeps the registry, and are gone after a year. */
import { randomUUID } from 'node:crypto';
import { sameText } from '../../calendars/canonical.ts';
import { addMonths, amsterdamDay, amsterdamMoment } from '../../calendars/days.ts';
import { AppError } from '../../calendars/errors.ts';
import { foldAddress, withoutThese } from '../../calendars/mail-address.ts';
import { and, asc, count, eq, gt, isNotNull, isNull, lt, lte, max, sql } from '../store/drizzle.ts';
import type { Report } from '../schema/schema.ts';
import type { ReadDb, WriteDb } from '../store/store.ts';

/** What a reader sends. */
export type ReportInput = Pick<Report, 'deadlineId' | 'revision' | 'language' | 'wrong' | 'correct' | 'proof' | 'email'>;

/** A report as it waits, with what it is about. */
export interface ListedReport extends Omit<Report, 'caller' | 'turn'> {
  insurer: string | null;
  contractYear: number;
  title: string;
}

/** So many a caller may send within an hour. */
const REPORTS_PER_HOUR = 5;
const HOUR_MS = 3_600_000;
const MONTHS_KEPT = 12;

/** Keeps a report. `caller`: the keyed digest of where it comes from. Throws `limited` when that sent too many within the hour. */
export async function fileReport(tx: WriteDb, report: ReportInput, caller: string, now: Date): Promise<void> {
  const { reports } = tx.tables;
  const isRecent = gt(reports.createdAt, new Date(now.getTime() - HOUR_MS));
  for (;;) {
    // Both in one question, so that nothing comes in between.
    const [sent] = await tx
      .select({ recent: count(sql`case when ${isRecent} then 1 end`), lastTurn: max(reports.turn) })
      .from(reports)
      .where(eq(reports.caller, caller));
    if (sent!.recent >= REPORTS_PER_HOUR) throw new AppError('limited', 'Too many reports within an hour; try again later.');
    const row = { id: randomUUID(), ...report, caller, turn: (sent!.lastTurn ?? 0) + 1, createdAt: now };
    // Of several at one moment one has the turn; the others count again.
    if ((await tx.insert(reports).values(row).onConflictDoNothing().returning({ id: reports.id })).length > 0) return;
  }
}

/** Those that wait, or all that are kept, the oldest first. */
export async function listReports(db: ReadDb, { withClosed = false } = {}): Promise<ListedReport[]> {
  const { deadlines, reports, revisions } = db.tables;
  const rows = await db
    .select({ report: reports, insurer: deadlines.insurerSlug, contractYear: deadlines.contractYear, title: revisions.title })
    .from(reports)
    .innerJoin(deadlines, eq(deadlines.id, reports.deadlineId))
    .innerJoin(revisions, and(eq(revisions.deadlineId, deadlines.id), eq(revisions.number, deadlines.revision)))
    .where(withClosed ? undefined : isNull(reports.closedAt))
    .orderBy(asc(reports.createdAt), asc(reports.id));
  return rows.map(({ report: { caller: _, turn: __, ...report }, ...about }) => ({ ...report, ...about }));
}

/** How many wait, and how many of them came since a moment. */
export async function countReports(db: ReadDb, since: Date): Promise<{ open: number; lately: number }> {
  const { reports } = db.tables;
  const [row] = await db
    .select({ open: count(), lately: count(sql`case when ${gt(reports.createdAt, since)} then 1 end`) })
    .from(reports)
    .where(isNull(reports.closedAt));
  return row!;
}

/** Says that one was seen to: from then on nobody has to be asked, and the address goes. Twice changes nothing. Throws `not_found`. */
export async function closeReport(tx: WriteDb, id: string, now: Date): Promise<void> {
  const { reports } = tx.tables;
  const [report] = await tx.select({ closedAt: reports.closedAt }).from(reports).where(eq(reports.id, id));
  if (!report) throw new AppError('not_found', 'No such report.');
  await tx
    .update(reports)
    .set({ closedAt: report.closedAt ?? now, email: null })
    .where(eq(reports.id, id));
}

/** Forgets where reports came from, once that counts for no limit. */
export async function forgetCallers(tx: WriteDb, now: Date): Promise<void> {
  const { reports } = tx.tables;
  await tx
    .update(reports)
    .set({ caller: null })
    .where(and(isNotNull(reports.caller), lte(reports.createdAt, new Date(now.getTime() - HOUR_MS))));
}

/** Removes what is older than a year, whether somebody saw to it or not. Gives how many. */
export async function purgeReports(tx: WriteDb, now: Date): Promise<number> {
  const { reports } = tx.tables;
  const before = amsterdamMoment(addMonths(amsterdamDay(now), -MONTHS_KEPT), '00:00');
  return (await tx.delete(reports).where(lt(reports.createdAt, before)).returning({ id: reports.id })).length;
}

/** Takes addresses out of all reports, from what was written in them too. There are few. */
export async function eraseFromReports(tx: WriteDb, addresses: readonly string[]): Promise<void> {
  if (addresses.length === 0) return;
  const { reports } = tx.tables;
  const erased = new Set(addresses.map(foldAddress));
  const without = (text: string) => withoutThese(text, addresses);
  for (const { id, email, wrong, correct, proof } of await tx.select().from(reports)) {
    const isErased = email !== null && erased.has(foldAddress(email));
    const kept = {
      email: isErased ? null : email,
      wrong: without(wrong),
      correct: correct && without(correct),
      proof: proof && without(proof),
    };
    if (!sameText(kept, { email, wrong, correct, proof })) await tx.update(reports).set(kept).where(eq(reports.id, id));
  }
}
