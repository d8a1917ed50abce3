/** Organisations: who they are, and on whose behalf they deliver. */
import { Type, type Static } from '../../../calendars/schema/typebox.ts';
import { Nullable, OneOf } from '../../../calendars/deadlines/deadline.ts';
import { LanguageSchema, RoleSchema } from '../../../calendars/schema/words.ts';
import { ROLES } from '../../../calendars/terms.ts';
import {
  changeOrganisation,
  createOrganisation,
  getOrganisation,
  type OrganisationWithRelations,
} from '../../../db/organisations/organisations.ts';
import { readReminded, UNREMINDED_REASONS } from '../../../db/recipients/reminded.ts';
import { withHeaders } from '../../http/answer-headers.ts';
import { editorOnly, itselfOnly } from '../../http/auth.ts';
import { eraseOrganisationAndMembers } from '../../../db/people/erasure.ts';
import type { App, Deps } from '../../deps.ts';
import { RelationInput, relationView, RelationView } from './relations.ts';
import {
  closed,
  defaulted,
  described,
  Done,
  Id,
  MomentSchema,
  named,
  OrganisationPath,
  problems,
  Slug,
  Text,
  withKey,
  Words,
} from '../shapes.ts';

const Name = Text(200, 'What it is called', 'Regio Zuid');
const Roles = Type.Array(RoleSchema, {
  minItems: 1,
  maxItems: ROLES.length,
  uniqueItems: true,
  description: 'What it is; it may be several',
});
const Parent = described(
  Nullable(Type.String({ format: 'uuid', examples: ['96e0ae4c-9c06-4b58-a0f8-9b8bb9a5f3a1'] })),
  'The RO that delivers on behalf of this WSV; null where none does',
);
const RelationLine = named(
  'NewRelation',
  Type.Object({ insurer: Slug, ...RelationInput.properties }, closed),
  'How the organisation stands with an insurer',
);

export const OrganisationInput = named(
  'OrganisationInput',
  Type.Object(
    {
      name: Name,
      language: defaulted(described(LanguageSchema, 'The language of its feeds and mails'), 'nl'),
      roles: Roles,
      parent: defaulted(Parent, null),
      insurers: Type.Array(RelationLine, { maxItems: 100, default: [], description: 'The insurers that it deals with' }),
    },
    closed,
  ),
  'A new organisation',
  { name: 'Regio Zuid', roles: ['ro'], insurers: [{ insurer: 'zorg-en-zekerheid', contractStatus: 'contracted', preferred: true }] },
);
/** Who an RO delivers for is the editor's to say, when the organisation is made: else anyone could put itself in an RO's list. */
const Leaving = Type.Null({ description: 'Null leaves the RO; only an editor names one, when the organisation is made' });
const OrganisationChange = named(
  'OrganisationChange',
  Type.Partial(Type.Object({ name: Name, language: LanguageSchema, roles: Roles, parent: Leaving }), { ...closed, minProperties: 1 }),
  'What changes; what is not given stays',
  { name: 'Regio Zuid-Holland' },
);

const UnremindedReasonSchema = named(
  'UnremindedReason',
  OneOf(UNREMINDED_REASONS),
  'Why nobody is reminded. no_recipients: there are none; never_confirmed: they were asked and did not say yes; declined: they want no reminders, or no more questions whether they do; ' +
    'unsubscribed: they get no mail at all; undeliverable: mail servers say that there are no such addresses; paused: for more than a year from today; ' +
    'various: not the same for all, see the recipients',
  'never_confirmed',
);
const RemindedBySchema = named(
  'RemindedBy',
  OneOf(['email', 'nobody']),
  'email: at least one recipient is confirmed, wants reminders, and gets them within a year, itself or by its deputy; nobody: none does',
  'nobody',
);
const RemindedView = named(
  'Reminded',
  Type.Object(
    {
      by: RemindedBySchema,
      reason: described(Nullable(UnremindedReasonSchema), 'Why nobody is; null where somebody is'),
    },
    closed,
  ),
  'Whether anybody is reminded by mail, and why nobody is',
);

const shown = {
  id: Id('The organisation'),
  name: Name,
  language: described(LanguageSchema, 'The language of its feeds and mails'),
  roles: Roles,
  parent: Parent,
  insurers: Type.Array(RelationView, { description: 'The insurers that it deals with, and how it stands with each' }),
  reminded: RemindedView,
  createdAt: described(MomentSchema, 'When it was made, in UTC', '2024-09-02T08:00:00.000Z'),
};
const OrganisationView = named('Organisation', Type.Object(shown, closed), 'Who must act, and for which insurers');
const WithKey = named(
  'NewOrganisation',
  Type.Object({ ...shown, key: Words('Shown this once: keep it. Afterwards Authorization: Bearer ik_…', 'ik_3xampl3') }, closed),
  'An organisation with its key, which is shown this once',
);

const params = Type.Object(OrganisationPath, closed);
const tags = ['Organisations'];

export function organisationRoutes(deps: Deps) {
  const { read, change, clock, secret } = deps;
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
          description: 'Its key is shown this once. An RO that is to deliver for it is named here, by an editor, and nowhere else.',
          body: OrganisationInput,
          response: { 201: withHeaders(WithKey, 'Location'), ...problems(401, 403, 413, 415) },
        },
      },
      async ({ body }, reply) => {
        const { key, ...organisation } = await change((tx) => createOrganisation(tx, body, clock()));
        return reply
          .code(201)
          .header('location', `/api/v1/organisations/${organisation.id}`)
          .send({ ...(await organisationView(deps, organisation)), key });
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
          description: 'With the insurers that it deals with.',
          params,
          response: { 200: OrganisationView, ...problems(401, 404) },
        },
      },
      async ({ params }) => organisationView(deps, await getOrganisation(read, params.id)),
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
          description: 'Its list, feeds and reminders follow at once. Relations with insurers have calls of their own.',
          params,
          body: OrganisationChange,
          response: { 200: OrganisationView, ...problems(401, 404, 413, 415) },
        },
      },
      async ({ params, body }) => {
        const changed = await change((tx) => changeOrganisation(tx, params.id, body, clock()));
        return organisationView(deps, changed);
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
          description: 'It cannot be taken back.',
          params,
          response: { 204: Done, ...problems(401, 404) },
        },
      },
      async ({ params }, reply) => {
        await change((tx) => eraseOrganisationAndMembers(tx, params.id, secret, clock()));
        return reply.code(204).send(null);
      },
    );
  };
}

async function organisationView(
  { read, secret, clock }: Deps,
  organisation: OrganisationWithRelations,
): Promise<Static<typeof OrganisationView>> {
  const { id, name, language, roles, parentId, relations, createdAt } = organisation;
  const reminded = await readReminded(read, id, secret, clock());
  const insurers = relations.map(relationView);
  return { id, name, language, roles, parent: parentId, insurers, reminded, createdAt: createdAt.toISOString() };
}
