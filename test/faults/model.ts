/**
 * Everything that can happen to reminders, in any order: deadlines that move, are withdrawn or done, people who leave, senders that die at
 * any point, servers that answer anything. Whatever the order, what is promised holds.
 */
import * as fc from 'fast-check';
import { complete, reopen } from '../../db/organisations/completions.ts';
import { amendDeadline, withdrawDeadline } from '../../db/registry/amending.ts';
import { isOfDeadline } from '../../calendars/reminders/due-reminder.ts';
import { getDeadline } from '../../db/registry/deadlines.ts';
import { reviewMessage } from '../../db/sending/composing.ts';
import { eq } from '../../db/store/drizzle.ts';
import { markLeaving, markSent, type Claim } from '../../db/sending/attempts.ts';
import { claimMessages, dueMessages, takeBackUnmarked } from '../../db/sending/claims.ts';
import { markFailed, type DeliveryFailure } from '../../db/sending/refusals.ts';
import { planReminders } from '../../db/reminders/planning.ts';
import { confirmRecipient, addRecipient, unsubscribeRecipient } from '../../db/recipients/recipients.ts';
import type { Store } from '../../db/store/store.ts';
import { composeMail } from '../../jobs/mails/compose.ts';
import { addDeadline, castIn } from '../helpers/cast.ts';
import { SETTINGS } from './servers.ts';

/** Monday 16 September 2024, 08:00 in Amsterdam. */
const BEGIN = Date.parse('2024-09-16T08:00:00+02:00');
const LEADS = [20, 14, 10, 7, 3, 0];

export type Step =
  | { do: 'pass'; hours: number }
  | { do: 'plan' }
  | { do: 'move'; deadline: number; days: number }
  | { do: 'withdraw' | 'complete' | 'reopen'; deadline: number }
  | { do: 'leave' | 'return'; recipient: number }
  | { do: 'claim' }
  | { do: 'mark'; claim: number }
  | { do: 'answer'; claim: number; with: DeliveryFailure['kind'] | 'accepted' }
  | { do: 'die'; wakes: boolean };

const deadline = fc.nat(2);
const recipient = fc.nat(1);
const claim = fc.nat(3);

/** A course of events. */
export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ do: fc.constant('pass' as const), hours: fc.constantFrom(0.3, 1, 8, 24, 72) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('plan' as const) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('move' as const), deadline, days: fc.integer({ min: -3, max: 12 }) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('withdraw' as const, 'complete' as const, 'reopen' as const), deadline }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('leave' as const, 'return' as const), recipient }) },
    { weight: 6, arbitrary: fc.record({ do: fc.constant('claim' as const) }) },
    { weight: 6, arbitrary: fc.record({ do: fc.constant('mark' as const), claim }) },
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('answer' as const),
        claim,
        with: fc.constantFrom<DeliveryFailure['kind'] | 'accepted'>(
          'accepted',
          'accepted',
          'uncertain',
          'uncertain',
          'deferred',
          'rejected',
          'transport',
          'lost',
        ),
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('die' as const), wakes: fc.boolean() }) },
  ),
  { minLength: 5, maxLength: 40 },
);

/** A mail whose body left, and what was true when it did. */
interface Departure {
  messageId: string;
  raw: Buffer;
  /** What the reader is told of, as `deadline lastSafeOn lead`. */
  about: string[];
}

/** Lives through a course of events. Throws when a promise is broken, with which one. */
export async function live(store: Store, course: readonly Step[]): Promise<void> {
  const { ro } = await castIn(store, new Date('2024-01-02T12:00:00Z'));
  const start = new Date('2024-01-03T12:00:00Z');
  const ids = await store.write(async (tx) => [
    (await addDeadline(tx, {}, { rule: { kind: 'fixed', on: '2024-09-30' } }, start)).id,
    (await addDeadline(tx, { activity: 'accounts' }, { rule: { kind: 'fixed', on: '2024-10-03' } }, start)).id,
    (await addDeadline(tx, { activity: 'regional_plan' }, { rule: { kind: 'fixed', on: '2024-10-10' } }, start)).id,
  ]);
  const people = await store.write(async (tx) => {
    const made = [];
    for (const email of ['a@example.org', 'b@example.org']) {
      const { id } = await addRecipient(tx, ro.id, { email, leadDays: LEADS, digest: 'daily' }, start);
      made.push(await confirmRecipient(tx, id, start));
    }
    await tx.update(tx.tables.messages).set({ state: 'sent' });
    return made.map(({ id }) => id);
  });
  const world = { store, now: BEGIN, claims: [] as (Claim & { marked: boolean })[], left: [] as Departure[] };
  for (const step of course) {
    await take(world, step, ro.id, ids, people);
    await checkAll(world);
  }
}

