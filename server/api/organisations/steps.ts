/** An organisation's own internal dates before a deadline. */
import { Type } from '../../../calendars/schema/typebox.ts';
import { DaySchema } from '../../../calendars/deadlines/deadline.ts';
import { addStep, listSteps, removeStep } from '../../../db/organisations/completions.ts';
import { getDeadline } from '../../../db/registry/deadlines.ts';
import { itselfOnly } from '../../http/auth.ts';
import type { App, Deps } from '../../deps.ts';
import { closed, described, Done, Id, ListOf, named, OrganisationPath, pageOf, PageQuery, problems, Text, withKey } from '../shapes.ts';

const fields = {
  title: Text(200, 'What is to be done by then', 'Begroting rond'),
  dueOn: described(DaySchema, 'By which day', '2024-09-01'),
};
const StepInput = named('StepInput', Type.Object(fields, closed), 'An own date before a deadline');
export const StepView = named('Step', Type.Object({ id: Id('The step'), ...fields }, closed), 'An own date before a deadline');

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
          description:
            'It stands with the deadline in the list and in the feeds of the organisation; nobody else sees it. 400 for a deadline that was ' +
            'withdrawn or does not concern it.',
          params,
          body: StepInput,
          response: { 201: StepView, ...problems(401, 404, 413, 415) },
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
          description: 'What the organisation wants to have done before the deadline itself.',
          params,
          querystring: Type.Object(PageQuery, closed),
          response: { 200: ListOf(StepView), ...problems(401, 404) },
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
          description: 'It leaves the list and the feeds of the organisation.',
          params: Type.Object({ ...path, stepId: Id('The step') }, closed),
          response: { 204: Done, ...problems(401, 404) },
        },
      },
      async ({ params }, reply) => {
        await change((tx) => removeStep(tx, params.id, params.deadlineId, params.stepId, clock()));
        return reply.code(204).send(null);
      },
    );
  };
}
