/** Acts as a mail may tell them: what was done and by whom, beside how it stands now, so that nothing is told that was undone meanwhile. */
import { isSameSaid } from '../organisations/acts/acts.ts';
import { findCompletion, saidIn } from '../organisations/completions.ts';
import { listSteps, STEP_DONE } from '../organisations/steps/steps.ts';
import { getDeadline } from '../registry/deadlines.ts';
import { insurerNames } from '../registry/insurers.ts';
import type { Revision } from '../registry/revisions.ts';
import type { CancelReason } from '../messages/messages.ts';
import { preferencesOf } from '../recipients/preferences.ts';
import type { Act, NoticeRow, Recipient, RecipientStatus, Said } from '../schema/schema.ts';
import { and, eq, inArray } from '../store/drizzle.ts';
import type { ReadDb } from '../store/store.ts';
import { actKey } from '../../calendars/agenda/done-together.ts';
import type { Step } from '../../calendars/agenda/step.ts';
import type { Day } from '../../calendars/terms.ts';

/** An act in a mail, and how what it changed stands now. */
export interface ActFact {
  /** The notice that tells of it. */
  id: string;
  act: Act;
  /** Null where it is about no deadline. */
  deadline: Revision | null;
  /** Null for a duty of the whole sector. */
  insurerName: string | null;
  /** The own date that it is about; null where it is about none. */
  step: ActStep | null;
  /** What is said of the deadline, or of the own date, now; null where it is open. */
  said: Said | null;
  /** Whether who muted it still wants no mail about the deadline. */
  isMuted: boolean;
  /** How who did it by a link stands now; null where that was nobody, or its reader was removed. */
  status: RecipientStatus | null;
}

/** As much of an own date as a mail says. */
type ActStep = Pick<Step, 'dueOn' | 'id' | 'title'>;

/** An act as it is told to a reader. */
export interface ToldAct extends Pick<Act, 'kind' | 'by' | 'way' | 'at'>, Pick<ActFact, 'deadline' | 'insurerName' | 'said' | 'step'> {
  /** Whether it was done by a link in this reader's own mail. */
  isOwn: boolean;
}

/** By message, what its notices tell of acts, the oldest first. */
export async function readActFacts(db: ReadDb, rows: readonly NoticeRow[]): Promise<Map<string, ActFact[]>> {
  const { acts } = db.tables;
  const actIds = rows.flatMap(({ actId }) => actId ?? []);
  if (actIds.length === 0) return new Map();
  const actRows = await db.select().from(acts).where(inArray(acts.id, actIds));
  const actOf = new Map(actRows.map((act) => [act.id, act]));
  const names = await insurerNames(db);
  const all = new Map<string, ActFact[]>();
  for (const { id, actId, messageId } of rows) {
    const act = actOf.get(actId ?? '');
    const state = act && (await stateOf(db, act, names));
    if (state) all.set(messageId, [...(all.get(messageId) ?? []), { id, act, ...state }]);
  }
  for (const facts of all.values()) facts.sort((a, b) => a.act.at.getTime() - b.act.at.getTime() || (a.act.id < b.act.id ? -1 : 1));
  return all;
}

/** Null where the own date that it is about is gone. */
async function stateOf(
  db: ReadDb,
  { deadlineId, kind, organisationId, recipientId, stepId }: Act,
  names: ReadonlyMap<string, string>,
): Promise<Omit<ActFact, 'id' | 'act'> | null> {
  const { mutes, recipients } = db.tables;
  const deadline = deadlineId === null ? null : await getDeadline(db, deadlineId);
  const insurerName = deadline?.insurer ? (names.get(deadline.insurer) ?? deadline.insurer) : null;
  const step = stepId === null ? null : ((await listSteps(db, organisationId)).find((one) => one.id === stepId) ?? null);
  // It was removed a moment ago, and its acts with it.
  if (stepId !== null && step === null) return null;
  const completion = deadlineId === null ? null : await findCompletion(db, organisationId, deadlineId);
  const said = step ? step.completion && STEP_DONE : completion && saidIn(completion);
  const isMute = and(eq(mutes.recipientId, recipientId ?? ''), eq(mutes.deadlineId, deadlineId ?? ''));
  const isMuted = kind === 'muted' && (await db.$count(mutes, isMute)) > 0;
  const [who] = await db
    .select({ status: recipients.status })
    .from(recipients)
    .where(eq(recipients.id, recipientId ?? ''));
  return { deadline, insurerName, step, said, isMuted, status: who?.status ?? null };
}

/** Changes with all that of which a mail's acts are told. */
export function stampOfActs(facts: readonly ActFact[]) {
  return facts.map(({ id, deadline, isMuted, said, status, step }) => [
    id,
    deadline?.revision,
    step?.dueOn,
    step?.title,
    said,
    isMuted,
    status,
  ]);
}

/** Who reads, and of which deadlines it wants no mail. */
interface ActReader {
  recipient: Recipient;
  muted: Iterable<string>;
  today: Day;
}

/**
 * What a mail is to tell of acts, the oldest first: of several about the same the last one, and none where all is as it was before the first. What
 * was done by a link in the reader's own mail is told whatever it wants: it may have been a program that pressed the button.
 */
export function reviewActs(
  facts: readonly ActFact[],
  { recipient, muted, today }: ActReader,
): { content: ToldAct[]; dropped: { id: string; reason: CancelReason }[] } {
  const { muted: unheard, silence } = preferencesOf(recipient, muted, today, 'acts');
  const content: ToldAct[] = [];
  const dropped: { id: string; reason: CancelReason }[] = [];
  for (const group of Map.groupBy(facts, subjectOf).values()) {
    const last = group.at(-1)!;
    const isOwn = last.act.recipientId === recipient.id;
    const isUnwanted = !isOwn && (silence === 'not_wanted' || unheard.has(last.act.deadlineId ?? ''));
    const reason = silence === 'paused' ? silence : isUnwanted ? 'not_wanted' : whyUntold(group[0]!, last);
    if (reason !== null) {
      dropped.push(...group.map(({ id }) => ({ id, reason })));
      continue;
    }
    dropped.push(...group.slice(0, -1).map(({ id }) => ({ id, reason: 'merged' as const })));
    const { act, deadline, insurerName, said, step } = last;
    const { at, by, kind, way } = act;
    content.push({ kind, by, way, at, deadline, insurerName, step, said, isOwn });
  }
  return { content, dropped };
}

/** What an act is about: of several about the same only the last one counts. */
function subjectOf({ act: { deadlineId, kind, recipientId, stepId }, deadline }: ActFact): string {
  return kind === 'completed' || kind === 'reopened'
    ? `said/${deadline ? actKey(deadline) : stepId}`
    : `${kind}/${recipientId}/${deadlineId}`;
}

/** Why acts about the same are not told after all, or null: it was undone, or asks nothing of anybody any more. */
function whyUntold({ act: first }: ActFact, { act, deadline, isMuted, said, status }: ActFact): CancelReason | null {
  if (deadline?.status === 'withdrawn') return 'withdrawn';
  switch (act.kind) {
    case 'muted':
      return isMuted ? null : 'reverted';
    case 'unsubscribed':
      return status === 'unsubscribed' ? null : 'reverted';
    default: {
      const holds = (act.kind === 'completed') === (said !== null);
      return holds && !isSameSaid(first.before, said) ? null : 'reverted';
    }
  }
}
