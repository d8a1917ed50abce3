/** Numbers that make events newer when an organisation's own doing changed what they look like. */
import { eq, sql } from '../store/drizzle.ts';
import { laterThan, wholeSecond } from '../registry/revisions.ts';
import type { Tables } from '../schema/schema.ts';
import type { ReadDb, WriteDb } from '../store/store.ts';

/** Which of an organisation's events: all, the one with a UID, or the one of a deadline that it completed. */
export type MarkScope = 'all' | `event:${string}` | `done:${string}`;
/** How often something changed, and when last. */
export type Mark = Pick<Tables['eventMarks']['$inferSelect'], 'sequence' | 'changedAt'>;

/** Makes the events of these scopes newer, each time it is called: within one second too. */
export async function raiseMarks(tx: WriteDb, organisationId: string, scopes: readonly MarkScope[], now: Date): Promise<void> {
  if (scopes.length === 0) return;
  const { eventMarks } = tx.tables;
  const known = await readMarks(tx, organisationId);
  const rows = scopes.map((scope) => {
    const { sequence = 0, changedAt } = known.get(scope) ?? {};
    return { organisationId, scope, sequence: sequence + 1, changedAt: changedAt ? laterThan(changedAt, now) : wholeSecond(now) };
  });
  await tx
    .insert(eventMarks)
    .values(rows)
    .onConflictDoUpdate({
      target: [eventMarks.organisationId, eventMarks.scope],
      set: { sequence: sql`excluded.sequence`, changedAt: sql`excluded.changed_at` },
    });
}

/** An organisation's marks by scope. */
export async function readMarks(db: ReadDb, organisationId: string): Promise<Map<string, Mark>> {
  const { eventMarks } = db.tables;
  const rows = await db.select().from(eventMarks).where(eq(eventMarks.organisationId, organisationId));
  return new Map(rows.map(({ scope, sequence, changedAt }) => [scope, { sequence, changedAt }]));
}

/**
 * The numbers of an event that is made of several things, from theirs. Every change of any of them gives a higher sequence and a later second, even
 * when two change within one: each change counts for a second of its own. A thing that once took part must go on to.
 */
export function combineMarks([first, ...others]: readonly [Mark, ...Mark[]]): Mark {
  if (others.length === 0) return { sequence: first.sequence, changedAt: first.changedAt };
  const all = [first, ...others];
  const sequence = all.reduce((sum, mark) => sum + mark.sequence, 0);
  const newest = Math.max(...all.map(({ changedAt }) => changedAt.getTime()));
  return { sequence, changedAt: wholeSecond(new Date(newest + sequence * 1000)) };
}
