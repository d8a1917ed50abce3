/** A deadline as the API shows it: one shape for every list that holds one. */
import { storedBasis } from '../../../calendars/deadlines/wording/grounds.ts';
import { Type, type Static } from '../../../calendars/schema/typebox.ts';
import {
  Content,
  DaySchema,
  Identity,
  Nullable,
  OneOf,
  Precedent,
  reportedYear,
  type Deadline,
} from '../../../calendars/deadlines/deadline.ts';
import type { Entered } from '../../../db/registry/amending.ts';
import type { Revision } from '../../../db/registry/revisions.ts';
import { closed, described, MomentSchema, named } from '../shapes.ts';

const { id, insurer, contractYear, careType, activity, slot, key } = Identity.properties;
const StatusSchema = named('DeadlineStatus', OneOf(['published', 'withdrawn']), 'Whether it still stands', 'published');

const shown = {
  id,
  insurer,
  contractYear,
  careType,
  activity,
  slot,
  key,
  kind: Content.properties.kind,
  title: Content.properties.title,
  dueOn: described(Nullable(DaySchema), 'The day that the text names, never moved; null when it is not known', '2024-10-01'),
  rule: Content.properties.rule,
  boundary: Content.properties.boundary,
  lastSafeOn: described(
    Nullable(DaySchema),
    'The last day that is in time by every reading; null when it is not known, and for an assumption (certainty template), which is safe on no day',
    '2024-09-30',
  ),
  certainty: Content.properties.certainty,
  basis: Content.properties.basis,
  reportingYear: Content.properties.reportingYear,
  duty: Content.properties.duty,
  channel: Content.properties.channel,
  consequence: Content.properties.consequence,
  extension: Content.properties.extension,
  sources: Content.properties.sources,
  conflict: Content.properties.conflict,
  strictness: Content.properties.strictness,
  precedent: described(Nullable(Precedent), 'What was known for the year that it is taken from; null where it is taken from none'),
  checkedOn: described(Nullable(DaySchema), 'When it was last compared with its document; null when nobody did', '2026-11-30'),
  checkedBy: described(Nullable(Type.String({ examples: ['redactie'] })), 'Who compared it; null when nobody did'),
  revision: Type.Integer({ minimum: 1, description: 'How often it was written, counted from 1', examples: [1] }),
  revisedAt: described(MomentSchema, 'When this revision was recorded, in UTC', '2024-09-16T05:30:00.000Z'),
  status: StatusSchema,
};

export const DeadlineView = named('Deadline', Type.Object(shown, closed), 'A deadline as it stands now; what is not known is null');
export type DeadlineView = Static<typeof DeadlineView>;

export const RevisionView = named(
  'Revision',
  Type.Object(
    {
      ...shown,
      reason: described(
        Nullable(Type.String({ examples: ['De verzekeraar verschoof de datum.'] })),
        'Why this revision was made, in Dutch; null where nothing was said',
      ),
      announcedOn: described(Nullable(DaySchema), 'When the insurer announced the change; null when it is not known', '2024-08-15'),
    },
    closed,
  ),
  'A deadline as one revision of it was',
);

const Doubtful = named(
  'DoubtfulDeadline',
  Type.Object(
    { id, careType, dueOn: described(Nullable(DaySchema), 'The day that is expected; null when it is not known', '2026-10-01') },
    closed,
  ),
  'A date that is expected for another care type, and may hold no longer: amend it, or withdraw it',
);

export const EnteredView = named(
  'EnteredDeadline',
  Type.Object(
    {
      ...shown,
      doubtful: Type.Array(Doubtful, {
        description: 'What is expected beside it for other care types, and may hold no longer; mostly none',
      }),
    },
    closed,
  ),
  'A deadline as it was entered, with what it casts doubt on',
);

/** What was entered, as the API answers it. */
export function enteredView({ deadline, doubtful }: Entered): Static<typeof EnteredView> {
  return { ...deadlineView(deadline), doubtful: doubtful.map(({ id, careType, dueOn }) => ({ id, careType, dueOn })) };
}

/** Every field of a deadline, null where it is not known; what only the store needs is left out. */
export function deadlineView(deadline: Deadline): DeadlineView {
  return {
    id: deadline.id,
    insurer: deadline.insurer,
    contractYear: deadline.contractYear,
    careType: deadline.careType,
    activity: deadline.activity,
    slot: deadline.slot,
    key: deadline.key,
    kind: deadline.kind,
    title: deadline.title,
    dueOn: deadline.dueOn,
    rule: deadline.rule,
    boundary: deadline.boundary,
    lastSafeOn: deadline.lastSafeOn,
    certainty: deadline.certainty,
    basis: storedBasis(deadline),
    reportingYear: reportedYear(deadline),
    duty: deadline.duty,
    channel: deadline.channel,
    consequence: deadline.consequence,
    extension: deadline.extension,
    sources: deadline.sources,
    conflict: deadline.conflict,
    strictness: deadline.strictness,
    precedent: deadline.precedent,
    checkedOn: deadline.checkedOn,
    checkedBy: deadline.checkedBy,
    revision: deadline.revision,
    revisedAt: deadline.revisedAt.toISOString(),
    status: deadline.status,
  };
}

/** One line of a deadline's history. */
export function revisionView(revision: Revision): Static<typeof RevisionView> {
  return { ...deadlineView(revision), reason: revision.reason, announcedOn: revision.announcedOn };
}
