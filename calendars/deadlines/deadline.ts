/** What a deadline says: the shape that the registry's files, the API and the store share. */
import { Type, type Static } from '../schema/typebox.ts';
import { described, named, Nullable, OneOf, Text } from '../schema/described.ts';
import type { InsurerKind, Origin } from '../terms.ts';
import {
  ActivitySchema,
  ActorSchema,
  BoundarySchema,
  CareTypeSchema,
  CertaintySchema,
  ConsequenceKindSchema,
  DutyStatusSchema,
  KindSchema,
  ModalitySchema,
  StrictnessSchema,
} from '../schema/words.ts';
import { Channel } from '../schema/channel.ts';
import { DateRule, DaySchema } from './date-rule.ts';

export { Nullable, OneOf } from '../schema/described.ts';
export { Channel, ChannelInput } from '../schema/channel.ts';
export { DateRule, DaySchema } from './date-rule.ts';

const closed = { additionalProperties: false } as const;
const Id = (description: string) => Type.String({ format: 'uuid', description, examples: ['96e0ae4c-9c06-4b58-a0f8-9b8bb9a5f3a1'] });

export const ContractYear = Type.Integer({
  minimum: 2015,
  maximum: 2100,
  description: 'The year that the contract is for',
  examples: [2025],
});

export const Source = named(
  'Source',
  Type.Object(
    {
      document: Text(300, 'The document that says so', 'Zorginkoopbeleid multidisciplinaire zorg 2025'),
      section: described(Nullable(Text(200, 'Where in the document', '5.3')), 'Where in the document; null where it has no sections'),
      quote: described(
        Nullable(Text(2000, 'Word for word', 'Uitstel na 1 oktober is niet mogelijk.')),
        'Literal, in the language of the document; an elision is written (…). Null where nothing can be quoted',
      ),
      url: described(
        Nullable(Type.String({ format: 'uri', maxLength: 500, examples: ['https://www.example.org/inkoopbeleid-2025.pdf'] })),
        'Where the document stands; null when it is not known',
      ),
    },
    closed,
  ),
  'What proves a date: a document, and a sentence of it',
);
export type Source = Static<typeof Source>;

export const Duty = named(
  'Duty',
  Type.Object(
    {
      actors: Type.Array(ActorSchema, { minItems: 1, maxItems: 5, uniqueItems: true, description: 'Who must act, any of them' }),
      onBehalfOf: Type.Array(ActorSchema, { maxItems: 5, uniqueItems: true, description: 'For whom they act, beside themselves' }),
      contractStatus: described(DutyStatusSchema, 'For which contract status the duty holds'),
      deliverable: described(
        Nullable(Text(500, 'What is handed in, in Dutch', 'Jaarplan van de RO en de WSV’s samen, met een begroting')),
        'What is handed in, in Dutch; null where nothing is',
      ),
    },
    closed,
  ),
  'Who must act, for whom, and what is handed in',
);
export type Duty = Static<typeof Duty>;

export const Consequence = named(
  'Consequence',
  Type.Object(
    {
      text: Text(2000, 'What follows, in Dutch', 'Bij te laat inleveren volgt mogelijk een afslag op het tarief.'),
      modality: described(ModalitySchema, 'Whether it is sure to follow'),
      kind: described(ConsequenceKindSchema, 'What it is to who is late, or in time'),
    },
    closed,
  ),
  'What follows from being late or in time',
);
export type Consequence = Static<typeof Consequence>;

const Extension = named(
  'Extension',
  Type.Object(
    {
      possible: Type.Boolean({ description: 'Whether a later day can be asked for', examples: [false] }),
      text: Text(2000, 'On what terms, in Dutch', 'Uitstel na 1 oktober is niet mogelijk.'),
    },
    closed,
  ),
  'Whether the insurer gives more time',
);

const ConflictKind = named(
  'ConflictKind',
  OneOf(['readings', 'terms']),
  'Two readings of one day, or two terms that both bind',
  'readings',
);
/** Two readings of one day, or two terms that both bind. `days`: the last day in time by each. */
export const Conflict = named(
  'Conflict',
  Type.Object(
    {
      kind: ConflictKind,
      days: Type.Array(DaySchema, {
        minItems: 2,
        maxItems: 5,
        description: 'The last day that is in time by each of them',
        examples: [['2024-09-30', '2024-10-01']],
      }),
      text: Text(2000, 'What differs, in Dutch', 'Paragraaf 5.3 zegt "voor 1 oktober 2024", paragraaf 6.3 noemt 1 oktober 2024.'),
    },
    closed,
  ),
  'Where the sources differ from one another',
);
export type Conflict = Static<typeof Conflict>;

