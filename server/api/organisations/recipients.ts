/** An organisation's recipients: the addresses that its reminders go to. */
import { Type, type Static } from '../../../calendars/schema/typebox.ts';
import { DaySchema, Nullable, OneOf } from '../../../calendars/deadlines/deadline.ts';
import { DEFAULT_LEAD_DAYS, DIGESTS } from '../../../calendars/reminders/reminders.ts';
import { LANGUAGES } from '../../../calendars/terms.ts';
import { partlyReached } from '../../../db/sending/bounces.ts';
import { addRecipient, changeRecipient, listRecipients, removeRecipient } from '../../../db/recipients/recipients.ts';
import { DEFAULT_SEND_HOUR } from '../../../db/messages/mail-time.ts';
import { DECLINABLE_KINDS, RECIPIENT_STATUSES, type Recipient } from '../../../db/schema/schema.ts';
import { marksOf } from '../../../db/store/secrets.ts';
import type { ReadDb } from '../../../db/store/store.ts';
import { unaskableAmong } from '../../../db/messages/unaskable.ts';
import { mutedAmong } from '../../../db/recipients/preferences.ts';
import { itselfOnly } from '../../http/auth.ts';
import type { App, Deps } from '../../deps.ts';
import { closed, defaulted, Done, ListOf, MomentSchema, OrganisationPath, pageOf, PageQuery, problems, withKey } from '../shapes.ts';

const Email = Type.String({
  format: 'address',
  description: 'One mail address; it is kept without spaces around it, in small letters, an international domain as `xn--`',
});
const LeadDays = Type.Array(Type.Integer({ minimum: 0, maximum: 365 }), {
  minItems: 1,
  maxItems: 10,
  uniqueItems: true,
  description: 'How many days before the last safe day to remind; 0 is the day itself. On a day off, the working day before',
});
const DigestSchema = { ...OneOf(DIGESTS), description: 'Weekly gathers a week in one mail on Monday, unless that would be too late' };

const SendHour = Type.String({
  pattern: '^((0[4-9]|1\\d|2[01]):[0-5]\\d|22:00)$',
  description: 'When mails of a day leave, HH:MM by the clocks of Amsterdam, from 04:00 to 22:00',
});
const LanguageChoice = { ...Nullable(OneOf(LANGUAGES)), description: "The language of its mails; null is the organisation's" };
const PausedUntil = {
  ...Nullable(DaySchema),
  description: 'The first day on which it gets mail again. What fell in the pause and is still open comes then, in one mail',
};
const DeputySchema = {
  ...Nullable(Type.Object({ email: Email, until: DaySchema }, closed)),
  description: 'Who gets its mail instead, up to and including that day, once the address is confirmed by the mail it gets',
};
const Position = Type.Integer({
  minimum: 1,
  maximum: 1000,
  description: 'Its place: the second hears of what is not done three working days before; the first of an RO hears it of its members',
});

/** What an organisation says of a new recipient. */
export const RecipientInput = Type.Object(
  {
    email: Email,
    leadDays: defaulted(LeadDays, [...DEFAULT_LEAD_DAYS]),
    digest: defaulted(DigestSchema, 'daily'),
    sendHour: defaulted(SendHour, DEFAULT_SEND_HOUR),
    language: defaulted(LanguageChoice, null),
    pausedUntil: defaulted(PausedUntil, null),
    deputy: defaulted(DeputySchema, null),
    position: Type.Optional(Position),
  },
  closed,
);
const RecipientChange = Type.Object(
  {
    leadDays: Type.Optional(LeadDays),
    digest: Type.Optional(DigestSchema),
    sendHour: Type.Optional(SendHour),
    language: Type.Optional(LanguageChoice),
    pausedUntil: Type.Optional(PausedUntil),
    deputy: Type.Optional(DeputySchema),
    position: Type.Optional(Position),
  },
  closed,
);
const Question = Nullable(
  Type.String({ description: 'What becomes of the mail that asks the address to confirm, in a sentence; null where nothing is asked' }),
);
const RecipientView = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    email: Type.String(),
    leadDays: Type.Array(Type.Integer()),
    digest: DigestSchema,
    sendHour: SendHour,
    language: LanguageChoice,
    pausedUntil: PausedUntil,
    deputy: Nullable(
      Type.Object(
        {
          email: Type.String(),
          until: DaySchema,
          status: OneOf(['pending', 'confirmed', 'undeliverable', 'declined']),
          question: Question,
        },
        closed,
      ),
    ),
    position: Position,
    status: {
      ...OneOf([...RECIPIENT_STATUSES, 'declined']),
      description:
        'Undeliverable: the mail server says that there is no such address. Declined: it wants no more questions from this organisation. Neither is asked',
    },
    note: {
      ...Nullable(OneOf(['partly_undeliverable'])),
      description:
        'Partly undeliverable: mail to it came back lately from an address behind it, such as a member of a shared mailbox, that is not named here. It goes on getting mail',
    },
    question: Question,
    declined: Type.Object(
      {
        kinds: Type.Array(OneOf(DECLINABLE_KINDS)),
        deadlines: Type.Array(Type.String({ format: 'uuid' })),
      },
      { ...closed, description: 'What it wants no mail about; it said so itself, by the links in its mails' },
    ),
    createdAt: MomentSchema,
    confirmedAt: Nullable(MomentSchema),
  },
  { ...closed, title: 'Recipient' },
);

