/** A deadline with its history, as it stands in a file. */
import { entryOfContent, inOrder, said } from '../../../calendars/exchange/content.ts';
import type { DeadlineEntry, RevisionEntry } from '../../../calendars/exchange/shape.ts';
import type { Tables } from '../../schema/schema.ts';
import { contentOf } from '../revisions.ts';

type RevisionRow = Tables['revisions']['$inferSelect'];
type ChangeRow = Tables['publicChanges']['$inferSelect'];

/** All that is stored of one deadline, its revisions in their order. */
export interface DeadlineRows {
  deadline: Tables['deadlines']['$inferSelect'];
  revisions: readonly RevisionRow[];
  changes: readonly ChangeRow[];
}

/** `keyOf`: the keys of documents, by what they are called. */
export function entryOfDeadline({ changes, deadline, revisions }: DeadlineRows, keyOf: ReadonlyMap<string, string>): DeadlineEntry {
  const { activity, careType, changedAt, checkedBy, checkedOn, contractYear, createdAt, id, requirementKey, sequence, slot } = deadline;
  // What is not public yet may be taken back.
  const byRevision = new Map(changes.flatMap((change) => (change.number === null ? [] : [[change.revision, change] as const])));
  return said({
    id,
    contractYear,
    careType,
    activity,
    slot,
    key: requirementKey,
    checked: checkedOn === null || checkedBy === null ? null : { on: checkedOn, by: checkedBy },
    sequence,
    createdAt: createdAt.toISOString(),
    changedAt: changedAt.toISOString(),
    revisions: revisions.map((revision) => entryOfRevision(revision, activity, { keyOf, change: byRevision.get(revision.number) })),
  }) as DeadlineEntry;
}

interface Beside {
  keyOf: ReadonlyMap<string, string>;
  change: ChangeRow | undefined;
}

function entryOfRevision(row: RevisionRow, activity: DeadlineEntry['activity'], { change, keyOf }: Beside): RevisionEntry {
  const { announcedOn, changeId, digest, dueOn, lastSafeOn, origin, precedent, reason, revisedAt, status } = row;
  const { boundary, certainty, kind, rule, title, ...content } = entryOfContent(contentOf(row), activity, keyOf);
  return said({
    reason,
    announcedOn,
    revisedAt: revisedAt.toISOString(),
    origin,
    status: status === 'published' ? null : status,
    kind,
    title,
    rule,
    boundary,
    dueOn,
    lastSafeOn,
    certainty,
    ...content,
    precedent: inOrder(precedent),
    digest,
    changeId,
    change:
      change &&
      said({ from: change.fromRevision, number: change.number, publicAt: change.publicAt === null ? null : change.publicAt.toISOString() }),
  }) as RevisionEntry;
}
