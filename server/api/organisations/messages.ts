/** An organisation's messages: the proof of what was sent, when, and what the mail server answered. */
import { Type, type Static } from '../../../calendars/schema/typebox.ts';
import { DaySchema, Nullable, OneOf } from '../../../calendars/deadlines/deadline.ts';
import { isQuestion } from '../../../db/recipients/questions.ts';
import { listMessages, type Attempt, type MessageRecord } from '../../../db/messages/messages.ts';
import { DECLINABLE_KINDS, MESSAGE_KINDS, MESSAGE_STATES } from '../../../db/schema/schema.ts';
import { itselfOnly } from '../../http/auth.ts';
import type { App, Deps } from '../../deps.ts';
import { closed, ListOf, MomentSchema, OrganisationPath, PageQuery, problems, withKey } from '../shapes.ts';

const AttemptView = Type.Object(
  {
    number: Type.Integer(),
    startedAt: MomentSchema,
    endedAt: Nullable(MomentSchema),
    outcome: { ...Nullable(OneOf(['accepted', 'refused', 'failed'])), description: 'Null while it is not known whether the mail arrived' },
    code: Nullable(Type.Integer({ description: 'What the mail server answered, as a number' })),
    response: Nullable(Type.String({ description: 'The same in its own words' })),
  },
  { ...closed, title: 'Attempt' },
);

const MessageView = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    kind: OneOf(MESSAGE_KINDS),
    recipient: Nullable(Type.String({ description: "The recipient's address; null when it was removed" })),
    sentTo: Nullable(
      Type.String({ description: "The address that the mail was made for: the recipient's or its deputy's; null until it was made" }),
    ),
    subject: Nullable(Type.String({ description: 'Null until the mail was made' })),
    state: OneOf(MESSAGE_STATES),
    reason: Nullable(
      Type.String({
        description:
          'Why it was cancelled, or not delivered: bounced when it came back, partly_bounced when it did so from an address behind this one',
      }),
    ),
    dueAt: MomentSchema,
    sentAt: Nullable(MomentSchema),
    response: Nullable(Type.String({ description: "The mail server's last answer" })),
    messageId: Nullable(Type.String({ description: "The mail's Message-ID" })),
    attempts: Type.Array(AttemptView),
    deadlines: Type.Array(
      Type.Object(
        {
          // What the mail tells of it: that it is due, that it changed, or that it is not done.
          kind: OneOf(DECLINABLE_KINDS),
          deadlineId: Type.String({ format: 'uuid' }),
          title: Type.String(),
          lastSafeOn: Nullable(DaySchema),
          leadDays: Nullable(Type.Integer({ description: 'Null where the mail does not remind of it' })),
          reason: Nullable(
            Type.String({
              description:
                'Why the mail does not tell of it after all, such as merged: a later reminder in it speaks for this one. Null when it does',
            }),
          ),
        },
        closed,
      ),
    ),
    createdAt: MomentSchema,
  },
  { ...closed, title: 'Message' },
);

export function messageRoutes(deps: Deps) {
  const { read } = deps;
  return async (app: App) => {
    app.get(
      '/organisations/:id/messages',
      {
        onRequest: itselfOnly(deps),
        schema: {
          tags: ['Messages'],
          security: withKey,
          operationId: 'listMessages',
          summary: 'What was sent, or why not, the newest first',
          params: Type.Object(OrganisationPath, closed),
          querystring: Type.Object(PageQuery, closed),
          response: { 200: ListOf(MessageView), ...problems(400, 401, 404, 429) },
        },
      },
      async ({ params, query }) => {
        const { items, total } = await listMessages(read, params.id, query);
        return { items: items.map(messageView), ...query, total };
      },
    );
  };
}

function messageView(message: MessageRecord): Static<typeof MessageView> {
  const { id, kind, email, sentTo, subject, state, reason, dueAt, sentAt, response, messageId, tries, deadlines, createdAt } = message;
  return {
    id,
    kind,
    recipient: email,
    sentTo,
    subject,
    state,
    reason,
    // When a question may leave depends on what others ask.
    dueAt: (isQuestion(kind) && state === 'pending' ? createdAt : dueAt).toISOString(),
    sentAt: sentAt?.toISOString() ?? null,
    response,
    messageId,
    attempts: tries.map(attemptView),
    deadlines,
    createdAt: createdAt.toISOString(),
  };
}

function attemptView({ number, startedAt, endedAt, outcome, code, response }: Attempt): Static<typeof AttemptView> {
  return { number, startedAt: startedAt.toISOString(), endedAt: endedAt?.toISOString() ?? null, outcome, code, response };
}
