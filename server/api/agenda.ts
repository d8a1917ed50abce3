/** An organisation's own list: every deadline that concerns it, as whom, with its own dates, steps and completions. */
import { Type } from '../../calendars/typebox.ts';
import { DaySchema, Nullable, OneOf } from '../../calendars/deadline.ts';
import { AppError } from '../../calendars/errors.ts';
import { READERS } from '../../calendars/terms.ts';
import { insurersOf } from '../../db/agenda.ts';
import type { Household } from '../../db/households.ts';
import { listAgenda, type ListedItem } from '../../db/lists.ts';
import { stateFor, type Registry } from '../../db/registry.ts';
import { itselfOnly } from '../auth.ts';
import type { App, Deps } from '../deps.ts';
import { API_VERSION } from '../openapi.ts';
import { CompletionView } from './completions.ts';
import { DeadlineQuery, questionOf, refuseContradictions } from './deadline-query.ts';
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
  const { memory } = deps;
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
        const { params, query } = request;
        await memory.refresh();
        const known = await memory.household(params.id);
        if (!known) throw new AppError('not_found', 'No such organisation.');
        const { household } = known;
        return app.kept.send(request, reply.header('cache-control', 'private, no-cache'), known, (registry, today) => {
          refuseContradictions(registry.names, query);
          const body = () => listJson(listAgenda(household, registry, questionOf(query, today)), query, lineOf);
          return { tag: tagOf(household, registry, query, today), body };
        });
      },
    );
  };
}

/** Written out by hand where most have nothing: it is done for every line of every list. */
function lineOf({ deadline, insurerName, as, organisations, preferred, completion, steps }: ListedItem): Line {
  const whose = `,"insurerName":${JSON.stringify(insurerName)},"as":"${as}","organisations":${textOf(organisations)},"preferred":${preferred}`;
  const notes = `,"completion":${completion === null ? 'null' : JSON.stringify(completion)},"steps":${steps.length === 0 ? '[]' : JSON.stringify(steps)}`;
  return { deadline, more: whose + notes };
}

/** Most lines of a list have the very same organisations. */
let written: { organisations: ListedItem['organisations']; text: string } | undefined;

function textOf(organisations: ListedItem['organisations']): string {
  if (written?.organisations !== organisations) written = { organisations, text: JSON.stringify(organisations) };
  return written.text;
}

/** Says what the list rests on: the organisation's own changes, its insurers', and the day where the question counts from today. */
function tagOf(household: Household, registry: Registry, { withinDays, asOf }: DeadlineQuery, today: string): string {
  const { version } = household.members[0]!;
  const state = stateFor(registry, insurersOf(household));
  const day = withinDays !== undefined && asOf === undefined ? `-${today}` : '';
  return `${API_VERSION}-${version}-${state.version}${day}`;
}
