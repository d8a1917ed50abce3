/** `npm run faults [name…]`: every fault in full. Counts must be right, or it ends with an error; durations are told and never judged. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { openStore } from '../../db/store/store.ts';
import { newestPostgres, startPostgres, type Postgres } from '../helpers/global-setup.ts';
import { diskFull, lockedElsewhere } from './database.ts';
import { takeOverOnSqlite, twoOnPostgres, twoOnSqlite } from './instances.ts';
import { itemOn } from './items.ts';
import { jumpAboutInTime } from './jumps.ts';
import { killAtRandom, killBeforeBody, stopAtRandom } from './kills.ts';
import { manyAtOnce } from './load.ts';
import { live, steps } from './model.ts';
import { judge } from '../oracle/judge.ts';
import { drawCourse } from '../oracle/living/course.ts';
import { live as liveThreeYears } from '../oracle/living/live.ts';
import { cuts, restarts, stalls, terminations } from './postgres.ts';
import { dropAfterBody, dropBeforeMail, greylist, hangAfterBody, leaveAndDawdle, outage, poison, refuseAll } from './servers.ts';
import { killWhileTelling } from './operator.ts';
import type { Tally } from './tally.ts';
import { liveYears } from './years.ts';

type Figures = Partial<Pick<Tally, 'lost' | 'different'>> & object;

/** What must be true beside nothing being lost and all copies being the same; gives what is not. */
type Check<T> = (figures: T) => Record<string, boolean>;

interface Fault {
  name: string;
  what: string;
  run: () => Promise<Figures | null>;
  check: Check<never>;
}

const fault = <T extends Figures>(name: string, what: string, run: () => Promise<T | null>, check: Check<T>): Fault => ({
  name,
  what,
  run,
  check,
});

