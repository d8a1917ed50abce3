/** Deadlines: asking for them, and an editor's three changes. */
import type { FastifyRequest } from 'fastify';
import { Type } from '../../../calendars/schema/typebox.ts';
import { rememberDay } from '../../../calendars/days.ts';
import { isProvenAnew } from '../../../calendars/editions/amended.ts';
import { amendAlone, enterAlone, withdrawAlone } from '../../../db/registry/editions/alone.ts';
import { getDeadline, listRevisions } from '../../../db/registry/deadlines.ts';
import { listDeadlines } from '../../../db/organisations/lists.ts';
import { withHeaders } from '../../http/answer-headers.ts';
import { editorOf, editorOnly } from '../../http/auth.ts';
import type { App, Deps } from '../../deps.ts';
import { sendJson, type Memo } from '../../http/memo.ts';
import { AmendmentInput, changeFrom, contentFrom, DeadlineInput, WithdrawalInput } from './deadline-input.ts';
import { canonicalOf, DeadlineQuery, questionOf, refuseContradictions, versionOn } from './deadline-query.ts';
import { deadlineView, DeadlineView, enteredView, EnteredView, revisionView, RevisionView } from './deadline-view.ts';
import { closed, Id, ListOf, pageOf, PageQuery, problems, withKey, withoutKey } from '../shapes.ts';

const params = Type.Object({ deadlineId: Id('The deadline') }, closed);
const tags = ['Deadlines'];
const senderOf = (request: FastifyRequest) => ({ door: 'api', by: editorOf(request) }) as const;

export function deadlineRoutes(deps: Deps, memo: Memo) {
  const { read, change, cache, clock } = deps;
  const dayAt = rememberDay();
  return async (app: App) => {
    app.get(
      '/deadlines',
      {
        schema: {
          tags,
          security: withoutKey,
          operationId: 'findDeadlines',
          summary: 'Everything published that fits, past and future',
          description:
            'All filters together narrow the list. Deadlines without a day are left out unless includeUndated asks for them. A filter that ' +
            'contradicts another is a fault.',
          querystring: DeadlineQuery,
          response: { 200: ListOf(DeadlineView), ...problems() },
        },
      },
      async ({ query }, reply) => {
        const registry = await cache.refresh();
        refuseContradictions(registry.names, query);
        const today = dayAt(clock());
        const version = versionOn(today, query, String(registry.counters.registry));
        const bytes = memo.answer(`deadlines ${canonicalOf(query)}`, version, () => {
          const { items, total } = listDeadlines(registry, questionOf(query, today));
          return { items: items.map(deadlineView), page: query.page, pageSize: query.pageSize, total };
        });
        return sendJson(reply, bytes);
      },
    );

    app.get(
      '/deadlines/:deadlineId',
      {
        schema: {
          tags,
          security: withoutKey,
          operationId: 'getDeadline',
          summary: 'One deadline as it stands now',
          description: 'Also one that was withdrawn: its status says so.',
          params,
          response: { 200: DeadlineView, ...problems(404) },
        },
      },
      async ({ params }) => deadlineView(await getDeadline(read, params.deadlineId)),
    );

    app.get(
      '/deadlines/:deadlineId/revisions',
      {
        schema: {
          tags,
          security: withoutKey,
          operationId: 'listRevisions',
          summary: 'The history of a deadline with its reasons, oldest first',
          description: 'Each change makes a revision, and none is ever overwritten: the last one is what the deadline says now.',
          params,
          querystring: Type.Object(PageQuery, closed),
          response: { 200: ListOf(RevisionView), ...problems(404) },
        },
      },
      async ({ params, query }) => pageOf((await listRevisions(read, params.deadlineId)).map(revisionView), query),
    );

    app.post(
      '/deadlines',
      {
        onRequest: editorOnly(deps),
        schema: {
          tags,
          security: withKey,
          operationId: 'createDeadline',
          summary: 'A new deadline',
          description:
            'What is not given is not known. At most one per insurer, contract year, care type, activity and slot; of requirements one per key. ' +
            'What is stated becomes the next revision of what was projected for it, whatever its care type where that was assumed: 200 with the id of that one, else 201.',
          body: DeadlineInput,
          response: {
            200: withHeaders(EnteredView, 'Location'),
            201: withHeaders(EnteredView, 'Location'),
            ...problems(401, 403, 409, 413, 415),
          },
        },
      },
      async (request, reply) => {
        const { body } = request;
        const { insurer, contractYear, careType, activity, slot, key, reason, announcedOn } = body;
        const identity = { insurer, contractYear, careType, activity, slot, key };
        const input = { identity, content: contentFrom(body), reason, announcedOn };
        const entered = await change((tx) => enterAlone(tx, input, senderOf(request), clock()));
        const { deadline, isNew } = entered;
        return reply
          .code(isNew ? 201 : 200)
          .header('location', `/api/v1/deadlines/${deadline.id}`)
          .send(enteredView(entered));
      },
    );

    app.post(
      '/deadlines/:deadlineId/revisions',
      {
        onRequest: editorOnly(deps),
        schema: {
          tags,
          security: withKey,
          operationId: 'amendDeadline',
          summary: 'The next revision, on top of baseRevision',
          description:
            'What is not given stays as it was. A new rule, boundary or certainty drops basis, conflict, extension and sources unless they are ' +
            'given again, and the reporting year that only a projection had (of accounts it stays); a stated date needs a literal quote that names it, or a basis of kind computation. ' +
            'Dates of later years that are expected because of this one are renewed with it.',
          params,
          body: AmendmentInput,
          response: { 201: RevisionView, ...problems(401, 403, 404, 409, 413, 415) },
        },
      },
      async (request, reply) => {
        const { body, params } = request;
        const { baseRevision, reason, announcedOn, ...changed } = body;
        const said = changeFrom(changed);
        const amendment = { baseRevision, reason, announcedOn, prove: isProvenAnew(said), ...said };
        const revised = await change((tx) => amendAlone(tx, params.deadlineId, amendment, senderOf(request), clock()));
        return reply.code(201).send(revisionView(revised));
      },
    );

    app.put(
      '/deadlines/:deadlineId/withdrawal',
      {
        onRequest: editorOnly(deps),
        schema: {
          tags,
          security: withKey,
          operationId: 'withdrawDeadline',
          summary: 'Withdraws a deadline; it stays in its history',
          description:
            'It leaves lists, stays in feeds as cancelled for 60 days, and whom it concerned is told. Withdrawing it again changes nothing.',
          params,
          body: WithdrawalInput,
          response: { 200: DeadlineView, ...problems(401, 403, 404, 413, 415) },
        },
      },
      async (request, reply) => {
        const { body, params } = request;
        const withdrawn = await change((tx) => withdrawAlone(tx, params.deadlineId, body.reason, senderOf(request), clock()));
        return reply.send(deadlineView(withdrawn));
      },
    );
  };
}