interface Living {
  store: Store;
  now: number;
  /** What senders hold in their memory; the store may know better. */
  claims: (Claim & { marked: boolean })[];
  left: Departure[];
}

async function take(world: Living, step: Step, organisationId: string, ids: readonly string[], people: readonly string[]): Promise<void> {
  const { store } = world;
  const now = new Date(world.now);
  switch (step.do) {
    case 'pass':
      world.now += step.hours * 3_600_000;
      return;
    case 'plan': {
      await planReminders(store, now);
      const again = await planReminders(store, now);
      must(again.planned + again.cancelled === 0, 'a second run of planning changes nothing');
      return;
    }
    case 'move': {
      const before = await getDeadline(store.read, ids[step.deadline]!);
      const on = new Date(Date.parse(before.dueOn!) + step.days * 86_400_000).toISOString().slice(0, 10);
      if (before.status !== 'published' || on === before.dueOn) return;
      const amendment = { baseRevision: before.revision, reason: 'Anders.', rule: { kind: 'fixed' as const, on }, sources: before.sources };
      await store.write((tx) => amendDeadline(tx, before.id, amendment, now));
      return;
    }
    case 'withdraw':
      await store.write((tx) => withdrawDeadline(tx, ids[step.deadline]!, 'Vervallen.', now)).catch(() => {});
      return;
    case 'complete':
      await store
        .write((tx) => complete(tx, organisationId, ids[step.deadline]!, { completedOn: '2024-09-16', by: 'A', evidence: null }, now))
        .catch(() => {});
      return;
    case 'reopen':
      await store.write((tx) => reopen(tx, organisationId, ids[step.deadline]!, now)).catch(() => {});
      return;
    case 'leave':
      await store.write((tx) => unsubscribeRecipient(tx, people[step.recipient]!, now));
      return;
    case 'return': {
      const email = ['a@example.org', 'b@example.org'][step.recipient]!;
      await store
        .write(async (tx) => {
          const { id } = await addRecipient(tx, organisationId, { email, leadDays: LEADS, digest: 'daily' }, now);
          await confirmRecipient(tx, id, now);
        })
        .catch(() => {});
      return;
    }
    case 'claim': {
      const [message] = (await dueMessages(store.read, now, 50)).filter(({ kind }) => kind === 'reminder');
      if (!message) return;
      const review = await reviewMessage(store.read, message, now);
      const mail = review.draft && message.raw === null ? composeMail(message, review.draft, SETTINGS, now) : null;
      const [claimed] = await store.write((tx) =>
        claimMessages(tx, [{ message, review, mail }], { holder: 'me', secret: SETTINGS.secret, now }),
      );
      if (claimed) world.claims.push({ ...claimed, marked: false });
      return;
    }
    case 'mark': {
      const claimed = pick(world.claims, step.claim);
      if (!claimed || claimed.marked) return;
      const about = await aboutOf(store, claimed.id);
      const holds = await stillHolds(store, claimed.id, now);
      if (!(await store.write((tx) => markLeaving(tx, claimed, now)))) return;
      must(holds, 'nothing leaves that no longer holds');
      claimed.marked = true;
      world.left.push({ messageId: claimed.id, raw: claimed.raw, about });
      return;
    }
    case 'answer': {
      const claimed = pick(world.claims, step.claim);
      if (!claimed) return;
      world.claims.splice(world.claims.indexOf(claimed), 1);
      if (step.with === 'accepted') {
        if (claimed.marked) await store.write((tx) => markSent(tx, claimed, '250 Ok', now));
        return;
      }
      // A server that was given no body cannot leave anybody in doubt.
      const kind = step.with === 'uncertain' && !claimed.marked ? 'transport' : step.with;
      const said = { code: null, response: 'x' };
      const fault: DeliveryFailure = kind === 'deferred' ? { kind, ...said, waitMs: null } : { kind: kind as 'transport', ...said };
      const left = world.left.findLast(({ messageId }) => messageId === claimed.id);
      const recorded = await store.write((tx) => markFailed(tx, claimed, fault, now));
      // An answer that came says that this copy did not arrive.
      if (recorded && claimed.marked && kind !== 'uncertain' && left) world.left.splice(world.left.indexOf(left), 1);
      return;
    }
    default:
      // The process is killed: what it remembers is gone, and another starts. Or it only seemed so, and goes on with what it remembers.
      if (!step.wakes) world.claims = [];
      await store.write((tx) => takeBackUnmarked(tx, { holders: [] }, now));
  }
}

