import { getTasks } from 'node-cron';
import { expect, it } from 'vitest';
import { openFeedBook } from '../../db/feed-book.ts';
import { startSchedule } from '../../jobs/schedule.ts';
import { keepingMailer, SETTINGS } from '../helpers/mail.ts';
import { MONDAY } from '../helpers/reminders.ts';
import { onSqlite } from '../helpers/stores.ts';

onSqlite('the schedule', (fresh) => {
  it('rings each minute and projects at half past four, in Amsterdam, and leaves nothing running when it stops', async () => {
    const store = await fresh();
    const log = { info: () => {}, error: () => {} };
    const deps = { store, mailer: keepingMailer(), feeds: openFeedBook(store), settings: SETTINGS, clock: () => MONDAY, log };
    const schedule = startSchedule(deps);
    const tasks = [...getTasks().values()];
    expect(tasks.map((task) => task.getPattern())).toEqual(['* * * * *', '30 4 * * *']);
    const [minute, daily] = tasks;
    expect(minute!.match(new Date('2024-03-31T01:17:00Z'))).toBe(true);
    const summerAndWinter = ['2024-07-01T02:30:00Z', '2024-01-01T03:30:00Z'];
    expect(summerAndWinter.map((moment) => daily!.match(new Date(moment)))).toEqual([true, true]);
    await schedule.stop();
    expect(getTasks().size).toBe(0);
    expect(schedule.lastSeenAt()).toEqual(MONDAY);
  });
});
