/** What happened at the organisation itself and starts a term: a contract received. */
import { Type, type Static } from '../../../calendars/schema/typebox.ts';
import { CertaintySchema, EventKindSchema, NoTermReasonSchema } from '../../../calendars/schema/words.ts';
import { ContractYear, DaySchema, Nullable } from '../../../calendars/deadlines/deadline.ts';
import { listOwnEvents, recordOwnEvent, removeOwnEvent, type OwnEvent } from '../../../db/organisations/own-events.ts';
import { startedTerms, type StartedTerms } from '../../../db/organisations/own-terms.ts';
import { itselfOnly } from '../../http/auth.ts';
import type { ReadDb } from '../../../db/store/store.ts';
import type { App, Deps } from '../../deps.ts';
import {
  closed,
  described,
  Done,
  Id,
  ListOf,
  named,
  MomentSchema,
  OrganisationPath,
  pageOf,
  PageQuery,
  problems,
  Slug,
  withKey,
} from '../shapes.ts';

const fields = {
  kind: EventKindSchema,
  insurer: Slug,
  contractYear: ContractYear,
  occurredOn: described(DaySchema, 'The day on which it happened', '2024-11-15'),
};
export const EventInput = named('EventInput', Type.Object(fields, closed), 'What happened at the organisation, and when');
const StartedTerm = named(
  'StartedTerm',
  Type.Object(
    {
      deadlineId: Id('The deadline in the list, which has these days for the organisation alone'),
      dueOn: described(Nullable(DaySchema), 'The last day of the term', '2024-12-27'),
      lastSafeOn: described(Nullable(DaySchema), 'The last day that is in time also by what binds beside it', '2024-12-27'),
      certainty: described(CertaintySchema, 'expected where an earlier document has the rule, and none of this contract year yet'),
    },
    closed,
  ),
  'A term that the event started',
);
const EventView = named(
  'Event',
  Type.Object(
    {
      id: Id('The event'),
      ...fields,
      createdAt: described(MomentSchema, 'When it was recorded, in UTC', '2024-11-16T09:00:00.000Z'),
      startedTerms: Type.Array(StartedTerm, { description: 'What must be done within a term of it; none where noTermReason says why' }),
      noTermReason: described(Nullable(NoTermReasonSchema), 'Why it started no term; null where it started one'),
    },
    closed,
  ),
  'What happened at the organisation itself and starts a term',
);

const params = Type.Object(OrganisationPath, closed);
const tags = ['Events'];

export function eventRoutes(deps: Deps) {
  const { read, change, clock } = deps;
  return async (app: App) => {
    app.post(
      '/organisations/:id/events',
      {
        onRequest: itselfOnly(deps),
        schema: {
          tags,
          security: withKey,
          operationId: 'recordEvent',
          summary: 'Records an event; the term that it starts appears in the list of deadlines',
          description:
            'One of a kind per insurer and contract year: 409 when there is one already. Remove it first to correct its day. The insurer must be ' +
            'one that the organisation deals with. Where no document of that contract year gives the term, that of the last one that does is expected.',
          params,
          body: EventInput,
          response: { 201: EventView, ...problems(401, 404, 409, 413, 415) },
        },
      },
      async ({ params, body }, reply) => {
        const [event] = await change(async (tx) => eventViews(tx, params.id, [await recordOwnEvent(tx, params.id, body, clock())]));
        return reply.code(201).send(event!);
      },
    );

    app.get(
      '/organisations/:id/events',
      {
        onRequest: itselfOnly(deps),
        schema: {
          tags,
          security: withKey,
          operationId: 'listEvents',
          summary: "The organisation's events, oldest first",
          description: 'What the organisation fields that happened, with the day that its own terms are counted from.',
          params,
          querystring: Type.Object(PageQuery, closed),
          response: { 200: ListOf(EventView), ...problems(401, 404) },
        },
      },
      async ({ params, query }) => pageOf(await eventViews(read, params.id, await listOwnEvents(read, params.id)), query),
    );

    app.delete(
      '/organisations/:id/events/:eventId',
      {
        onRequest: itselfOnly(deps),
        schema: {
          tags,
          security: withKey,
          operationId: 'removeEvent',
          summary: 'Removes an event, and with it the dates that started from it',
          description: 'Reminders that were planned from it no longer leave.',
          params: Type.Object({ ...OrganisationPath, eventId: Id('The event') }, closed),
          response: { 204: Done, ...problems(401, 404) },
        },
      },
      async ({ params }, reply) => {
        await change((tx) => removeOwnEvent(tx, params.id, params.eventId, clock()));
        return reply.code(204).send(null);
      },
    );
  };
}

/** Events as they are shown, with what follows from each. */
export async function eventViews(db: ReadDb, organisationId: string, ownEvents: readonly OwnEvent[]): Promise<Static<typeof EventView>[]> {
  const started = await startedTerms(db, organisationId, ownEvents);
  return ownEvents.map((event) => eventView(event, started.get(event.id)!));
}

function eventView(
  { id, kind, insurerSlug, contractYear, occurredOn, createdAt }: OwnEvent,
  { terms, noTermReason }: StartedTerms,
): Static<typeof EventView> {
  const shown = terms.map(({ deadline: { id: deadlineId, dueOn, lastSafeOn, certainty } }) => ({
    deadlineId,
    dueOn,
    lastSafeOn,
    certainty,
  }));
  return {
    id,
    kind,
    insurer: insurerSlug,
    contractYear,
    occurredOn,
    createdAt: createdAt.toISOString(),
    startedTerms: shown,
    noTermReason,
  };
}
