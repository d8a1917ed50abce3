/** Editions on their way to people: whatever comes in which order, nothing of one is mailed before it is public, and of one taken back nothing ever is. */
import * as fc from 'fast-check';
import { beforeEach, expect, it } from 'vitest';
import { addDays, writeDay } from '../../calendars/days.ts';
import { AppError } from '../../calendars/errors.ts';
import { amendAlone, enterAlone, type Sender } from '../../db/registry/editions/alone.ts';
import { makeEditionsPublic } from '../../db/registry/editions/becoming-public.ts';
import { unseenEditions } from '../../db/registry/editions/looking.ts';
import { takeBack } from '../../db/registry/editions/taking-back.ts';
import { announceChanges } from '../../db/notices/news.ts';
import { getDeadline } from '../../db/registry/deadlines.ts';
import { changesAfter, lastPossibleNumber } from '../../db/registry/public/changes.ts';
import { eq } from '../../db/store/drizzle.ts';
import { openStore, type Store } from '../../db/store/store.ts';
import { planNow } from '../../jobs/plan.ts';
import { addDeadline, castIn, contentOf, identityOf } from '../helpers/cast.ts';
import { addConfirmed } from '../helpers/mail.ts';
import { mailsAt, type FoundMail } from '../helpers/mailbox.ts';
import { at } from '../helpers/reminders.ts';
import { onBothDialects } from '../helpers/stores.ts';

const API: Sender = { door: 'api', by: 'key:k1' };
/** A Tuesday, two weeks before the annual plan's day: a reminder is due that morning. */
const START = at('09-17T07:25');
const after = (minutes: number) => new Date(START.getTime() + minutes * 60_000);
/** By a word of its own each edition is known wherever it is told of. */
const tokenOf = (n: number) => `Woord${String.fromCharCode(65 + n)}zq`;
const quoting = (day: string, token: string) => [
  { document: `${token} beleid`, section: null, quote: `uiterlijk ${writeDay(day, 'nl')}`, url: null },
];

type Step =
  | { kind: 'publish'; on: 'plan' | 'accounts' | 'new' }
  | { kind: 'back'; of: number }
  | { kind: 'tick' | 'half' | 'both' }
  | { kind: 'wait'; minutes: number };
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('publish' as const),
        on: fc.constantFrom('plan' as const, 'accounts' as const, 'new' as const),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('back' as const), of: fc.nat(7) }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('tick' as const, 'half' as const, 'both' as const) }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait' as const), minutes: fc.constantFrom(1, 4, 9, 10, 11, 300) }) },
  ),
  { minLength: 4, maxLength: 14 },
);

