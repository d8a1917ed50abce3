/** What the API says and takes of a recipient. */
import { DaySchema, Nullable, OneOf } from '../../../calendars/deadlines/deadline.ts';
import { DEFAULT_LEAD_DAYS, DIGESTS } from '../../../calendars/reminders/reminders.ts';
import { Type } from '../../../calendars/schema/typebox.ts';
import { LANGUAGES } from '../../../calendars/terms.ts';
import { DEFAULT_SEND_HOUR } from '../../../db/messages/mail-time.ts';
import { DECLINABLE_KINDS, RECIPIENT_STATUSES } from '../../../db/schema/schema.ts';
import { closed, defaulted, MomentSchema } from '../shapes.ts';

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
export const RecipientChange = Type.Object(
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

const QuestionNote = Nullable(
  Type.String({ description: 'What becomes of the mail that asks the address to confirm, in a sentence; null where nothing is asked' }),
);
export const RecipientView = Type.Object(
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
          question: QuestionNote,
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
    question: QuestionNote,
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
