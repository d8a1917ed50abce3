import { expect, it } from 'vitest';
import { openFeedCache } from '../../../db/feeds/cache.ts';
import { openKeyUses } from '../../../db/organisations/key-uses.ts';
import { watchClock } from '../../../jobs/sending/clock-watch.ts';
import { createTick } from '../../../jobs/tick.ts';
import { planReminders } from '../../../db/reminders/planning.ts';
import { addDeadline, castIn } from '../../helpers/cast.ts';
import { addConfirmed, keepingMailer, SETTINGS } from '../../helpers/mail.ts';
import { at, MONDAY } from '../../helpers/reminders.ts';
import { onSqlite } from '../../helpers/stores.ts';

const MINUTE = 60_000;

function clocks() {
  const time = { wall: MONDAY.getTime(), steady: 1000 };
  const said: string[] = [];
  return {
    time,
    said,
    clock: () => new Date(time.wall),
    monotonic: () => time.steady,
    log: { info: () => {}, error: (_: object, message: string) => void said.push(message) },
    pass: (ms: number) => {
      time.wall += ms;
      time.steady += ms;
    },
  };
}

it('pauses for ten minutes when the clock jumps ahead by more than an hour, and says so', () => {
  const { time, said, pass, ...rest } = clocks();
  const watch = watchClock(rest.clock, rest.monotonic, rest.log);
  pass(15_000);
  expect(watch.check()).toBe(false);
  time.wall += 59 * MINUTE;
  expect(watch.check()).toBe(false);
  time.wall += 61 * MINUTE;
  expect([watch.check(), said]).toEqual([true, ['the clock jumped ahead: no mail is sent for ten minutes']]);
  expect(watch.pausedUntil()!.getTime() - time.wall).toBe(10 * MINUTE);
  pass(9.9 * MINUTE);
  expect(watch.check()).toBe(true);
  pass(0.2 * MINUTE);
  expect([watch.check(), watch.pausedUntil()]).toEqual([false, null]);
  // Set back: said, and nothing stops.
  time.wall -= 60 * MINUTE;
  expect([watch.check(), said[1]]).toEqual([false, 'the clock was set back']);
});

onSqlite('a clock that jumps', (fresh) => {
  it('sends nothing early when it goes ahead, and nothing twice when it goes back', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    await store.write((tx) => addDeadline(tx, {}, { rule: { kind: 'fixed', on: '2024-09-30' } }));
    await addConfirmed(store, ro.id, at('09-02T12:00'), { leadDays: [14, 13] });
    const { time, pass, ...rest } = clocks();
    const mailer = keepingMailer();
    const tick = createTick({ store, mailer, feeds: openFeedCache(store), settings: SETTINGS, keyUses: openKeyUses(), ...rest });
    await tick.run();
    expect(mailer.taken).toHaveLength(1);
    // Two days ahead: the reminder of Tuesday would be due.
    time.wall += 48 * 60 * MINUTE;
    await tick.run();
    expect(mailer.taken).toHaveLength(1);
    // Somebody sets it right: what was planned for the wrong day is not sent before its day, and nothing is sent again.
    time.wall -= 48 * 60 * MINUTE;
    pass(11 * MINUTE);
    await tick.run();
    for (const back of [60 * MINUTE, 24 * 60 * MINUTE]) {
      time.wall -= back;
      pass(MINUTE);
      await tick.run();
      await planReminders(store, rest.clock());
    }
    expect(mailer.taken).toHaveLength(1);
    await tick.stop();
  });
});
