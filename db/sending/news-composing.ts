/** The change part of a draft: each deadline as its reader knew it, and as it is now. */
import { isWorthTelling, newsKind, type NewsKind } from '../../calendars/agenda/news.ts';
import { countingDay } from '../../calendars/deadlines/deadline.ts';
import { isCounted } from '../../calendars/deadlines/kinds.ts';
import type { Day } from '../../calendars/terms.ts';
import { changedFields, NEW, type Noted } from '../registry/changes.ts';
import { findCompletion } from '../organisations/completions.ts';
import { concernAmong, readParties, type Concern } from '../organisations/concerns.ts';
import { followReason, type Followed } from '../../calendars/deadlines/wording/reasons.ts';
import { allDeadlines, listRevisions } from '../registry/deadlines.ts';
import { readTold, toldOf } from '../registry/editions/told-revision.ts';
import { and, eq, isNull } from '../store/drizzle.ts';
import { insurerNames } from '../registry/insurers.ts';
import type { CancelReason } from '../messages/messages.ts';
import { readOwnTerm } from '../organisations/own-terms.ts';
import { isOwnNotice, noticesIn, wasTold } from '../notices/notices.ts';
import { keyOf, type Revision } from '../registry/revisions.ts';
import { sameText } from '../../calendars/canonical.ts';
import type { OwnMessage, Notice, NoticeRow, Recipient } from '../schema/schema.ts';
import type { ReadDb } from '../store/store.ts';
import { readPreferences } from '../recipients/preferences.ts';

/** One deadline that changed, as it stands for its reader. */
export interface ChangeNotice extends Concern {
  /** What it is for its reader. */
  kind: NewsKind;
  /** As the reader knew it; null where the reader did not have it. */
  before: Revision | null;
  after: Revision;
  /** In what they differ. */
  fields: (keyof Noted)[];
  insurerName: string | null;
  /** Why it asks nothing of the reader any more; null when it still does. */
  gone: 'withdrawn' | 'not_concerned' | null;
  /** Whether whose duty it is marked it as done. */
  done: boolean;
  /** The organisation whose own event dates it; null where the registry does. */
  owner: string | null;
  /** The change that has a page for everybody; null where none has. */
  changeId: string | null;
  /** The deadline that it moved along with; null where it did with none. */
  follows: Followed | null;
}

/** Asks anew what a message about changes has to tell. The soonest day comes first, what is undated last. */
export async function reviewChanges(
  db: ReadDb,
  message: OwnMessage,
  recipient: Recipient,
  today: Day,
): Promise<{ content: ChangeNotice[]; dropped: { id: string; reason: CancelReason }[] }> {
  const changes: ChangeNotice[] = [];
  const dropped: { id: string; reason: CancelReason }[] = [];
  const { muted, silence } = await readPreferences(db, recipient, today, 'change');
  const names = await insurerNames(db);
  // The same deadline may stand twice, after a mail that was made anew: the oldest state is the one that the reader knows.
  const notices = (await noticesIn(db, message.id, 'change')).sort((a, b) => (a.fromRevision ?? 0) - (b.fromRevision ?? 0));
  // A pause only puts it off: to the mail of its end.
  if (silence === 'paused') return { content: [], dropped: notices.map(({ id }) => ({ id, reason: silence })) };
  const places = new Set<string>();
  for (const notice of notices) {
    const { changeId, id, deadlineId, organisationId } = notice;
    const place = isOwnNotice(notice) ? `${deadlineId}/${organisationId}` : deadlineId;
    if (places.has(place)) {
      if (message.raw === null) dropped.push({ id, reason: 'merged' });
      continue;
    }
    places.add(place);
    const state = isOwnNotice(notice)
      ? await ownState(db, message, notice)
      : await stateOf(db, message, notice, ownersIn(notices, deadlineId));
    const isUnwanted = silence === 'not_wanted' || muted.has(deadlineId);
    const reason = isUnwanted ? 'not_wanted' : !state ? 'not_concerned' : await whyUntold(db, message, { recipient, today }, state);
    if (reason || !state) {
      dropped.push({ id, reason: reason ?? 'not_concerned' });
      continue;
    }
    const { changedAt, isReverted: _, ...change } = state;
    // Its frozen bytes say what no longer holds: to be told in a mail that is made anew.
    if (message.raw !== null && message.claimedAt !== null && changedAt > message.claimedAt) dropped.push({ id, reason: 'moved' });
    const { insurer } = change.after;
    changes.push({ ...change, changeId, insurerName: insurer === null ? null : (names.get(insurer) ?? insurer) });
  }
  return { content: changes.sort(compareNotices), dropped };
}

/** What a notice tells, and when it last became so. */
type ToldState = Omit<ChangeNotice, 'changeId' | 'insurerName'> & { changedAt: Date; isReverted: boolean };

/** What the registry says now, beside the revision that the reader knew. Null when neither concerns the reader. */
async function stateOf(
  db: ReadDb,
  { organisationId }: OwnMessage,
  { deadlineId, fromRevision }: Notice,
  owners: ReadonlySet<string>,
): Promise<ToldState | null> {
  const { before, after } = await revisionsSince(db, deadlineId, fromRevision);
  // Of whichever revision: a deadline stays the insurer's.
  const parties = (await readParties(db, [organisationId], after.insurer)).get(organisationId) ?? [];
  const concern = concernAmong(parties, after, owners);
  const earlier = before && concernAmong(parties, before, owners);
  const whose = concern ?? earlier;
  const had = before !== null && earlier !== null && isAsked(before);
  const has = concern !== null && isAsked(after);
  if (!whose || (!had && !has)) return null;
  const done = (await findCompletion(db, organisationId, deadlineId)) !== null;
  return {
    ...whose,
    ...compared(had ? before : null, after, has),
    ...differences(before, after),
    done,
    owner: null,
    follows: await followedBy(db, after),
    changedAt: after.revisedAt,
  };
}