const FAULTS: Fault[] = [
  fault(
    'kill',
    'kill -9 at 200 random moments of 1,000 mails',
    () => killAtRandom(1000, 200),
    ({ atOnce, extra, kills, midway, most }) => ({
      'extra copies at most the kills': extra <= kills,
      'at most 3 copies': most <= 3,
      'two at a time': atOnce === 2,
      'most of them in the middle of a mail': midway > kills / 2,
    }),
  ),
  fault(
    'kill-before',
    'kill -9 before 354, 100 times',
    () => killBeforeBody(1000, 100),
    ({ extra, kills, midway }) => ({
      'nothing doubled': extra === 0,
      'each in the middle of a mail': midway === kills,
    }),
  ),
  fault(
    'stop',
    'SIGTERM at 100 random moments of 1,000 mails',
    () => stopAtRandom(1000, 100),
    ({ extra, kills, midway, stoppedWell }) => ({
      'nothing doubled': extra === 0,
      'every stop without error': stoppedWell === kills,
      'most of them in the middle of a mail': midway > kills / 2,
    }),
  ),
  fault(
    'outage',
    'no mail server for 24 hours',
    () => outage(1000, 24),
    ({ drainedAfter, extra, mostAttempts, openMinutes, states }) => ({
      'drained within 10 minutes': drainedAfter <= 10,
      'no attempt charged': mostAttempts === 1,
      'nothing dead': states['dead'] === undefined,
      'nothing doubled': extra === 0,
      'breaker open all day': openMinutes === 1440,
    }),
  ),
  fault(
    'drop-after',
    'a tenth is dropped after the body',
    () => dropAfterBody(1000),
    ({ extra, results }) => ({
      'only what was dropped is doubled': extra <= (results['uncertain'] ?? 0),
    }),
  ),
  fault(
    'drop-before',
    'a tenth is dropped at MAIL FROM',
    () => dropBeforeMail(1000),
    ({ extra }) => ({ 'nothing doubled': extra === 0 }),
  ),
  fault(
    'hang',
    'one in fifty hangs after the body',
    () => hangAfterBody(500),
    ({ extra, results }) => ({
      'only what hung is doubled': extra <= (results['uncertain'] ?? 0),
    }),
  ),
  fault(
    'greylist',
    'every address is refused for five minutes',
    () => greylist(1000),
    ({ extra, mostAttempts, states }) => ({
      'nothing doubled': extra === 0,
      'two tries each': mostAttempts === 2,
      'nothing dead': states['dead'] === undefined,
    }),
  ),
  fault(
    'refuse-all',
    '550 5.7.1 to all for an hour',
    () => refuseAll(1000),
    ({ extra, states }) => ({
      'nothing dead': states['dead'] === undefined,
      'nothing doubled': extra === 0,
    }),
  ),
  fault(
    'poison',
    '100 dead addresses among 10,000',
    async () => {
      const figures = await poison(10_000);
      // The dead ones are no loss: they are on the list.
      return { ...figures, lost: figures.lost.filter((address) => !/r\d{3}00@/.test(address)) };
    },
    ({ extra, minutes, states }) => ({
      '100 dead': states['dead'] === 100,
      'nothing doubled': extra === 0,
      'nobody waited for the next minute': minutes === 1,
    }),
  ),
  fault(
    'dawdle',
    'leaves after 50 mails, answers byte by byte',
    () => leaveAndDawdle(1000),
    ({ extra, minutes }) => ({
      'nothing doubled': extra === 0,
      'at once': minutes === 1,
    }),
  ),
  fault(
    'load',
    '10,000 due at once',
    () => manyAtOnce(10_000),
    ({ extra, growth, p99 }) => ({
      'nothing doubled': extra === 0,
      'p99 under five times 250 ms': p99 < 1250,
      'growth under five times 150 MiB': growth < 750,
    }),
  ),
  fault(
    'lock',
    'a foreign write lock of 10 s',
    () => lockedElsewhere(500, 10_000),
    ({ answers, extra, leftMeanwhile, readMeanwhile }) => ({
      'only 201 and 503': answers.every((status) => status === 201 || status === 503),
      'recovers by itself': answers.at(-1) === 201,
      'nothing doubled': extra === 0,
      'nothing sent that was not written down': leftMeanwhile <= 2,
      'questions answered meanwhile': readMeanwhile > 0,
    }),
  ),
  fault(
    'disk',
    'a full disk',
    () => diskFull(500, 5000),
    ({ answers, extra, leftMeanwhile, readMeanwhile, readyWhileFull }) => ({
      'only 201 and 503': answers.every((status) => status === 201 || status === 503),
      'recovers by itself': answers.at(-1) === 201,
      'nothing doubled': extra === 0,
      'nothing sent that was not written down': leftMeanwhile <= 2,
      'questions answered meanwhile': readMeanwhile > 0,
      'not ready, and says why': readyWhileFull.includes('takes no changes'),
    }),
  ),
  ...(
    [
      ['pg-restart', 'PostgreSQL stopped and started 40 times', 40, restarts],
      ['pg-terminate', 'every connection ended by PostgreSQL, 100 times', 100, terminations],
      ['pg-stall', 'the process stands still in the middle of changes, 40 times', 40, stalls],
      ['pg-cut', 'the network to PostgreSQL cut 40 times', 40, cuts],
    ] as const
  ).map(([name, what, times, goAway]) =>
    fault(
      name,
      what,
      () => onPostgres((server) => goAway(1000, times, server)),
      ({ broken, counts, endedWell, extra, midway, states }) => ({
        'nothing doubled': extra === 0,
        'all sent': Object.keys(states).join() === 'sent',
        'the process lives, and stops well': endedWell,
        'every answer as promised': broken.length === 0,
        'changes went on': (counts['change']?.[201] ?? 0) > 0,
        'most of them while mails were under way': midway > times / 2,
      }),
    ),
  ),
  fault(
    'instances',
    'two processes at one PostgreSQL, 2,000 mails',
    () => onPostgres(({ url }) => twoOnPostgres(2000, 0, url)),
    ({ extra, shares }) => ({
      'nothing doubled': extra === 0,
      'both sent': shares.every((share) => share > 0),
    }),
  ),
  fault(
    'instances-killed',
    'the same, killed 50 times',
    () => onPostgres(({ url }) => twoOnPostgres(1000, 50, url)),
    ({ extra, kills, midway, most, states }) => ({
      'extra copies at most two a kill': extra <= 2 * kills,
      'at most 3 copies': most <= 3,
      'most of them in the middle of a mail': midway > kills / 2,
      'all settled': states['sending'] === undefined && states['pending'] === undefined,
    }),
  ),
  fault(
    'second',
    'a second process at one SQLite database',
    () => twoOnSqlite(500),
    ({ extra, refused, secondSent }) => ({
      'nothing doubled': extra === 0,
      'the second refuses to send': refused && secondSent === 0,
    }),
  ),
  fault(
    'take-over',
    'the first of two processes at one SQLite database is killed',
    () => takeOverOnSqlite(200),
    ({ extra, firstSent, secondSent }) => ({
      'nothing doubled': extra === 0,
      'the second sends what the first left': firstSent === 4 && secondSent === 196,
    }),
  ),
  fault('operator', 'kill -9 each time the operator’s summary has left', killWhileTelling, ({ copies, summaries }) => ({
    '3 copies': copies === 3,
    'a dead letter': summaries.join() === 'dead uncertain',
  })),
  fault(
    'jumps',
    'the clock jumps a year and ten years ahead, and back',
    // Longer than whatever waits for a full minute.
    () => jumpAboutInTime(65_000),
    ({ jumps, slowestMs, turns, unwell }) => ({
      'every jump': jumps === 3,
      'what is due once a day is done once': turns === 5,
      'it lives on': unwell === 0 && slowestMs < 5000,
    }),
  ),
  fault(
    'years',
    '2026 to 2036, day by day',
    async () => ({ ...liveYears('2026-01-01', '2036-12-31', itemOn) }),
    ({ afterDeadline, days, wrong }) => ({
      'every day': days === 4018,
      'as the oracle says': wrong.length === 0,
      'none after its deadline': afterDeadline === 0,
    }),
  ),
  ...['sqlite', 'pg'].map((dialect) =>
    fault(
      `oracle-${dialect}`,
      `fifty organisations through three years, on ${dialect}, each morning, judged by words alone`,
      () => judgedYears(dialect),
      ({ faults, told }) => ({
        'as the oracle says': faults.length === 0,
        'much was told': told > 3000,
      }),
    ),
  ),
  fault(
    'model',
    '2,000 courses of events in any order',
    async () => ({ runs: await liveCourses(2000) }),
    ({ runs }) => ({ 'all lived through': runs === 2000 }),
  ),
];

