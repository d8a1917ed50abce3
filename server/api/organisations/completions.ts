/** Done, or not done after all: who completed a deadline, when, and what proves it. */
import { Type } from '../../../calendars/schema/typebox.ts';
import { DaySchema, Nullable } from '../../../calendars/deadlines/deadline.ts';
import { complete, findCompletion, reopen } from '../../../db/organisations/completions.ts';
import { itselfOnly } from '../../http/auth.ts';
import type { App, Deps } from '../../deps.ts';
import { closed, defaulted, Done, OrganisationPath, problems, Text, withKey } from '../shapes.ts';

const fields = { completedOn: DaySchema, by: Text(200) };
const CompletionInput = Type.Object({ ...fields, evidence: defaulted(Nullable(Text(1000)), null) }, closed);
export const CompletionView = Type.Object({ ...fields, evidence: Nullable(Type.String()) }, { ...closed, title: 'Completion' });

const params = Type.Object({ ...OrganisationPath, deadlineId: Type.String({ format: 'uuid' }) }, closed);
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
          params,
          body: CompletionInput,
          response: { 200: CompletionView, 201: CompletionView, ...problems(400, 401, 404, 413, 415, 429) },
        },
      },
      async ({ params, body }, reply) => {
        const { before, after } = await change(async (tx) => ({
          before: await findCompletion(tx, params.id, params.deadlineId),
          after: await complete(tx, params.id, params.deadlineId, body, clock()),
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
          params,
          response: { 204: Done, ...problems(400, 401, 404, 429) },
        },
      },
      async ({ params }, reply) => {
        await change((tx) => reopen(tx, params.id, params.deadlineId, clock()));
        return reply.code(204).send(null);
      },
    );
  };
}