/** Whether a deadline asks something of whom it concerns. */
const isAsked = (revision: Revision) => revision.status === 'published' && isCounted(revision);

/** What became of it, by what the reader had and has. */
function compared(before: Revision | null, after: Revision, has: boolean): Pick<ToldState, 'kind' | 'before' | 'after' | 'gone'> {
  const gone = has ? null : after.status === 'withdrawn' ? 'withdrawn' : 'not_concerned';
  return { kind: newsKind(before, has ? after : null), before, after, gone };
}

/** In what two revisions differ, and whether it is nothing at all. */
function differences(before: Revision | null, after: Revision): Pick<ToldState, 'fields' | 'isReverted'> {
  const fields = before === null ? [] : changedFields(before, after, sameText);
  return { fields, isReverted: before !== null && fields.length === 0 };
}

/** Who reads of a deadline's own days in the same mail. */
function ownersIn(notices: readonly Notice[], deadlineId: string): ReadonlySet<string> {
  return new Set(
    notices.filter((notice) => isOwnNotice(notice) && notice.deadlineId === deadlineId).map(({ organisationId }) => organisationId),
  );
}

/** The days that an organisation's own term has now, beside those that the reader knew. Null when there is no such term any more. */
async function ownState(db: ReadDb, { organisationId }: OwnMessage, notice: Notice): Promise<ToldState | null> {
  const { deadlineId, fromRevision, knownOn, organisationId: owner } = notice;
  const term = await readOwnTerm(db, organisationId, { deadlineId, owner, fromRevision });
  if (!term) return null;
  const { as, completion, deadline, organisations } = term.now;
  const { before: was, after: is } = await revisionsSince(db, deadlineId, fromRevision);
  const before = was && { ...was, dueOn: term.earlier?.deadline.dueOn ?? null, lastSafeOn: knownOn, conflict: null };
  const { conflict, dueOn, lastSafeOn, started } = deadline;
  const movedBy = await readTold(db, term.movedBy.id);
  const follows = movedBy.id === deadlineId ? null : movedBy;
  const after = { ...is, dueOn, lastSafeOn, conflict, ...(started && { started }) };
  const states = { ...compared(before, after, isAsked(after)), ...differences(before, after) };
  return { as, organisations, ...states, done: completion !== null, owner, follows, changedAt: movedBy.revisedAt };
}

/** The deadline of the same insurer and contract year that a revision says it moved along with. */
async function followedBy(db: ReadDb, { contractYear, id, insurer, reason, rule }: Revision): Promise<Followed | null> {
  if (reason === null || rule.kind !== 'offset' || !('activity' in rule.from)) return null;
  const its = {
    insurers: insurer === null ? [] : [insurer],
    withSector: insurer === null,
    fromContractYear: contractYear,
    withdrawnToo: true,
  };
  const all = (await allDeadlines(db, its)).filter((one) => one.contractYear === contractYear && one.id !== id);
  return all.find((one) => followReason(one, 'nl') === reason) ?? null;
}

/** The revision that the reader knew, and the newest, as it is told; null for the first of the two where the deadline was new. */
async function revisionsSince(
  db: ReadDb,
  deadlineId: string,
  fromRevision: number | null,
): Promise<{ before: Revision | null; after: Revision }> {
  const revisions = await listRevisions(db, deadlineId);
  const after = await toldOf(db, revisions);
  const before = revisions.find(({ revision }) => revision === fromRevision) ?? after;
  return { before: fromRevision === NEW ? null : before, after };
}

/** Why nothing is to be told of a deadline after all, or null. */
async function whyUntold(
  db: ReadDb,
  message: OwnMessage,
  { recipient, today }: { recipient: Recipient; today: Day },
  state: ToldState,
): Promise<CancelReason | null> {
  const { after, before, isReverted } = state;
  if (isReverted) return 'reverted';
  // It may have waited for long. What was frozen is told as it was.
  if (message.raw === null && !isWorthTelling([before && countingDay(before), countingDay(after)], today)) return 'passed';
  if (after.status === 'withdrawn' && !(await wasTold(db, recipient.id, after.id))) return 'not_told';
  return (await toldSince(db, message, state)) ? 'merged' : null;
}

/** Whether another mail told of this very state already. */
async function toldSince(db: ReadDb, { recipientId }: OwnMessage, { after, changedAt, owner }: ToldState): Promise<boolean> {
  if (recipientId === null) return false;
  const { messages, notices } = db.tables;
  const rows = await db
    .select({ notice: notices, claimedAt: messages.claimedAt })
    .from(notices)
    .innerJoin(messages, eq(messages.id, notices.messageId))
    .where(
      and(
        eq(messages.recipientId, recipientId),
        eq(notices.kind, 'change'),
        eq(messages.state, 'sent'),
        eq(notices.deadlineId, after.id),
        isNull(notices.reason),
      ),
    );
  const isSame = (notice: NoticeRow) => (isOwnNotice(notice) ? notice.organisationId : null) === owner;
  return rows.some(({ notice, claimedAt }) => isSame(notice) && claimedAt !== null && claimedAt >= changedAt);
}

/** By day; what the registry says before the own terms that may follow from it. Then by what it is: an id of what is new is another one each time. */
function compareNotices(a: ChangeNotice, b: ChangeNotice): number {
  return compare(dayOf(a), dayOf(b)) || compare(a.owner ?? '', b.owner ?? '') || compare(keyOf(a.after), keyOf(b.after));
}

const dayOf = ({ after }: ChangeNotice) => countingDay(after) ?? '9999';
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
