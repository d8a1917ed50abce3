/** Dead letters: mails that wait for a person, for the editor who runs the service. */
import { Type, type Static } from '../../calendars/schema/typebox.ts';
import { Nullable, OneOf } from '../../calendars/deadlines/deadline.ts';
import { listDeadLetters, redriveMessage, type DeadLetter } from '../../db/messages/dead-letters.ts';
import { editorOnly } from '../http/auth.ts';
import type { App, Deps } from '../deps.ts';
import { AnyKindSchema } from './message-kinds.ts';
import { closed, described, Id, ListOf, MomentSchema, named, NamedOrganisation, PageQuery, problems, withKey } from './shapes.ts';

const orNull = (description: string, example: string) => described(Nullable(Type.String({ examples: [example] })), description);

const ReasonSchema = named(
  'DeadLetterReason',
  OneOf(['uncertain', 'undeliverable', 'refused']),
  'uncertain: three copies left and nobody knows whether one arrived; undeliverable: there is no such address; refused: the server said no for five days, or to the operator’s summary at all',
  'uncertain',
);

const DeadLetterView = named(
  'DeadLetter',
  Type.Object(
    {
      id: Id('The message'),
      kind: AnyKindSchema,
      organisation: described(Nullable(NamedOrganisation), "Whose mail it is; null where it is the operator's"),
      recipient: orNull('The address; null when it was removed', 'a@example.org'),
      subject: orNull('Null where the mail was never made', 'Nog 14 dagen: Jaarplan met begroting indienen'),
      reason: ReasonSchema,
      response: orNull("The mail server's last answer; null where it said nothing", '550 5.1.1 User unknown'),
      copies: Type.Integer({ description: 'How many copies may have arrived', examples: [3] }),
      messageId: orNull(
        "The mail's Message-ID, to look for at the mail server; null where the mail was never made",
        '<96e0ae4c@kalender.example.org>',
      ),
      dueAt: described(MomentSchema, 'When it was to leave, in UTC', '2024-09-16T05:30:00.000Z'),
      triedAt: described(Nullable(MomentSchema), 'When it was tried last, in UTC; null where it never was', '2024-09-16T05:30:01.000Z'),
    },
    closed,
  ),
  'A mail that waits for a person',
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
          description: 'What the service does not try again by itself, with the reason and what the mail server said.',
          querystring: Type.Object(PageQuery, closed),
          response: { 200: ListOf(DeadLetterView), ...problems(401, 403) },
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
          description:
            'For when whatever kept it from arriving was mended. An address that was taken for dead is tried again. 404 where the mail waits for nobody.',
          params: Type.Object({ messageId: Id('The message') }, closed),
          response: { 200: DeadLetterView, ...problems(401, 403, 404, 413, 415) },
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
    // A dead letter always has one of these: `buryMessage` in db/messages/dead-letters.ts writes no other.
    reason: reason as 'uncertain',
    response,
    copies,
    messageId,
    dueAt: dueAt.toISOString(),
    triedAt: claimedAt?.toISOString() ?? null,
  };
}
