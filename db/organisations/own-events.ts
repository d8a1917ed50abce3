/** Own events: what happened at an organisation itself and starts a term, such as a contract received. */
import { randomUUID } from 'node:crypto';
import { AppError } from '../../calendars/errors.ts';
import { nameUuid } from '../../calendars/name-uuid.ts';
import type { Day, EventKind } from '../../calendars/terms.ts';
import { and, asc, eq } from '../store/drizzle.ts';
import { projectTermsOf } from '../registry/projected-terms.ts';
import { raiseSequenceNumbers } from './numbering/sequence-numbers.ts';
import { laterThan, wholeSecond } from '../../calendars/ics/moments.ts';
import type { Tables } from '../schema/schema.ts';
import type { ReadDb, WriteDb } from '../store/store.ts';
import { bumpOrganisation } from '../store/counters.ts';

export type OwnEvent = Tables['events']['$inferSelect'];

export interface OwnEventInput {
  kind: EventKind;
  insurer: string;
  contractYear: number;
  occurredOn: Day;
}

/** Records an own event. Throws `invalid` for an insurer that the organisation does not deal with, `conflict` when this event was recorded already: delete that one to correct it. */
export async function recordOwnEvent(tx: WriteDb, organisationId: string, input: OwnEventInput, now: Date): Promise<OwnEvent> {
  const { events } = tx.tables;
  const { insurer, ...event } = input;
  await requireRelation(tx, organisationId, insurer);
  const [row] = await tx
    .insert(events)
    .values({ id: randomUUID(), organisationId, insurerSlug: insurer, ...event, createdAt: now })
    .onConflictDoNothing()
    .returning();
  if (!row)
    throw new AppError(
      'conflict',
      'This event is recorded already for this insurer and contract year. Delete it first to correct the day.',
    );
  await projectTermsOf(tx, insurer, { now, isSilent: true });
  await moveOwnTerms(tx, row, now);
  return row;
}

/** An organisation's own events, oldest first. */
export async function listOwnEvents(db: ReadDb, organisationId: string): Promise<OwnEvent[]> {
  const { events } = db.tables;
  return db.select().from(events).where(eq(events.organisationId, organisationId)).orderBy(asc(events.occurredOn), asc(events.id));
}

/** Removes an own event, and with it the dates that started from it. Throws `not_found`. */
export async function removeOwnEvent(tx: WriteDb, organisationId: string, id: string, now: Date): Promise<void> {
  const { events } = tx.tables;
  const [row] = await tx
    .delete(events)
    .where(and(eq(events.organisationId, organisationId), eq(events.id, id)))
    .returning();
  if (!row) throw new AppError('not_found', 'No such event.');
  await moveOwnTerms(tx, row, now);
}

/** With whom an organisation does not deal it has no contract, so that nothing would follow from the event. */
async function requireRelation(db: ReadDb, organisationId: string, insurer: string) {
  const { relations } = db.tables;
  const isRelated = and(eq(relations.organisationId, organisationId), eq(relations.insurerSlug, insurer));
  if ((await db.$count(relations, isRelated)) > 0) return;
  const message = 'must be an insurer that the organisation deals with; set its relations first';
  throw new AppError('invalid', 'The organisation does not deal with this insurer.', [{ field: 'insurer', message }]);
}

/** The terms that start with this event get a new place in the organisation's calendar, under the identity they had. */
async function moveOwnTerms(tx: WriteDb, event: OwnEvent, now: Date) {
  const { deadlines, organisations, ownTerms, revisions } = tx.tables;
  const rows = await tx
    .select({ id: deadlines.id, activity: deadlines.activity, rule: revisions.rule })
    .from(deadlines)
    .innerJoin(revisions, and(eq(revisions.deadlineId, deadlines.id), eq(revisions.number, deadlines.revision)))
    .where(and(eq(deadlines.insurerSlug, event.insurerSlug), eq(deadlines.contractYear, event.contractYear)));
  for (const { id, rule } of rows) {
    if (rule.kind !== 'offset' || !('event' in rule.from) || rule.from.event !== event.kind) continue;
    const { organisationId } = event;
    const [term] = await tx
      .select()
      .from(ownTerms)
      .where(and(eq(ownTerms.organisationId, organisationId), eq(ownTerms.deadlineId, id)));
    const changedAt = term ? laterThan(term.changedAt, now) : wholeSecond(now);
    if (term)
      await tx
        .update(ownTerms)
        .set({ sequence: term.sequence + 1, changedAt })
        .where(eq(ownTerms.id, term.id));
    // The identity that the agenda gives a term which was added to the registry after its event.
    else await tx.insert(ownTerms).values({ id: nameUuid(organisationId, id), organisationId, deadlineId: id, sequence: 0, changedAt });
  }
  // Whether an agreement was offered stands in what is to be signed, alone or in a group, also where another delivers.
  const signings = rows.filter(({ activity }) => activity === 'signing').map(({ id }) => `event:${id}` as const);
  const [organisation] = await tx
    .select({ parentId: organisations.parentId })
    .from(organisations)
    .where(eq(organisations.id, event.organisationId));
  for (const id of [event.organisationId, organisation?.parentId]) if (id) await raiseSequenceNumbers(tx, id, ['groups', ...signings], now);
  await bumpOrganisation(tx, event.organisationId, now);
}
