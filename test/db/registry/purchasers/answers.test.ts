import { expect, it } from 'vitest';
import { amendDeadline } from '../../../../db/registry/amending.ts';
import { auditAfter, verifyAudit } from '../../../../db/registry/audit.ts';
import { recordCheck } from '../../../../db/registry/checks.ts';
import { getDeadline } from '../../../../db/registry/deadlines.ts';
import { waitForRegistry } from '../../../../db/registry/editions/publish.ts';
import {
  closeAnswers,
  closeAnswersOf,
  countAnswers,
  eraseFromAnswers,
  lastAnswers,
  listAnswers,
  MOST_ANSWERS_A_DAY,
  purgeAnswers,
  takeAnswers,
  type Saying,
} from '../../../../db/registry/purchasers/answers.ts';
import {
  endOf,
  findPurchaserLink,
  listPurchaserLinks,
  makePurchaserLink,
  revokePurchaserLink,
} from '../../../../db/registry/purchasers/links.ts';
import { tickAnswered } from '../../../../db/registry/purchasers/ticking.ts';
import type { Store } from '../../../../db/store/store.ts';
import { meanwhile } from '../../../helpers/at-once.ts';
import { addDeadline, castIn } from '../../../helpers/cast.ts';
import { onBothDialects } from '../../../helpers/stores.ts';

const NOON = new Date('2024-09-16T12:00:00+02:00');
const DAY = 86_400_000;
const after = (minutes: number) => new Date(NOON.getTime() + minutes * 60_000);
const ED = 'person:123e4567-e89b-42d3-a456-426614174000';
const TICKING = { on: '2024-09-16', label: 'Redactie, Ed', by: ED };

async function linked(store: Store) {
  await castIn(store);
  const plan = await store.write((tx) => addDeadline(tx));
  const link = await store.write((tx) => makePurchaserLink(tx, 'noord', { by: ED, now: NOON }));
  const say = async (sayings: Saying[], at = after(1)) => store.write((tx) => takeAnswers(tx, link.id, sayings, at));
  return { plan, link, say };
}

onBothDialects("purchasers' links", (fresh) => {
  it('hold ninety days unless they are revoked, are kept as a digest, and stand in the audit by their ids', async () => {
    const store = await fresh();
    const { link } = await linked(store);
    const { audit, purchaserLinks } = store.read.tables;
    const stored = await store.read.select().from(purchaserLinks);
    expect(JSON.stringify([stored, await store.read.select().from(audit)])).not.toContain(link.token);
    expect(link.token).toMatch(/^[\w-]{43}$/);
    const found = await findPurchaserLink(store.read, link.token);
    expect(found).toMatchObject({ id: link.id, insurer: 'noord', createdBy: ED, revokedAt: null, lastUsedAt: null });
    expect(await findPurchaserLink(store.read, stored[0]!.token)).toBeNull();
    const last = new Date(NOON.getTime() + 90 * DAY);
    expect([endOf(found!, new Date(last.getTime() - 1)), endOf(found!, last)]).toEqual([null, 'expired']);
    const other = await store.write((tx) => makePurchaserLink(tx, 'noord', { by: ED, now: after(1) }));
    expect((await listPurchaserLinks(store.read, 'noord')).map(({ id }) => id)).toEqual([other.id, link.id]);
    const revoke = async () => store.write((tx) => revokePurchaserLink(tx, link.id, { by: ED, now: after(2) }));
    expect([await revoke(), await revoke()]).toEqual([true, false]);
    expect(endOf((await findPurchaserLink(store.read, link.token))!, after(3))).toBe('revoked');
    const rows = (await auditAfter(store.read, { number: 0, hash: '' })).filter(({ what }) => what === 'purchaser_link');
    expect(rows.map(({ after: said, before, by, subject }) => [by, subject, before, said])).toEqual([
      [ED, link.id, null, { insurer: 'noord', expiresAt: last.toISOString() }],
      [ED, other.id, null, { insurer: 'noord', expiresAt: new Date(last.getTime() + 60_000).toISOString() }],
      [ED, link.id, { revokedAt: null }, { revokedAt: after(2).toISOString() }],
    ]);
    expect((await verifyAudit(store.read)).fault).toBeNull();
  });
});

