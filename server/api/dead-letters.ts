/** Dead letters: mails that wait for a person, for the editor who runs the service. */
import { Type, type Static } from '../../calendars/schema/typebox.ts';
import { Nullable, OneOf } from '../../calendars/deadlines/deadline.ts';
import { listDeadLetters, redriveMessage, type DeadLetter } from '../../db/messages/dead-letters.ts';
import { MESSAGE_KINDS, OPERATOR } from '../../db/schema/schema.ts';
import { editorOnly } from '../http/auth.ts';
import type { App, Deps } from '../deps.ts';
import { closed, ListOf, MomentSchema, PageQuery, problems, withKey } from './shapes.ts';

const DeadLetterView = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    kind: { ...OneOf([...MESSAGE_KINDS, OPERATOR]), description: 'operator: the daily summary for who runs the service' },
    organisation: {
      ...Nullable(Type.Object({ id: Type.String({ format: 'uuid' }), name: Type.String() }, closed)),
      description: "Null where the mail is the operator's",
    },
    recipient: Nullable(Type.String({ description: 'The address; null when it was removed' })),
    subject: Nullable(Type.String()),
    reason: {
      ...OneOf(['uncertain', 'undeliverable', 'refused']),
      description:
        'uncertain: three copies left and nobody knows whether one arrived; undeliverable: there is no such address; refused: the server said no for five days, or to the operator’s summary at all',
    },
    response: Nullable(Type.String({ description: "The mail server's last answer" })),
    copies: Type.Integer({ description: 'How many copies may have arrived' }),
    messageId: Nullable(Type.String({ description: "The mail's Message-ID, to look for at the mail server" })),
    dueAt: MomentSchema,
    triedAt: Nullable(MomentSchema),
  },
  { ...closed, title: 'DeadLetter' },
);

export function deadLetterRoutes(deps: Deps) {
  const { clock, secret, read, change } = deps;
  return async (app: App) => {
    app.get(
      '/dead-letters',
      {
        onRequest: editorOnly(deps),
        schema: {
          tags: ['Messages'],
          security: withKey,
          operationId: 'listDeadLetters',
          summary: 'Mails that wait for a person, the newest first',
          querystring: Type.Object(PageQuery, closed),
          response: { 200: ListOf(DeadLetterView), ...problems(400, 401, 403, 429) },
        },
      },
      async ({ query }) => {
        const { items, total } = await listDeadLetters(read, query);
        return { items: items.map(deadLetterView), ...query, total };
      },
    );

    app.put(
      '/dead-letters/:messageId/redrive',
      {
        onRequest: editorOnly(deps),
        schema: {
          tags: ['Messages'],
          security: withKey,
          operationId: 'redriveDeadLetter',
          summary: 'Sends a mail once more; what may have arrived goes out as the very same mail',
          params: Type.Object({ messageId: Type.String({ format: 'uuid' }) }, closed),
          response: { 200: DeadLetterView, ...problems(400, 401, 403, 404, 413, 415, 429) },
        },
      },
      async ({ params }) => {
        const letter = await change((tx) => redriveMessage(tx, params.messageId, secret, clock()));
        return deadLetterView(letter);
      },
    );
  };
}

function deadLetterView({
  id,
  kind,
  organisation,
  recipient,
  subject,
  reason,
  response,
  copies,
  messageId,
  dueAt,
  claimedAt,
}: DeadLetter): Static<typeof DeadLetterView> {
  return {
    id,
    kind,
    organisation,
    recipient,
    subject,
    // A dead letter always has one of these: `bury` in db/outbox.ts writes no other.
    reason: reason as 'uncertain',
    response,
    copies,
    messageId,
    dueAt: dueAt.toISOString(),
    triedAt: claimedAt?.toISOString() ?? null,
  };
}
