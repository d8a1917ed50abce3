/** What an editor sends: a deadline or an amendment, in which what is left out is not known, or stays as it was. */
import { Type, type Static } from '../../../calendars/schema/typebox.ts';
import {
  Basis,
  ChannelInput,
  Consequence,
  Content,
  ContractYear,
  DaySchema,
  Duty,
  Identity,
  Nullable,
  Source,
} from '../../../calendars/deadlines/deadline.ts';
import type { Content as Said } from '../../../calendars/deadlines/deadline.ts';
import { UNSAID } from '../../../calendars/deadlines/content.ts';
import { KIND_OF } from '../../../calendars/deadlines/kinds.ts';
import { closed, defaulted, described, named, Slug, Text } from '../shapes.ts';

const { kind, title, rule, boundary, certainty, reportingYear, extension, conflict, strictness } = Content.properties;

const BasisInput = named(
  'BasisInput',
  Type.Object({ ...Basis.properties, deadlineId: Type.Optional(Basis.properties.deadlineId) }, closed),
  "What a date rests on when it is not the insurer's own sentence",
);
const DutyInput = named(
  'DutyInput',
  Type.Object(
    {
      actors: Duty.properties.actors,
      onBehalfOf: Type.Optional(Duty.properties.onBehalfOf),
      contractStatus: Type.Optional(Duty.properties.contractStatus),
      deliverable: Type.Optional(Duty.properties.deliverable),
    },
    closed,
  ),
  'Who must act; for nobody else, for any contract status and with nothing to hand in unless given',
);
const SourceInput = named(
  'SourceInput',
  Type.Object(
    {
      document: Source.properties.document,
      section: Type.Optional(Source.properties.section),
      quote: Type.Optional(Source.properties.quote),
      url: Type.Optional(Source.properties.url),
    },
    closed,
  ),
  'What proves a date; what is not given is not known',
);

const ConsequenceInput = named(
  'ConsequenceInput',
  Type.Object({ ...Consequence.properties, kind: Type.Optional(defaulted(Consequence.properties.kind, 'note')) }, closed),
  'What follows from being late or in time; a note unless it is said to be a penalty or a bonus',
);

const parts = {
  kind: described(kind, 'What kind of thing it is; where it is not given, that of the activity', 'deadline'),
  title,
  rule,
  boundary,
  certainty,
  basis: described(Nullable(BasisInput), "What the date rests on; null where it is the insurer's own sentence"),
  reportingYear,
  duty: DutyInput,
  channel: described(Nullable(ChannelInput), 'Where to hand in or to ask; null when it is not known'),
  consequence: described(Nullable(ConsequenceInput), 'What follows from being late or in time; null when it is not known'),
  extension,
  sources: Type.Array(SourceInput, { maxItems: 20, description: 'What proves the date, the strongest first' }),
  conflict,
  strictness,
};
const Parts = Type.Partial(Type.Object(parts, closed));
type Parts = Static<typeof Parts>;

const Reason = Text(
  2000,
  'Why, in Dutch: it stands in the history, and in the mail to whom it concerns',
  'De verzekeraar verschoof de datum.',
);
const AnnouncedOn = described(Nullable(DaySchema), 'When the insurer announced it; null when it is not known', '2024-08-15');

export const DeadlineInput = named(
  'DeadlineInput',
  Type.Object(
    {
      insurer: described(Nullable(Slug), 'Slug of the insurer; null for a duty of the whole sector'),
      contractYear: ContractYear,
      careType: defaulted(Identity.properties.careType, 'general'),
      activity: Identity.properties.activity,
      slot: defaulted(Identity.properties.slot, null),
      key: defaulted(Identity.properties.key, null),
      ...Parts.properties,
      title,
      rule,
      certainty,
      duty: parts.duty,
      reason: defaulted(described(Nullable(Reason), 'Why it is entered; null where there is nothing to say'), null),
      announcedOn: defaulted(AnnouncedOn, null),
    },
    closed,
  ),
  'A deadline to enter',
  {
    insurer: 'zorg-en-zekerheid',
    contractYear: 2025,
    careType: 'multidisciplinary_care',
    activity: 'annual_plan',
    title: 'Jaarplan met begroting indienen',
    rule: { kind: 'fixed', on: '2024-10-01' },
    boundary: 'before',
    certainty: 'stated',
    duty: { actors: ['ro'], onBehalfOf: ['wsv'], contractStatus: 'contracted' },
    sources: [
      {
        document: 'Zorginkoopbeleid multidisciplinaire zorg 2025',
        section: '5.3',
        quote: 'Gecontracteerde regio-organisaties dienen een meerjaren-/jaarplan in (…) voor 1 oktober 2024.',
      },
    ],
  },
);

export const AmendmentInput = named(
  'AmendmentInput',
  Type.Object(
    {
      baseRevision: Type.Integer({ minimum: 1, description: 'The revision that was read; 409 when there is a newer one', examples: [1] }),
      reason: Reason,
      announcedOn: defaulted(AnnouncedOn, null),
      ...Parts.properties,
    },
    closed,
  ),
  'What changes, and why',
  { baseRevision: 1, reason: 'De verzekeraar verbeterde het mailadres.', channel: { kind: 'email', address: 'inkoop@example.org' } },
);

export const WithdrawalInput = named('WithdrawalInput', Type.Object({ reason: Reason }, closed), 'Why a deadline is withdrawn', {
  reason: 'De verzekeraar trok het document in.',
});

/** A whole content: what was not said is null, lists are empty. */
export function contentFrom(input: Static<typeof DeadlineInput>): Said {
  const {
    insurer: _insurer,
    contractYear: _year,
    careType: _care,
    activity,
    slot: _slot,
    key: _key,
    reason: _reason,
    announcedOn: _on,
    ...said
  } = input;
  const { title, rule, certainty } = said;
  return {
    ...UNSAID,
    boundary: null,
    basis: null,
    reportingYear: null,
    kind: KIND_OF[activity],
    title,
    rule,
    certainty,
    duty: wholeDuty(said.duty),
    ...changeFrom(said),
  };
}

/** What was said, each part of it whole. */
export function changeFrom({ basis, duty, channel, consequence, sources, ...rest }: Parts): Partial<Said> {
  return {
    ...rest,
    ...(basis === undefined ? {} : { basis: basis && { deadlineId: null, ...basis } }),
    ...(duty === undefined ? {} : { duty: wholeDuty(duty) }),
    ...(channel === undefined ? {} : { channel: channel && { address: null, subject: null, hours: null, ...channel } }),
    // Ajv fills no default in what may be null.
    ...(consequence === undefined ? {} : { consequence: consequence && { kind: 'note', ...consequence } }),
    ...(sources === undefined ? {} : { sources: sources.map((source) => ({ section: null, quote: null, url: null, ...source })) }),
  };
}

function wholeDuty(duty: NonNullable<Parts['duty']>): Said['duty'] {
  return { onBehalfOf: [], contractStatus: 'any', deliverable: null, ...duty };
}
