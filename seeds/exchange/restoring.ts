/** A file into a registry without deadlines: all of it as it was, with its history. That is a restore, and told to nobody. */
import { randomUUID } from 'node:crypto';
import { amsterdamYear } from '../../calendars/days.ts';
import { restoreDeadlines, type RestoredDeadline, type RestoredRevision } from '../../db/registry/exchange/restoring.ts';
import { resolveIn } from '../../db/registry/resolving.ts';
import { projectTimelines } from '../../db/registry/timelines.ts';
import { bumpRegistry, raiseRegistryAbove } from '../../db/store/counters.ts';
import type { WriteDb } from '../../db/store/store.ts';
import type { FileDeadline, FileRevision } from './registry.ts';

/** How many revisions are written in one go. */
const AT_ONCE = 300;

/** Writes the deadlines of a file, and makes the timelines that rest on them. Their insurers and documents are there. */
export async function restoreFile(tx: WriteDb, deadlines: readonly FileDeadline[], by: string, now: Date): Promise<void> {
  const numbers = deadlines.flatMap(({ revisions }) => revisions.map(({ change }) => change?.number ?? 0));
  await raiseRegistryAbove(
    tx,
    numbers.reduce((most, number) => Math.max(most, number), 0),
  );
  // What counts from another one is reckoned once that stands.
  for (const some of [deadlines.filter((one) => !isCounted(one)), deadlines.filter(isCounted)])
    for (const batch of batches(some)) {
      const restored: RestoredDeadline[] = [];
      for (const one of batch) restored.push(await restoredOf(tx, one, now));
      await restoreDeadlines(tx, restored, by, now);
    }
  for (const slug of new Set(deadlines.map(({ identity }) => identity.insurer))) await bumpRegistry(tx, slug, now);
  await projectTimelines(tx, amsterdamYear(now), now);
}

const isCounted = ({ revisions }: FileDeadline) => revisions.some(({ content }) => content.rule.kind === 'offset');

function batches(deadlines: readonly FileDeadline[]): FileDeadline[][] {
  const all: FileDeadline[][] = [[]];
  let revisions = 0;
  for (const one of deadlines) {
    if (revisions + one.revisions.length > AT_ONCE && revisions > 0) {
      all.push([]);
      revisions = 0;
    }
    all.at(-1)!.push(one);
    revisions += one.revisions.length;
  }
  return all;
}

async function restoredOf(tx: WriteDb, { changedAt, checked, createdAt, id, identity, revisions, sequence }: FileDeadline, now: Date) {
  const restored: RestoredRevision[] = [];
  for (const revision of revisions) restored.push(await revisionOf(tx, identity, revision, now));
  return {
    identity: { id: id ?? randomUUID(), ...identity },
    checked,
    sequence: sequence ?? revisions.length - 1,
    createdAt: createdAt ?? now,
    changedAt: changedAt ?? now,
    revisions: restored,
  };
}

async function revisionOf(tx: WriteDb, identity: FileDeadline['identity'], revision: FileRevision, now: Date): Promise<RestoredRevision> {
  const { at: _, dueOn, lastSafeOn, revisedAt, ...said } = revision;
  const days = revisedAt === null ? await resolveIn(tx, identity, said.content) : { dueOn, lastSafeOn };
  return { ...said, ...days, revisedAt: revisedAt ?? now };
}
