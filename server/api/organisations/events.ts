/** What happened at the organisation itself and starts a term: a contract received. */
import { Type, type Static } from '../../../calendars/schema/typebox.ts';
import { ContractYear, DaySchema, OneOf } from '../../../calendars/deadlines/deadline.ts';
import { EVENT_KINDS } from '../../../calendars/terms.ts';
import { listOwnEvents, recordOwnEvent, removeOwnEvent, type OwnEvent } from '../../../db/organisations/own-events.ts';
import { itselfOnly } from '../../http/auth.ts';
import type { App, Deps } from '../../deps.ts';
import { closed, Done, ListOf, MomentSchema, OrganisationPath, pageOf, PageQuery, problems, Slug, withKey } from '../shapes.ts';

const fields = { kind: OneOf(EVENT_KINDS), insurer: Slug, contractYear: ContractYear, occurredOn: DaySchema };
const EventInput = Type.Object(fields, closed);
const EventView = Type.Object({ id: Type.String({ format: 'uuid' }), ...fields, createdAt: MomentSchema }, { ...closed, title: 'Event' });

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
          params,
          body: EventInput,
          response: { 201: EventView, ...problems(400, 401, 404, 409, 413, 415, 429) },
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
          params,
          querystring: Type.Object(PageQuery, closed),
          response: { 200: ListOf(EventView), ...problems(400, 401, 404, 429) },
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
          params: Type.Object({ ...OrganisationPath, eventId: Type.String({ format: 'uuid' }) }, closed),
          response: { 204: Done, ...problems(400, 401, 404, 429) },
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