export const BASIS_KINDS = ['secondary_source', 'computation', 'sector_rule', 'earlier_year', 'common_rhythm'] as const;
const BasisKind = named(
  'BasisKind',
  OneOf(BASIS_KINDS),
  "What a date rests on: somebody else's text, a computation, a public rule, this insurer's earlier year, or the common rhythm",
  'earlier_year',
);
export const Basis = named(
  'Basis',
  Type.Object(
    {
      kind: described(BasisKind, 'What kind of ground it is'),
      deadlineId: described(Nullable(Id('The deadline')), 'The deadline that it was taken from; null where it was taken from none'),
      text: Text(2000, 'The ground in words, in Dutch', 'Overgenomen van contractjaar 2025.'),
      successorSeen: Type.Optional(
        Type.Boolean({
          description: 'Of a public rule whose text does not hold any more: whether its successor was seen. Not given where its text holds',
          examples: [false],
        }),
      ),
    },
    closed,
  ),
  "What a date rests on when it is not the insurer's own sentence",
);
/** `term`: of what the service projected, the agreement for several years that runs, or ran before; programs read of it in the text. */
export type Basis = Static<typeof Basis> & { term?: { first: number; last: number } };

/** What one revision of a deadline says, before days are computed from its rule. */
export const Content = Type.Object(
  {
    kind: KindSchema,
    title: Text(200, 'What must be done, in Dutch', 'Jaarplan met begroting indienen'),
    rule: DateRule,
    boundary: described(Nullable(BoundarySchema), 'How the named day bounds; null where the rule names none'),
    certainty: CertaintySchema,
    basis: described(Nullable(Basis), "What the date rests on; null where it is the insurer's own sentence"),
    reportingYear: described(
      Nullable(Type.Integer({ minimum: 2000, maximum: 2100, examples: [2023] })),
      'The year that is accounted for; null where the deadline looks back on none',
    ),
    duty: Duty,
    channel: described(Nullable(Channel), 'Where to hand in or to ask; null when it is not known'),
    consequence: described(Nullable(Consequence), 'What happens when the day is missed; null when it is not known'),
    extension: described(Nullable(Extension), 'Whether the insurer gives more time; null when it is not known'),
    sources: Type.Array(Source, { maxItems: 20, description: 'What proves the date, the strongest first' }),
    conflict: described(Nullable(Conflict), 'Where the sources differ from one another; null where they do not'),
    strictness: described(Nullable(StrictnessSchema), 'Of a requirement, how strict it is; null for everything else'),
  },
  closed,
);
export type Content = Omit<Static<typeof Content>, 'basis'> & { basis: Basis | null };

export const Precedent = named(
  'Precedent',
  Type.Object(
    {
      deadlineId: Id('The deadline of that year'),
      contractYear: ContractYear,
      dueOn: described(Nullable(DaySchema), 'The day that the text of that year named', '2024-10-01'),
      lastSafeOn: described(Nullable(DaySchema), 'The last day that was in time by every reading', '2024-09-30'),
      channel: Content.properties.channel,
      deliverable: Duty.properties.deliverable,
      consequence: Content.properties.consequence,
      extension: Content.properties.extension,
      conflict: Content.properties.conflict,
      sources: Content.properties.sources,
    },
    closed,
  ),
  'How it went in the contract year that a date is taken from. It proves nothing of the year it is shown for',
);
export type Precedent = Static<typeof Precedent>;

/** Which deadline it is, through all its revisions. */
export const Identity = Type.Object({
  id: Id('Stays the same through all revisions'),
  insurer: described(
    Nullable(Type.String({ examples: ['zorg-en-zekerheid'] })),
    'Slug of the insurer; null for a duty of the whole sector',
  ),
  contractYear: ContractYear,
  careType: CareTypeSchema,
  activity: ActivitySchema,
  slot: described(
    Nullable(Type.Integer({ minimum: 1, maximum: 4, examples: [1] })),
    'The quarter, where a rule gives one deadline per quarter; null where it does not',
  ),
  key: described(
    Nullable(Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 60, examples: ['agb-register'] })),
    'Which requirement, or which of the activity other, in small letters, digits and hyphens; null for everything else',
  ),
});
export type Identity = Static<typeof Identity>;

/** The days that follow from a rule. Null: not known, never guessed. */
export interface Days {
  /** The day the text names, never moved. */
  dueOn: string | null;
  /** The last day that is in time by every reading; null for an assumption, which is safe on no day. */
  lastSafeOn: string | null;
}

/** The day that is counted from and sorted by: the last safe one, of an assumption the assumed one. Null: there is no day. */
export function countingDay<Due extends string | null>({ dueOn, lastSafeOn }: Days & { dueOn: Due }): string | Due {
  return lastSafeOn ?? dueOn;
}

/** One deadline as it stands now. */
export interface Deadline extends Identity, Content, Days {
  revision: number;
  revisedAt: Date;
  status: 'published' | 'withdrawn';
  /** When it was last compared with its document, and by whom; null when nobody did. */
  checkedOn: string | null;
  checkedBy: string | null;
  /** What was known for the year that it is taken from; null where it is taken from none. */
  precedent: Precedent | null;
  /** Since when a day is stated that was another, or only assumed, before; not given where that never was. */
  confirmedAt?: Date | null;
  /** The newest change that readers are told of; null or not given where there is none. */
  changeId?: string | null;
  /** Who said so. Not given: not the service. */
  origin?: Origin;
  /** What its insurer is; null or not given for a duty of the whole sector. */
  insurerKind?: InsurerKind | null;
  /** Set where an own event of an organisation gave it its days: around which day it is only assumed that signing is due, where that is sooner. */
  started?: { signingAround: string | null };
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
