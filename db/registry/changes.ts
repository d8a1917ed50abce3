/** Changes to announce: revisions that change what is to be done, or by when, noted in the revision's own transaction. */
import { randomUUID } from 'node:crypto';
import type { Content, Days, Deadline } from '../../calendars/deadlines/deadline.ts';
import type { WriteDb } from '../store/store.ts';
import type { Grace } from './public/publishing.ts';

/** What a revision said, as far as somebody has to act on it. */
export type Noted = Pick<Content, 'rule' | 'boundary' | 'certainty' | 'duty' | 'channel'> & Days & Pick<Deadline, 'status'>;

const FIELDS = [
  'rule',
  'boundary',
  'certainty',
  'dueOn',
  'lastSafeOn',
  'duty',
  'channel',
  'status',
] as const satisfies readonly (keyof Noted)[];

/** The fields in which two revisions differ, as far as somebody has to act on them. `same` compares two values. */
export function changedFields(before: Noted, after: Noted, same: (a: unknown, b: unknown) => boolean): (keyof Noted)[] {
  return FIELDS.filter((field) => !same(before[field], after[field]));
}

/** What a change starts from when a deadline is new, and when nobody is told of it itself: it may still move terms that have begun. */
export const [NEW, TERMS_ALONE] = [0, -1];

/**
 * Notes that a deadline's revision is to be told of: after its grace time, where it has one. `fromRevision`: the one before it, or `NEW` or
 * `TERMS_ALONE`.
 */
export async function noteChange(
  tx: WriteDb,
  { deadlineId, fromRevision, grace }: { deadlineId: string; fromRevision: number; grace?: Grace | undefined },
  now: Date,
): Promise<void> {
  const held = { editionId: grace?.editionId ?? null, notBefore: grace?.until ?? null };
  await tx.insert(tx.tables.changes).values({ id: randomUUID(), deadlineId, fromRevision, recordedAt: now, seenTo: null, ...held });
}
