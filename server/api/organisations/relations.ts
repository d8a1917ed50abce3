/** How an organisation stands with the insurers that it deals with. */
import { Type, type Static } from '../../../calendars/schema/typebox.ts';
import { OneOf } from '../../../calendars/deadlines/deadline.ts';
import { RELATION_STATUSES } from '../../../calendars/terms.ts';
import { getInsurer } from '../../../db/registry/insurers.ts';
import { removeRelation, saveRelation } from '../../../db/organisations/organisations.ts';
import type { Relation } from '../../../db/schema/schema.ts';
import { itselfOnly } from '../../http/auth.ts';
import type { App, Deps } from '../../deps.ts';
import { closed, defaulted, Done, OrganisationPath, problems, Slug, withKey } from '../shapes.ts';

const standing = {
  contractStatus: OneOf(RELATION_STATUSES),
  preferred: Type.Boolean({ description: 'The insurer that leads in the region: shown, and sorted first' }),
};
export const RelationView = Type.Object({ insurer: Type.String(), ...standing }, closed);
export const RelationInput = Type.Object(
  { contractStatus: defaulted(standing.contractStatus, 'unknown'), preferred: defaulted(standing.preferred, false) },
  closed,
);

const params = Type.Object({ ...OrganisationPath, slug: Slug }, closed);
const tags = ['Organisations'];

export function relationRoutes(deps: Deps) {
  const { change, clock } = deps;
  return async (app: App) => {
    app.put(
      '/organisations/:id/insurers/:slug',
      {
        onRequest: itselfOnly(deps),
        schema: {
          tags,
          security: withKey,
          operationId: 'saveRelation',
          summary: 'How the organisation stands with an insurer',
          params,
          body: RelationInput,
          response: { 200: RelationView, ...problems(400, 401, 404, 413, 415, 429) },
        },
      },
      async ({ params, body }) => {
        const relation = await change(async (tx) => {
          await getInsurer(tx, params.slug);
          return saveRelation(tx, params.id, params.slug, body, clock());
        });
        return relationView(relation);
      },
    );

    app.delete(
      '/organisations/:id/insurers/:slug',
      {
        onRequest: itselfOnly(deps),
        schema: {
          tags,
          security: withKey,
          operationId: 'removeRelation',
          summary: 'The organisation no longer deals with an insurer',
          params,
          response: { 204: Done, ...problems(400, 401, 404, 429) },
        },
      },
      async ({ params }, reply) => {
        await change((tx) => removeRelation(tx, params.id, params.slug, clock()));
        return reply.code(204).send(null);
      },
    );
  };
}

/** A relation as the API shows it. */
export function relationView({ insurerSlug, contractStatus, preferred }: Relation): Static<typeof RelationView> {
  return { insurer: insurerSlug, contractStatus, preferred };
}
