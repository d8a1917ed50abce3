/** Which revision says why a deadline is as it stands: not one that an edition made which was taken back, nor the one that took it back. */
import { TAKEN_BACK_REASON } from '../../../calendars/deadlines/wording/reasons.ts';
import { and, eq, isNotNull, isNull } from '../../store/drizzle.ts';
import type { ReadDb } from '../../store/store.ts';
import { listRevisions } from '../deadlines.ts';
import type { Revision } from '../revisions.ts';

/**
 * A deadline as it stands, with why, when it was announced and since when as readers are told: where editions changed it that were taken back, what stood
 * before them says so. Throws `not_found`.
 */
export async function readTold(db: ReadDb, id: string): Promise<Revision> {
  return toldOf(db, await listRevisions(db, id));
}

/** The same of a deadline's revisions, the oldest first. */
export async function toldOf(db: ReadDb, revisions: readonly Revision[]): Promise<Revision> {
  const newest = revisions.at(-1)!;
  const takings = await takingsOf(db, newest.insurer);
  const beginning = ({ reason, revisedAt, revision }: Revision) =>
    // Of a registry that came from a file the editions stayed behind: what was taken back stands just before.
    takings.get(revisedAt.getTime()) ?? (reason === TAKEN_BACK_REASON ? revisions[revision - 2]?.revisedAt : undefined);
  let told = newest;
  for (let begun = beginning(told); begun !== undefined; begun = beginning(told)) {
    const since = begun;
    const earlier = revisions.findLast(({ revisedAt, revision }) => revision < told.revision && revisedAt < since);
    // What was entered and taken back was never told.
    if (!earlier) break;
    told = earlier;
  }
  const { announcedOn, reason, revisedAt } = told;
  return { ...newest, announcedOn, reason, revisedAt };
}

/** When each edition that was taken back was published, by when that was: a revision of that very moment takes back what is not older. */
async function takingsOf(db: ReadDb, insurer: string | null): Promise<Map<number, Date>> {
  const { editions } = db.tables;
  const rows = await db
    .select({ publishedAt: editions.publishedAt, endedAt: editions.endedAt })
    .from(editions)
    .where(
      and(
        eq(editions.status, 'taken_back'),
        insurer === null ? isNull(editions.insurerSlug) : eq(editions.insurerSlug, insurer),
        isNotNull(editions.publishedAt),
      ),
    );
  return new Map(rows.map(({ endedAt, publishedAt }) => [endedAt!.getTime(), publishedAt!]));
}
