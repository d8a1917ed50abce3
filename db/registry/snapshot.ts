/** A snapshot of the registry: all deadlines by insurer, read again only for insurers of which something changed. */
import { setImmediate } from 'node:timers/promises';
import { isAssumed } from '../../calendars/deadlines/certainty.ts';
import type { Day, InsurerKind } from '../../calendars/terms.ts';
import { allDeadlines } from './deadlines.ts';
import type { Revision } from './revisions.ts';
import type { ReadDb } from '../store/store.ts';
import type { Counters, RegistryState } from '../store/counters.ts';

/** The registry as it was at one moment. It never changes: after a change there is another one. */
export interface Snapshot {
  readonly counters: Counters;
  /** Insurers' names by slug. */
  readonly names: ReadonlyMap<string, string>;
  /** What insurers are, by slug. */
  readonly kinds: ReadonlyMap<string, InsurerKind>;
  /** By the insurer's slug; the sector's under an empty one. */
  readonly parts: ReadonlyMap<string, SnapshotPart>;
}

/** The part of one insurer, or of the sector: its version, and its deadlines, withdrawn ones too. */
interface SnapshotPart extends RegistryState {
  deadlines: readonly Revision[];
  /** The days that are only assumed, the first first. */
  assumedOn: readonly Day[];
}

const SECTOR = '';
/** Insurers that are read in one go. */
const AT_ONCE = 3;
const NOTHING: RegistryState = { version: 0, changedAt: new Date(0) };

/** Reads the registry at these counters, which must have been read before. What did not change is taken over from the one before. */
export async function readSnapshot(db: ReadDb, counters: Counters, before?: Snapshot): Promise<Snapshot> {
  if (before?.counters.registry === counters.registry) return { ...before, counters };
  const { insurers } = db.tables;
  const rows = await db
    .select({ slug: insurers.slug, name: insurers.name, kind: insurers.kind, version: insurers.version, changedAt: insurers.changedAt })
    .from(insurers);
  const states = new Map(rows.map(({ slug, version, changedAt }) => [slug, { version, changedAt: changedAt ?? new Date(0) }]));
  states.set(SECTOR, { version: counters.sector, changedAt: new Date(counters.sectorChangedAt || 0) });
  const changedSlugs = [...states].filter(([slug, { version }]) => before?.parts.get(slug)?.version !== version).map(([slug]) => slug);
  const revisions: Revision[] = [];
  for (let n = 0; n < changedSlugs.length; n += AT_ONCE) {
    // Reading all of it holds up everybody: others get their turn in between.
    if (n > 0) await setImmediate();
    const some = changedSlugs.slice(n, n + AT_ONCE);
    revisions.push(...(await allDeadlines(db, { insurers: some, withSector: some.includes(SECTOR), withdrawnToo: true })));
  }
  const deadlines = Map.groupBy(revisions, ({ insurer }) => insurer ?? SECTOR);
  const partOf = (slug: string, state: RegistryState): SnapshotPart =>
    changedSlugs.includes(slug) ? { ...state, ...partOfDeadlines(deadlines.get(slug) ?? []) } : before!.parts.get(slug)!;
  return {
    counters,
    names: new Map(rows.map(({ slug, name }) => [slug, name])),
    kinds: new Map(rows.map(({ slug, kind }) => [slug, kind])),
    parts: new Map([...states].map(([slug, state]) => [slug, partOf(slug, state)])),
  };
}

function partOfDeadlines(deadlines: readonly Revision[]): Pick<SnapshotPart, 'deadlines' | 'assumedOn'> {
  const days = deadlines.filter(isAssumed).flatMap(({ dueOn }) => dueOn ?? []);
  return { deadlines, assumedOn: [...new Set(days)].sort() };
}

/** The last of the days that are only assumed for who deals with these insurers and that are over today; null where none is. */
export function lastAssumedBefore({ parts }: Snapshot, slugs: readonly string[], today: Day): Day | null {
  let last: Day | null = null;
  for (const slug of [...slugs, SECTOR]) {
    const day = parts.get(slug)?.assumedOn.findLast((one) => one < today);
    if (day !== undefined && (last === null || day > last)) last = day;
  }
  return last;
}

/** The version of the registry for who deals with these insurers, as `registryStateFor` reads it from the store. */
export function stateFor(registry: Snapshot, slugs: readonly string[]): RegistryState {
  let { version, changedAt } = registry.parts.get(SECTOR) ?? NOTHING;
  for (const slug of slugs) {
    const part = registry.parts.get(slug) ?? NOTHING;
    if (part.version > version) ({ version } = part);
    if (part.changedAt > changedAt) ({ changedAt } = part);
  }
  return { version, changedAt };
}

/** All deadlines of an insurer, withdrawn ones too; null for the sector's own. */
export function deadlinesOf({ parts }: Snapshot, insurer: string | null): readonly Revision[] {
  return parts.get(insurer ?? SECTOR)?.deadlines ?? [];
}

/** All deadlines that concern who deals with these insurers, withdrawn ones too. */
export function deadlinesFor({ parts }: Snapshot, slugs: readonly string[]): Revision[] {
  return [...slugs, SECTOR].flatMap((slug) => parts.get(slug)?.deadlines ?? []);
}