/** Lives with fifty organisations on an empty database, and has it judged; null where there is no such database. */
async function judgedYears(dialect: string) {
  const seed = Number(process.env['ORACLE_SEED'] ?? 1);
  if (dialect === 'pg') return onPostgres(({ url }) => yearsOn(url, seed));
  const folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-faults-'));
  try {
    return await yearsOn(`file:${join(folder, 'oracle.db')}`, seed);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function yearsOn(databaseUrl: string, seed: number) {
  const { life, names } = await liveThreeYears(databaseUrl, (insurers) => drawCourse(seed, 50, insurers), true);
  const mails = life.readers.flatMap((reader) => reader.mails);
  const told = mails.flatMap((mail) => mail.told).length;
  return { seed, readers: life.readers.length, mails: mails.length, told, changes: life.changes.length, faults: judge(life, names) };
}

async function liveCourses(runs: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-faults-'));
  let n = 0;
  try {
    await fc.assert(
      fc.asyncProperty(steps, async (course) => {
        const file = join(folder, `${(n += 1)}.db`);
        const store = await openStore(`file:${file}`);
        try {
          await live(store, course);
        } finally {
          await store.close();
          for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true });
        }
      }),
      { numRuns: runs },
    );
    return runs;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function onPostgres<T>(work: (server: Postgres) => Promise<T>): Promise<T | null> {
  const bin = newestPostgres();
  if (bin === undefined) return null;
  const server = await startPostgres(bin);
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}

const wanted = process.argv.slice(2);
let broken = 0;
for (const { name, what, run, check } of FAULTS) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const begun = performance.now();
  const figures = await run();
  const seconds = ((performance.now() - begun) / 1000).toFixed(0);
  if (figures === null) {
    console.log(`${name}: not possible here (${what})`);
    continue;
  }
  const { lost = [], different = [], ...rest } = figures;
  const promises = { 'nothing lost': lost.length === 0, 'all copies the same': different.length === 0, ...check(figures as never) };
  const failed = Object.entries(promises).filter(([, kept]) => !kept);
  broken += failed.length;
  console.log(`${failed.length === 0 ? 'kept  ' : 'BROKEN'} ${name}: ${what}, ${seconds} s`);
  console.log(`       ${JSON.stringify(rest)}`);
  for (const [promise] of failed)
    console.log(`       broken: ${promise}${promise === 'nothing lost' ? ` ${lost.slice(0, 5).join(' ')}` : ''}`);
}
process.exit(broken === 0 ? 0 : 1);
