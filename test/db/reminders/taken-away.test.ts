/** Reminders that a new release takes away: named once, in a mail that leaves anyway, and never again. */
import { expect, it } from 'vitest';
import { bumpRegistry } from '../../../db/store/counters.ts';
import { desc, eq, inArray } from '../../../db/store/drizzle.ts';
import { amendDeadline, withdrawDeadline } from '../../../db/registry/amending.ts';
import { eraseOrganisation } from '../../../db/recipients/erasure.ts';
import { muteDeadline } from '../../../db/recipients/preferences.ts';
import { removeRecipient } from '../../../db/recipients/recipients.ts';
import { planReminders } from '../../../db/reminders/planning.ts';
import { noteSaid, noteTakenAway } from '../../../db/reminders/taken-away.ts';
import { takenAwayName } from '../../../db/store/settings.ts';
import type { Store } from '../../../db/store/store.ts';
import { addDeadline, castIn } from '../../helpers/cast.ts';
import { addConfirmed, SETTINGS } from '../../helpers/mail.ts';
import { mailsAt } from '../../helpers/mailbox.ts';
import { at, remindersIn } from '../../helpers/reminders.ts';
import { onBothDialects } from '../../helpers/stores.ts';

const DAWN = at('09-16T06:00');
/** Two weeks after that day. */
const DUE = { kind: 'fixed' as const, on: '2024-09-30' };
/** The line of a mail that names them; null where it has none. */
const lineIn = (text: string) => /^Wij sturen nu minder herinneringen\. .*$/m.exec(text)?.[0] ?? null;

/** Reminders that wait on a Monday, of which a new release takes all but those of `stays` away. */
async function upgraded(store: Store, { stays }: { stays: boolean }) {
  const { ro } = await castIn(store);
  const deadlines = await store.write(async (tx) => [
    await addDeadline(tx, { activity: 'mtvp_clarity' }, { title: 'Duidelijkheid over MTVP', rule: DUE }),
    await addDeadline(tx, { activity: 'xis_mark', contractYear: 2026 }, { title: 'XIS-keurmerk', rule: DUE }),
    await addDeadline(tx, { activity: 'csrd_clarity' }, { title: 'Duidelijkheid over CSRD', rule: DUE }),
    ...(stays ? [await addDeadline(tx, {}, { rule: DUE })] : []),
    await addDeadline(tx, { activity: 'accounts' }, { title: 'Verantwoording indienen', rule: { kind: 'fixed', on: '2024-10-07' } }),
  ]);
  const reader = await addConfirmed(store, ro.id, at('05-01T12:00'), { leadDays: [14] });
  const silent = await addConfirmed(store, ro.id, at('05-01T12:00'), { leadDays: [14], email: 'b@example.org' });
  const { mutes, recipients, revisions } = store.read.tables;
  await planReminders(store, DAWN);
  const ids = deadlines.slice(0, 3).map(({ id }) => id);
  await store.write(async (tx) => {
    await tx.update(revisions).set({ kind: 'intention' }).where(inArray(revisions.deadlineId, ids));
    await bumpRegistry(tx, 'noord', DAWN);
    await muteDeadline(tx, reader.id, ids[2]!, DAWN);
    await tx
      .update(recipients)
      .set({ declined: ['reminder', 'change'] })
      .where(inArray(recipients.id, [silent.id]));
    await noteTakenAway(tx, DAWN);
  });
  expect(await store.read.$count(mutes)).toBe(1);
  await planReminders(store, DAWN);
  return { ids, ro, reader };
}

const namedAt = async (store: Store, now: Date) => (await mailsAt(store, now)).map(({ text }) => lineIn(text!));

