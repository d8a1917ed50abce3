/** Planning a typical day for 100,000 organisations. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { loadSqlite } from '../../db/store/drizzle.ts';
import { planReminders } from '../../db/reminders/planning.ts';
import { openStore, type Store } from '../../db/store/store.ts';
import { addDeadline, addInsurer } from '../helpers/cast.ts';
import { START } from '../faults/world.ts';
import type { Result } from './report.ts';

const ORGANISATIONS = Number(process.env['BENCH_MANY'] ?? 100_000);
const DEADLINES = 40;
/** Of the 40 deadlines, those that a day's leads fall on; nearly half of all organisations have one. */
const INSURERS = 20;

interface Day {
  /** Seconds, and seconds of CPU time. */
  wall: number;
  cpu: number;
  /** The longest that the event loop was blocked, in milliseconds. */
  blocked: number;
  /** Of a second run, with how many rows it added. */
  again: number;
  added: number;
}

/** Once: it takes a minute, and a round that warms up would change nothing. */
export async function benchPlanning(): Promise<Result[]> {
  const folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-bench-'));
  try {
    const file = join(folder, 'planned.db');
    await makePlanned(file);
    return report(await plan(file));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function report({ wall, cpu, blocked, again, added }: Day): Result[] {
  console.log(
    `\n| planning, ${ORGANISATIONS} organisations, ${DEADLINES} deadlines, 4 leads | s | CPU s | longest block, ms |\n|---|---|---|---|`,
  );
  console.log(`| in slices | ${wall.toFixed(1)} | ${cpu.toFixed(1)} | ${blocked.toFixed(0)} |`);
  console.log(`| a second run: ${added} rows | ${again.toFixed(3)} | | |`);
  return [
    { what: `CPU time of planning ${ORGANISATIONS} organisations`, goal: 90, most: true, reached: cpu, unit: ' s' },
    { what: 'event loop blocked by planning', goal: 30, most: true, reached: blocked, unit: ' ms' },
    { what: 'rows that a second run adds', goal: 0, most: true, reached: added },
  ];
}

/** Makes a file in which everything is planned up to the last working day before the start. */
async function makePlanned(file: string): Promise<void> {
  const store = await openStore(`file:${file}`);
  await fillRegistry(store);
  fillOrganisations(file);
  await planReminders(store, new Date(START.getTime() - 3 * 86_400_000));
  await store.close();
  sendAll(file);
}

async function plan(file: string): Promise<Day> {
  const store = await openStore(`file:${file}`);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const first = await measure(() => planReminders(store, START));
  delay.disable();
  const before = countRows(file);
  const again = await measure(() => planReminders(store, new Date(START.getTime() + 60_000)));
  const added = countRows(file) - before;
  await store.close();
  return { ...first, blocked: delay.max / 1e6, again: again.wall, added };
}

async function measure(work: () => Promise<unknown>): Promise<Pick<Day, 'wall' | 'cpu'>> {
  const begun = { ms: performance.now(), cpu: process.cpuUsage() };
  await work();
  const { user, system } = process.cpuUsage(begun.cpu);
  return { wall: (performance.now() - begun.ms) / 1000, cpu: (user + system) / 1e6 };
}

/** Twenty insurers with two deadlines each, on days so that some leads fall on the day that is planned. */
async function fillRegistry(store: Store) {
  const longAgo = new Date('2026-01-05T12:00:00Z');
  await store.write(async (tx) => {
    for (let n = 0; n < INSURERS; n += 1) {
      await addInsurer(tx, `i${n}`);
      for (const [slot, days] of [14 + (n % 5 === 0 ? 0 : 20 + n), 60 + n].entries()) {
        const on = new Date(START.getTime() + days * 86_400_000).toISOString().slice(0, 10);
        await addDeadline(
          tx,
          { insurer: `i${n}`, contractYear: 2027, activity: slot === 0 ? 'annual_plan' : 'accounts' },
          { rule: { kind: 'fixed', on } },
          longAgo,
        );
      }
    }
  });
}

/** Straight into the tables: by the functions of the service it would take hours. */
function fillOrganisations(file: string) {
  const { Sqlite } = loadSqlite();
  const db = new Sqlite(file);
  const moment = Date.parse('2026-01-05T12:00:00Z');
  db.exec('begin');
  const organisation = db.prepare(
    `insert into organisations (id, name, language, roles, version, created_at) values (?, ?, 'nl', '["ro"]', 0, ${moment})`,
  );
  const relation = db.prepare(
    `insert into relations (organisation_id, insurer_slug, contract_status, preferred) values (?, ?, 'contracted', 0)`,
  );
  const recipient = db.prepare(
    `insert into recipients (id, organisation_id, email, lead_days, digest, status, created_at, confirmed_at) values (?, ?, ?, '[42,14,3,0]', 'daily', 'confirmed', ${moment}, ${moment})`,
  );
  for (let n = 0; n < ORGANISATIONS; n += 1) {
    const id = `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
    organisation.run(id, `Regio ${n}`);
    // Three insurers each: the four of which something is due concern nearly half.
    for (let k = 0; k < 3; k += 1) relation.run(id, `i${(n * 7 + k * 3 + (n >> 5)) % INSURERS}`);
    recipient.run(id.replace('-4000-', '-4001-'), id, `r${n}@example.org`);
  }
  db.exec('commit');
  db.close();
}

/** As if all that was planned had been sent, and the service had run until the day before the start. */
function sendAll(file: string) {
  const { Sqlite } = loadSqlite();
  const db = new Sqlite(file);
  db.exec(`update messages set state = 'sent', claim = 1, claimed_at = due_at, sent_at = due_at`);
  db.exec(`update reminders set state = 'sent' where state = 'pending'`);
  const { changes } = db.prepare(`update settings set value = json_set(value, '$.day', ?) where name = 'planned_until'`).run(dayBefore());
  if (changes !== 1) throw new Error('nothing was planned before');
  db.close();
}

const dayBefore = () => new Date(START.getTime() - 86_400_000).toISOString().slice(0, 10);

function countRows(file: string): number {
  const { Sqlite } = loadSqlite();
  const db = new Sqlite(file, { readonly: true });
  const count = db.prepare<[], number>('select (select count(*) from reminders) + (select count(*) from messages)').pluck().get();
  db.close();
  return count ?? 0;
}
