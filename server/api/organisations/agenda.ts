/** An organisation's own list: every deadline that concerns it, as whom, with its own dates, steps and completions. */
import { Type, type Static } from '../../../calendars/schema/typebox.ts';
import { rememberDay } from '../../../calendars/days.ts';
import type { AgendaItem } from '../../../calendars/deadlines/concern.ts';
import { DaySchema, Nullable, OneOf } from '../../../calendars/deadlines/deadline.ts';
import { AppError } from '../../../calendars/errors.ts';
import { READERS } from '../../../calendars/terms.ts';
import { insurersOf } from '../../../db/organisations/agenda.ts';
import type { AgendaInput } from '../../../db/organisations/agenda-input.ts';
import { listAgenda } from '../../../db/organisations/lists.ts';
import { stateFor, type Snapshot } from '../../../db/registry/snapshot.ts';
import { itselfOnly } from '../../http/auth.ts';
import type { App, Deps } from '../../deps.ts';
import { matches } from '../../http/conditions.ts';
import { sendJson, sendUnchanged, type Memo } from '../../http/memo.ts';
import { API_VERSION } from '../../http/openapi.ts';
import { CompletionView } from './completions.ts';
import { canonicalOf, DeadlineQuery, questionOf, refuseContradictions, versionOn } from '../registry/deadline-query.ts';
import { deadlineView, DeadlineView } from '../registry/deadline-view.ts';
import { closed, ListOf, OrganisationPath, problems, withKey } from '../shapes.ts';

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

export function agendaRoutes(deps: Deps, memo: Memo) {
  const { cache, clock } = deps;
  const dayAt = rememberDay();
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
      async ({ headers, params, query }, reply) => {
        await cache.refresh();
        const organisation = await cache.agendaInput(params.id);
        if (!organisation) throw new AppError('not_found', 'No such organisation.');
        const { agendaInput } = organisation;
        const registry = cache.registry();
        reply.header('cache-control', 'private, no-cache');
        refuseContradictions(registry.names, query);
        const today = dayAt(clock());
        const tag = versionOn(today, query, stateOf(agendaInput, registry));
        reply.header('etag', `W/"${tag}"`);
        const { 'if-none-match': tags } = headers;
        if (tags !== undefined && matches(tags, { tag })) return sendUnchanged(reply);
        const bytes = memo.answer(`agenda of ${params.id} ${canonicalOf(query)}`, tag, () => {
          const { items, total } = listAgenda(agendaInput, registry, questionOf(query, today));
          return { items: items.map(itemView), page: query.page, pageSize: query.pageSize, total };
        });
        return sendJson(reply, bytes);
      },
    );
  };
}

function itemView({ deadline, insurerName, as, organisations, preferred, completion, steps }: AgendaItem): Static<typeof AgendaItemView> {
  return { ...deadlineView(deadline), insurerName, as, organisations, preferred, completion, steps };
}

/** What the list rests on: the organisation's own changes, and its insurers'. */
function stateOf(agendaInput: AgendaInput, registry: Snapshot): string {
  const state = stateFor(registry, insurersOf(agendaInput));
  return `${API_VERSION}-${agendaInput.members[0]!.version}-${state.version}`;
}
