/** When something is due, as its source words it: the shape of a rule before any day is computed. */
import { described, named, Nullable, OneOf } from '../schema/described.ts';
import { Type, type Static } from '../schema/typebox.ts';
import { ActivitySchema, EventKindSchema } from '../schema/words.ts';

const closed = { additionalProperties: false } as const;

/** A day that exists: the format is checked against the calendar. */
export const DaySchema = Type.String({ format: 'day', description: 'A calendar day, YYYY-MM-DD', examples: ['2024-10-01'] });

const OffsetFrom = Type.Union([
  Type.Object({ activity: described(ActivitySchema, "The insurer's deadline of the same contract year to count from") }, closed),
  Type.Object({ event: described(EventKindSchema, "The organisation's own event to count from") }, closed),
]);
const OffsetUnit = named('OffsetUnit', OneOf(['day', 'week', 'month', 'working_day']), 'In what an offset is counted', 'week');

const PeriodUnit = named('PeriodUnit', OneOf(['month', 'quarter', 'year']), 'How long a period is', 'quarter');
const Direction = named('Direction', OneOf(['before', 'after']), 'To which side an offset is counted', 'after');
const LeadUnit = named('LeadUnit', OneOf(['day', 'week', 'month']), 'In what a lead time is counted', 'month');

const Fixed = Type.Object(
  { kind: Type.Literal('fixed', { description: 'One day' }), on: described(DaySchema, 'The day', '2024-10-01') },
  closed,
);

const Range = Type.Object(
  {
    kind: Type.Literal('range', { description: 'From one day to another' }),
    from: described(DaySchema, 'The first day, included', '2024-11-01'),
    to: described(DaySchema, 'The last day, included', '2024-11-30'),
  },
  closed,
);

const Period = Type.Object(
  {
    kind: Type.Literal('period', { description: 'A whole month, quarter or year' }),
    unit: PeriodUnit,
    year: Type.Integer({ minimum: 2000, maximum: 2100, description: 'In which year', examples: [2024] }),
    number: described(Nullable(Type.Integer({ minimum: 1, maximum: 12 })), 'Which month (1 to 12) or quarter (1 to 4); null for a year', 4),
  },
  closed,
);

const Offset = Type.Object(
  {
    kind: Type.Literal('offset', { description: 'So long before or after another deadline or an own event' }),
    from: described(OffsetFrom, 'What is counted from'),
    amount: described(Nullable(Type.Integer({ minimum: 0, maximum: 1000 })), 'How many units; null where the source does not say', 6),
    unit: described(Nullable(OffsetUnit), 'In what is counted; null where the source does not say', 'week'),
    direction: Direction,
  },
  closed,
);

const Slot = Type.Object(
  {
    kind: Type.Literal('slot', { description: 'Each start of a quarter, with a lead time: one deadline per quarter' }),
    every: Type.Literal('quarter', { description: 'How often it may start' }),
    lead: described(
      Type.Object(
        {
          amount: Type.Integer({ minimum: 0, maximum: 24, description: 'How many units', examples: [3] }),
          unit: LeadUnit,
        },
        closed,
      ),
      'How long before the start',
    ),
  },
  closed,
);

const Event = Type.Object(
  {
    kind: Type.Literal('event', { description: 'Waits for something outside' }),
    text: Type.String({
      minLength: 1,
      maxLength: 500,
      pattern: '\\S',
      description: 'What it waits for, in Dutch',
      examples: ['Zodra het ministerie de regeling publiceert.'],
    }),
  },
  closed,
);

const None = Type.Object({ kind: Type.Literal('none', { description: 'The source names no day at all' }) }, closed);

export const DateRule = named(
  'DateRule',
  Type.Union([Fixed, Range, Period, Offset, Slot, Event, None]),
  'When it is due, as the source words it',
  { kind: 'fixed', on: '2024-10-01' },
);
export type DateRule = Static<typeof DateRule>;
