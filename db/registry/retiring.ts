/** Retiring: the first stated date of an insurer, contract year and activity becomes the next revision of what was assumed, so that calendars know it by the same UID. */
import { isTakenBack, isUnstated } from '../../calendars/deadlines/certainty.ts';
import { laterThan } from '../../calendars/ics/moments.ts';
import { bumpRegistry } from '../store/counters.ts';
import { eq } from '../store/drizzle.ts';
import type { ReadDb, WriteDb } from '../store/store.ts';
import type { Identity } from '../../calendars/deadlines/deadline.ts';
import { BY_FILES, noteAudit } from './audit.ts';
import { allDeadlines } from './deadlines.ts';
import { keyOf, type Revision } from './revisions.ts';

/** What a document's word meets in its place. */
export interface Retirement {
  /** The entry of which it is the next revision; null where it makes a new one. */
  retired: Revision | null;
  /** What is expected there for other kinds of care, and may hold no longer: for an editor to say. */
  doubtful: Revision[];
}

/**
 * What a stated date retires, or a document that names none: what was projected for the same kind of care, else the assumption, or the sector's rule, for whatever kind. Expected
 * dates of other kinds stay.
 */
export async function findRetirement(db: ReadDb, identity: Omit<Identity, 'id'>): Promise<Retirement> {
  const { activity, careType, contractYear, insurer, key, slot } = identity;
  if (insurer === null || slot !== null || activity === 'contract_requirement') return { retired: null, doubtful: [] };
  const all = await allDeadlines(db, { insurers: [insurer], fromContractYear: contractYear, withdrawnToo: true });
  const isBeside = (one: Revision) =>
    one.contractYear === contractYear && one.activity === activity && one.key === key && one.slot === null;
  const beside = all.filter(isBeside);
  const same = beside.find((one) => one.careType === careType);
  const assumed = beside.find(({ certainty, status }) => status === 'published' && ANY_CARE.has(certainty));
  return {
    retired: same ? (isUnstated(same) || isTakenBack(same) ? same : null) : (assumed ?? null),
    doubtful: beside.filter((one) => one.careType !== careType && one.certainty === 'expected' && one.status === 'published'),
  };
}

/** Gives an entry the kind of care of the date that retires it: from then on it is that one's. */
export async function takeOver(
  tx: WriteDb,
  retired: Revision,
  { careType, by, now }: { careType: Identity['careType']; by: string; now: Date },
): Promise<Revision> {
  if (retired.careType === careType) return retired;
  const { deadlines } = tx.tables;
  const entry = { ...retired, careType };
  await tx
    .update(deadlines)
    .set({ careType, key: keyOf(entry) })
    .where(eq(deadlines.id, retired.id));
  const before = { careType: retired.careType };
  await noteAudit(tx, { by, what: 'deadline', subject: retired.id, before, after: { careType } }, now);
  return entry;
}

/**
 * Gives an entry the kind of care that the registry's files, or an editor's, say it always had: no revision, since it says the same, and nobody is told. Its events
 * become newer. Null, and nothing is done, where another entry has that place.
 */
export async function correctCareType(
  tx: WriteDb,
  entry: Revision,
  careType: Identity['careType'],
  now: Date,
  by: string = BY_FILES,
): Promise<Revision | null> {
  const { deadlines } = tx.tables;
  const [sequence, changedAt] = [entry.sequence + 1, laterThan(entry.changedAt, now)];
  const corrected = { ...entry, careType, sequence, changedAt };
  const key = keyOf(corrected);
  if ((await tx.$count(deadlines, eq(deadlines.key, key))) > 0) return null;
  await tx.update(deadlines).set({ careType, key, sequence, changedAt }).where(eq(deadlines.id, entry.id));
  await bumpRegistry(tx, entry.insurer, now);
  const before = { careType: entry.careType };
  await noteAudit(tx, { by, what: 'deadline', subject: entry.id, before, after: { careType } }, now);
  return corrected;
}

/** What is said for an insurer whatever the kind of care. */
const ANY_CARE: ReadonlySet<Revision['certainty']> = new Set(['template', 'sector_rule']);
