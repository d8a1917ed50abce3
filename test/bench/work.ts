/** All that the service does by itself, with very many organisations: how long each job takes, and how long it blocks everything else at most. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { amsterdamDay } from '../../calendars/days.ts';
import { announceChanges } from '../../db/notices/news.ts';
import { auditReminders } from '../../db/reminders/audit.ts';
import { listDeadLetters } from '../../db/messages/dead-letters.ts';
import { amendDeadline } from '../../db/registry/amending.ts';
import { readDelivery } from '../../db/sending/health.ts';
import { loadSqlite } from '../../db/store/drizzle.ts';
import { escalate } from '../../db/notices/escalations.ts';
import { openFetchLog } from '../../db/feeds/fetches.ts';
import { forgetEndedLinks } from '../../db/organisations/links.ts';
import { bumpForRenderer, expireTombstones } from '../../db/feeds/upkeep.ts';
import { deleteOrganisation } from '../../db/organisations/organisations.ts';
import { openStore, type Store } from '../../db/store/store.ts';
import { projectNow } from '../../jobs/project.ts';
import { openMailer } from '../../jobs/transport/mailer.ts';
import { sendDue } from '../../jobs/sending/send.ts';
import { tellOperator } from '../../jobs/watch.ts';
import { SETTINGS } from '../faults/servers.ts';
import { START } from '../faults/world.ts';
import { feedIdOf, fillMany, idOf, type Many } from './fill-many.ts';
import { median } from './measure.ts';
import type { Result } from './report.ts';
import { LONG_ROUNDS } from './rounds.ts';
import { watchTurns, type Turns } from './turns.ts';

const ORGANISATIONS = Number(process.env['BENCH_MANY'] ?? 100_000);
/** Only these, by the first letters of their names. */
const ONLY = process.env['BENCH_JOBS']?.split(',');
const MOST_MS = 20;

/** Prepares a store, and gives what is measured; that gives how much it did. */
type Job = (store: Store, place: { file: string; folder: string; many: Many }) => Promise<() => Promise<number>>;

const JOBS: Record<string, Job> = {
  'change notices': async (store, { many }) => {
    const sources = [{ document: 'Beleid 2027', section: '6.3', quote: '30 april 2027', url: null }];
    const amendment = { baseRevision: 1, reason: 'Een week later.', rule: { kind: 'fixed' as const, on: '2027-04-30' }, sources };
    await store.write((tx) => amendDeadline(tx, many.deadlineId, amendment, START));
    return () => announceChanges(store, START);
  },
  escalation: async (store) => () => escalate(store, START),
  'escalation, after 1,000 organisations changed': async (store, { file }) => {
    await escalate(store, START);
    change(file, `insert into organisation_changes select id, row_number() over (order by id) from organisations limit 1000`);
    change(file, `insert into settings values ('organisations_version', '1000')`);
    return () => escalate(store, START);
  },
  audit: async (store) => async () => {
    const { missing, stranded } = await auditReminders(store.read, START);
    return missing.length + stranded;
  },
  'daily summary': async (store, { file }) => {
    change(
      file,
      `update messages set state = 'dead', reason = 'refused', due_at = due_at - 259200000 where state = 'sent' and rowid % 10 = 0`,
    );
    change(file, `update organisations set unreminded_since = ${START.getTime()} where rowid % 100 = 0`);
    return async () => Number(await tellOperator({ store, secret: SETTINGS.secret }, 'operator@example.org', START));
  },
  'how delivery stands': async (store) => async () => (await readDelivery(store.read, START)).due,
  'a page of dead letters': async (store, { file }) => {
    change(file, `update messages set state = 'dead', reason = 'refused' where state = 'sent' and rowid % 10 = 0`);
    return async () => (await listDeadLetters(store.read, { page: 2, pageSize: 50 })).total;
  },
  'projecting the timelines': async (store) => () => projectNow(store, START),
  'a new look of all events': async (store) => {
    await bumpForRenderer(store, START);
    await store.write(async (tx) => tx.update(tx.tables.insurers).set({ name: 'Anders' }));
    return () => bumpForRenderer(store, START);
  },
  'withdrawn deadlines that go': async (store, { file }) => {
    change(file, `update revisions set status = 'withdrawn'`);
    return () => expireTombstones(store, START);
  },
  'links that ended long ago': async (store, { file }) => {
    change(file, `insert into former_links select 'former ' || hash, id, created_at, created_at from feeds`);
    return () => forgetEndedLinks(store, START);
  },
  'notes of fetches': async (store, { many }) => {
    const log = openFetchLog();
    for (let n = 0; n < many.organisations; n += 1) log.note({ feedId: feedIdOf(n), by: 0 }, 'Thunderbird/140', START);
    return () => log.record(store, START);
  },
  'sending 1,000 of the mails that are due': async (store, { folder }) => {
    const mailer = openMailer(`file:${join(folder, 'mail')}`);
    const sent = { count: 0 };
    const report = () => void (sent.count += 1);
    return async () => (await sendDue({ store, mailer, settings: SETTINGS, report, isWanted: () => sent.count >= 1000 }, START)).length;
  },
  'an organisation that goes': async (store) => async () => {
    await store.write((tx) => deleteOrganisation(tx, idOf(10), START));
    return 1;
  },
};

