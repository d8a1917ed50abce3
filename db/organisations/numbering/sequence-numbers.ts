/** Sequence numbers (RFC 5545, 3.8.7.4) of calendar entries, raised when something of the organisation itself changes what they show. */
import { eq, sql } from '../../store/drizzle.ts';
import { laterThan, wholeSecond } from '../../../calendars/ics/moments.ts';
import type { Tables } from '../../schema/schema.ts';
import type { ReadDb, WriteDb } from '../../store/store.ts';

/** Which of an organisation's calendar entries: all, its groups of assumptions, those in one feed, the one with a UID, or the one of a deadline that it completed. */
export type EntryScope = 'all' | 'groups' | `groups:${string}` | `event:${string}` | `done:${string}`;
/** The SEQUENCE of an entry, or its part in one, with the moment of the last change. */
export type SequenceNumber = Pick<Tables['eventMarks']['$inferSelect'], 'sequence' | 'changedAt'>;

/** Raises the numbers of these entries, each time it is called: within one second too. By one, unless it must be more or later. */
export async function raiseSequenceNumbers(
  tx: WriteDb,
  organisationId: string,
  scopes: readonly EntryScope[],
  now: Date,
  { by, notBefore }: { by: number; notBefore: Date } = { by: 1, notBefore: now },
): Promise<void> {
  if (scopes.length === 0) return;
  const { eventMarks } = tx.tables;
  const current = await readSequenceNumbers(tx, organisationId);
  const rows = scopes.map((scope) => {
    const { sequence = 0, changedAt } = current.get(scope) ?? {};
    const at = notBefore > now ? notBefore : now;
    return { organisationId, scope, sequence: sequence + by, changedAt: changedAt ? laterThan(changedAt, at) : wholeSecond(at) };
  });
  await tx
    .insert(eventMarks)
    .values(rows)
    .onConflictDoUpdate({
      target: [eventMarks.organisationId, eventMarks.scope],
      set: { sequence: sql`excluded.sequence`, changedAt: sql`excluded.changed_at` },
    });
}

/** An organisation's sequence numbers by scope. */
export async function readSequenceNumbers(db: ReadDb, organisationId: string): Promise<Map<string, SequenceNumber>> {
  const { eventMarks } = db.tables;
  const rows = await db.select().from(eventMarks).where(eq(eventMarks.organisationId, organisationId));
  return new Map(rows.map(({ scope, sequence, changedAt }) => [scope, { sequence, changedAt }]));
}

/**
 * The sequence number of an entry that is made of several things, from theirs. Every change of any of them gives a higher sequence and a later
 * second, even when two change within one: each change counts for a second of its own. A thing that once took part must go on to.
 */
export function combineSequenceNumbers([first, ...rest]: readonly [SequenceNumber, ...SequenceNumber[]]): SequenceNumber {
  if (rest.length === 0) return { sequence: first.sequence, changedAt: first.changedAt };
  const all = [first, ...rest];
  const sequence = all.reduce((sum, number) => sum + number.sequence, 0);
  const newest = Math.max(...all.map(({ changedAt }) => changedAt.getTime()));
  return { sequence, changedAt: wholeSecond(new Date(newest + sequence * 1000)) };
}
