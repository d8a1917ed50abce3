/** An organisation's own list: every deadline that concerns it, as whom, with its own dates, steps and completions. */
import { Type, type Static } from 'typebox';
import type { AgendaItem } from '../../calendars/concern.ts';
import { amsterdamDay } from '../../calendars/days.ts';
import { DaySchema, Nullable, OneOf } from '../../calendars/deadline.ts';
import { fits } from '../../calendars/listing.ts';
import { READERS } from '../../calendars/terms.ts';
import { readAgenda } from '../../db/agenda.ts';
import { getOrganisation } from '../../db/organisations.ts';
import { registryVersionFor } from '../../db/versions.ts';
import { itselfOnly } from '../auth.ts';
import { matches } from '../conditions.ts';
import type { App, Deps } from '../deps.ts';
import { API_VERSION } from '../openapi.ts';
import { CompletionView } from './completions.ts';
import { DeadlineQuery, refuseContradictions } from './deadline-query.ts';
import { deadlineView, DeadlineView } from './deadline-view.ts';
import { closed, ListOf, OrganisationPath, pageOf, problems, withKey } from './shapes.ts';

const AgendaItemView = Type.Object(
  {
    ...DeadlineView.properties,
    insurerName: Nullable(Type.String()),
    as: { ...OneOf(READERS), description: 'In which role the deadline concerns the organisation; informed: only to know of it' },
    organisations: Type.Array(Type.Object({ id: Type.String({ format: 'uuid' }), name: Type.String() }, closed), {
      description: 'Whose duty it is: the organisation itself, or those it delivers for',
    }),
    preferred: Type.Boolean(),
    completion: Nullable(CompletionView),
    steps: Type.Array(Type.Object({ id: Type.String({ format: 'uuid' }), title: Type.String(), dueOn: DaySchema }, closed)),
  },
  { ...closed, title: 'AgendaItem' },
);

export function agendaRoutes(deps: Deps) {
  const { store, clock } = deps;
  return async (app: App) => {
    app.get(
      '/organisations/:id/deadlines',
      {
        onRequest: itselfOnly(deps),
        schema: {
          tags: ['Organisations'],
          security: withKey,
          operationId: 'listAgenda',
          summary: 'The deadlines that concern the organisation, or those it delivers for',
          description:
            'Filters as for all deadlines. A term that its own event started has its own days here. Sends an ETag; 304 when nothing changed.',
          params: Type.Object(OrganisationPath, closed),
          querystring: DeadlineQuery,
          response: { 200: ListOf(AgendaItemView), 304: Type.Null({ description: 'Nothing changed' }), ...problems(400, 401, 404, 429) },
        },
      },
      async (request, reply) => {
        const { params, query, headers } = request;
        await refuseContradictions(store.read, query);
        const today = amsterdamDay(clock());
        const tag = await tagOf(deps, params.id, query, today);
        reply.header('etag', `W/"${tag}"`).header('cache-control', 'private, no-cache');
        if (matches(headers['if-none-match'] ?? '', { tag })) return reply.code(304).send(null);
        const { page, pageSize, sort, ...filter } = query;
        const agenda = await readAgenda(store.read, params.id, sort ? { sort } : {});
        const items = agenda.filter(({ deadline }) => fits(deadline, filter, today)).map(itemView);
        return reply.send(pageOf(items, { page, pageSize }));
      },
    );
  };
}

function itemView(item: AgendaItem): Static<typeof AgendaItemView> {
  const { deadline, insurerName, as, organisations, preferred, completion, steps } = item;
  return { ...deadlineView(deadline), insurerName, as, organisations, preferred, completion, steps };
}

/** Says what the list rests on: the organisation's own changes, its insurers', and the day where the question counts from today. */
async function tagOf({ store }: Deps, id: string, { withinDays, asOf }: DeadlineQuery, today: string): Promise<string> {
  const { version } = await getOrganisation(store.read, id);
  const registry = await registryVersionFor(store.read, id);
  const day = withinDays !== undefined && asOf === undefined ? `-${today}` : '';
  return `${API_VERSION}-${version}-${registry}${day}`;
}
