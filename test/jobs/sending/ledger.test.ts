/** What is written of mails on their way: together where it comes together, and committed before anything goes on. */
import { expect, it } from 'vitest';
import { planReminders } from '../../../db/reminders/planning.ts';
import type { Store } from '../../../db/store/store.ts';
import { openMailer } from '../../../jobs/transport/mailer.ts';
import { openLedger } from '../../../jobs/sending/ledger.ts';
import { sendDue } from '../../../jobs/sending/send.ts';
import { startRawSink } from '../../faults/sink.ts';
import { addDeadline, castIn } from '../../helpers/cast.ts';
import { addConfirmed, SETTINGS } from '../../helpers/mail.ts';
import { at, MONDAY } from '../../helpers/reminders.ts';
import { onBothDialects } from '../../helpers/stores.ts';

/** A store that counts its write transactions, and fails those of which `fails` says so. */
function counting(store: Store, fails: (n: number) => boolean = () => false) {
  const seen = { writes: 0 };
  const counted: Store = {
    ...store,
    write(work) {
      seen.writes += 1;
      const n = seen.writes;
      return store.write(async (tx) => {
        const result = await work(tx);
        if (fails(n)) throw new Error('the disk is full');
        return result;
      });
    },
  };
  return { seen, counted };
}

async function planned(store: Store, recipients: number) {
  const { ro } = await castIn(store);
  await store.write((tx) => addDeadline(tx, {}, { rule: { kind: 'fixed', on: '2024-09-30' } }));
  for (let n = 0; n < recipients; n += 1) await addConfirmed(store, ro.id, at('09-02T12:00'), { email: `r${n}@example.org` });
  await planReminders(store, MONDAY);
}

const NOBODY = {
  id: '00000000-0000-4000-8000-000000000000',
  claim: 1,
  kind: 'reminder' as const,
  to: 'a@example.org',
  digests: { mailbox: 'm', address: 'a' },
  raw: Buffer.from(''),
};

onBothDialects('the ledger', (fresh) => {
  it('writes what lanes say at one moment in one transaction, and tells each its own', async () => {
    const { counted, seen } = counting(await fresh());
    const ledger = openLedger(counted, 3);
    const told = [ledger.leaving(NOBODY, MONDAY), ledger.sent(NOBODY, '250 Ok', MONDAY), ledger.leaving(NOBODY, MONDAY)];
    expect(await Promise.all(told)).toEqual([false, false, false]);
    expect(seen.writes).toBe(1);
  });

  it('does not wait for lanes that have nothing to say', async () => {
    const ledger = openLedger(await fresh(), 3);
    expect(await ledger.leaving(NOBODY, MONDAY)).toBe(false);
  });

  it('lets no body leave and forgets no answer when a transaction fails', async () => {
    const store = await fresh();
    await planned(store, 4);
    const sink = await startRawSink();
    const mailer = openMailer(sink.url);
    try {
      // Claims are the first write; the second has the first bodies, which may not leave then.
      const { counted } = counting(store, (n) => n === 2);
      const results = await sendDue({ store: counted, mailer, settings: SETTINGS, lanes: 2 }, MONDAY);
      const kinds = results.map(({ kind }) => kind).sort();
      expect(kinds.filter((kind) => kind === 'sent')).toHaveLength(4);
      expect(kinds.filter((kind) => kind !== 'sent').every((kind) => kind === 'lost')).toBe(true);
      expect(kinds.length).toBeGreaterThan(4);
      expect(sink.taken.map(({ to }) => to).sort()).toEqual(['r0@example.org', 'r1@example.org', 'r2@example.org', 'r3@example.org']);
    } finally {
      mailer.close();
      await sink.close();
    }
  });
});
