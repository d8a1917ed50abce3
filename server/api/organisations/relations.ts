/** How an organisation stands with the insurers that it deals with. */
import { Type, type Static } from '../../../calendars/schema/typebox.ts';
import { RelationStatusSchema } from '../../../calendars/schema/words.ts';
import { getInsurer } from '../../../db/registry/insurers.ts';
import { removeRelation, saveRelation } from '../../../db/organisations/organisations.ts';
import type { Relation } from '../../../db/schema/schema.ts';
import { itselfOnly } from '../../http/auth.ts';
import type { App, Deps } from '../../deps.ts';
import { closed, defaulted, Done, named, OrganisationPath, problems, Slug, withKey } from '../shapes.ts';

const standing = {
  contractStatus: RelationStatusSchema,
  preferred: Type.Boolean({
    description:
      'The insurer that leads in the region: sorted first. Plans and accounts that nobody stated yet are told for the leading ones alone; where an organisation names none, those of its RO count. Not with an insurer that one has no contract with',
    examples: [true],
  }),
};
export const RelationView = named(
  'Relation',
  Type.Object({ insurer: Slug, ...standing }, closed),
  'How an organisation stands with an insurer',
);
export const RelationInput = named(
  'RelationInput',
  Type.Object({ contractStatus: defaulted(standing.contractStatus, 'unknown'), preferred: defaulted(standing.preferred, false) }, closed),
  'How the organisation stands with the insurer',
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
          description:
            'From then on its list, its feeds and its reminders hold what that status asks. What is not given: unknown, and not preferred.',
          params,
          body: RelationInput,
          response: { 200: RelationView, ...problems(401, 404, 413, 415) },
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
          description:
            "That insurer's deadlines leave the list and the feeds, and nobody is reminded of them. 404 where there was no relation.",
          params,
          response: { 204: Done, ...problems(401, 404) },
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
