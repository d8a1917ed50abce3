/** What an editor sends: a deadline or an amendment, in which what is left out is not known, or stays as it was. */
import { Type, type Static } from '../../../calendars/schema/typebox.ts';
import {
  Basis,
  ChannelInput,
  Content,
  ContractYear,
  DaySchema,
  Duty,
  Identity,
  Nullable,
  Source,
} from '../../../calendars/deadlines/deadline.ts';
import type { Content as Said } from '../../../calendars/deadlines/deadline.ts';
import { closed, defaulted, Slug, Text } from '../shapes.ts';

const { title, rule, boundary, certainty, reportingYear, consequence, extension, conflict } = Content.properties;

const parts = {
  title,
  rule,
  boundary,
  certainty,
  basis: Nullable(Type.Object({ ...Basis.properties, deadlineId: Type.Optional(Basis.properties.deadlineId) }, closed)),
  reportingYear,
  duty: Type.Object(
    {
      actors: Duty.properties.actors,
      onBehalfOf: Type.Optional(Duty.properties.onBehalfOf),
      contractStatus: Type.Optional(Duty.properties.contractStatus),
      deliverable: Type.Optional(Duty.properties.deliverable),
    },
    closed,
  ),
  channel: Nullable(ChannelInput),
  consequence,
  extension,
  sources: Type.Array(
    Type.Object(
      {
        document: Source.properties.document,
        section: Type.Optional(Source.properties.section),
        quote: Type.Optional(Source.properties.quote),
        url: Type.Optional(Source.properties.url),
      },
      closed,
    ),
    { maxItems: 20 },
  ),
  conflict,
};
const Parts = Type.Partial(Type.Object(parts, closed));
type Parts = Static<typeof Parts>;

const Reason = Text(2000);
const AnnouncedOn = Nullable({ ...DaySchema, description: 'When the insurer announced it' });

export const DeadlineInput = Type.Object(
  {
    insurer: Nullable(Slug),
    contractYear: ContractYear,
    careType: defaulted(Identity.properties.careType, 'general'),
    activity: Identity.properties.activity,
    slot: defaulted(Identity.properties.slot, null),
    ...Parts.properties,
    title,
    rule,
    certainty,
    duty: parts.duty,
    reason: defaulted(Nullable(Reason), null),
    announcedOn: defaulted(AnnouncedOn, null),
  },
  closed,
);

export const AmendmentInput = Type.Object(
  { baseRevision: Type.Integer({ minimum: 1 }), reason: Reason, announcedOn: defaulted(AnnouncedOn, null), ...Parts.properties },
  closed,
);

export const WithdrawalInput = Type.Object({ reason: Reason }, closed);

/** A whole content: what was not said is null, lists are empty. */
export function contentFrom(input: Static<typeof DeadlineInput>): Said {
  const {
    insurer: _insurer,
    contractYear: _year,
    careType: _care,
    activity: _activity,
    slot: _slot,
    reason: _reason,
    announcedOn: _on,
    ...said
  } = input;
  const { title, rule, certainty } = said;
  const unknown = {
    boundary: null,
    basis: null,
    reportingYear: null,
    channel: null,
    consequence: null,
    extension: null,
    sources: [],
    conflict: null,
  };
  return { ...unknown, title, rule, certainty, duty: wholeDuty(said.duty), ...changeFrom(said) };
}

/** What was said, each part of it whole. */
export function changeFrom({ basis, duty, channel, sources, ...rest }: Parts): Partial<Said> {
  return {
    ...rest,
    ...(basis === undefined ? {} : { basis: basis && { deadlineId: null, ...basis } }),
    ...(duty === undefined ? {} : { duty: wholeDuty(duty) }),
    ...(channel === undefined ? {} : { channel: channel && { address: null, subject: null, hours: null, ...channel } }),
    ...(sources === undefined ? {} : { sources: sources.map((source) => ({ section: null, quote: null, url: null, ...source })) }),
  };
}

function wholeDuty(duty: NonNullable<Parts['duty']>): Said['duty'] {
  return { onBehalfOf: [], contractStatus: 'any', deliverable: null, ...duty };
}
