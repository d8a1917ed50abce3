/** The clock: whether others tell the same time. */
import type { Examination } from '../../../db/store/opening/examination.ts';
import type { Notes } from './finding.ts';

const MINUTE_MS = 60_000;
/** By then one instance takes another's lease for ended. */
const MOST_MS = 15 * MINUTE_MS;

/** What others say of the time. */
interface Others {
  database: Examination | null;
  /** How far the clock behind PUBLIC_URL is ahead, in milliseconds. */
  publicAheadMs: number | null;
}

/** Compares this clock with those that were heard. */
export function examineClock({ fault, ok, warn }: Notes, { database, publicAheadMs }: Others, now: Date): void {
  const last = database?.lastWriteAt;
  const heard: [string, number | null][] = [
    ["the database's", database?.aheadMs ?? null],
    ["PUBLIC_URL's", publicAheadMs],
    // What was written last was written before now; more cannot be known of a file.
    ['that of whoever wrote last to the database', last && last > now ? last.getTime() - now.getTime() : null],
  ];
  const compared = heard.filter((one): one is [string, number] => one[1] !== null);
  const todo = 'let all machines take their time from a time server (NTP): reminders leave by the clock';
  for (const [whose, aheadMs] of compared) {
    const apart = Math.abs(aheadMs);
    const says = `this clock says ${now.toISOString()}, and ${whose} is ${Math.round(apart / 1000)} s ${aheadMs > 0 ? 'ahead' : 'behind'}`;
    if (apart > MOST_MS) fault(says, todo);
    else if (apart > MINUTE_MS) warn(says, todo);
    else ok(says);
  }
  if (compared.length > 0) return;
  if (last) ok(`this clock says ${now.toISOString()}, after what was written last to the database (${last.toISOString()})`);
  else warn(`this clock says ${now.toISOString()}, and there was no other to compare it with`, 'compare it with a watch');
}
