/** Planning for 100,000 organisations on a typical day, beside one bare INSERT … SELECT of the same rows. */
import { mkdtempSync, rmSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSqlite } from '../../db/drizzle.ts';
import { planReminders } from '../../db/planning.ts';
import { openStore, type Store } from '../../db/store.ts';
import { addDeadline, addInsurer } from '../helpers/cast.ts';
import { START } from '../faults/world.ts';

const ORGANISATIONS = 100_000;
const DEADLINES = 40;
/** Of the 40 deadlines, those that a day's leads fall on; nearly half of all organisations have one. */
const INSURERS = 20;

export async function benchPlanning(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-bench-'));
  const file = join(folder, 'planning.db');
  try {
    const store = await openStore(`file:${file}`);
    await fillRegistry(store);
    fillOrganisations(file);
    // The day before: what was due until then is on record.
    await planReminders(store, new Date(START.getTime() - 3 * 86_400_000));
    const before = countRows(file);
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const begun = performance.now();
    const { planned } = await planReminders(store, START);
    const ours = performance.now() - begun;
    delay.disable();
    const again = performance.now();
    const { planned: more } = await planReminders(store, new Date(START.getTime() + 60_000));
    const second = performance.now() - again;
    const added = countRows(file) - before;
    await store.close();
    const bare = insertBare(file);
    console.log(
      `\n| planning, ${ORGANISATIONS} organisations, ${DEADLINES} deadlines, 4 leads | ms | ratio | longest block, ms |\n|---|---|---|---|`,
    );
    console.log(`| one bare INSERT … SELECT of the same ${bare.rows} reminders | ${bare.ms.toFixed(0)} | 1.0 | |`);
    console.log(
      `| planned: ${planned} reminders in as many mails, ${added} rows | ${ours.toFixed(0)} | ${(ours / bare.ms).toFixed(1)} | ${(delay.max / 1e6).toFixed(0)} |`,
    );
    console.log(`| a second run: ${more} | ${second.toFixed(1)} | ${(second / bare.ms).toFixed(2)} | |`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
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

function countRows(file: string): number {
  const { Sqlite } = loadSqlite();
  const db = new Sqlite(file, { readonly: true });
  const count = db.prepare<[], number>('select (select count(*) from reminders) + (select count(*) from messages)').pluck().get();
  db.close();
  return count ?? 0;
}

/** The same reminders into an empty table with the same keys, in one statement. */
function insertBare(file: string): { ms: number; rows: number } {
  const { Sqlite } = loadSqlite();
  const db = new Sqlite(file);
  db.pragma('synchronous = full');
  const { sql } = db.prepare<[], { sql: string }>(`select sql from sqlite_master where name = 'reminders'`).get()!;
  db.exec(sql.replace('`reminders`', 'bare').replace(/CREATE TABLE "?reminders"?/i, 'CREATE TABLE bare'));
  const indexes = db
    .prepare<[], string>(`select sql from sqlite_master where type = 'index' and tbl_name = 'reminders' and sql is not null`)
    .pluck()
    .all();
  for (const index of indexes) db.exec(index.replace(/INDEX `?(\w+)`? ON `?reminders`?/i, 'INDEX bare_$1 ON bare'));
  const last = db.prepare<[], number>('select max(created_at) from reminders').pluck().get();
  const begun = performance.now();
  const { changes } = db.prepare('insert into bare select * from reminders where created_at = ?').run(last);
  const ms = performance.now() - begun;
  db.close();
  return { ms, rows: changes };
}
