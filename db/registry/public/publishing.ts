/** Publishing: which revisions become a change that readers are told of, and when that is public. */
import { randomUUID } from 'node:crypto';
import type { WriteDb } from '../../store/store.ts';

/** What makes a revision, and whether it says what nobody changed. */
interface Making {
  origin: 'registry' | 'editor' | 'projection';
  isSilent?: boolean | undefined;
}

/**
 * Whether readers are told of a revision as a change: of what an editor or a file says. Not of what is computed, which moves with its ground, nor of
 * what is loaded in silence, as all that fills an empty registry.
 */
export function isForReaders({ origin, isSilent = false }: Making): boolean {
  return origin !== 'projection' && !isSilent;
}

/** Which deadline, and between which revisions; 0 before the first. */
interface Place {
  deadlineId: string;
  fromRevision: number;
  revision: number;
}

/**
 * Makes the change of a revision, and gives its id. This is the one place that says when it becomes public: at once, in the order of the registry's
 * versions, which is that of the commits. What is to wait gets its number and moment later, from a version that is raised then.
 */
export async function publishChange(tx: WriteDb, place: Place, version: number, now: Date): Promise<string> {
  const id = randomUUID();
  await tx.insert(tx.tables.publicChanges).values({ id, ...place, number: version, publicAt: now });
  return id;
}
