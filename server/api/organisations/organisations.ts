/** Organisations: who they are, and on whose behalf they deliver. */
import { Type, type Static } from '../../../calendars/schema/typebox.ts';
import { Nullable, OneOf } from '../../../calendars/deadlines/deadline.ts';
import { LANGUAGES, ROLES } from '../../../calendars/terms.ts';
import {
  changeOrganisation,
  createOrganisation,
  deleteOrganisation,
  getOrganisation,
  type OrganisationWithRelations,
} from '../../../db/organisations/organisations.ts';
import { editorOnly, itselfOnly } from '../../http/auth.ts';
import type { App, Deps } from '../../deps.ts';
import { RelationInput, relationView, RelationView } from './relations.ts';
import { closed, defaulted, Done, MomentSchema, OrganisationPath, problems, Slug, Text, withKey } from '../shapes.ts';

const Name = Text(200);
const Roles = Type.Array(OneOf(ROLES), { minItems: 1, maxItems: ROLES.length, uniqueItems: true });
const Parent = Nullable(Type.String({ format: 'uuid', description: 'The RO that delivers on behalf of this WSV' }));

export const OrganisationInput = Type.Object(
  {
    name: Name,
    language: defaulted(OneOf(LANGUAGES), 'nl'),
    roles: Roles,
    parent: defaulted(Parent, null),
    insurers: Type.Array(Type.Object({ insurer: Slug, ...RelationInput.properties }, closed), { maxItems: 100, default: [] }),
  },
  closed,
);
/** Who an RO delivers for is the editor's to say, when the organisation is made: else anyone could put itself in an RO's list. */
const Leaving = Type.Null({ description: 'Null leaves the RO; only an editor names one, when the organisation is made' });
const OrganisationChange = Type.Partial(Type.Object({ name: Name, language: OneOf(LANGUAGES), roles: Roles, parent: Leaving }), {
  ...closed,
  minProperties: 1,
});

const shown = {
  id: Type.String({ format: 'uuid' }),
  name: Type.String(),
  language: OneOf(LANGUAGES),
  roles: Type.Array(OneOf(ROLES)),
  parent: Nullable(Type.String({ format: 'uuid' })),
  insurers: Type.Array(RelationView),
  createdAt: MomentSchema,
};
const OrganisationView = Type.Object(shown, { ...closed, title: 'Organisation' });
const WithKey = Type.Object(
  { ...shown, key: Type.String({ description: 'Shown this once: keep it. Afterwards Authorization: Bearer ik_…' }) },
  closed,
);

const params = Type.Object(OrganisationPath, closed);
const tags = ['Organisations'];

export function organisationRoutes(deps: Deps) {
  const { read, change, clock } = deps;
  return async (app: App) => {
    app.post(
      '/organisations',
      {
        onRequest: editorOnly(deps),
        schema: {
          tags,
          security: withKey,
          operationId: 'createOrganisation',
          summary: 'A new organisation, with its key',
          body: OrganisationInput,
          response: { 201: WithKey, ...problems(400, 401, 403, 413, 415, 429) },
        },
      },
      async ({ body }, reply) => {
        const { key, ...organisation } = await change((tx) => createOrganisation(tx, body, clock()));
        return reply
          .code(201)
          .header('location', `/api/v1/organisations/${organisation.id}`)
          .send({ ...organisationView(organisation), key });
      },
    );

    app.get(
      '/organisations/:id',
      {
        onRequest: itselfOnly(deps),
        schema: {
          tags,
          security: withKey,
          operationId: 'getOrganisation',
          summary: 'The organisation itself',
          params,
          response: { 200: OrganisationView, ...problems(401, 404, 429) },
        },
      },
      async ({ params }) => organisationView(await getOrganisation(read, params.id)),
    );

    app.patch(
      '/organisations/:id',
      {
        onRequest: itselfOnly(deps),
        schema: {
          tags,
          security: withKey,
          operationId: 'changeOrganisation',
          summary: 'Changes name, language, roles or parent; what is not given stays',
          params,
          body: OrganisationChange,
          response: { 200: OrganisationView, ...problems(400, 401, 404, 413, 415, 429) },
        },
      },
      async ({ params, body }) => {
        const changed = await change((tx) => changeOrganisation(tx, params.id, body, clock()));
        return organisationView(changed);
      },
    );

    app.delete(
      '/organisations/:id',
      {
        onRequest: itselfOnly(deps),
        schema: {
          tags,
          security: withKey,
          operationId: 'deleteOrganisation',
          summary: 'Removes the organisation with all that is its own: keys, links, addresses, mails',
          params,
          response: { 204: Done, ...problems(401, 404, 429) },
        },
      },
      async ({ params }, reply) => {
        await change((tx) => deleteOrganisation(tx, params.id, clock()));
        return reply.code(204).send(null);
      },
    );
  };
}

function organisationView(organisation: OrganisationWithRelations): Static<typeof OrganisationView> {
  const { id, name, language, roles, parentId, relations, createdAt } = organisation;
  return { id, name, language, roles, parent: parentId, insurers: relations.map(relationView), createdAt: createdAt.toISOString() };
}