const params = Type.Object(OrganisationPath, closed);
const oneParams = Type.Object({ ...OrganisationPath, recipientId: Type.String({ format: 'uuid' }) }, closed);
const tags = ['Recipients'];

export function recipientRoutes(deps: Deps) {
  const { store, secret, clock, ring } = deps;
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
          response: { 201: RecipientView, ...problems(400, 401, 404, 409, 413, 415, 429) },
        },
      },
      async ({ params, body }, reply) => {
        const recipient = await store.write(async (tx) => viewOf(tx, secret, await addRecipient(tx, params.id, body, clock()), clock()));
        ring();
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
          params,
          querystring: Type.Object(PageQuery, closed),
          response: { 200: ListOf(RecipientView), ...problems(400, 401, 404, 429) },
        },
      },
      async ({ params, query }) => pageOf(await viewAll(store.read, secret, params.id, clock()), query),
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
          params: oneParams,
          body: RecipientChange,
          response: { 200: RecipientView, ...problems(400, 401, 404, 413, 415, 429) },
        },
      },
      async ({ params, body }) => {
        const recipient = await store.write(async (tx) =>
          viewOf(tx, secret, await changeRecipient(tx, params.id, params.recipientId, body, clock()), clock()),
        );
        ring();
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
          summary: 'Removes a recipient: it gets no mail from now on',
          params: oneParams,
          response: { 204: Done, ...problems(400, 401, 404, 429) },
        },
      },
      async ({ params }, reply) => {
        await store.write((tx) => removeRecipient(tx, params.id, params.recipientId, clock()));
        ring();
        return reply.code(204).send(null);
      },
    );
  };
}

type View = Static<typeof RecipientView>;

/** One recipient as it is shown. */
export async function viewOf(db: ReadDb, secret: string, { id, organisationId }: Recipient, now: Date): Promise<View> {
  const views = await viewAll(db, secret, organisationId, now);
  return views.find((view) => view.id === id)!;
}

/** A recipient's place is that in the list: recipients of old have no number yet. */
async function viewAll(db: ReadDb, secret: string, organisationId: string, now: Date): Promise<View[]> {
  const recipients = await listRecipients(db, organisationId);
  const muted = await mutedAmong(
    db,
    recipients.map(({ id }) => id),
  );
  const partly = await partlyReached(db, organisationId, now);
  const emails = recipients.flatMap(({ email, deputyEmail }) => (deputyEmail === null ? [email] : [email, deputyEmail]));
  const marks = new Map(emails.map((email) => [email, marksOf(secret, email)]));
  const unaskable = await unaskableAmong(db, organisationId, [...marks.values()]);
  const refusing: Refusing = (email) => unaskable.get(marks.get(email)!.address)?.reason ?? null;
  return recipients.map((recipient, i) =>
    recipientView(recipient, i + 1, { muted: muted.get(recipient.id) ?? [], isPartly: partly.includes(recipient.email), refusing }),
  );
}

/** Why no question leaves for an address, or null. */
type Refusing = (email: string) => 'declined' | 'undeliverable' | null;

/** What is on record of a recipient elsewhere. */
interface Elsewhere {
  muted: string[];
  isPartly: boolean;
  refusing: Refusing;
}

function recipientView(recipient: Recipient, position: number, { muted, isPartly, refusing }: Elsewhere): View {
  const { id, email, leadDays, digest, sendHour, language, pausedUntil, declined, createdAt, confirmedAt } = recipient;
  const status = recipient.status === 'pending' ? (refusing(email) ?? 'pending') : recipient.status;
  return {
    id,
    email,
    leadDays,
    digest,
    sendHour,
    language,
    pausedUntil,
    deputy: deputyView(recipient, refusing),
    position,
    status,
    note: isPartly ? 'partly_undeliverable' : null,
    question: questionOf(status),
    declined: { kinds: declined, deadlines: muted },
    createdAt: createdAt.toISOString(),
    confirmedAt: confirmedAt?.toISOString() ?? null,
  };
}

function deputyView(
  { deputyEmail, deputyUntil, deputyConfirmedAt, deputyFault, status: own }: Recipient,
  refusing: Refusing,
): View['deputy'] {
  if (deputyEmail === null || deputyUntil === null) return null;
  const asked = deputyConfirmedAt === null ? (refusing(deputyEmail) ?? 'pending') : 'confirmed';
  const status = deputyFault === null ? asked : 'undeliverable';
  const isIdle = status === 'pending' && (own === 'unsubscribed' || own === 'undeliverable');
  return { email: deputyEmail, until: deputyUntil, status, question: isIdle ? NOT_WHILE_IDLE : questionOf(status) };
}

/** The same sentence whatever the limit: who adds an address does not learn whether others ask it. */
function questionOf(status: View['status']): string | null {
  return QUESTIONS[status as keyof typeof QUESTIONS] ?? null;
}

const QUESTIONS = {
  pending:
    'A mail asks this address to confirm. It leaves when the limit allows: an address gets at most one such mail an hour and three a day, whoever asks.',
  declined:
    'No mail leaves: whoever has this address wants no more of these questions from the organisation, and alone can take that back, by the link in an earlier one.',
  undeliverable:
    'No mail leaves: the mail server says that there is no such address. Give another one, or have it released by whoever runs the service.',
} as const;
const NOT_WHILE_IDLE = 'No mail leaves while the recipient gets none itself. Its deputy is asked when it confirms again.';