onBothDialects('editions and mails', (fresh, urlOf) => {
  let store: Store;
  beforeEach(async () => {
    store = await fresh();
  });

  it('a reminder that was due says what it said when the edition is taken back, and waits until that is known', async () => {
    const { plan } = await withReader(store);
    await planNow({ store }, at('09-17T07:24'));
    const { id: edition } = await publish(store, plan, 'Een', START);
    expect(await mailsAt(store, at('09-17T07:30'))).toEqual([]);
    await store.write((tx) => takeBack(tx, edition, 'person:bo', at('09-17T07:34')));
    const mails = await mailsAt(store, at('09-17T07:41'));
    expect(mails.map(({ subject }) => subject)).toEqual([expect.stringContaining('en 1 andere')]);
    expect(mails[0]!.text).toContain('Jaarplan met begroting');
    expect(mails[0]!.text).not.toContain('Een');
    expect(mails[0]!.text).toContain('1 oktober 2024');
    expect(await mailsAt(store, at('09-17T08:00'))).toEqual([]);
  });

  it('the news leaves once when the ten minutes are over, with the page of its change', async () => {
    const { plan } = await withReader(store);
    await publish(store, plan, 'Een', at('09-18T10:00'));
    expect(await mailsAt(store, at('09-18T10:09'))).toEqual([]);
    const mails = await mailsAt(store, at('09-18T10:10'));
    expect(mails).toHaveLength(1);
    const [change] = (await changesAfter(store.read, { number: 0 }, 100)).slice(-1);
    expect(mails[0]!.text).toContain(`/wijzigingen/${change!.id}`);
    expect(await mailsAt(store, at('09-18T10:11'))).toEqual([]);
  });

  it('the news of an edition gives its own reason and day, also where a later one of the same deadline was taken back', async () => {
    const { plan } = await withReader(store);
    const moved = async (baseRevision: number, token: string, on: string, now: Date) => {
      const change = { rule: { kind: 'fixed' as const, on }, sources: quoting(on, token), prove: true };
      const amendment = { baseRevision, reason: `${token} reden`, announcedOn: on.replace('2024-10', '2024-09'), ...change };
      await store.write((tx) => amendAlone(tx, plan.id, amendment, API, now));
    };
    await moved(1, 'Een', '2024-10-08', at('09-18T10:00'));
    await moved(2, 'Twee', '2024-10-09', at('09-18T10:05'));
    const second = (await unseenEditions(store.read)).find(({ publishedAt }) => publishedAt!.getTime() === at('09-18T10:05').getTime())!;
    await store.write((tx) => takeBack(tx, second.id, 'person:bo', at('09-18T10:08')));
    const mails = await mailsAt(store, at('09-18T10:10'));
    expect(mails).toHaveLength(1);
    expect(mails[0]!.text).toContain('Een reden');
    expect(mails[0]!.text).toContain('8 september 2024');
    expect(mails[0]!.text).not.toMatch(/Teruggenomen|Twee/);
  });

  it('an edition that cannot be made public keeps neither the next one nor its news, and nothing of it is told', async () => {
    const { accounts, plan } = await withReader(store);
    await publish(store, plan, 'Een', at('09-18T10:00'));
    await publish(store, accounts, 'Twee', at('09-18T10:01'));
    const { deadlines, notices, revisions } = store.read.tables;
    await store.write((tx) => tx.delete(revisions).where(eq(revisions.deadlineId, plan.id)));
    await expect(planNow({ store }, at('09-18T10:12'))).rejects.toThrow('1 editions could not be made public');
    const changes = await changesAfter(store.read, { number: 0 }, 100);
    expect(changes.map(({ after: { reason } }) => reason).filter((reason) => reason !== null)).toEqual(['Twee reden']);
    const told = await store.read.select().from(notices).where(eq(notices.kind, 'change'));
    expect(told.map(({ deadlineId }) => deadlineId)).toEqual([accounts.id]);
    const rows = await store.read.select().from(deadlines);
    expect(rows.filter(({ heldUntil }) => heldUntil !== null).map(({ id }) => id)).toEqual([plan.id]);
  });

  it('nothing of an edition is told before it is public, nor ever of one taken back, and all that is public is met once', async () => {
    const property = fc.asyncProperty(steps, async (some) => {
      const one = await openStore(await urlOf());
      try {
        await playSteps(one, some);
      } finally {
        await one.close();
      }
    });
    await fc.assert(property, { numRuns: RUNS, endOnFailure: true });
  });
});

const RUNS = 6;

async function withReader(store: Store) {
  const { ro } = await castIn(store);
  const plan = await store.write((tx) => addDeadline(tx, {}, {}, at('05-01T10:00')));
  const accounts = await store.write((tx) =>
    addDeadline(
      tx,
      { activity: 'accounts' },
      { title: 'Verantwoording indienen', rule: { kind: 'fixed', on: '2024-10-01' } },
      at('05-01T10:00'),
    ),
  );
  await addConfirmed(store, ro.id, at('05-02T10:00'));
  // What was due before is out of the way.
  await mailsAt(store, at('09-10T08:00'));
  return { plan, accounts };
}

