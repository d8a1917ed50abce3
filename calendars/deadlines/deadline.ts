/** What a deadline says: the shape that the registry's files, the API and the store share. */
import { Type, type Static, type TSchema } from '../schema/typebox.ts';
import {
  ACTIVITIES,
  ACTORS,
  BOUNDARIES,
  CARE_TYPES,
  CERTAINTIES,
  CHANNEL_KINDS,
  DUTY_STATUSES,
  EVENT_KINDS,
  MODALITIES,
} from '../terms.ts';

const closed = { additionalProperties: false } as const;
const Text = (maxLength = 2000) => Type.String({ minLength: 1, maxLength, pattern: '\\S' });

/** One of a closed list of words. */
export const OneOf = <T extends string>(words: readonly T[]) => Type.Enum([...words]);
export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
/** A day that exists: the format is checked against the calendar. */
export const DaySchema = Type.String({ format: 'day', description: 'A calendar day, YYYY-MM-DD' });
export const ContractYear = Type.Integer({ minimum: 2015, maximum: 2100 });

const OffsetFrom = Type.Union([Type.Object({ activity: OneOf(ACTIVITIES) }, closed), Type.Object({ event: OneOf(EVENT_KINDS) }, closed)]);
const OFFSET_UNITS = ['day', 'week', 'month', 'working_day'] as const;

/** When something is due, as the source words it. */
export const DateRule = Type.Union(
  [
    Type.Object({ kind: Type.Literal('fixed'), on: DaySchema }, closed),
    Type.Object({ kind: Type.Literal('range'), from: DaySchema, to: DaySchema }, closed),
    Type.Object(
      {
        kind: Type.Literal('period'),
        unit: OneOf(['month', 'quarter', 'year']),
        year: Type.Integer({ minimum: 2000, maximum: 2100 }),
        number: Nullable(
          Type.Integer({ minimum: 1, maximum: 12, description: 'Which month (1 to 12) or quarter (1 to 4); null for a year' }),
        ),
      },
      closed,
    ),
    Type.Object(
      {
        kind: Type.Literal('offset'),
        from: OffsetFrom,
        amount: Nullable(Type.Integer({ minimum: 0, maximum: 1000 })),
        unit: Nullable(OneOf(OFFSET_UNITS)),
        direction: OneOf(['before', 'after']),
      },
      closed,
    ),
    Type.Object(
      {
        kind: Type.Literal('slot'),
        every: Type.Literal('quarter'),
        lead: Type.Object({ amount: Type.Integer({ minimum: 0, maximum: 24 }), unit: OneOf(['day', 'week', 'month']) }, closed),
      },
      closed,
    ),
    Type.Object({ kind: Type.Literal('event'), text: Text(500) }, closed),
    Type.Object({ kind: Type.Literal('none') }, closed),
  ],
  { description: 'When it is due, as the source words it' },
);
export type DateRule = Static<typeof DateRule>;

export const Source = Type.Object(
  {
    document: Text(300),
    section: Nullable(Text(200)),
    quote: Nullable(Type.String({ minLength: 1, maxLength: 2000, pattern: '\\S', description: 'Literal; an elision is written (…)' })),
    url: Nullable(Type.String({ format: 'uri', maxLength: 500 })),
  },
  closed,
);
export type Source = Static<typeof Source>;

export const Duty = Type.Object(
  {
    actors: Type.Array(OneOf(ACTORS), { minItems: 1, maxItems: 5, uniqueItems: true }),
    onBehalfOf: Type.Array(OneOf(ACTORS), { maxItems: 5, uniqueItems: true }),
    contractStatus: OneOf(DUTY_STATUSES),
    deliverable: Nullable(Text(500)),
  },
  closed,
);
export type Duty = Static<typeof Duty>;

export const Channel = Type.Object(
  {
    kind: OneOf(CHANNEL_KINDS),
    address: Nullable(Text(300)),
    subject: Nullable(Type.String({ minLength: 1, maxLength: 300, description: 'A fixed subject line, literally' })),
    hours: Nullable(Text(100)),
  },
  closed,
);
export type Channel = Static<typeof Channel>;

/** A channel as it is typed: what is not given is not known. */
export const ChannelInput = Type.Object(
  {
    kind: Channel.properties.kind,
    address: Type.Optional(Channel.properties.address),
    subject: Type.Optional(Channel.properties.subject),
    hours: Type.Optional(Channel.properties.hours),
  },
  closed,
);

const Consequence = Type.Object({ text: Text(), modality: OneOf(MODALITIES) }, closed);
const Extension = Type.Object({ possible: Type.Boolean(), text: Text() }, closed);

/** Two readings of one day, or two terms that both bind. `days`: the last day in time by each. */
export const Conflict = Type.Object(
  { kind: OneOf(['readings', 'terms']), days: Type.Array(DaySchema, { minItems: 2, maxItems: 5 }), text: Text() },
  closed,
);
export type Conflict = Static<typeof Conflict>;

export const BASIS_KINDS = ['secondary_source', 'computation', 'sector_rule', 'earlier_year', 'common_rhythm'] as const;
export const Basis = Type.Object({ kind: OneOf(BASIS_KINDS), deadlineId: Nullable(Type.String({ format: 'uuid' })), text: Text() }, closed);
export type Basis = Static<typeof Basis>;

/** What one revision of a deadline says, before days are computed from its rule. */
export const Content = Type.Object(
  {
    title: Text(200),
    rule: DateRule,
    boundary: Nullable(OneOf(BOUNDARIES)),
    certainty: OneOf(CERTAINTIES),
    basis: Nullable(Basis),
    reportingYear: Nullable(Type.Integer({ minimum: 2000, maximum: 2100 })),
    duty: Duty,
    channel: Nullable(Channel),
    consequence: Nullable(Consequence),
    extension: Nullable(Extension),
    sources: Type.Array(Source, { maxItems: 20 }),
    conflict: Nullable(Conflict),
  },
  closed,
);
export type Content = Static<typeof Content>;

/** Which deadline it is, through all its revisions. */
export const Identity = Type.Object({
  id: Type.String({ format: 'uuid' }),
  insurer: Nullable(Type.String()),
  contractYear: ContractYear,
  careType: OneOf(CARE_TYPES),
  activity: OneOf(ACTIVITIES),
  slot: Nullable(Type.Integer({ minimum: 1, maximum: 4, description: 'The quarter, where a rule gives one deadline per quarter' })),
});
export type Identity = Static<typeof Identity>;

/** The days that follow from a rule. Null: not known, never guessed. */
export interface Days {
  /** The day the text names, never moved. */
  dueOn: string | null;
  /** The last day that is in time by every reading. */
  lastSafeOn: string | null;
}

/** One deadline as it stands now. */
export interface Deadline extends Identity, Content, Days {
  revision: number;
  revisedAt: Date;
  status: 'published' | 'withdrawn';
}

/**
 * The year that a deadline reports on, to be told to its reader; null when it reports on none. Every projection carries such a year: of the five
 * only accounts look back.
 */
export function reportedYear({
  activity,
  certainty,
  reportingYear,
}: Pick<Deadline, 'activity' | 'certainty' | 'reportingYear'>): number | null {
  return certainty === 'stated' || activity === 'accounts' ? reportingYear : null;
}
