import { getTasks } from 'node-cron';
import { afterEach, expect, it, vi } from 'vitest';
import { openFeedCache } from '../../db/feeds/cache.ts';
import { openKeyUses } from '../../db/organisations/key-uses.ts';
import { readSetting } from '../../db/store/settings.ts';
import { startSchedule } from '../../jobs/schedule.ts';
import { keepingMailer, SETTINGS } from '../helpers/mail.ts';
import { at, MONDAY } from '../helpers/reminders.ts';
import { onSqlite } from '../helpers/stores.ts';

/** A busy machine takes its time. */
const PATIENT = { timeout: 60_000 };

const FAKED = ['Date', 'setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] as const;

afterEach(() => void vi.useRealTimers());

onSqlite('the schedule', (fresh) => {
  it('rings at half past four, in Amsterdam, and leaves nothing running when it stops', async () => {
    const store = await fresh();
    const log = { info: () => {}, error: () => {} };
    const deps = {
      store,
      mailer: keepingMailer(),
      feeds: openFeedCache(store),
      settings: SETTINGS,
      keyUses: openKeyUses(),
      clock: () => MONDAY,
      log,
    };
    const schedule = startSchedule(deps);
    const [daily, ...others] = getTasks().values();
    expect([daily!.getPattern(), others]).toEqual(['30 4 * * *', []]);
    const summerAndWinter = ['2024-07-01T02:30:00Z', '2024-01-01T03:30:00Z'];
    expect(summerAndWinter.map((moment) => daily!.match(new Date(moment)))).toEqual([true, true]);
    await schedule.stop();
    expect(getTasks().size).toBe(0);
    expect(schedule.lastSeenAt()).toEqual(MONDAY);
  });

  it('makes the timelines at that minute', async () => {
    const store = await fresh();
    vi.useFakeTimers({ toFake: [...FAKED], now: new Date('2024-09-16T04:29:50+02:00') });
    const log = { info: () => {}, error: () => {} };
    const deps = {
      store,
      mailer: keepingMailer(),
      feeds: openFeedCache(store),
      settings: SETTINGS,
      keyUses: openKeyUses(),
      clock: () => new Date(),
      log,
    };
    const schedule = startSchedule(deps);
    const turn = () => readSetting(store.read, 'projected_on');
    await vi.waitUntil(async () => (await turn()) === '2024-09-15', PATIENT);
    await vi.advanceTimersByTimeAsync(10_000);
    await vi.waitUntil(async () => (await turn()) === '2024-09-16', PATIENT);
    vi.useRealTimers();
    await schedule.stop();
  });

  it('goes through none of the days that a clock jumps over, and rings on the next one', async () => {
    const store = await fresh();
    const begun = new Date('2024-09-16T04:29:40+02:00');
    vi.useFakeTimers({ toFake: [...FAKED], now: begun });
    const log = { info: () => {}, error: () => {} };
    const deps = {
      store,
      mailer: keepingMailer(),
      feeds: openFeedCache(store),
      settings: SETTINGS,
      keyUses: openKeyUses(),
      clock: () => new Date(),
      log,
    };
    const schedule = startSchedule(deps);
    const [daily] = getTasks().values();
    const passed: Date[] = [];
    daily!.on('execution:missed', ({ date }) => void passed.push(date));
    for (const moment of [new Date('2034-09-16T12:00:00Z'), begun]) {
      vi.setSystemTime(moment);
      // The next look, and then the moment for which cron had been set.
      await vi.advanceTimersByTimeAsync(30_000);
      const next = daily!.getNextRun()!.getTime() - Date.now();
      expect([passed, next > 0 && next <= 86_400_000]).toEqual([[], true]);
    }
    vi.useRealTimers();
    await schedule.stop();
  });

  it('goes on looking for work every quarter of a minute when the clock is set back', async () => {
    const store = await fresh();
    vi.useFakeTimers({ toFake: [...FAKED], now: MONDAY });
    const log = { info: () => {}, error: () => {} };
    const cache = openFeedCache(store);
    let rounds = 0;
    const feeds = { ...cache, publish: (...args: Parameters<typeof cache.publish>) => ((rounds += 1), cache.publish(...args)) };
    const schedule = startSchedule({
      store,
      mailer: keepingMailer(),
      feeds,
      settings: SETTINGS,
      keyUses: openKeyUses(),
      clock: () => new Date(),
      log,
    });
    await vi.waitUntil(() => rounds === 1, PATIENT);
    vi.setSystemTime(MONDAY.getTime() - 3_600_000);
    for (let n = 2; n <= 8; n += 1) {
      await vi.advanceTimersByTimeAsync(15_000);
      await vi.waitUntil(() => rounds >= n, PATIENT);
    }
    vi.useRealTimers();
    await schedule.stop();
  });

  it('says twice a minute that it still sends, however long a round takes', async () => {
    const store = await fresh();
    const begun = at('09-16T12:00');
    vi.useFakeTimers({ toFake: [...FAKED], now: begun });
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const book = openFeedCache(store);
    let rounds = 0;
    // The first round takes the place of who sends; the second gets no further.
    const publish: typeof book.publish = async (...args) => {
      rounds += 1;
      if (rounds > 1) await held;
      return book.publish(...args);
    };
    const log = { info: () => {}, error: () => {} };
    const deps = { store, mailer: keepingMailer(), feeds: { ...book, publish }, settings: SETTINGS, keyUses: openKeyUses(), log };
    const schedule = startSchedule({ ...deps, clock: () => new Date() });
    const { senders } = store.read.tables;
    await vi.waitUntil(async () => (await store.read.$count(senders)) === 1, PATIENT);
    schedule.ring();
    await vi.waitUntil(() => rounds === 2, PATIENT);
    for (let n = 1; n <= 4; n += 1) {
      await vi.advanceTimersByTimeAsync(30_000);
      const heard = async () => (await store.read.select().from(senders))[0]!.renewedAt.getTime() - begun.getTime();
      await vi.waitUntil(async () => (await heard()) === n * 30_000, PATIENT);
    }
    vi.useRealTimers();
    release();
    await schedule.stop();
    expect(await store.read.$count(senders)).toBe(0);
  });
});