onBothDialects('reminders that a new release takes away', (fresh) => {
  it('are named once in the next mail that leaves, those that were not wanted left out', async () => {
    const store = await fresh();
    await upgraded(store, { stays: true });
    expect((await remindersIn(store)).filter(([, , state]) => state === 'cancelled')).toHaveLength(7);
    expect(await namedAt(store, at('09-16T07:30'))).toEqual([
      'Wij sturen nu minder herinneringen. Deze 2 stonden klaar en krijgt u niet meer: duidelijkheid over MTVP 2025 (Noord); XIS-keurmerk 2026 (Noord). De datums staan nog op de pagina met alle datums, in de lijst of onder "Wat zie ik niet?".',
    ]);
    expect(await namedAt(store, at('09-23T07:30'))).toEqual([null]);
  });

  it('make no mail of their own, but wait for one', async () => {
    const store = await fresh();
    await upgraded(store, { stays: false });
    expect(await namedAt(store, at('09-16T07:30'))).toEqual([]);
    expect(await namedAt(store, at('09-17T07:30'))).toEqual([]);
    expect(await namedAt(store, at('09-23T07:30'))).toEqual([expect.stringContaining('Deze 2 stonden klaar')]);
  });

  it('are forgotten with their reader', async () => {
    const store = await fresh();
    const { reader, ro } = await upgraded(store, { stays: true });
    const { settings } = store.read.tables;
    const notedIn = async () => (await store.read.select().from(settings)).filter(({ name }) => name.startsWith('taken_away/')).length;
    expect(await notedIn()).toBe(1);
    await store.write((tx) => removeRecipient(tx, ro.id, reader.id, DAWN));
    expect(await notedIn()).toBe(0);
  });

  it('are forgotten with their organisation', async () => {
    const store = await fresh();
    const { ro } = await upgraded(store, { stays: true });
    await store.write((tx) => eraseOrganisation(tx, ro.id, SETTINGS.secret, DAWN));
    const names = (await store.read.select().from(store.read.tables.settings)).map(({ name }) => name);
    expect(names.filter((name) => name.startsWith('taken_away/'))).toEqual([]);
  });

  it('are named by the next mail where the first one never left, and only those that there still are', async () => {
    const store = await fresh();
    const { reader } = await upgraded(store, { stays: true });
    const { deadlines, messages, settings } = store.read.tables;
    await store.write(async (tx) => {
      const [mail] = await tx.select().from(messages).where(eq(messages.recipientId, reader.id)).orderBy(desc(messages.createdAt)).limit(1);
      const [row] = await tx
        .select()
        .from(settings)
        .where(eq(settings.name, takenAwayName(reader.id)));
      await noteSaid(tx, reader.id, JSON.parse(row!.value), mail!.id);
      await tx.update(messages).set({ state: 'cancelled', reason: 'replaced' }).where(eq(messages.id, mail!.id));
      await tx.delete(deadlines).where(eq(deadlines.activity, 'mtvp_clarity'));
    });
    expect(await namedAt(store, at('09-23T07:30'))).toEqual([
      expect.stringContaining('Eén die klaarstond, krijgt u niet meer: XIS-keurmerk 2026'),
    ]);
  });

  it('leave out what is a deadline again, or was withdrawn since', async () => {
    const store = await fresh();
    const { ids } = await upgraded(store, { stays: true });
    const [mtvp, xis] = ids;
    const sources = [{ document: 'Beleid', section: null, quote: 'uiterlijk 1 oktober 2024', url: null }];
    const rule = { kind: 'fixed' as const, on: '2024-10-01' };
    await store.write(async (tx) => {
      await amendDeadline(tx, mtvp!, { baseRevision: 1, reason: 'Toch.', kind: 'deadline', rule, sources }, at('09-16T06:30'));
      await withdrawDeadline(tx, xis!, 'Vervallen.', at('09-16T06:30'));
    });
    expect(await namedAt(store, at('09-16T07:30'))).toEqual([null]);
    expect(await namedAt(store, at('09-17T07:30'))).toEqual([null]);
  });

  it('are named again where the server refused the mail that named them', async () => {
    const store = await fresh();
    await upgraded(store, { stays: true });
    const { messages } = store.read.tables;
    expect(await namedAt(store, at('09-16T07:30'))).toEqual([expect.stringContaining('Deze 2 stonden klaar')]);
    await store.write((tx) => tx.update(messages).set({ state: 'dead', reason: 'refused' }).where(eq(messages.state, 'sent')));
    expect(await namedAt(store, at('09-23T07:30'))).toEqual([expect.stringContaining('Deze 2 stonden klaar')]);
    expect(await namedAt(store, at('09-24T07:30'))).toEqual([]);
  });
});
