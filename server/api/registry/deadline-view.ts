/** A deadline as the API shows it: one shape for every list that holds one. */
import { Type, type Static } from '../../../calendars/schema/typebox.ts';
import { Content, ContractYear, DaySchema, Nullable, OneOf, type Deadline } from '../../../calendars/deadlines/deadline.ts';
import { ACTIVITIES, CARE_TYPES } from '../../../calendars/terms.ts';
import type { Revision } from '../../../db/registry/revisions.ts';
import { closed, MomentSchema } from '../shapes.ts';

const { title, rule, boundary, certainty, basis, reportingYear, duty, channel, consequence, extension, sources, conflict } =
  Content.properties;
const described = <T extends object>(schema: T, description: string): T => ({ ...schema, description });

const shown = {
  id: Type.String({ format: 'uuid', description: 'Stays the same through all revisions' }),
  insurer: described(Nullable(Type.String()), 'Slug of the insurer; null for a duty of the whole sector'),
  contractYear: ContractYear,
  careType: OneOf(CARE_TYPES),
  activity: OneOf(ACTIVITIES),
  slot: described(Nullable(Type.Integer()), 'The quarter, where a rule gives one deadline per quarter'),
  title,
  dueOn: described(Nullable(DaySchema), 'The day that the text names, never moved; null when it is not known'),
  rule,
  boundary,
  lastSafeOn: described(Nullable(DaySchema), 'The last day that is in time by every reading'),
  certainty,
  basis,
  reportingYear,
  duty,
  channel,
  consequence,
  extension,
  sources,
  conflict,
  revision: Type.Integer({ minimum: 1 }),
  revisedAt: described(MomentSchema, 'When this revision was recorded, in UTC'),
  status: OneOf(['published', 'withdrawn']),
};

export const DeadlineView = Type.Object(shown, { ...closed, title: 'Deadline' });
export type DeadlineView = Static<typeof DeadlineView>;

export const RevisionView = Type.Object(
  {
    ...shown,
    reason: described(Nullable(Type.String()), 'Why this revision was made'),
    announcedOn: described(Nullable(DaySchema), 'When the insurer announced the change'),
  },
  { ...closed, title: 'Revision' },
);

/** Every field of a deadline, null where it is not known; what only the store needs is left out. */
export function deadlineView(deadline: Deadline): DeadlineView {
  return {
    id: deadline.id,
    insurer: deadline.insurer,
    contractYear: deadline.contractYear,
    careType: deadline.careType,
    activity: deadline.activity,
    slot: deadline.slot,
    title: deadline.title,
    dueOn: deadline.dueOn,
    rule: deadline.rule,
    boundary: deadline.boundary,
    lastSafeOn: deadline.lastSafeOn,
    certainty: deadline.certainty,
    basis: deadline.basis,
    reportingYear: deadline.reportingYear,
    duty: deadline.duty,
    channel: deadline.channel,
    consequence: deadline.consequence,
    extension: deadline.extension,
    sources: deadline.sources,
    conflict: deadline.conflict,
    revision: deadline.revision,
    revisedAt: deadline.revisedAt.toISOString(),
    status: deadline.status,
  };
}

/** One line of a deadline's history. */
export function revisionView(revision: Revision): Static<typeof RevisionView> {
  return { ...deadlineView(revision), reason: revision.reason, announcedOn: revision.announcedOn };
}
