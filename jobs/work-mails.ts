/** Tells the editors once a week what waits for them in the registry. */
import { addDays, amsterdamDay, amsterdamMoment, weekday } from '../calendars/days.ts';
import { isWorkingDay, nextWorkingDay } from '../calendars/holidays.ts';
import type { Day } from '../calendars/terms.ts';
import { queueWorkMails } from '../db/people/work-mails.ts';
import { auditHead } from '../db/registry/audit.ts';
import { readSnapshot } from '../db/registry/snapshot.ts';
import { readWorkList } from '../db/registry/upkeep/work-list.ts';
import { readCounters } from '../db/store/counters.ts';
import { readSetting, saveSetting } from '../db/store/settings.ts';
import type { Store } from '../db/store/store.ts';

/** The Monday of the week that was told of. */
const TOLD_WEEK = 'work_told_week';
/** By the clocks of Amsterdam. */
const HOUR = '07:30';

/**
 * Queues the weekly mails: on Monday, on the next working day where that is a holiday, and later in the week where nobody rang then. Once a week, whatever
 * ends in between. Gives how many; null when it is too early, or done.
 */
export async function tellEditors(store: Store, now: Date): Promise<number | null> {
  const week = weekToTell(now);
  if (week === null || (await readSetting(store.read, TOLD_WEEK)) === week) return null;
  const registry = await readSnapshot(store.read, await readCounters(store.read));
  const work = await readWorkList(store.read, registry, now);
  return store.writeAlone(async (tx) => {
    if ((await readSetting(tx, TOLD_WEEK)) === week) return null;
    await saveSetting(tx, TOLD_WEEK, week);
    return queueWorkMails(tx, work, await auditHead(tx), now);
  });
}

/** The Monday of the week whose mail is due; null before its hour and on days off. */
function weekToTell(now: Date): Day | null {
  const today = amsterdamDay(now);
  const monday = addDays(today, 1 - weekday(today));
  const isDue = isWorkingDay(today) && now >= amsterdamMoment(nextWorkingDay(monday), HOUR);
  return isDue ? monday : null;
}
