/** Which deadline of the registry each one of a file is, looked up before anything is written. */
import type { Fault } from '../../calendars/errors.ts';
import { getDeadline } from '../../db/registry/deadlines.ts';
import { findDeadlineId, type Revision } from '../../db/registry/revisions.ts';
import { findRetirement } from '../../db/registry/retiring.ts';
import type { ReadDb } from '../../db/store/store.ts';
import { placeOf } from './checks.ts';
import type { FileDeadline } from './registry.ts';

/** A deadline of a file, and the one that it is. */
export interface Target {
  deadline: FileDeadline;
  /** By its id, else by its place; null where the registry has none there. */
  current: Revision | null;
  /** What is projected in its place, for whatever kind of care, and becomes it; null where nothing is, or `current` is there. */
  retired: Revision | null;
}

/** Looks all of them up; what two would be is a fault of the later one. */
export async function findTargets(db: ReadDb, deadlines: readonly FileDeadline[]): Promise<{ targets: Target[]; faults: Fault[] }> {
  const targets: Target[] = [];
  const faults: Fault[] = [];
  const claimed = new Map<string, FileDeadline>();
  for (const deadline of deadlines) {
    const { at, id, identity } = deadline;
    const currentId = await findDeadlineId(db, { id: id ?? '', ...identity });
    const other = currentId === undefined ? undefined : claimed.get(currentId);
    if (other !== undefined) {
      const message = `is the same entry of the registry as that of ${other.at('activity')}, which is at ${placeOf(other.identity)}: apply that one first`;
      faults.push({ field: at('activity'), message });
      continue;
    }
    const current = currentId === undefined ? null : await getDeadline(db, currentId);
    const found = current === null ? await findRetired(db, deadline) : null;
    const retired = found !== null && claimed.has(found.id) ? null : found;
    const its = current ?? retired;
    if (its !== null) claimed.set(its.id, deadline);
    targets.push({ deadline, current, retired });
  }
  return { targets, faults };
}

/** What is stated becomes the next revision of what was projected for it, under the id that calendars know. */
async function findRetired(db: ReadDb, { identity, revisions }: FileDeadline): Promise<Revision | null> {
  return revisions.at(-1)!.content.certainty === 'stated' ? (await findRetirement(db, identity)).retired : null;
}

/** The ids that deadlines of a file have in the registry, where these are others: what rests on one of them names that one. */
export function idsInRegistry(targets: readonly Target[]): Map<string, string> {
  return new Map(
    targets.flatMap(({ current, deadline: { id }, retired }) => {
      const its = (current ?? retired)?.id;
      return id === null || its === undefined || its === id ? [] : [[id, its] as const];
    }),
  );
}
