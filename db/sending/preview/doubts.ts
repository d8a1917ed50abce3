/** What an editor has to know of an edition before it counts: where it conflicts with something, and which of its days are over. */
import { amsterdamDay } from '../../../calendars/days.ts';
import { countingDay } from '../../../calendars/deadlines/deadline.ts';
import { entriesOf, type Edition } from '../../registry/editions/drafts.ts';
import type { Revision } from '../../registry/revisions.ts';
import type { Snapshot } from '../../registry/snapshot.ts';
import { and, asc, eq, gt, isNull, ne } from '../../store/drizzle.ts';
import type { ReadDb } from '../../store/store.ts';

export interface Doubts {
  /** What its own documents contradict. */
  conflicting: Revision[];
  /** What the registry says for other kinds of care of the same, on another day. */
  beside: { deadline: Revision; other: Revision }[];
  /** Others' editions of the same insurer in their ten minutes. `changesSame`: they change something of this one. */
  held: { edition: Edition; changesSame: boolean }[];
  /** Of which the day is over. */
  past: Revision[];
}

interface Published {
  edition: Edition;
  /** The deadlines that it changes, with what moves along. */
  changedIds: readonly string[];
  /** The registry with the edition in it. */
  snapshot: Snapshot;
  now: Date;
}

export async function readDoubts(db: ReadDb, { changedIds, edition, now, snapshot }: Published): Promise<Doubts> {
  const all = snapshot.parts.get(edition.insurerSlug ?? '')?.deadlines ?? [];
  const ids = (await deadlinesIn(db, edition.id)).union(new Set(changedIds));
  const deadlines = all.filter(({ id, status }) => ids.has(id) && status === 'published');
  const today = amsterdamDay(now);
  return {
    conflicting: deadlines.filter(({ conflict }) => conflict !== null),
    beside: deadlines.flatMap((deadline) => all.filter((other) => isBeside(deadline, other)).map((other) => ({ deadline, other }))),
    held: await heldBeside(db, edition, { ids, now }),
    past: deadlines.filter((one) => (countingDay(one) ?? today) < today),
  };
}

function isBeside(deadline: Revision, other: Revision): boolean {
  const isSamePlace = placeOf(deadline) === placeOf(other) && deadline.careType !== other.careType;
  return isSamePlace && other.status === 'published' && countingDay(deadline) !== countingDay(other);
}

const placeOf = ({ activity, contractYear, key, slot }: Revision) => JSON.stringify([activity, contractYear, slot, key]);

async function heldBeside(
  db: ReadDb,
  { id, insurerSlug }: Edition,
  { ids, now }: { ids: ReadonlySet<string>; now: Date },
): Promise<Doubts['held']> {
  const { editions } = db.tables;
  const isSameInsurer = insurerSlug === null ? isNull(editions.insurerSlug) : eq(editions.insurerSlug, insurerSlug);
  const rows = await db
    .select()
    .from(editions)
    .where(and(eq(editions.status, 'published'), gt(editions.publicAt, now), ne(editions.id, id), isSameInsurer))
    .orderBy(asc(editions.publicAt), asc(editions.id));
  const held: Doubts['held'] = [];
  for (const edition of rows) held.push({ edition, changesSame: !ids.isDisjointFrom(await deadlinesIn(db, edition.id)) });
  return held;
}

async function deadlinesIn(db: ReadDb, editionId: string): Promise<Set<string>> {
  return new Set((await entriesOf(db, editionId)).flatMap(({ deadlineId }) => deadlineId ?? []));
}
