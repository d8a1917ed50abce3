/** How fast reminders are sent and planned, beside the least that anything could do: a bare nodemailer pool, and a bare INSERT … SELECT. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport, type SendMailOptions } from 'nodemailer';
import PostalMime from 'postal-mime';
import { reviewMessage, type Draft } from '../../db/drafts.ts';
import { eq } from '../../db/drizzle.ts';
import { dueMessages } from '../../db/outbox.ts';
import type { Message } from '../../db/schema.ts';
import { openStore, type Store } from '../../db/store.ts';
import { openMailer } from '../../jobs/mailer.ts';
import { composeMail } from '../../jobs/mails/compose.ts';
import { sendDue } from '../../jobs/send.ts';
import { SETTINGS } from '../faults/servers.ts';
import { fill, START } from '../faults/world.ts';
import { median } from './measure.ts';
import { benchPlanning } from './planning.ts';

const ROUNDS = 5;
const MAILS = 1000;

/** Prints both tables. A few minutes at most. */
export async function benchReminders(): Promise<void> {
  await benchSending();
  await benchPlanning();
}

async function benchSending(): Promise<void> {
  const sink = spawn(process.execPath, [new URL('./sink.ts', import.meta.url).pathname], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(sink.stdout, 'data')) as [Buffer];
  const url = line.toString().trim();
  const folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-bench-'));
  const rounds: Record<string, number>[] = [];
  try {
    for (let n = 0; n <= ROUNDS; n += 1) {
      const measured: Record<string, number> = {};
      for (const [name, send] of Object.entries(WAYS)) {
        const store = await openStore(`file:${join(folder, `${n} ${Object.keys(measured).length}.db`)}`);
        await fill(
          store,
          Array.from({ length: MAILS }, (_, i) => `r${i}@example.org`),
        );
        measured[name] = await send(store, url);
        await store.close();
      }
      // The first round warms up.
      if (n > 0) rounds.push(measured);
    }
  } finally {
    sink.kill();
    rmSync(folder, { recursive: true, force: true });
  }
  const [bare] = Object.keys(WAYS);
  console.log(`\n| sending ${MAILS} mails over two connections | mails/s | ratio |\n|---|---|---|`);
  for (const name of Object.keys(WAYS)) {
    const ratio = median(rounds.map((round) => round[name]! / round[bare!]!));
    console.log(`| ${name} | ${Math.round(median(rounds.map((round) => round[name]!)))} | ${ratio.toFixed(2)} |`);
  }
}

/** Each gives mails per second. */
const WAYS: Record<string, (store: Store, url: string) => Promise<number>> = {
  'bare nodemailer pool that composes the same mails from ready text': sendBare,
  'bare nodemailer pool that also writes the text': sendWriting,
  'ours, bytes frozen: checked, claimed, marked, handed over, recorded': async (store, url) => {
    const { messages } = store.read.tables;
    const frozen = await composeAll(store);
    await store.write(async (tx) => {
      for (const { id, raw, to } of frozen) await tx.update(messages).set({ raw, sentTo: to, copies: 1 }).where(eq(messages.id, id));
    });
    return sendOurs(store, url);
  },
  'ours, everything: drafted and composed too': sendOurs,
};

/** A pool that is given text and HTML, ready made, and makes mails of them. */
async function sendBare(store: Store, url: string): Promise<number> {
  const mails: SendMailOptions[] = [];
  for (const { raw, to } of await composeAll(store)) {
    const { subject, text, html, messageId, headers } = await PostalMime.parse(raw);
    const list = Object.fromEntries(headers.filter(({ key }) => /^(list-|auto-|x-)/.test(key)).map(({ key, value }) => [key, value]));
    mails.push({ from: SETTINGS.from, to, subject: subject!, text: text!, html: html!, messageId: messageId!, date: START, headers: list });
  }
  const pool = createTransport({ url, pool: true, maxConnections: 2, maxMessages: 50 });
  const seconds = await timed(() => Promise.all(mails.map((mail) => pool.sendMail(mail))));
  pool.close();
  return mails.length / seconds;
}

/** A pool whose mails are written as ours are, one by one. */
async function sendWriting(store: Store, url: string): Promise<number> {
  const due = await dueMessages(store.read, START, MAILS);
  const drafts: { message: Message; draft: Draft }[] = [];
  for (const message of due) drafts.push({ message, draft: (await reviewMessage(store.read, message, START)).draft! });
  const pool = createTransport({ url, pool: true, maxConnections: 2, maxMessages: 50 });
  const seconds = await timed(() =>
    Promise.all(
      drafts.map(async ({ message, draft }) => {
        const { raw } = await composeMail(message, draft, SETTINGS, START);
        await pool.sendMail({ envelope: { from: SETTINGS.from, to: [draft.to] }, raw });
      }),
    ),
  );
  pool.close();
  return drafts.length / seconds;
}

async function sendOurs(store: Store, url: string): Promise<number> {
  const mailer = openMailer(url);
  let sent = 0;
  const seconds = await timed(async () => {
    sent = (await sendDue({ store, mailer, settings: SETTINGS }, START)).length;
  });
  mailer.close();
  if (sent !== MAILS) throw new Error(`${sent} instead of ${MAILS}`);
  return sent / seconds;
}

async function composeAll(store: Store) {
  const mails = [];
  for (const message of await dueMessages(store.read, START, MAILS)) {
    const { draft } = await reviewMessage(store.read, message, START);
    mails.push({ id: message.id, to: draft!.to, ...(await composeMail(message, draft!, SETTINGS, START)) });
  }
  return mails;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}
