/** How fast reminders are sent beside a bare nodemailer pool that composes the very same mails: same bytes, same server, as many connections. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport, type SendMailOptions } from 'nodemailer';
import { reviewMessage } from '../../db/sending/composing.ts';
import { eq } from '../../db/store/drizzle.ts';
import { dueMessages } from '../../db/sending/claims.ts';
import { openStore, type Store } from '../../db/store/store.ts';
import { openMailer } from '../../jobs/transport/mailer.ts';
import { composeMail, describeMail } from '../../jobs/mails/compose.ts';
import { sendDue } from '../../jobs/sending/send.ts';
import { SETTINGS } from '../faults/servers.ts';
import { fill, START } from '../faults/world.ts';
import { median } from './measure.ts';
import type { Result } from './report.ts';
import { LONG_ROUNDS } from './rounds.ts';

const MAILS = Number(process.env['BENCH_MAILS'] ?? 1000);
const CONNECTIONS = 2;

const BARE = 'bare nodemailer pool, composing';
const OWN = 'drafted, composed, claimed, marked, handed over, recorded';

/** What one way of sending took for all mails. */
interface Taken {
  ms: number;
  /** CPU time of this process, without the mail server's, in milliseconds. */
  cpu: number;
}

/** Each way in turn, round by round; the first round warms up. */
export async function benchSending(): Promise<Result[]> {
  const sink = spawn(process.execPath, [new URL('./sink.ts', import.meta.url).pathname], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(sink.stdout, 'data')) as [Buffer];
  const url = line.toString().trim();
  const folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-bench-'));
  const rounds: Record<string, Taken>[] = [];
  try {
    const filled = join(folder, 'filled.db');
    await fillFile(filled);
    for (let n = 0; n <= LONG_ROUNDS; n += 1) {
      const round: Record<string, Taken> = {};
      for (const [name, way] of Object.entries(WAYS)) {
        const file = join(folder, `${n} ${Object.keys(round).length}.db`);
        copyFileSync(filled, file);
        const store = await openStore(`file:${file}`);
        round[name] = await measure(await way(store, url));
        await store.close();
      }
      if (n > 0) rounds.push(round);
    }
  } finally {
    sink.kill();
    rmSync(folder, { recursive: true, force: true });
  }
  return report(rounds);
}

function report(rounds: readonly Record<string, Taken>[]): Result[] {
  const ratio = (name: string, by: keyof Taken) => median(rounds.map((round) => round[BARE]![by] / round[name]![by]));
  console.log(
    `\n| sending ${MAILS} mails over ${CONNECTIONS} connections | mails/s | ratio | CPU µs a mail | ratio by CPU |\n|---|---|---|---|---|`,
  );
  for (const name of Object.keys(WAYS)) {
    const perSecond = median(rounds.map((round) => (MAILS / round[name]!.ms) * 1000));
    const cpu = median(rounds.map((round) => (round[name]!.cpu / MAILS) * 1000));
    console.log(
      `| ${name} | ${Math.round(perSecond)} | ${ratio(name, 'ms').toFixed(2)} | ${Math.round(cpu)} | ${ratio(name, 'cpu').toFixed(2)} |`,
    );
  }
  return [{ what: 'reminders sent / bare nodemailer pool', goal: 0.8, reached: ratio(OWN, 'ms'), byCpu: ratio(OWN, 'cpu'), unit: ' ×' }];
}

/** Each prepares, and gives what is measured. */
const WAYS: Record<string, (store: Store, url: string) => Promise<() => Promise<unknown>>> = {
  [BARE]: sendBare,
  'bare nodemailer pool, given the bytes': sendBareBytes,
  'bytes frozen before; checked, claimed, marked, handed over, recorded': sendFrozen,
  [OWN]: sendOwn,
};

async function sendBare(store: Store, url: string) {
  const mails = (await readDrafts(store)).map(({ message, draft }): SendMailOptions => describeMail(message, draft, SETTINGS, START));
  return sendByPool(mails, url);
}

async function sendBareBytes(store: Store, url: string) {
  const mails = (await readDrafts(store)).map(({ message, draft }): SendMailOptions => {
    const { raw } = composeMail(message, draft, SETTINGS, START);
    return { envelope: { from: SETTINGS.from, to: [draft.to] }, raw };
  });
  return sendByPool(mails, url);
}

function sendByPool(mails: readonly SendMailOptions[], url: string) {
  return async () => {
    const pool = createTransport({ url, pool: true, maxConnections: CONNECTIONS, maxMessages: 50 });
    await Promise.all(mails.map((mail) => pool.sendMail(mail)));
    pool.close();
  };
}

/** As after a first try of which nobody knows whether it arrived. */
async function sendFrozen(store: Store, url: string) {
  const { messages } = store.read.tables;
  const drafts = await readDrafts(store);
  await store.write(async (tx) => {
    for (const { message, draft } of drafts) {
      const { raw } = composeMail(message, draft, SETTINGS, START);
      await tx.update(messages).set({ raw, sentTo: draft.to, copies: 1 }).where(eq(messages.id, message.id));
    }
  });
  return sendOwn(store, url);
}

async function sendOwn(store: Store, url: string) {
  return async () => {
    const mailer = openMailer(url);
    const results = await sendDue({ store, mailer, settings: SETTINGS, lanes: CONNECTIONS }, START);
    mailer.close();
    const sent = results.filter(({ kind }) => kind === 'sent').length;
    if (sent !== MAILS) throw new Error(`${sent} sent instead of ${MAILS}`);
  };
}

async function readDrafts(store: Store) {
  const drafts = [];
  for (const message of await dueMessages(store.read, START, MAILS)) {
    const { draft } = await reviewMessage(store.read, message, START);
    drafts.push({ message, draft: draft! });
  }
  return drafts;
}

async function measure(work: () => Promise<unknown>): Promise<Taken> {
  const before = process.cpuUsage();
  const begun = performance.now();
  await work();
  const ms = performance.now() - begun;
  const { user, system } = process.cpuUsage(before);
  return { ms, cpu: (user + system) / 1000 };
}

async function fillFile(file: string) {
  const store = await openStore(`file:${file}`);
  await fill(
    store,
    Array.from({ length: MAILS }, (_, i) => `r${i}@example.org`),
  );
  await store.close();
}