/** Moves a deadline by a day, or enters one, under an edition of its own. */
async function publish(store: Store, place: { id: string } | { year: number }, token: string, now: Date): Promise<Published> {
  const said = { reason: `${token} reden`, title: `${token} plan` };
  return store.write(async (tx) => {
    if ('id' in place) {
      const { dueOn, revision } = await getDeadline(tx, place.id);
      const on = addDays(dueOn!, 1);
      const change = { ...said, rule: { kind: 'fixed' as const, on }, sources: quoting(on, token), prove: true };
      await amendAlone(tx, place.id, { baseRevision: revision, ...change }, API, now);
    } else {
      const on = '2024-11-15';
      const content = contentOf({ title: said.title, rule: { kind: 'fixed', on }, sources: quoting(on, token) });
      const identity = identityOf({ activity: 'wsv_plan_review', contractYear: place.year });
      await enterAlone(tx, { identity, content, reason: said.reason, announcedOn: null }, API, now);
    }
    const { editionEntries, editions } = tx.tables;
    const [row] = await tx
      .select({ id: editions.id, publicAt: editions.publicAt })
      .from(editions)
      .innerJoin(editionEntries, eq(editionEntries.editionId, editions.id))
      .where(eq(editionEntries.reason, said.reason));
    return { id: row!.id, publicAt: row!.publicAt!, token, isTakenBack: false };
  });
}

interface Published {
  id: string;
  publicAt: Date;
  token: string;
  isTakenBack: boolean;
}

async function playSteps(store: Store, some: readonly Step[]): Promise<void> {
  const { plan, accounts } = await withReader(store);
  const published: Published[] = [];
  const met: string[] = [];
  let [minutes, mark] = [0, await lastPossibleNumber(store.read)];
  const look = (mails: readonly FoundMail[], now: Date) => {
    for (const { html, subject, text } of mails)
      for (const one of published.filter(({ token }) => `${subject}${text}${html}`.includes(token))) {
        expect([one.token, one.isTakenBack, now >= one.publicAt]).toEqual([one.token, false, true]);
      }
  };
  const follow = async () => {
    const reached = await lastPossibleNumber(store.read);
    const changes = await changesAfter(store.read, { number: mark }, 1000);
    met.push(...changes.map(({ after }) => after.reason!.split(' ')[0]!));
    mark = Math.max(reached, changes.at(-1)?.number ?? 0);
  };
  const back = async (one: Published, now: Date) => {
    try {
      await store.write((tx) => takeBack(tx, one.id, 'person:bo', now));
      one.isTakenBack = true;
    } catch (error) {
      if (!(error instanceof AppError) || error.kind !== 'conflict') throw error;
    }
  };
  for (const [n, step] of some.entries()) {
    const now = after(minutes);
    if (step.kind === 'wait') minutes += step.minutes;
    else if (step.kind === 'publish') {
      const place = step.on === 'new' ? { year: 2024 + n } : { id: step.on === 'plan' ? plan.id : accounts.id };
      published.push(await publish(store, place, tokenOf(n), now));
    } else if (step.kind === 'back') {
      const one = published[step.of % Math.max(1, published.length)];
      if (one && !one.isTakenBack) await back(one, now);
    } else if (step.kind === 'tick') look(await mailsAt(store, now), now);
    // Ended in the middle: what comes after does not happen.
    else if (step.kind === 'half') await (n % 2 === 0 ? makeEditionsPublic(store, now) : announceChanges(store, now));
    else {
      const last = published.at(-1);
      await Promise.all([planNow({ store }, now), makeEditionsPublic(store, now), ...(last && !last.isTakenBack ? [back(last, now)] : [])]);
    }
    await follow();
  }
  const end = after(minutes + 24 * 60);
  look(await mailsAt(store, end), end);
  look(await mailsAt(store, new Date(end.getTime() + 24 * 3_600_000)), end);
  await follow();
  expect(met.sort()).toEqual(published.flatMap(({ isTakenBack, token }) => (isTakenBack ? [] : [token])).sort());
}
