import { expect, it } from 'vitest';
import { reviewMessage } from '../../db/sending/composing.ts';
import type { Claim } from '../../db/sending/attempts.ts';
import { claimMessages, dueMessages, type Prepared } from '../../db/sending/claims.ts';
import { planReminders } from '../../db/reminders/planning.ts';
import type { Store } from '../../db/store/store.ts';
import { openLedger } from '../../jobs/sending/ledger.ts';
import { composeMail } from '../../jobs/mails/compose.ts';
import { addDeadline, castIn } from '../helpers/cast.ts';
import { addConfirmed, ME, SETTINGS } from '../helpers/mail.ts';
import { at, MONDAY } from '../helpers/reminders.ts';
import { onBothDialects } from '../helpers/stores.ts';

/** Two mails that were claimed. */
async function claimed(store: Store): Promise<Claim[]> {
  const { ro } = await castIn(store);
  await store.write((tx) => addDeadline(tx, {}, { rule: { kind: 'fixed', on: '2024-09-30' } }));
  for (const email of ['a@example.org', 'b@example.org']) await addConfirmed(store, ro.id, at('09-02T12:00'), { email });
  await planReminders(store, MONDAY);
  const prepared: Prepared[] = [];
  for (const message of await dueMessages(store.read, MONDAY, 2)) {
    const review = await reviewMessage(store.read, message, MONDAY);
    prepared.push({ message, review, mail: composeMail(message, review.draft!, SETTINGS, MONDAY) });
  }
  return store.write((tx) => claimMessages(tx, prepared, { ...ME, now: MONDAY }));
}

onBothDialects('the ledger', (fresh) => {
  it('writes what two lanes have to write in one commit', async () => {
    const store = await fresh();
    const claims = await claimed(store);
    let commits = 0;
    const ledger = openLedger({ ...store, write: (work) => ((commits += 1), store.write(work)) }, 2);
    expect(await Promise.all(claims.map((claim) => ledger.leaving(claim, MONDAY)))).toEqual([true, true]);
    expect(await Promise.all(claims.map((claim) => ledger.sent(claim, '250 Ok', MONDAY)))).toEqual([true, true]);
    expect(commits).toBe(2);
  });

  it('writes each alone when together they are in the way of another process, and each once', async () => {
    const store = await fresh();
    const claims = await claimed(store);
    let fails = true;
    const deadlock = Object.assign(new Error('deadlock detected'), { code: '40P01' });
    const failing: Store = {
      ...store,
      async write(work) {
        if (!fails) return store.write(work);
        fails = false;
        throw deadlock;
      },
    };
    const ledger = openLedger(failing, 2);
    expect(await Promise.all(claims.map((claim) => ledger.leaving(claim, MONDAY)))).toEqual([true, true]);
    const { messages } = store.read.tables;
    const rows = await store.read.select({ copies: messages.copies, kind: messages.kind }).from(messages);
    expect(rows.filter(({ kind }) => kind === 'reminder').map(({ copies }) => copies)).toEqual([1, 1]);
  });

  it('tells each lane what became of its own claim', async () => {
    const store = await fresh();
    const [one, other] = await claimed(store);
    const ledger = openLedger(store, 2);
    const outdated = { ...one!, claim: 0 };
    expect(await Promise.all([ledger.leaving(outdated, MONDAY), ledger.leaving(other!, MONDAY)])).toEqual([false, true]);
  });
});
