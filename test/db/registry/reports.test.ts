import { expect, it } from 'vitest';
import {
  closeReport,
  countReports,
  eraseFromReports,
  fileReport,
  forgetCallers,
  listReports,
  purgeReports,
} from '../../../db/registry/reports.ts';
import { callerDigest } from '../../../db/store/secrets.ts';
import type { Store } from '../../../db/store/store.ts';
import { addDeadline, castIn } from '../../helpers/cast.ts';
import { onBothDialects } from '../../helpers/stores.ts';

const NOON = new Date('2024-09-16T12:00:00+02:00');
const after = (minutes: number) => new Date(NOON.getTime() + minutes * 60_000);
const SAID = { revision: 1, language: 'nl', wrong: 'De dag is 1 november.', correct: null, proof: null, email: null } as const;

async function withEntry(store: Store) {
  await castIn(store);
  const { id } = await store.write((tx) => addDeadline(tx));
  const file = async (caller: string, at: Date, over: Partial<Parameters<typeof fileReport>[1]> = {}) =>
    store.write((tx) => fileReport(tx, { ...SAID, deadlineId: id, ...over }, caller, at));
  return { id, file };
}

onBothDialects('reports', (fresh) => {
  it('are listed with what they are about, the oldest first, until somebody saw to them', async () => {
    const store = await fresh();
    const { id, file } = await withEntry(store);
    await file('a', after(1), { wrong: 'Tweede', correct: '1 november', proof: 'Blad 3', email: 'iemand@praktijk.example' });
    await file('a', NOON, { wrong: 'Eerste' });
    const [first, second] = await listReports(store.read);
    expect(first).toMatchObject({ wrong: 'Eerste', deadlineId: id, insurer: 'noord', contractYear: 2025 });
    expect(second).toMatchObject({ correct: '1 november', proof: 'Blad 3', email: 'iemand@praktijk.example', closedAt: null });
    expect(second).not.toHaveProperty('caller');
    expect(await countReports(store.read, after(1))).toEqual({ open: 2, lately: 0 });
    expect(await countReports(store.read, NOON)).toEqual({ open: 2, lately: 1 });

    await store.write((tx) => closeReport(tx, second!.id, after(2)));
    await store.write((tx) => closeReport(tx, second!.id, after(9)));
    expect((await listReports(store.read)).map(({ wrong }) => wrong)).toEqual(['Eerste']);
    const all = await listReports(store.read, { withClosed: true });
    expect(all[1]).toMatchObject({ wrong: 'Tweede', email: null, closedAt: after(2) });
    await expect(store.write((tx) => closeReport(tx, '123e4567-e89b-42d3-a456-426614174000', NOON))).rejects.toThrow('No such report');
  });

  it('are five within an hour of one caller, also when they come at one moment', async () => {
    const store = await fresh();
    const { file } = await withEntry(store);
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, async () => file('a', NOON)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    expect(await listReports(store.read)).toHaveLength(5);
    await file('b', NOON);
    await expect(file('a', after(59))).rejects.toThrow('Too many reports');
    await file('a', after(60));
    await store.write((tx) => forgetCallers(tx, after(61)));
    const { reports } = store.read.tables;
    const callers = await store.read.select({ caller: reports.caller }).from(reports);
    expect(callers.filter(({ caller }) => caller !== null)).toEqual([{ caller: 'a' }]);
    await file('a', after(62));
  });

  it('are gone after a year, closed or not', async () => {
    const store = await fresh();
    const { file } = await withEntry(store);
    await file('a', NOON);
    await file('a', new Date('2024-09-17T00:00:00+02:00'));
    expect(await store.write((tx) => purgeReports(tx, new Date('2025-09-16T23:00:00+02:00')))).toBe(0);
    expect(await store.write((tx) => purgeReports(tx, new Date('2025-09-17T04:30:00+02:00')))).toBe(1);
    expect(await listReports(store.read)).toHaveLength(1);
  });

  it('lose an address that is erased, wherever it stands in them, and no other', async () => {
    const store = await fresh();
    const { file } = await withEntry(store);
    await file('a', NOON, {
      email: 'Wil@praktijk.example',
      wrong: 'Mail wil@PRAKTIJK.example of inkoop@noord.example',
      proof: 'bij wil@praktijk.example',
    });
    await file('a', after(1), { email: 'anna@ro.example' });
    await store.write((tx) => eraseFromReports(tx, ['wil@praktijk.example']));
    expect(await listReports(store.read)).toMatchObject([
      { email: null, wrong: 'Mail … of inkoop@noord.example', correct: null, proof: 'bij …' },
      { email: 'anna@ro.example', wrong: SAID.wrong },
    ]);
  });
});

it('counts an IPv6 network as one caller, and keeps no address', () => {
  const digest = (address: string) => callerDigest('s'.repeat(32), address);
  expect(digest('2001:db8:0:1::1')).toBe(digest('2001:0DB8::1:ffff:ffff:ffff:ffff'));
  expect(digest('2001:db8:0:2::1')).not.toBe(digest('2001:db8:0:1::1'));
  expect(digest('::1')).toBe(digest('0:0:0:0:9::1'));
  expect(digest('::ffff:192.0.2.7')).toBe(digest('192.0.2.7'));
  expect(digest('192.0.2.8')).not.toBe(digest('192.0.2.7'));
  expect(digest('192.0.2.7')).not.toContain('192');
  expect(callerDigest('t'.repeat(32), '192.0.2.7')).not.toBe(digest('192.0.2.7'));
});
