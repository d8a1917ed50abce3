/** Done, or not done after all: who completed a deadline, when, and what proves it. */
import { Type } from '../../../calendars/schema/typebox.ts';
import { DaySchema, Nullable } from '../../../calendars/deadlines/deadline.ts';
import { complete, findCompletion, reopen } from '../../../db/organisations/completions.ts';
import { itselfOnly } from '../../http/auth.ts';
import type { App, Deps } from '../../deps.ts';
import { closed, defaulted, described, Done, Id, named, OrganisationPath, problems, Text, withKey } from '../shapes.ts';

const completedOn = described(DaySchema, 'The day on which it was done', '2024-09-20');
const by = Text(200, 'Who did it', 'A. de Vries');
const evidence = described(
  Nullable(Text(1000, 'What proves it', 'Ontvangstbevestiging van 20 september')),
  'What proves it; null where nothing was kept',
);
export const CompletionInput = named(
  'CompletionInput',
  Type.Object({ completedOn, by, evidence: defaulted(evidence, null) }, closed),
  'Who did it, and when',
);
export const CompletionView = named('Completion', Type.Object({ completedOn, by, evidence }, closed), 'Who did it, and when');

const params = Type.Object({ ...OrganisationPath, deadlineId: Id('The deadline') }, closed);
const tags = ['Completions and steps'];

export function completionRoutes(deps: Deps) {
  const { change, clock } = deps;
  return async (app: App) => {
    app.put(
      '/organisations/:id/deadlines/:deadlineId/completion',
      {
        onRequest: itselfOnly(deps),
        schema: {
          tags,
          security: withKey,
          operationId: 'complete',
          summary: 'Marks a deadline as done, or corrects what was said of it; reminders of it stop',
          description:
            '201 when it was not done before, 200 when it was. 400 for a deadline that was withdrawn, that concerns neither the organisation ' +
            'nor those it delivers for, or that only own events of those date: each of them says itself that it is done.',
          params,
          body: CompletionInput,
          response: { 200: CompletionView, 201: CompletionView, ...problems(401, 404, 413, 415) },
        },
      },
      async ({ params, body }, reply) => {
        const { before, after } = await change(async (tx) => ({
          before: await findCompletion(tx, params.id, params.deadlineId),
          after: await complete(tx, params.id, params.deadlineId, body, clock(), { way: 'key' }),
        }));
        return reply.code(before ? 200 : 201).send(after);
      },
    );

    app.delete(
      '/organisations/:id/deadlines/:deadlineId/completion',
      {
        onRequest: itselfOnly(deps),
        schema: {
          tags,
          security: withKey,
          operationId: 'reopen',
          summary: 'Not done after all',
          description: 'Reminders that are still to come are planned again. 404 where it was not marked as done.',
          params,
          response: { 204: Done, ...problems(401, 404) },
        },
      },
      async ({ params }, reply) => {
        await change((tx) => reopen(tx, params.id, params.deadlineId, clock(), { way: 'key', by: null }));
        return reply.code(204).send(null);
      },
    );
  };
}
