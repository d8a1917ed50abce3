/** Publishing: which revisions become a change that readers are told of, and when that is public. */
import { randomUUID } from 'node:crypto';
import { isTakenBack } from '../../../calendars/deadlines/certainty.ts';
import { and, desc, eq, gt, gte, isNotNull, isNull, lt, lte, min } from '../../store/drizzle.ts';
import type { ReadDb, WriteDb } from '../../store/store.ts';

/** What makes a revision, and whether it says what nobody changed. */
interface Making {
  origin: 'registry' | 'editor' | 'projection';
  isSilent?: boolean | undefined;
  isUntold?: boolean | undefined;
}

/**
 * Whether readers are told of a revision as a change: of what an editor or a file says. Not of what is computed, which moves with its ground, nor of
 * what is loaded in silence, as all that fills an empty registry, nor of what is taken back.
 */
export function isForReaders({ origin, isSilent = false, isUntold = false }: Making): boolean {
  return origin !== 'projection' && !isSilent && !isUntold;
}

/** Which deadline, and between which revisions; 0 before the first. */
interface Place {
  deadlineId: string;
  fromRevision: number;
  revision: number;
}

/** The grace time of an edition: until it is over nobody is told of what came with it, and it can be taken back. */
export interface Grace {
  editionId: string;
  until: Date;
}

/**
 * Makes the change of a revision, and gives its id. This is the one place that says when it becomes public: at once, in the order of the registry's
 * versions, which is that of the commits. In a grace time it gets its number and moment later, from a version that is raised then: null.
 */
export async function publishChange(tx: WriteDb, place: Place, version: number, now: Date, grace?: Grace): Promise<string | null> {
  const id = randomUUID();
  const { publicChanges } = tx.tables;
  if (grace === undefined) {
    const fromRevision = place.fromRevision === NOTHING ? NOTHING : await publicBefore(tx, place, now);
    await tx.insert(publicChanges).values({ id, ...place, fromRevision, number: version, publicAt: now });
    return id;
  }
  await tx.insert(publicChanges).values({ id, ...place, number: null, publicAt: null, editionId: grace.editionId });
  return null;
}

/** More than there are of any deadline, and an integer of either dialect. */
const MOST_REVISIONS = 2 ** 31 - 1;

/** What stood before what is new. */
const NOTHING = 0;

/**
 * Makes a change public whose grace time is over, as `version`, and gives the revision that it is told to start from: the last one that was public, 0
 * for none. From then on revisions name it, up to the next one that readers were told of. Null where a later one of the deadline is public already: what
 * this one says nobody saw before it was over, and it is no change any more.
 */
export async function makeChangePublic(tx: WriteDb, change: Place & { id: string }, version: number, now: Date): Promise<number | null> {
  const { publicChanges, revisions } = tx.tables;
  const { deadlineId, id, revision } = change;
  const [later] = await tx
    .select({ revision: min(publicChanges.revision) })
    .from(publicChanges)
    .where(and(eq(publicChanges.deadlineId, deadlineId), isNotNull(publicChanges.number), gt(publicChanges.revision, revision)));
  if (later && later.revision !== null) {
    await tx.delete(publicChanges).where(eq(publicChanges.id, id));
    return null;
  }
  const fromRevision = change.fromRevision === NOTHING ? NOTHING : await publicBefore(tx, change, now);
  await tx.update(publicChanges).set({ fromRevision, number: version, publicAt: now }).where(eq(publicChanges.id, id));
  // What is new is no change to who has it in a calendar: the revisions after it do not name it.
  const last = revision === 1 ? 1 : MOST_REVISIONS;
  const isNaming = and(eq(revisions.deadlineId, deadlineId), gte(revisions.number, revision), lte(revisions.number, last));
  await tx.update(revisions).set({ changeId: id }).where(isNaming);
  return fromRevision;
}

/**
 * The last revision before one that was public: not of an edition that was taken back, nor of one that is not public yet, whatever came first. 0 where
 * there is none, or where nobody had it any more.
 */
async function publicBefore(db: ReadDb, { deadlineId, revision }: Place, now: Date): Promise<number> {
  const { editions, publicChanges, revisions } = db.tables;
  const rows = await db
    .select({ number: revisions.number, origin: revisions.origin, status: revisions.status, edition: editions })
    .from(revisions)
    .leftJoin(editions, eq(editions.id, revisions.editionId))
    .where(and(eq(revisions.deadlineId, deadlineId), lt(revisions.number, revision)))
    .orderBy(desc(revisions.number));
  const waiting = await db
    .select({ revision: publicChanges.revision, editionId: publicChanges.editionId })
    .from(publicChanges)
    .where(and(eq(publicChanges.deadlineId, deadlineId), isNull(publicChanges.number)));
  const isPublic = ({ edition, number }: (typeof rows)[number]) =>
    edition === null ||
    (edition.status === 'published' &&
      edition.publicAt! <= now &&
      !waiting.some((one) => one.editionId === edition.id && one.revision <= number));
  const last = rows.find(isPublic);
  return last === undefined || isTakenBack(last) ? NOTHING : last.number;
}
