/** Publishing: which revisions become a change that readers are told of, and when that is public. */
import { randomUUID } from 'node:crypto';
import { and, eq, gt, gte, isNotNull, lte, min } from '../../store/drizzle.ts';
import type { WriteDb } from '../../store/store.ts';

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
  const moment = grace === undefined ? { number: version, publicAt: now } : { number: null, publicAt: null, editionId: grace.editionId };
  await tx.insert(tx.tables.publicChanges).values({ id, ...place, ...moment });
  return grace === undefined ? id : null;
}

/** More than there are of any deadline, and an integer of either dialect. */
const MOST_REVISIONS = 2 ** 31 - 1;

/** Makes a change public whose grace time is over, as `version`. From then on revisions name it, up to the next one that readers were told of. */
export async function makeChangePublic(tx: WriteDb, change: Place & { id: string }, version: number, now: Date): Promise<void> {
  const { publicChanges, revisions } = tx.tables;
  const { deadlineId, id, revision } = change;
  await tx.update(publicChanges).set({ number: version, publicAt: now }).where(eq(publicChanges.id, id));
  const [later] = await tx
    .select({ revision: min(publicChanges.revision) })
    .from(publicChanges)
    .where(and(eq(publicChanges.deadlineId, deadlineId), isNotNull(publicChanges.number), gt(publicChanges.revision, revision)));
  // What is new is no change to who has it in a calendar: the revisions after it do not name it.
  const last = revision === 1 ? 1 : (later?.revision ?? MOST_REVISIONS) - 1;
  const isNaming = and(eq(revisions.deadlineId, deadlineId), gte(revisions.number, revision), lte(revisions.number, last));
  await tx.update(revisions).set({ changeId: id }).where(isNaming);
}
