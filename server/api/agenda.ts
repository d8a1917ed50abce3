/** An organisation's own list: every deadline that concerns it, as whom, with its own dates, steps and completions. */
import { Type, type Static } from '../../calendars/typebox.ts';
import { amsterdamDay } from '../../calendars/days.ts';
import { DaySchema, Nullable, OneOf } from '../../calendars/deadline.ts';
import { AppError } from '../../calendars/errors.ts';
import { READERS } from '../../calendars/terms.ts';
import { insurersOf } from '../../db/agenda.ts';
import type { Household } from '../../db/households.ts';
import { listAgenda, type ListedItem } from '../../db/lists.ts';
import { stateFor, type Registry } from '../../db/registry.ts';
import { itselfOnly } from '../auth.ts';
import { matches } from '../conditions.ts';
import type { App, Deps } from '../deps.ts';
import { API_VERSION } from '../openapi.ts';
import { CompletionView } from './completions.ts';
import { DeadlineQuery, refuseContradictions } from './deadline-query.ts';
import { DeadlineView } from './deadline-view.ts';
import { listJson, type Line } from './list-json.ts';
import { closed, ListOf, OrganisationPath, problems, withKey } from './shapes.ts';

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
  const { memory, clock } = deps;
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
        const { page, pageSize, sort, ...filter } = query;
        const registry = await memory.refresh();
        refuseContradictions(registry.names, query);
        const household = await memory.household(params.id);
        if (!household) throw new AppError('not_found', 'No such organisation.');
        const today = amsterdamDay(clock());
        const tag = tagOf(household.household, registry, query, today);
        reply.header('etag', `W/"${tag}"`).header('cache-control', 'private, no-cache');
        if (matches(headers['if-none-match'] ?? '', { tag })) return reply.code(304).send(null);
        const items = listAgenda(household.household, registry, { filter, today, ...(sort ? { sort } : {}) });
        return app.kept.send(request, reply, listJson(items, { page, pageSize }, lineOf), { registry, household, today }, tag);
      },
    );
  };
}

function lineOf({ deadline, ...more }: ListedItem): Line {
  const { insurerName, as, organisations, preferred, completion, steps } = more;
  const fields: Omit<Static<typeof AgendaItemView>, keyof DeadlineView> = { insurerName, as, organisations, preferred, completion, steps };
  return { deadline, more: `,${JSON.stringify(fields).slice(1, -1)}` };
}

/** Says what the list rests on: the organisation's own changes, its insurers', and the day where the question counts from today. */
function tagOf(household: Household, registry: Registry, { withinDays, asOf }: DeadlineQuery, today: string): string {
  const { version } = household.members[0]!;
  const state = stateFor(registry, insurersOf(household));
  const day = withinDays !== undefined && asOf === undefined ? `-${today}` : '';
  return `${API_VERSION}-${version}-${state.version}${day}`;
}
