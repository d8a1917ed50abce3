/** An organisation's recipients: the addresses that its reminders go to. */
import { Type, type Static } from 'typebox';
import { Nullable, OneOf } from '../../calendars/deadline.ts';
import { DEFAULT_LEAD_DAYS, DIGESTS } from '../../calendars/reminders.ts';
import { addRecipient, changeRecipient, listRecipients, removeRecipient } from '../../db/recipients.ts';
import type { Recipient } from '../../db/schema.ts';
import { itselfOnly } from '../auth.ts';
import type { App, Deps } from '../deps.ts';
import { closed, defaulted, Done, ListOf, MomentSchema, OrganisationPath, pageOf, PageQuery, problems, withKey } from './shapes.ts';

const Email = Type.String({ format: 'address', description: 'One mail address; it is kept in small letters' });
const LeadDays = Type.Array(Type.Integer({ minimum: 0, maximum: 365 }), {
  minItems: 1,
  maxItems: 10,
  uniqueItems: true,
  description: 'How many days before the last safe day to remind; 0 is the day itself. On a day off, the working day before',
});
const DigestSchema = { ...OneOf(DIGESTS), description: 'Weekly gathers a week in one mail on Monday, unless that would be too late' };

/** What an organisation says of a new recipient. */
export const RecipientInput = Type.Object(
  { email: Email, leadDays: defaulted(LeadDays, [...DEFAULT_LEAD_DAYS]), digest: defaulted(DigestSchema, 'daily') },
  closed,
);
const RecipientChange = Type.Object({ leadDays: Type.Optional(LeadDays), digest: Type.Optional(DigestSchema) }, closed);
const RecipientView = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    email: Type.String(),
    leadDays: Type.Array(Type.Integer()),
    digest: DigestSchema,
    status: OneOf(['pending', 'confirmed', 'unsubscribed']),
    createdAt: MomentSchema,
    confirmedAt: Nullable(MomentSchema),
  },
  { ...closed, title: 'Recipient' },
);

const params = Type.Object(OrganisationPath, closed);
const oneParams = Type.Object({ ...OrganisationPath, recipientId: Type.String({ format: 'uuid' }) }, closed);
const tags = ['Recipients'];

export function recipientRoutes(deps: Deps) {
  const { store, clock, ring } = deps;
  return async (app: App) => {
    app.post(
      '/organisations/:id/recipients',
      {
        onRequest: itselfOnly(deps),
        schema: {
          tags,
          security: withKey,
          operationId: 'addRecipient',
          summary: 'Adds an address; reminders begin when its owner confirms by the link in the mail it gets',
          params,
          body: RecipientInput,
          response: { 201: RecipientView, ...problems(400, 401, 404, 409, 413, 415, 429) },
        },
      },
      async ({ params, body }, reply) => {
        const recipient = await store.write((tx) => addRecipient(tx, params.id, body, clock()));
        ring();
        return reply.code(201).send(recipientView(recipient));
      },
    );

    app.get(
      '/organisations/:id/recipients',
      {
        onRequest: itselfOnly(deps),
        schema: {
          tags,
          security: withKey,
          operationId: 'listRecipients',
          summary: "The organisation's recipients, oldest first",
          params,
          querystring: Type.Object(PageQuery, closed),
          response: { 200: ListOf(RecipientView), ...problems(400, 401, 404, 429) },
        },
      },
      async ({ params, query }) => pageOf((await listRecipients(store.read, params.id)).map(recipientView), query),
    );

    app.patch(
      '/organisations/:id/recipients/:recipientId',
      {
        onRequest: itselfOnly(deps),
        schema: {
          tags,
          security: withKey,
          operationId: 'changeRecipient',
          summary: 'Changes when a recipient is reminded; what is not given stays',
          params: oneParams,
          body: RecipientChange,
          response: { 200: RecipientView, ...problems(400, 401, 404, 413, 415, 429) },
        },
      },
      async ({ params, body }) => {
        const recipient = await store.write((tx) => changeRecipient(tx, params.id, params.recipientId, body));
        ring();
        return recipientView(recipient);
      },
    );

    app.delete(
      '/organisations/:id/recipients/:recipientId',
      {
        onRequest: itselfOnly(deps),
        schema: {
          tags,
          security: withKey,
          operationId: 'removeRecipient',
          summary: 'Removes a recipient: it gets no mail from now on',
          params: oneParams,
          response: { 204: Done, ...problems(400, 401, 404, 429) },
        },
      },
      async ({ params }, reply) => {
        await store.write((tx) => removeRecipient(tx, params.id, params.recipientId));
        ring();
        return reply.code(204).send(null);
      },
    );
  };
}

function recipientView({ id, email, leadDays, digest, status, createdAt, confirmedAt }: Recipient): Static<typeof RecipientView> {
  return { id, email, leadDays, digest, status, createdAt: createdAt.toISOString(), confirmedAt: confirmedAt?.toISOString() ?? null };
}
