/** An organisation's messages: the proof of what was sent, when, and what the mail server answered. */
import { Type, type Static } from '../../../calendars/schema/typebox.ts';
import { DaySchema, Nullable, OneOf } from '../../../calendars/deadlines/deadline.ts';
import { DEAD_REASONS } from '../../../db/messages/dead-letters.ts';
import { isQuestion } from '../../../db/recipients/questions.ts';
import { CANCEL_REASONS } from '../../../db/messages/messages.ts';
import { listMessages, type Attempt, type MessageRecord } from '../../../db/messages/message-records.ts';
import { MESSAGE_STATES } from '../../../db/schema/schema.ts';
import { itselfOnly } from '../../http/auth.ts';
import type { App, Deps } from '../../deps.ts';
import { DeclinableKindSchema, MessageKindSchema } from '../message-kinds.ts';
import { closed, described, Id, ListOf, MomentSchema, named, OrganisationPath, PageQuery, problems, withKey, Words } from '../shapes.ts';

/** A text, or null where there is none: the description says when that is. */
const orNull = (description: string, example: string) => described(Nullable(Type.String({ examples: [example] })), description);

const OutcomeSchema = named(
  'AttemptOutcome',
  OneOf(['accepted', 'refused', 'failed']),
  'What the mail server did: took the mail, refused it, or could not be spoken to',
  'accepted',
);

const AttemptView = named(
  'Attempt',
  Type.Object(
    {
      number: Type.Integer({ description: 'Which attempt it was, counted from 1', examples: [1] }),
      startedAt: described(MomentSchema, 'When it began, in UTC', '2024-09-16T05:30:00.000Z'),
      endedAt: described(Nullable(MomentSchema), 'When it ended, in UTC; null while it has not', '2024-09-16T05:30:01.000Z'),
      outcome: described(Nullable(OutcomeSchema), 'Null while it is not known whether the mail arrived'),
      code: described(
        Nullable(Type.Integer({ examples: [250] })),
        'What the mail server answered, as a number; null where it said nothing',
      ),
      response: orNull('The same in its own words; null where it said nothing, and when the recipient was removed', '250 2.0.0 Ok: queued'),
    },
    closed,
  ),
  'One attempt to hand a mail to the mail server',
);

const StateSchema = named('MessageState', OneOf(MESSAGE_STATES), 'How far a mail is. dead: it waits for a person', 'sent');

const ReasonSchema = named(
  'MessageReason',
  OneOf([...new Set([...CANCEL_REASONS, ...DEAD_REASONS, 'bounced', 'partly_bounced'])]),
  'Why a mail did not do its work',
  'bounced',
);

const MentionView = named(
  'MessageDeadline',
  Type.Object(
    {
      kind: described(
        DeclinableKindSchema,
        'What the mail tells of it: that it is due, that it changed, that it is not done, or that somebody said or took back that it is done, or wants no more mail about it',
      ),
      deadlineId: Id('The deadline'),
      title: Words('What must be done, in Dutch', 'Jaarplan met begroting indienen'),
      lastSafeOn: described(
        Nullable(DaySchema),
        'The last day that is in time; null when it is not known, and for an assumption',
        '2024-09-30',
      ),
      leadDays: described(Nullable(Type.Integer({ examples: [14] })), 'How many days before it; null where the mail does not remind of it'),
      reason: orNull(
        'Why the mail does not tell of it after all, such as merged: a later reminder in it speaks for this one. Null when it does',
        'merged',
      ),
      changeId: described(
        Nullable(Id('The change')),
        'The change of the registry that the mail tells of, as GET /changes and its page name it; null where it tells of none',
      ),
    },
    closed,
  ),
  'A deadline that a mail tells of',
);

const MentionedStepView = named(
  'MessageStep',
  Type.Object(
    {
      stepId: Id('The own date'),
      title: orNull('What is to be done by then; null once it was removed', 'Begroting rond'),
      dueOn: described(DaySchema, 'By which day, as it was then', '2024-09-01'),
      leadDays: Type.Integer({ description: 'How many working days before it', examples: [3] }),
      reason: orNull('Why the mail does not tell of it after all; null when it does', 'completed'),
    },
    closed,
  ),
  'An own date that a mail reminds of',
);

const MessageView = named(
  'Message',
  Type.Object(
    {
      id: Id('The message'),
      kind: MessageKindSchema,
      recipient: orNull("The recipient's address; null when it was removed", 'a@example.org'),
      sentTo: orNull(
        "The address that the mail was made for: the recipient's or its deputy's; null until it was made, and when the recipient was removed",
        'a@example.org',
      ),
      sentToDigest: orNull(
        "What stays of sentTo when the recipient was removed: HMAC-SHA256, keyed with the service's secret, of `address:` and the address, in base64url; null otherwise",
        'DKHtI9kygZ5fs9vTt9ivZl3KIBLc67J_KU0yI-YwyeE',
      ),
      subject: orNull(
        'Null until the mail was made, and where it named an address that was erased',
        'Nog 14 dagen: Jaarplan met begroting indienen',
      ),
      state: StateSchema,
      reason: described(
        Nullable(ReasonSchema),
        'Why it was cancelled, or not delivered: bounced when it came back, partly_bounced when it did so from an address behind this one, struck when who runs the service took it out while mail was held; null otherwise',
      ),
      dueAt: described(MomentSchema, 'When it is to leave, in UTC', '2024-09-16T05:30:00.000Z'),
      sentAt: described(Nullable(MomentSchema), 'When it left, in UTC; null until it did', '2024-09-16T05:30:01.000Z'),
      response: orNull("The mail server's last answer; null until there is one", '250 2.0.0 Ok: queued'),
      messageId: orNull("The mail's Message-ID; null until it was made", '<96e0ae4c@kalender.example.org>'),
      attempts: Type.Array(AttemptView, { description: 'Every attempt, the first one first' }),
      deadlines: Type.Array(MentionView, { description: 'What it tells of' }),
      steps: Type.Array(MentionedStepView, { description: 'Of which own dates it reminds' }),
      createdAt: described(MomentSchema, 'When it was planned, in UTC', '2024-09-02T08:00:00.000Z'),
    },
    closed,
  ),
  'A mail that left, is to leave, or was cancelled',
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
          description: 'Proof of what was sent, when, and what the mail server answered; also what is still to leave.',
          params: Type.Object(OrganisationPath, closed),
          querystring: Type.Object(PageQuery, closed),
          response: { 200: ListOf(MessageView), ...problems(401, 404) },
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
  const {
    id,
    kind,
    email,
    sentTo,
    sentToDigest,
    subject,
    state,
    reason,
    dueAt,
    sentAt,
    response,
    messageId,
    tries,
    deadlines,
    steps,
    createdAt,
  } = message;
  return {
    id,
    kind,
    recipient: email,
    sentTo,
    sentToDigest,
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
    steps,
    createdAt: createdAt.toISOString(),
  };
}

function attemptView({ number, startedAt, endedAt, outcome, code, response }: Attempt): Static<typeof AttemptView> {
  return { number, startedAt: startedAt.toISOString(), endedAt: endedAt?.toISOString() ?? null, outcome, code, response };
}
