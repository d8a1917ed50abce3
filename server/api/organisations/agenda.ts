/** An organisation's own list: every deadline that concerns it, as whom, with its own dates, steps and completions. */
import { Type, type Static } from '../../../calendars/schema/typebox.ts';
import { ReaderSchema } from '../../../calendars/schema/words.ts';
import { rememberDay } from '../../../calendars/days.ts';
import type { AgendaItem } from '../../../calendars/agenda/concern.ts';
import { isRequestOver, notesOf, requestNotes } from '../../../calendars/agenda/item-notes.ts';
import type { Day } from '../../../calendars/terms.ts';
import { Nullable } from '../../../calendars/deadlines/deadline.ts';
import { AppError } from '../../../calendars/errors.ts';
import { insurersOf } from '../../../db/organisations/agenda.ts';
import type { AgendaInput } from '../../../db/organisations/agenda-input.ts';
import { listAgenda } from '../../../db/organisations/lists.ts';
import { deadlinesFor, stateFor, type Snapshot } from '../../../db/registry/snapshot.ts';
import { withHeaders } from '../../http/answer-headers.ts';
import { itselfOnly } from '../../http/auth.ts';
import type { App, Deps } from '../../deps.ts';
import { matches } from '../../http/conditions.ts';
import { sendJson, sendUnchanged, type Memo } from '../../http/memo.ts';
import { API_VERSION } from '../../http/openapi.ts';
import { CompletionView } from './completions.ts';
import { canonicalOf, DeadlineQuery, questionOf, refuseContradictions, versionOn } from '../registry/deadline-query.ts';
import { deadlineView, DeadlineView } from '../registry/deadline-view.ts';
import { closed, described, ListOf, named, NamedOrganisation, OrganisationPath, problems, withKey, Words } from '../shapes.ts';
import { StepView, stepView } from './step-shapes.ts';

const AgendaItemView = named(
  'AgendaItem',
  Type.Object(
    {
      ...DeadlineView.properties,
      insurerName: described(
        Nullable(Words('What the insurer calls itself', 'Zorg en Zekerheid')),
        'What the insurer calls itself; null for a duty of the whole sector',
      ),
      as: described(ReaderSchema, 'In which role the deadline concerns the organisation; informed: only to know of it'),
      organisations: Type.Array(NamedOrganisation, {
        description: 'Whose duty it is: the organisation itself, or those it delivers for',
      }),
      preferred: Type.Boolean({ description: 'Whether the insurer leads in the region', examples: [true] }),
      notes: Type.Array(
        Type.String({ examples: ['Geldt voor huisartsenzorg; voor uw zorgsoort noemde deze verzekeraar nog geen datum.'] }),
        {
          description:
            'What has to be read beside it, in Dutch: whether an agreement was offered, for whose care the day holds, that the day to ask for a contract is over; mostly none',
        },
      ),
      completion: described(Nullable(CompletionView), 'Who did it, and when; null where it is not done'),
      steps: Type.Array(StepView, { description: "The organisation's own dates before it, by day" }),
    },
    closed,
  ),
  'A deadline that concerns the organisation, with what is its own',
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
          response: {
            200: withHeaders(ListOf(AgendaItemView), 'ETag'),
            304: withHeaders(Type.Null({ description: 'Nothing changed' }), 'ETag'),
            ...problems(401, 404),
          },
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
        const tag = versionOn(today, query, stateOf(agendaInput, registry, today));
        reply.header('etag', `W/"${tag}"`);
        const { 'if-none-match': tags } = headers;
        if (tags !== undefined && matches(tags, { tag })) return sendUnchanged(reply);
        const bytes = memo.answer(`agenda of ${params.id} ${canonicalOf(query)}`, tag, () => {
          const { items, total } = listAgenda(agendaInput, registry, questionOf(query, today));
          return { items: items.map((item) => itemView(item, today)), page: query.page, pageSize: query.pageSize, total };
        });
        return sendJson(reply, bytes);
      },
    );
  };
}

function itemView(item: AgendaItem, today: Day): Static<typeof AgendaItemView> {
  const { deadline, insurerName, as, organisations, preferred, completion, steps } = item;
  const notes = [...notesOf(item, 'nl'), ...requestNotes([item], today, 'nl')];
  return { ...deadlineView(deadline), insurerName, as, organisations, preferred, notes, completion, steps: steps.map(stepView) };
}

/** What the list rests on: the organisation's own changes, its insurers', and how many days to ask for a contract are over, which the notes tell. */
function stateOf(agendaInput: AgendaInput, registry: Snapshot, today: Day): string {
  const slugs = insurersOf(agendaInput);
  const over = deadlinesFor(registry, slugs).filter((deadline) => isRequestOver(deadline, today)).length;
  const state = stateFor(registry, slugs);
  return `${API_VERSION}-${agendaInput.members[0]!.version}-${state.version}${over > 0 ? `-${over}` : ''}`;
}