onBothDialects("purchasers' answers", (fresh) => {
  it('wait with the revision that was seen, the oldest first, one of a link for each entry, and change nothing of the registry', async () => {
    const store = await fresh();
    const { link, plan, say } = await linked(store);
    await store.write((tx) => amendDeadline(tx, plan.id, { baseRevision: 1, title: 'Jaarplan', reason: 'Korter' }, NOON));
    const before = [await getDeadline(store.read, plan.id), await store.read.select().from(store.read.tables.revisions)];
    const other = await store.write((tx) => makePurchaserLink(tx, 'noord', { by: ED, now: NOON }));
    const wrong = [{ deadlineId: plan.id, revision: 1, wrong: 'Het is 1 november.' }];
    expect(await store.write((tx) => takeAnswers(tx, other.id, wrong, after(1)))).toBe(1);
    expect(await say([{ deadlineId: plan.id, revision: 1, wrong: null }])).toBe(1);
    expect(await say([{ deadlineId: plan.id, revision: 2, wrong: null }], after(2))).toBe(1);
    expect(await listAnswers(store.read)).toMatchObject([
      { revision: 1, currentRevision: 2, wrong: 'Het is 1 november.', insurer: 'noord', contractYear: 2025, title: 'Jaarplan' },
      { revision: 2, currentRevision: 2, wrong: null },
    ]);
    expect(await countAnswers(store.read)).toEqual({ right: 1, wrong: 1 });
    expect((await lastAnswers(store.read, link.id)).get(plan.id)).toMatchObject({ revision: 2, wrong: null });
    expect((await findPurchaserLink(store.read, link.token))!.lastUsedAt).toEqual(after(2));
    expect([await getDeadline(store.read, plan.id), await store.read.select().from(store.read.tables.revisions)]).toEqual(before);
  });

  it('are kept once while they wait, also when the same form comes twice at one moment', async () => {
    const store = await fresh();
    const { plan, say } = await linked(store);
    const right = [{ deadlineId: plan.id, revision: 1, wrong: null }];
    const counts = await Promise.all([say(right), say(right)]);
    expect(counts.toSorted()).toEqual([0, 1]);
    expect(await say(right, after(2))).toBe(0);
    // What is said otherwise takes the place of what was said before; what was seen to may be said again.
    expect(await say([{ deadlineId: plan.id, revision: 1, wrong: 'Toch niet.' }], after(3))).toBe(1);
    const ids = (await listAnswers(store.read)).map(({ id }) => id);
    expect(ids).toHaveLength(1);
    await store.write((tx) => closeAnswers(tx, [...ids, '00000000-0000-4000-8000-000000000000'], after(4)));
    expect(await listAnswers(store.read)).toEqual([]);
    expect(await say([{ deadlineId: plan.id, revision: 1, wrong: 'Toch niet.' }], after(5))).toBe(1);
  });

  it('are not taken by a link that has ended, and no more than a day may hold; then nothing of them is kept', async () => {
    const store = await fresh();
    const { link, plan, say } = await linked(store);
    for (let n = 0; n < MOST_ANSWERS_A_DAY; n += 100) {
      const { purchaserAnswers } = store.read.tables;
      const rows = Array.from({ length: 100 }, (_, at) => ({
        id: `${n + at}`,
        linkId: link.id,
        deadlineId: plan.id,
        revision: 1,
        createdAt: NOON,
      }));
      await store.write(async (tx) => void (await tx.insert(purchaserAnswers).values(rows)));
    }
    const wrong = [{ deadlineId: plan.id, revision: 1, wrong: 'x' }];
    await expect(say(wrong)).rejects.toMatchObject({ kind: 'limited' });
    expect((await findPurchaserLink(store.read, link.token))!.lastUsedAt).toBeNull();
    expect(await say(wrong, new Date(NOON.getTime() + DAY))).toBe(1);
    const other = await store.write((tx) => makePurchaserLink(tx, 'noord', { by: ED, now: NOON }));
    expect(await store.write((tx) => takeAnswers(tx, other.id, wrong, after(1)))).toBe(1);
    await store.write((tx) => revokePurchaserLink(tx, other.id, { by: ED, now: after(2) }));
    await expect(store.write((tx) => takeAnswers(tx, other.id, wrong, after(3)))).rejects.toMatchObject({ kind: 'gone' });
    await expect(say(wrong, new Date(NOON.getTime() + 90 * DAY))).rejects.toMatchObject({ kind: 'gone' });
  });

  it("become an editor's checks in one go where the entry still says the same, stands in a document, and nobody says that it is wrong; the others wait on", async () => {
    const store = await fresh();
    const { link, plan, say } = await linked(store);
    const add = async (activity: 'contract_request' | 'signing' | 'accounts', over = {}) =>
      store.write((tx) => addDeadline(tx, { activity }, over));
    const [request, changed] = [await add('contract_request'), await add('signing')];
    const basis = { kind: 'common_rhythm' as const, deadlineId: null, text: 'Gewoonlijk.' };
    const assumed = await add('accounts', { certainty: 'template', basis, sources: [], rule: { kind: 'fixed', on: '2024-11-01' } });
    await say([plan, request, changed, assumed].map(({ id }) => ({ deadlineId: id, revision: 1, wrong: null })));
    const other = await store.write((tx) => makePurchaserLink(tx, 'noord', { by: ED, now: NOON }));
    const wrong = (some: string[]) => some.map((deadlineId) => ({ deadlineId, revision: 1, wrong: 'Nee.' }));
    await store.write((tx) => takeAnswers(tx, other.id, wrong([request.id, plan.id]), after(2)));
    await store.write((tx) => takeAnswers(tx, other.id, [{ deadlineId: plan.id, revision: 1, wrong: null }], after(2)));
    await store.write((tx) => amendDeadline(tx, changed.id, { baseRevision: 1, title: 'Tekenen', reason: 'Korter' }, after(3)));
    const ids = (await listAnswers(store.read)).map(({ id }) => id);
    expect(ids).toHaveLength(6);
    const first = (await listAnswers(store.read)).filter(({ deadlineId }) => deadlineId === plan.id).map(({ id }) => id);
    expect(await store.write((tx) => tickAnswered(tx, first, TICKING, after(4)))).toMatchObject({ recorded: 1, already: 0 });
    await say([{ deadlineId: plan.id, revision: 1, wrong: null }], after(5));
    const all = (await listAnswers(store.read)).map(({ id }) => id);
    const came = await store.write((tx) => tickAnswered(tx, all, TICKING, after(6)));
    expect(came).toEqual({ recorded: 0, already: 1, changed: 1, undocumented: 1, disputed: 1 });
    expect(await getDeadline(store.read, plan.id)).toMatchObject({ checkedOn: '2024-09-16', checkedBy: 'Redactie, Ed', revision: 1 });
    for (const { id } of [changed, assumed, request]) expect((await getDeadline(store.read, id)).checkedBy).not.toBe('Redactie, Ed');
    expect((await listAnswers(store.read)).map(({ deadlineId, wrong }) => [deadlineId, wrong]).toSorted()).toEqual(
      [
        [assumed.id, null],
        [changed.id, null],
        [request.id, 'Nee.'],
        [request.id, null],
      ].toSorted(),
    );
    // What a purchaser took back counts no more, whoever says what else; and a link's answers are seen to in one go.
    await say([{ deadlineId: request.id, revision: 1, wrong: 'Toch niet.' }], after(7));
    expect(await store.write((tx) => tickAnswered(tx, all, TICKING, after(8)))).toMatchObject({ recorded: 0, disputed: 0 });
    await store.write((tx) => closeAnswersOf(tx, link.id, after(9)));
    expect(await listAnswers(store.read)).toMatchObject([{ linkId: other.id, wrong: 'Nee.' }]);
    const checks = (await auditAfter(store.read, { number: 0, hash: '' })).filter(({ what }) => what === 'check');
    expect(checks.map(({ by, subject }) => [by, subject])).toEqual([[ED, plan.id]]);
  });

  it.each(['before', 'after'])(
    "become no editor's check where a publication changes the entry %s that begins, and both come through",
    async (order) => {
      const store = await fresh();
      const { plan, say } = await linked(store);
      await say([{ deadlineId: plan.id, revision: 1, wrong: null }]);
      const ids = (await listAnswers(store.read)).map(({ id }) => id);
      const ticked = await meanwhile(
        store,
        async (tx, pause) => {
          await waitForRegistry(tx, { insurerSlug: 'noord' });
          if (order === 'after') await pause();
          await amendDeadline(tx, plan.id, { baseRevision: 1, title: 'Jaarplan', reason: 'Korter' }, after(2));
          if (order === 'before') await pause();
        },
        () => store.write((tx) => tickAnswered(tx, ids, TICKING, after(3))),
      );
      expect(ticked).toMatchObject({ recorded: 0, changed: 1 });
      expect(await getDeadline(store.read, plan.id)).toMatchObject({ revision: 2, checkedBy: 'redactie' });
      expect(await listAnswers(store.read)).toHaveLength(1);
    },
  );

  it('become no check of another revision than was compared', async () => {
    const store = await fresh();
    const { plan } = await linked(store);
    await store.write((tx) => amendDeadline(tx, plan.id, { baseRevision: 1, title: 'Jaarplan', reason: 'Korter' }, after(2)));
    const check = store.write((tx) => recordCheck(tx, plan, { on: '2024-09-16', by: 'Redactie, Ed' }, after(3)));
    await expect(check).rejects.toMatchObject({ kind: 'stale' });
    expect(await getDeadline(store.read, plan.id)).toMatchObject({ revision: 2, checkedBy: 'redactie' });
  });

  it('are gone after a year, and their link a year after it ended; an erased address is taken out of what was written', async () => {
    const store = await fresh();
    const { link, plan, say } = await linked(store);
    await say([{ deadlineId: plan.id, revision: 1, wrong: 'Mail Wil@Praktijk.example of jan@elders.example.' }]);
    await store.write((tx) => eraseFromAnswers(tx, ['wil@praktijk.example']));
    expect(await listAnswers(store.read)).toMatchObject([{ wrong: 'Mail … of jan@elders.example.' }]);
    expect(await store.write((tx) => purgeAnswers(tx, new Date('2025-09-16T23:00:00+02:00')))).toBe(0);
    expect(await store.write((tx) => purgeAnswers(tx, new Date('2025-09-17T04:30:00+02:00')))).toBe(1);
    expect(await findPurchaserLink(store.read, link.token)).not.toBeNull();
    await store.write((tx) => purgeAnswers(tx, new Date('2025-12-17T04:30:00+01:00')));
    expect(await findPurchaserLink(store.read, link.token)).toBeNull();
  });
});
