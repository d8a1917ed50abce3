/** What happened at the organisation itself and starts a term: a contract received. */
import { Type, type Static } from '../../../calendars/schema/typebox.ts';
import { EventKindSchema } from '../../../calendars/schema/words.ts';
import { ContractYear, DaySchema } from '../../../calendars/deadlines/deadline.ts';
import { listOwnEvents, recordOwnEvent, removeOwnEvent, type OwnEvent } from '../../../db/organisations/own-events.ts';
import { itselfOnly } from '../../http/auth.ts';
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
const EventInput = named('EventInput', Type.Object(fields, closed), 'What happened at the organisation, and when');
const EventView = named(
  'Event',
  Type.Object(
    { id: Id('The event'), ...fields, createdAt: described(MomentSchema, 'When it was recorded, in UTC', '2024-11-16T09:00:00.000Z') },
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
          description: 'One of a kind per insurer and contract year: 409 when there is one already. Remove it first to correct its day.',
          params,
          body: EventInput,
          response: { 201: EventView, ...problems(401, 404, 409, 413, 415) },
        },
      },
      async ({ params, body }, reply) => {
        const ownEvent = await change((tx) => recordOwnEvent(tx, params.id, body, clock()));
        return reply.code(201).send(eventView(ownEvent));
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
      async ({ params, query }) => pageOf((await listOwnEvents(read, params.id)).map(eventView), query),
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

function eventView({ id, kind, insurerSlug, contractYear, occurredOn, createdAt }: OwnEvent): Static<typeof EventView> {
  return { id, kind, insurer: insurerSlug, contractYear, occurredOn, createdAt: createdAt.toISOString() };
}