const pick = <T>(all: readonly T[], n: number): T | undefined => all[n % Math.max(1, all.length)];

async function aboutOf(store: Store, messageId: string): Promise<string[]> {
  const { reminders } = store.read.tables;
  const rows = await store.read.select().from(reminders).where(eq(reminders.messageId, messageId));
  return rows
    .filter(({ state }) => state !== 'cancelled')
    .map((row) => [row.recipientId, row.deadlineId, row.organisationId, row.lastSafeOn, row.leadDays].join(' '));
}

/** Whether all that a mail says is true at this moment, asked of the tables themselves. */
async function stillHolds(store: Store, messageId: string, now: Date): Promise<boolean> {
  const { completions, messages, recipients, reminders } = store.read.tables;
  const [message] = await store.read.select().from(messages).where(eq(messages.id, messageId));
  const [person] = await store.read.select().from(recipients).where(eq(recipients.id, message!.recipientId!));
  if (person?.status !== 'confirmed') return false;
  const rows = await store.read.select().from(reminders).where(eq(reminders.messageId, messageId));
  const done = await store.read.select().from(completions);
  for (const { deadlineId, lastSafeOn, state, reason } of rows.filter(isOfDeadline)) {
    // What was dropped before the bytes were made is not in them.
    if (state === 'cancelled' && reason !== null) continue;
    const current = await getDeadline(store.read, deadlineId);
    if (current.status !== 'published' || current.lastSafeOn !== lastSafeOn) return false;
    if (done.some((row) => row.deadlineId === deadlineId)) return false;
    if (lastSafeOn < now.toISOString().slice(0, 10)) return false;
  }
  return true;
}

/** What must be true after every step. */
async function checkAll({ store, left }: Living): Promise<void> {
  const { attempts, messages, reminders } = store.read.tables;
  const copies = Map.groupBy(left, ({ messageId }) => messageId);
  const rows = await store.read.select().from(messages).where(eq(messages.kind, 'reminder'));
  const told = new Map<string, Set<string>>();
  for (const [messageId, all] of copies) {
    must(all.length <= 3, 'at most three copies of a mail');
    must(new Set(all.map(({ raw }) => raw.toString('base64'))).size === 1, 'all copies are the very same');
    for (const { about } of all) for (const one of about) told.set(one, (told.get(one) ?? new Set()).add(messageId));
  }
  const accepted = new Set(rows.filter(({ state }) => state === 'sent').map(({ id }) => id));
  for (const [one, by] of told)
    must([...by].filter((id) => accepted.has(id)).length <= 1, `nothing is reminded of in two mails that were taken: ${one}`);
  for (const { state, raw, holder, copies, sentAt } of rows) {
    must((state === 'sent') === (sentAt !== null), 'what was sent has a moment');
    must(state === 'sending' || holder === null, 'nobody holds what is not being sent');
    must(state !== 'sending' || raw !== null, 'what is being sent has its bytes');
    must(copies <= 3, 'no more than three copies are counted');
  }
  const keys = (await store.read.select().from(reminders)).map((r) =>
    [r.recipientId, r.deadlineId, r.organisationId, r.lastSafeOn, r.leadDays].join(),
  );
  must(new Set(keys).size === keys.length, 'a reminder has one row');
  for (const { startedAt, endedAt } of await store.read.select().from(attempts))
    must(endedAt === null || endedAt >= startedAt, 'tries end after they start');
}

function must(holds: boolean, promise: string): asserts holds {
  if (!holds) throw new Error(`broken: ${promise}`);
}