interface Taken extends Turns {
  ms: number;
  cpu: number;
  did: number;
}

/** Each job over a copy of the same file, round by round. */
export async function benchWork(): Promise<Result[]> {
  const folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-bench-'));
  const chosen = Object.entries(JOBS).filter(([name]) => ONLY?.some((first) => name.startsWith(first)) ?? true);
  const rounds = new Map<string, Taken[]>(chosen.map(([name]) => [name, []]));
  try {
    const filled = join(folder, 'filled.db');
    const many = await fillMany(filled, ORGANISATIONS, amsterdamDay(START));
    for (let n = 0; n < LONG_ROUNDS; n += 1)
      for (const [name, job] of chosen) {
        const file = join(folder, 'copy.db');
        copyFileSync(filled, file);
        rounds.get(name)!.push(await measure(job, { file, folder, many }));
        for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true });
      }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return report(rounds);
}

async function measure(job: Job, place: Parameters<Job>[1]): Promise<Taken> {
  const store = await openStore(`file:${place.file}`);
  try {
    const work = await job(store, place);
    // What the job before left behind is not this one's.
    globalThis.gc?.();
    const taken = { did: 0, ms: 0, cpu: 0 };
    const turns = await watchTurns(async () => {
      const begun = { ms: performance.now(), cpu: process.cpuUsage() };
      taken.did = await work();
      const { user, system } = process.cpuUsage(begun.cpu);
      Object.assign(taken, { ms: performance.now() - begun.ms, cpu: (user + system) / 1000 });
    });
    return { ...taken, ...turns };
  } finally {
    await store.close();
  }
}

function report(rounds: ReadonlyMap<string, readonly Taken[]>): Result[] {
  console.log(
    `\n| by itself, with ${ORGANISATIONS} organisations | done | ms | CPU ms | longest block, ms | by CPU | by CPU, all rounds |\n|---|---|---|---|---|---|---|`,
  );
  const blocks = [...rounds].map(([name, taken]) => {
    const of = (what: (one: Taken) => number) => median(taken.map(what));
    const [blocked, byCpu] = [of((one) => one.blocked), of((one) => one.byCpu)];
    const all = taken.map((one) => one.byCpu.toFixed(0)).join(', ');
    console.log(
      `| ${name} | ${of((one) => one.did)} | ${of((one) => one.ms).toFixed(0)} | ${of((one) => one.cpu).toFixed(0)} | ${blocked.toFixed(1)} | ${byCpu.toFixed(1)} | ${all} |`,
    );
    return { what: `event loop blocked: ${name}`, goal: MOST_MS, most: true, reached: blocked, byCpu, unit: ' ms' };
  });
  return blocks;
}

/** Straight in the file, beside the store. */
function change(file: string, statement: string) {
  const { Sqlite } = loadSqlite();
  const db = new Sqlite(file);
  db.exec(statement);
  db.close();
}
