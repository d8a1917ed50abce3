/** What is committed, and when: before the mail server is asked, before a body leaves, and on the disk each time. */
import { expect, it } from 'vitest';
import { amendDeadline } from '../../db/registry/amending.ts';
import { getDeadline } from '../../db/registry/deadlines.ts';
import { sql } from '../../db/store/drizzle.ts';
import { sendDue } from '../../jobs/sending/send.ts';
import { mailerTo } from '../helpers/mail.ts';
import { onBothDialects, onSqlite } from '../helpers/stores.ts';
import { startRawSink } from './sink.ts';
import { SETTINGS } from './servers.ts';
import { traceOneMail } from './trace.ts';
import { fill, START } from './world.ts';

it(
  'has SQLite’s log on the disk before it connects, before the body leaves and after the answer',
  { timeout: 60_000 },
  async ({ skip }) => {
    const calls = await traceOneMail();
    skip(calls === null, 'no strace, or no leave to use it');
    expect(calls).toEqual(['synced', 'connect', '354', 'synced', 'body', '250', 'synced', 'QUIT']);
  },
);

onSqlite('SQLite', (fresh) => {
  it('forces every commit to the disk on the connection that writes', async () => {
    const store = await fresh();
    const level = (db: Pick<typeof store.read, 'select'>) =>
      db.select({ synchronous: sql<number>`synchronous` }).from(sql`pragma_synchronous`);
    // 2 is FULL; what better-sqlite3 opens a file with is 1, NORMAL.
    expect(await store.write(level)).toEqual([{ synchronous: 2 }]);
  });
});

onBothDialects('what others can read', (fresh) => {
  it('is the claim with its frozen bytes when the server is first asked, and the leaving when it gets the body', async () => {
    const store = await fresh();
    await fill(store, ['r00000@example.org']);
    const { attempts, messages } = store.read.tables;
    const committed = async () => {
      const [row] = await store.read.select().from(messages);
      const tries = await store.read.select({ number: attempts.number, endedAt: attempts.endedAt }).from(attempts);
      return { state: row!.state, copies: row!.copies, marked: row!.markedAt !== null, raw: row!.raw?.toString() ?? null, tries };
    };
    const seen: Awaited<ReturnType<typeof committed>>[] = [];
    const look = async () => void seen.push(await committed());
    const sink = await startRawSink({ connect: look, data: look, body: look });
    try {
      await sendDue({ store, mailer: mailerTo(sink.url), settings: SETTINGS }, START);
      const tries = [{ number: 1, endedAt: null }];
      const claimed = { state: 'sending', copies: 0, marked: false, raw: sink.taken[0]!.raw, tries };
      expect(seen).toEqual([claimed, claimed, { ...claimed, copies: 1, marked: true }]);
      expect(await committed()).toEqual({ state: 'sent', copies: 1, marked: true, raw: null, tries: [{ number: 1, endedAt: START }] });
    } finally {
      await sink.close();
    }
  });

  it('is a change that came while the server was asked: then nothing of the old mail leaves', async () => {
    const store = await fresh();
    await fill(store, ['r00000@example.org']);
    const { deadlines, reminders } = store.read.tables;
    const [deadline] = await store.read.select().from(deadlines);
    const sink = await startRawSink({
      // The server has the envelope and is about to say 354.
      data: async (n) => {
        if (n > 1) return;
        const current = await getDeadline(store.read, deadline!.id);
        const rule = { kind: 'fixed' as const, on: '2026-12-08' };
        await store.write((tx) =>
          amendDeadline(tx, deadline!.id, { baseRevision: current.revision, reason: 'Uitstel.', rule, sources: current.sources }, START),
        );
      },
    });
    const deps = { store, mailer: mailerTo(sink.url), settings: SETTINGS };
    try {
      expect((await sendDue({ ...deps, lanes: 1 }, START)).map(({ kind }) => kind)).toEqual(['recalled']);
      expect([sink.bodyBytes(), sink.taken]).toEqual([0, []]);
      const rows = await store.read.select({ state: reminders.state, reason: reminders.reason }).from(reminders);
      // It waits for the news of the change, and is looked at again with that.
      expect(rows).toEqual([{ state: 'pending', reason: null }]);
    } finally {
      await sink.close();
    }
  });
});
