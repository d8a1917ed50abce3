/** An organisation's own dates, before deadlines and by themselves: what is to be done, by whom, and whether it is. */
import { Type } from '../../../calendars/schema/typebox.ts';
import {
  addStep,
  changeStep,
  completeStep,
  getStep,
  listSteps,
  MOST_STEPS,
  removeStep,
  reopenStep,
} from '../../../db/organisations/steps/steps.ts';
import { itselfOnly } from '../../http/auth.ts';
import type { App, Deps } from '../../deps.ts';
import { closed, Done, Id, ListOf, OrganisationPath, pageOf, PageQuery, problems, withKey } from '../shapes.ts';
import { StepChange, StepCompletionSchema, StepInput, StepView, stepView } from './step-shapes.ts';

const params = Type.Object(OrganisationPath, closed);
const oneParams = Type.Object({ ...OrganisationPath, stepId: Id('The step') }, closed);
const tags = ['Completions and steps'];

export function ownStepRoutes(deps: Deps) {
  return async (app: App) => {
    await app.register(manyRoutes(deps));
    await app.register(oneRoutes(deps));
    await app.register(completionRoutes(deps));
  };
}

function manyRoutes(deps: Deps) {
  const { change, clock, read } = deps;
  return async (app: App) => {
    app.post(
      '/organisations/:id/steps',
      {
        onRequest: itselfOnly(deps),
        schema: {
          tags,
          security: withKey,
          operationId: 'addOwnStep',
          summary: 'Adds an own date, before a deadline or by itself',
          description: `Nobody else sees it. An organisation has at most ${MOST_STEPS}. 400 for a deadline that does not concern it, and for an owner that is none of its recipients.`,
          params,
          body: StepInput,
          response: { 201: StepView, ...problems(401, 404, 409, 413, 415) },
        },
      },
      async ({ params, body }, reply) => {
        const step = await change((tx) => addStep(tx, params.id, body, clock()));
        return reply.code(201).send(stepView(step));
      },
    );

    app.get(
      '/organisations/:id/steps',
      {
        onRequest: itselfOnly(deps),
        schema: {
          tags,
          security: withKey,
          operationId: 'listOwnSteps',
          summary: "The organisation's own dates, by day",
          description: 'All of them: before deadlines and by themselves, done and not.',
          params,
          querystring: Type.Object(PageQuery, closed),
          response: { 200: ListOf(StepView), ...problems(401, 404) },
        },
      },
      async ({ params, query }) => pageOf((await listSteps(read, params.id)).map(stepView), query),
    );
  };
}

function oneRoutes(deps: Deps) {
  const { change, clock, read } = deps;
  return async (app: App) => {
    app.get(
      '/organisations/:id/steps/:stepId',
      {
        onRequest: itselfOnly(deps),
        schema: {
          tags,
          security: withKey,
          operationId: 'getOwnStep',
          summary: 'One own date',
          description: 'As it is in the list.',
          params: oneParams,
          response: { 200: StepView, ...problems(401, 404) },
        },
      },
      async ({ params }) => stepView(await getStep(read, params.id, params.stepId)),
    );

    app.patch(
      '/organisations/:id/steps/:stepId',
      {
        onRequest: itselfOnly(deps),
        schema: {
          tags,
          security: withKey,
          operationId: 'changeOwnStep',
          summary: 'Changes an own date; what is not given stays',
          description: 'What follows from it moves along at once. 400 as for a new one.',
          params: oneParams,
          body: StepChange,
          response: { 200: StepView, ...problems(401, 404, 413, 415) },
        },
      },
      async ({ params, body }) => stepView(await change((tx) => changeStep(tx, params.id, params.stepId, body, clock()))),
    );

    app.delete(
      '/organisations/:id/steps/:stepId',
      {
        onRequest: itselfOnly(deps),
        schema: {
          tags,
          security: withKey,
          operationId: 'removeOwnStep',
          summary: 'Removes an own date',
          description: 'Nothing of it stays but in the record of what was sent.',
          params: oneParams,
          response: { 204: Done, ...problems(401, 404) },
        },
      },
      async ({ params }, reply) => {
        await change((tx) => removeStep(tx, params.id, params.stepId, clock()));
        return reply.code(204).send(null);
      },
    );
  };
}

function completionRoutes(deps: Deps) {
  const { change, clock } = deps;
  return async (app: App) => {
    app.put(
      '/organisations/:id/steps/:stepId/completion',
      {
        onRequest: itselfOnly(deps),
        schema: {
          tags,
          security: withKey,
          operationId: 'completeOwnStep',
          summary: 'Marks an own date as done, or corrects what was said of it',
          description:
            'It asks nothing of anybody any more. The organisation’s other recipients hear of it by mail, unless it is undone by then.',
          params: oneParams,
          body: StepCompletionSchema,
          response: { 200: StepView, ...problems(401, 404, 413, 415) },
        },
      },
      async ({ params, body }) => stepView(await change((tx) => completeStep(tx, params.id, params.stepId, body, clock(), { way: 'key' }))),
    );

    app.delete(
      '/organisations/:id/steps/:stepId/completion',
      {
        onRequest: itselfOnly(deps),
        schema: {
          tags,
          security: withKey,
          operationId: 'reopenOwnStep',
          summary: 'Not done after all',
          description: '404 where it was not marked as done.',
          params: oneParams,
          response: { 204: Done, ...problems(401, 404) },
        },
      },
      async ({ params }, reply) => {
        await change((tx) => reopenStep(tx, params.id, params.stepId, clock(), { way: 'key', by: null }));
        return reply.code(204).send(null);
      },
    );
  };
}
