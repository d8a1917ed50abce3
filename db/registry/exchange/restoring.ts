/** Deadlines of a file written as they were, with their ids, their history and their changes: into an empty registry, so that nobody is told. */
import type { Content, Identity, Precedent } from '../../../calendars/deadlines/deadline.ts';
import { wholeSecond } from '../../../calendars/ics/moments.ts';
import type { Day, Origin } from '../../../calendars/terms.ts';
import type { Tables } from '../../schema/schema.ts';
import { bumpRegistry } from '../../store/counters.ts';
import type { ReadDb, WriteDb } from '../../store/store.ts';
import { noteAudit } from '../audit.ts';
import { auditedOf, keyOf, toDeadline } from '../revisions.ts';

export interface RestoredRevision {
  content: Content;
  dueOn: Day | null;
  lastSafeOn: Day | null;
  reason: string | null;
  announcedOn: Day | null;
  revisedAt: Date;
  origin: Origin;
  status: 'published' | 'withdrawn';
  precedent: Precedent | null;
  digest: string | null;
  /** The newest change up to it that readers were told of. */
  changeId: string | null;
  /** Where it made that change: without a number it becomes public now. */
  change: { from: number; number: number | null; publicAt: Date | null } | null;
}

export interface RestoredDeadline {
  identity: Identity;
  checked: { on: Day; by: string } | null;
  sequence: number;
  createdAt: Date;
  changedAt: Date;
  /** Oldest first, at least one. */
  revisions: readonly RestoredRevision[];
}

/** Whether nobody can know of anything yet: no deadline, not even one that was withdrawn or is only projected, no document, edition or public change. */
export async function isEmptyRegistry(db: ReadDb): Promise<boolean> {
  const { deadlines, documents, editions, publicChanges } = db.tables;
  for (const table of [deadlines, documents, editions, publicChanges]) if ((await db.$count(table)) > 0) return false;
  return true;
}

/** Writes deadlines of one moment; who counts from another comes in a later call. The registry's version must be above their changes' numbers. */
export async function restoreDeadlines(tx: WriteDb, some: readonly RestoredDeadline[], by: string, now: Date): Promise<void> {
  if (some.length === 0) return;
  const { deadlineRoles, deadlines, publicChanges, revisions } = tx.tables;
  const deadlineRows = await tx.insert(deadlines).values(some.map(deadlineRow)).returning();
  const rowOf = new Map(deadlineRows.map((row) => [row.id, row]));
  const changeRows = await changesOf(tx, some, now);
  if (changeRows.length > 0) await tx.insert(publicChanges).values(changeRows);
  const revisionRows = await tx.insert(revisions).values(some.flatMap(revisionsOf)).returning();
  await tx.insert(deadlineRoles).values(some.flatMap(rolesOf));
  const lastOf = new Map(revisionRows.map((row) => [`${row.deadlineId} ${row.number}`, row]));
  for (const { identity, revisions } of some) {
    const [row, last] = [rowOf.get(identity.id)!, lastOf.get(`${identity.id} ${revisions.length}`)!];
    const after = auditedOf(toDeadline(row, last));
    await noteAudit(tx, { by, what: 'deadline', subject: identity.id, before: null, after }, now);
  }
}

function deadlineRow(one: RestoredDeadline): Tables['deadlines']['$inferInsert'] {
  const { changedAt, checked, createdAt, identity, revisions, sequence } = one;
  const { insurer, key: requirementKey, ...named } = identity;
  return {
    ...named,
    insurerSlug: insurer,
    requirementKey,
    key: keyOf(identity),
    revision: revisions.length,
    sequence,
    changedAt: wholeSecond(changedAt),
    createdAt,
    checkedOn: checked?.on ?? null,
    checkedBy: checked?.by ?? null,
  };
}

/** The changes that readers were told of, under the numbers that they had. */
async function changesOf(tx: WriteDb, some: readonly RestoredDeadline[], now: Date) {
  const rows: Tables['publicChanges']['$inferInsert'][] = [];
  for (const { identity, revisions } of some)
    for (const [n, { change, changeId }] of revisions.entries()) {
      if (change === null || changeId === null) continue;
      const isPublic = change.number !== null && change.publicAt !== null;
      const number = isPublic ? change.number : await bumpRegistry(tx, identity.insurer);
      const publicAt = isPublic ? change.publicAt : now;
      rows.push({ id: changeId, number, publicAt, deadlineId: identity.id, fromRevision: change.from, revision: n + 1 });
    }
  return rows;
}

function revisionsOf({ identity, revisions }: RestoredDeadline): Tables['revisions']['$inferInsert'][] {
  return revisions.map(({ change: _, content, ...noted }, n) => {
    const { duty, ...columns } = content;
    return { ...columns, ...duty, ...noted, deadlineId: identity.id, number: n + 1 };
  });
}

function rolesOf({ identity, revisions }: RestoredDeadline): Tables['deadlineRoles']['$inferInsert'][] {
  const { actors, onBehalfOf } = revisions.at(-1)!.content.duty;
  return [...new Set([...actors, ...onBehalfOf])].map((role) => ({ deadlineId: identity.id, role }));
}
