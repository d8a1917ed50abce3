/** `npm run clients`: a real Thunderbird subscribes to the running service, polls, and follows an edit. Half a minute; nothing to do where there is none. */
import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { Table } from 'console-table-printer';
import { openDoor } from './polls.ts';
import { startThunderbird, THUNDERBIRD, type KeptRow } from './profile.ts';
import { rowsOf } from './rows.ts';
import { subscribe } from './subscription.ts';

/** How long Thunderbird gets for each thing, in milliseconds. */
const PATIENCE = 60_000;

if (existsSync(THUNDERBIRD)) process.exitCode = (await watchThunderbird()) ? 0 : 1;
else console.log('npm run clients skipped: no Thunderbird here (Debian: apt install thunderbird)');

/** Prints what was seen, and tells whether all of it is as it must be. */
async function watchThunderbird(): Promise<boolean> {
  const feed = await subscribe();
  const door = await openDoor(feed.url);
  const app = startThunderbird(feed.folder, door.url);
  try {
    const read = async () => rowsOf(await (await fetch(feed.url)).text()).map((row): KeptRow => ({ ...row, zone: 'floating' }));
    const table = new Table({ columns: [{ name: 'check', alignment: 'left' }, { name: 'seen', alignment: 'left' }, { name: 'ok' }] });
    const checks: boolean[] = [];
    const check = (what: string, seen: string, ok: boolean) => {
      table.addRow({ check: what, seen, ok: ok ? 'yes' : 'NO' }, { color: ok ? 'green' : 'red' });
      checks.push(ok);
    };

    const served = await read();
    const first = await until(app.rows, (rows) => isDeepStrictEqual(rows, served));
    check('sixty events become sixty rows', `${first.length} rows`, first.length === 60);
    check('days, titles and links as served, in America/New_York', differences(first, served), isDeepStrictEqual(first, served));

    const answered = await until(
      () => door.polls,
      (polls) => polls.length >= 2,
    );
    const [, second] = answered;
    check('the second poll sends the tag and gets 304', `tag ${second?.tag}, ${second?.status}`, second?.status === 304 && !!second.tag);
    // Even then it may write its rows anew: what counts is what is there when it has done so.
    const same = await until(app.rows, (rows) => isDeepStrictEqual(rows, first));
    check('nothing changed by it', differences(same, first), isDeepStrictEqual(same, first));

    const { uid, from, to } = await feed.move();
    const moved = first.map((row) => (row.uid === uid ? { ...row, on: to } : row));
    const after = await until(app.rows, (rows) => isDeepStrictEqual(rows, moved));
    const seen = [first, after].map((rows) => rows.find((row) => row.uid === uid)?.on).join(' to ');
    check('an edit moves one row', seen, isDeepStrictEqual(after, moved) && seen === `${from} to ${to}`);
    check('and doubles none', `${after.length} rows, ${new Set(after.map((row) => row.uid)).size} UIDs`, after.length === 60);

    const settled = door.polls.length;
    const later = await until(
      () => door.polls,
      (polls) => polls.length > settled,
    );
    check('then it is quiet again', String(later[settled]?.status), later[settled]?.status === 304);
    table.printTable();
    return checks.every(Boolean);
  } finally {
    await app.quit();
    door.close();
    await feed.stop();
  }
}

/** Looks again and again until it holds or patience ends; gives what was seen last. */
async function until<T>(look: () => T, holds: (seen: T) => boolean): Promise<T> {
  for (let left = PATIENCE; ; left -= 250) {
    const seen = look();
    if (holds(seen) || left <= 0) return seen;
    await pause(250);
  }
}

function differences(seen: readonly KeptRow[], wanted: readonly KeptRow[]): string {
  const differing = wanted.filter((row) => !seen.some((other) => isDeepStrictEqual(row, other)));
  return differing.length === 0 ? 'all the same' : `${differing.length} not the same: ${differing[0]!.title.slice(0, 40)}`;
}
