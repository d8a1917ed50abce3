/** An organisation's own internal dates before a deadline. */
import { Type } from '../../../calendars/schema/typebox.ts';
import { DaySchema } from '../../../calendars/deadlines/deadline.ts';
import { addStep, listSteps, removeStep } from '../../../db/organisations/completions.ts';
import { getDeadline } from '../../../db/registry/deadlines.ts';
import { itselfOnly } from '../../http/auth.ts';
import type { App, Deps } from '../../deps.ts';
import { closed, Done, ListOf, OrganisationPath, pageOf, PageQuery, problems, Text, withKey } from '../shapes.ts';

const fields = { title: Text(200), dueOn: DaySchema };
const StepInput = Type.Object(fields, closed);
const StepView = Type.Object({ id: Type.String({ format: 'uuid' }), ...fields }, { ...closed, title: 'Step' });

const path = { ...OrganisationPath, deadlineId: Type.String({ format: 'uuid' }) };
const params = Type.Object(path, closed);
const tags = ['Completions and steps'];

export function stepRoutes(deps: Deps) {
  const { read, change, clock } = deps;
  return async (app: App) => {
    app.post(
      '/organisations/:id/deadlines/:deadlineId/steps',
      {
        onRequest: itselfOnly(deps),
        schema: {
          tags,
          security: withKey,
          operationId: 'addStep',
          summary: 'Adds an own date before a deadline',
          params,
          body: StepInput,
          response: { 201: StepView, ...problems(400, 401, 404, 413, 415, 429) },
        },
      },
      async ({ params, body }, reply) => {
        const step = await change((tx) => addStep(tx, params.id, params.deadlineId, body, clock()));
        return reply.code(201).send(step);
      },
    );

    app.get(
      '/organisations/:id/deadlines/:deadlineId/steps',
      {
        onRequest: itselfOnly(deps),
        schema: {
          tags,
          security: withKey,
          operationId: 'listSteps',
          summary: 'The own dates before one deadline, by day',
          params,
          querystring: Type.Object(PageQuery, closed),
          response: { 200: ListOf(StepView), ...problems(400, 401, 404, 429) },
        },
      },
      async ({ params, query }) => {
        await getDeadline(read, params.deadlineId);
        return pageOf(await listSteps(read, params.id, params.deadlineId), query);
      },
    );

    app.delete(
      '/organisations/:id/deadlines/:deadlineId/steps/:stepId',
      {
        onRequest: itselfOnly(deps),
        schema: {
          tags,
          security: withKey,
          operationId: 'removeStep',
          summary: 'Removes a step',
          params: Type.Object({ ...path, stepId: Type.String({ format: 'uuid' }) }, closed),
          response: { 204: Done, ...problems(400, 401, 404, 429) },
        },
      },
      async ({ params }, reply) => {
        await change((tx) => removeStep(tx, params.id, params.deadlineId, params.stepId, clock()));
        return reply.code(204).send(null);
      },
    );
  };
}
