/** An organisation's own dates before one deadline. */
import { Type } from '../../../calendars/schema/typebox.ts';
import { requireConcern } from '../../../db/organisations/concerns.ts';
import { addStep, getStep, listSteps, removeStep } from '../../../db/organisations/steps/steps.ts';
import { getDeadline } from '../../../db/registry/deadlines.ts';
import { AppError } from '../../../calendars/errors.ts';
import { itselfOnly } from '../../http/auth.ts';
import type { App, Deps } from '../../deps.ts';
import { closed, Done, Id, ListOf, OrganisationPath, pageOf, PageQuery, problems, withKey } from '../shapes.ts';
import { StepBeforeInput, StepView, stepView } from './step-shapes.ts';

const path = { ...OrganisationPath, deadlineId: Id('The deadline') };
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
          description: 'As `POST /organisations/{id}/steps` does, for one deadline. 400 for one that was withdrawn or does not concern it.',
          params,
          body: StepBeforeInput,
          response: { 201: StepView, ...problems(401, 404, 409, 413, 415) },
        },
      },
      async ({ params, body }, reply) => {
        const step = await change(async (tx) => {
          const { deadlineId, id } = params;
          await requireConcern(tx, id, await getDeadline(tx, deadlineId));
          return addStep(tx, id, { ...body, deadlineId }, clock());
        });
        return reply.code(201).send(stepView(step));
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
          description: 'What the organisation wants to have done before the deadline itself.',
          params,
          querystring: Type.Object(PageQuery, closed),
          response: { 200: ListOf(StepView), ...problems(401, 404) },
        },
      },
      async ({ params, query }) => {
        const { id: deadlineId } = await getDeadline(read, params.deadlineId);
        return pageOf((await listSteps(read, params.id, deadlineId)).map(stepView), query);
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
          description: 'As `DELETE /organisations/{id}/steps/{stepId}` does.',
          params: Type.Object({ ...path, stepId: Id('The step') }, closed),
          response: { 204: Done, ...problems(401, 404) },
        },
      },
      async ({ params }, reply) => {
        const { deadlineId, id, stepId } = params;
        await change(async (tx) => {
          const step = await getStep(tx, id, stepId);
          if (step.deadlineId !== deadlineId) throw new AppError('not_found', 'No such step.');
          await removeStep(tx, id, stepId, clock());
        });
        return reply.code(204).send(null);
      },
    );
  };
}
