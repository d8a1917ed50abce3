/** An organisation's recipients: the addresses that its reminders go to. */
import { Type } from '../../../calendars/schema/typebox.ts';
import { eraseRecipient } from '../../../db/recipients/erasure.ts';
import { addRecipient, changeRecipient } from '../../../db/recipients/recipients.ts';
import { itselfOnly } from '../../http/auth.ts';
import type { App, Deps } from '../../deps.ts';
import { closed, Done, Id, ListOf, OrganisationPath, pageOf, PageQuery, problems, withKey } from '../shapes.ts';
import { RecipientChange, RecipientInput, RecipientView } from './recipient-shapes.ts';
import { viewAll, viewOf } from './recipient-view.ts';

const params = Type.Object(OrganisationPath, closed);
const oneParams = Type.Object({ ...OrganisationPath, recipientId: Id('The recipient') }, closed);
const tags = ['Recipients'];

export function recipientRoutes(deps: Deps) {
  const { read, change, secret, clock } = deps;
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
          description:
            'That mail leaves when the limit allows: an address, however it is spelled, gets at most one such question an hour and three a day, of all organisations together. An organisation has at most 50 recipients.',
          params,
          body: RecipientInput,
          response: { 201: RecipientView, ...problems(401, 404, 409, 413, 415) },
        },
      },
      async ({ params, body }, reply) => {
        const recipient = await change(async (tx) => viewOf(tx, secret, await addRecipient(tx, params.id, body, clock()), clock()));
        return reply.code(201).send(recipient);
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
          summary: "The organisation's recipients, in their order",
          description: 'With what was chosen for each, whether its owner said yes, and what it wants no mail about.',
          params,
          querystring: Type.Object(PageQuery, closed),
          response: { 200: ListOf(RecipientView), ...problems(401, 404) },
        },
      },
      async ({ params, query }) => pageOf(await viewAll(read, secret, params.id, clock()), query),
    );

    app.patch(
      '/organisations/:id/recipients/:recipientId',
      {
        onRequest: itselfOnly(deps),
        schema: {
          tags,
          security: withKey,
          operationId: 'changeRecipient',
          summary: 'Changes what is chosen for a recipient; what is not given stays',
          description: 'What is planned follows at once. The address itself cannot change: remove it and add another.',
          params: oneParams,
          body: RecipientChange,
          response: { 200: RecipientView, ...problems(401, 404, 413, 415) },
        },
      },
      async ({ params, body }) => {
        const recipient = await change(async (tx) =>
          viewOf(tx, secret, await changeRecipient(tx, params.id, params.recipientId, body, clock()), clock()),
        );
        return recipient;
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
          summary: 'Removes a recipient: it gets no mail from now on, and its address is erased',
          description:
            "What was planned for it is cancelled. The address goes, and those of its deputies, from all that is kept: of the messages to it their state, moments and Message-ID stay, with a digest in the address's place. Backups keep it until they are removed.",
          params: oneParams,
          response: { 204: Done, ...problems(401, 404) },
        },
      },
      async ({ params }, reply) => {
        await change((tx) => eraseRecipient(tx, { organisationId: params.id, id: params.recipientId }, secret, clock()));
        return reply.code(204).send(null);
      },
    );
  };
}
