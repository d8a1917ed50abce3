/** An organisation's own list: every deadline that concerns it, as whom, with its own dates, steps and completions. */
import { Type } from '../../../calendars/schema/typebox.ts';
import { DaySchema, Nullable, OneOf } from '../../../calendars/deadlines/deadline.ts';
import { AppError } from '../../../calendars/errors.ts';
import { countsFromToday } from '../../../calendars/deadlines/listing.ts';
import { READERS } from '../../../calendars/terms.ts';
import { insurersOf } from '../../../db/organisations/agenda.ts';
import type { Household } from '../../../db/organisations/agenda-facts.ts';
import { listAgenda, type CommonItem, type ListedItem } from '../../../db/organisations/lists.ts';
import { stateFor, type Registry } from '../../../db/registry/snapshot.ts';
import { itselfOnly } from '../../http/auth.ts';
import type { App, Deps } from '../../deps.ts';
import { API_VERSION } from '../../http/openapi.ts';
import { CompletionView } from './completions.ts';
import { DeadlineQuery, questionOf, refuseContradictions } from '../registry/deadline-query.ts';
import { DeadlineView } from '../registry/deadline-view.ts';
import { listJson } from '../list-json.ts';
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
          const body = () => listJson(listAgenda(household, registry, questionOf(query, today)), query, deadlineIn, lineOf);
          return { tag: tagOf(household, registry, query, today), body };
        });
      },
    );
  };
}

const deadlineIn = ({ common }: ListedItem) => common.deadline;

/** What stands behind a deadline's own fields, put together from what many lines have in common: it is done for every line of every list. */
function lineOf({ common, organisations, completion, steps }: ListedItem): Buffer[] {
  const { role, rest } = commonBytes(common);
  const plain = completion === null && steps.length === 0;
  return [
    role,
    bytesOf(organisations),
    rest,
    plain ? NO_NOTES : Buffer.from(`,"completion":${JSON.stringify(completion)},"steps":${JSON.stringify(steps)}`),
  ];
}

const NO_NOTES = Buffer.from(',"completion":null,"steps":[]');

/** It is forgotten with the list that it stands in. */
const known = new WeakMap<CommonItem, { role: Buffer; rest: Buffer }>();

function commonBytes(item: CommonItem): { role: Buffer; rest: Buffer } {
  const bytes = known.get(item) ?? writeCommon(item);
  known.set(item, bytes);
  return bytes;
}

function writeCommon({ insurerName, as, preferred }: CommonItem) {
  const role = Buffer.from(`,"insurerName":${JSON.stringify(insurerName)},"as":"${as}","organisations":`);
  return { role, rest: Buffer.from(`,"preferred":${preferred}`) };
}

/** Most lines of a list have the very same organisations. */
let written: { organisations: ListedItem['organisations']; bytes: Buffer } | undefined;

function bytesOf(organisations: ListedItem['organisations']): Buffer {
  if (written?.organisations !== organisations) written = { organisations, bytes: Buffer.from(JSON.stringify(organisations)) };
  return written.bytes;
}

/** Says what the list rests on: the organisation's own changes, its insurers', and the day where the question counts from today. */
function tagOf(household: Household, registry: Registry, query: DeadlineQuery, today: string): string {
  const { version } = household.members[0]!;
  const state = stateFor(registry, insurersOf(household));
  const day = countsFromToday(query) ? `-${today}` : '';
  return `${API_VERSION}-${version}-${state.version}${day}`;
}
