/** What the API says and takes of a recipient. */
import { DaySchema, Nullable, OneOf } from '../../../calendars/deadlines/deadline.ts';
import { DEFAULT_LEAD_DAYS, DIGESTS } from '../../../calendars/reminders/reminders.ts';
import { Type } from '../../../calendars/schema/typebox.ts';
import { LanguageSchema } from '../../../calendars/schema/words.ts';
import { DEFAULT_SEND_HOUR } from '../../../db/messages/mail-time.ts';
import { RECIPIENT_STATUSES } from '../../../db/schema/schema.ts';
import { DeclinableKindSchema } from '../message-kinds.ts';
import { closed, defaulted, described, Id, MomentSchema, named, Words } from '../shapes.ts';

export const Email = Type.String({
  format: 'address',
  description: 'One mail address; it is kept without spaces around it, in small letters, an international domain as `xn--`',
  examples: ['a@example.org'],
});
const LeadDays = Type.Array(Type.Integer({ minimum: 0, maximum: 365 }), {
  minItems: 1,
  maxItems: 10,
  uniqueItems: true,
  description: 'How many days before the last safe day to remind; 0 is the day itself. On a day off, the working day before',
  examples: [[42, 14, 3, 0]],
});
const DigestSchema = named(
  'Digest',
  OneOf(DIGESTS),
  'How often mails leave. weekly gathers a week in one mail on Monday, unless that would be too late',
  'daily',
);

const SendHour = Type.String({
  pattern: '^((0[4-9]|1\\d|2[01]):[0-5]\\d|22:00)$',
  description: 'When mails of a day leave, HH:MM by the clocks of Amsterdam, from 04:00 to 22:00',
  examples: ['07:30'],
});
const LanguageChoice = described(Nullable(LanguageSchema), "The language of its mails; null is the organisation's");
const PausedUntil = described(
  Nullable(DaySchema),
  'The first day on which it gets mail again. What fell in the pause and is still open comes then, in one mail. Null: no pause',
  '2024-08-26',
);
const until = described(DaySchema, 'The last day on which its mail goes to the deputy', '2024-08-25');
const DeputyInput = named('DeputyInput', Type.Object({ email: Email, until }, closed), 'Who gets its mail instead for a while');
const DeputySchema = described(
  Nullable(DeputyInput),
  'Who gets its mail instead, up to and including that day, once the address is confirmed by the mail it gets; null: nobody',
);
const Position = Type.Integer({
  minimum: 1,
  maximum: 1000,
  description: 'Its place: the second hears of what is not done three working days before; the first of an RO hears it of its members',
  examples: [1],
});

/** What an organisation says of a new recipient. */
export const RecipientInput = named(
  'RecipientInput',
  Type.Object(
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
  ),
  'An address to remind, and how',
  { email: 'a@example.org', leadDays: [42, 14, 3, 0] },
);
export const RecipientChange = named(
  'RecipientChange',
  Type.Object(
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
  ),
  'What is chosen for a recipient; what is not given stays',
  { pausedUntil: '2024-08-26' },
);

/** One of long ago may be none that is taken today. */
const Address = Words('The mail address', 'a@example.org');
const QuestionNote = described(
  Nullable(Type.String({ examples: ['A mail asks this address to confirm. It leaves when the limit allows.'] })),
  'What becomes of the mail that asks the address to confirm, in a sentence; null where nothing is asked',
);
const DeputyStatus = named(
  'DeputyStatus',
  OneOf(['pending', 'confirmed', 'undeliverable', 'declined']),
  'Whether a deputy said yes. Neither undeliverable nor declined is asked',
  'confirmed',
);
const DeputyView = named(
  'Deputy',
  Type.Object({ email: Address, until, status: DeputyStatus, question: QuestionNote }, closed),
  'Who gets its mail instead for a while',
);
const StatusSchema = named(
  'RecipientStatus',
  OneOf([...RECIPIENT_STATUSES, 'declined']),
  'Undeliverable: the mail server says that there is no such address. Declined: it wants no more questions from this organisation. Neither is asked',
  'confirmed',
);
const NoteSchema = named(
  'RecipientNote',
  OneOf(['partly_undeliverable']),
  'Partly undeliverable: mail to it came back lately from an address behind it, such as a member of a shared mailbox, that is not named here. It goes on getting mail',
  'partly_undeliverable',
);
const DeclinedView = named(
  'Declined',
  Type.Object(
    {
      kinds: Type.Array(DeclinableKindSchema, { description: 'Which kinds of mail' }),
      deadlines: Type.Array(Type.String({ format: 'uuid' }), {
        description: 'Which deadlines, by id',
        examples: [['96e0ae4c-9c06-4b58-a0f8-9b8bb9a5f3a1']],
      }),
    },
    closed,
  ),
  'What it wants no mail about; it said so itself, by the links in its mails',
);

export const RecipientView = named(
  'Recipient',
  Type.Object(
    {
      id: Id('The recipient'),
      email: Address,
      leadDays: LeadDays,
      digest: DigestSchema,
      sendHour: SendHour,
      language: LanguageChoice,
      pausedUntil: PausedUntil,
      deputy: described(Nullable(DeputyView), 'Who gets its mail instead for a while; null: nobody'),
      position: Position,
      status: StatusSchema,
      note: described(Nullable(NoteSchema), 'What is to be known of the address; null where there is nothing'),
      question: QuestionNote,
      declined: DeclinedView,
      createdAt: described(MomentSchema, 'When it was added, in UTC', '2024-09-02T08:00:00.000Z'),
      confirmedAt: described(Nullable(MomentSchema), 'When its owner said yes, in UTC; null until then', '2024-09-02T09:15:00.000Z'),
    },
    closed,
  ),
  'An address that reminders go to',
);
