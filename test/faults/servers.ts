/** Mail servers that misbehave, each in its own way, while many mails go to them. Time is simulated: a minute passes between two runs of sending. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readBreaker } from '../../db/sending/breaker.ts';
import { and, eq, inArray } from '../../db/store/drizzle.ts';
import { openStore, type Store } from '../../db/store/store.ts';
import { openMailer } from '../../jobs/transport/mailer.ts';
import type { MailSettings } from '../../jobs/mails/compose.ts';
import { sendDue, type SendResult } from '../../jobs/sending/send.ts';
import { startRawSink, type RawSink, type SinkRules } from './sink.ts';
import { tally, type Tally } from './tally.ts';
import { countStates, fill, START, uncertainAddresses } from './world.ts';

export const SETTINGS: MailSettings = {
  publicUrl: 'https://inkoop.example',
  secret: 'a secret that only the faults know, 32+',
  from: 'herinnering@inkoop.example',
};

export interface Course extends Tally {
  states: Record<string, number>;
  /** How many minutes of its own time it took until every message was settled. */
  minutes: number;
  /** How often each kind of result came. */
  results: Record<string, number>;
  /** Most tries of a message that the server answered. */
  mostAttempts: number;
  connections: number;
  /** Minutes in which the breaker was open. */
  openMinutes: number;
  /** Milliseconds that it really took. */
  realMs: number;
}

interface Plan {
  recipients: number;
  rules: SinkRules | ((sink: RawSink, minute: number) => void);
  /** How many minutes it may take. */
  within?: number;
  /** How long a server may be silent before others go first. */
  patienceMs?: number;
  url?: (sink: RawSink) => string;
}

/** Sends to a server with these rules until all is settled, or the time is over. Rules as a function are asked each minute. */
async function sendThrough({ recipients, rules, within = 300, patienceMs = 1000, url = (sink) => sink.url }: Plan): Promise<Course> {
  const folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-faults-'));
  const store = await openStore(`file:${join(folder, 'faults.db')}`);
  const sink = await startRawSink(typeof rules === 'function' ? {} : rules);
  const mailer = openMailer(url(sink));
  const parked = new Set<Promise<unknown>>();
  const results: Record<string, number> = {};
  const report = ({ kind }: SendResult) => (results[kind] = (results[kind] ?? 0) + 1);
  const addresses = Array.from({ length: recipients }, (_, n) => `r${String(n).padStart(5, '0')}@example.org`);
  const begun = performance.now();
  try {
    await fill(store, addresses);
    let [minutes, openMinutes] = [0, 0];
    for (; minutes < within && (await isUnsettled(store)); minutes += 1) {
      if (typeof rules === 'function') rules(sink, minutes);
      const now = new Date(START.getTime() + minutes * 60_000);
      await sendDue({ store, mailer, settings: SETTINGS, parked, patienceMs, report, lanes: 2 }, now);
      if (await readBreaker(store.read)) openMinutes += 1;
    }
    const { messages } = store.read.tables;
    const reminder = await store.read.select({ attempts: messages.attempts }).from(messages).where(eq(messages.kind, 'reminder'));
    return {
      ...tally(sink, addresses, await uncertainAddresses(store)),
      states: await countStates(store),
      minutes,
      openMinutes,
      results,
      mostAttempts: Math.max(...reminder.map(({ attempts }) => attempts)),
      connections: sink.connections(),
      realMs: Math.round(performance.now() - begun),
    };
  } finally {
    mailer.close();
    await sink.close();
    await Promise.all(parked);
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function isUnsettled(store: Store): Promise<boolean> {
  const { messages } = store.read.tables;
  return (await store.read.$count(messages, and(inArray(messages.state, ['pending', 'sending']), eq(messages.kind, 'reminder')))) > 0;
}

/** A tenth of all connections is dropped after the body. */
export const dropAfterBody = (recipients: number) =>
  sendThrough({ recipients, rules: { body: (_, n) => (n % 10 === 0 ? 'drop' : undefined) } });

/** A tenth of all mails is dropped at MAIL FROM. */
export const dropBeforeMail = (recipients: number) =>
  sendThrough({ recipients, rules: { mail: (n) => (n % 10 === 0 ? 'drop' : undefined) } });

/** After one body in fifty the server never answers, until it is restarted an hour later. */
export const hangAfterBody = (recipients: number) =>
  sendThrough({
    recipients,
    patienceMs: 200,
    rules: { body: (_, n) => (n % 50 === 0 ? 'hang' : undefined) },
    // Instead of the ten minutes that a server is given.
    url: ({ url }) => `${url}?socketTimeout=3000`,
  });

/** Every address is refused once, and taken five minutes later. */
export async function greylist(recipients: number): Promise<Course> {
  const seen = new Set<string>();
  let minute = 0;
  const rcpt = (to: string) => {
    if (seen.has(to) && minute >= 5) return undefined;
    seen.add(to);
    return '451 4.7.1 Greylisted, please try again in 5 minutes';
  };
  return sendThrough({
    recipients,
    rules: (sink, now) => {
      minute = now;
      sink.rules.rcpt = rcpt;
    },
  });
}

/** Everything is refused as not allowed, for an hour. */
export const refuseAll = (recipients: number) =>
  sendThrough({
    recipients,
    rules: (sink, minute) => void (sink.rules.rcpt = () => (minute < 60 ? '550 5.7.1 Message rejected: not allowed to send' : undefined)),
  });

/** One address in a hundred does not exist. */
export const poison = (recipients: number) =>
  sendThrough({ recipients, rules: { rcpt: (to) => (/r\d{3}00@/.test(to) ? '550 5.1.1 No such user' : undefined) } });

/** The server hangs up after fifty mails, and answers byte by byte. */
export const leaveAndDawdle = (recipients: number) => sendThrough({ recipients, rules: { closeAfter: 50, byteByByte: true } });

/** The server is not there for a day. */
export async function outage(recipients: number, hours: number): Promise<Course & { drainedAfter: number }> {
  const gone = await startRawSink();
  const { port } = gone;
  await gone.close();
  let back: RawSink | undefined;
  const course = await sendThrough({
    recipients,
    within: hours * 60 + 60,
    // A port where nobody listens; the sink of this run is asked to stand there when the day is over.
    url: (sink) => {
      back = sink;
      return `smtp://127.0.0.1:${port}`;
    },
    rules: (_, minute) => {
      if (minute === hours * 60) void forward(port, back!.port);
    },
  });
  return { ...course, drainedAfter: course.minutes - hours * 60 };
}

/** From now on there is somebody at a port: whoever comes is put through to another. */
async function forward(from: number, to: number): Promise<void> {
  const { createConnection, createServer } = await import('node:net');
  const server = createServer((socket) => {
    const other = createConnection(to, '127.0.0.1');
    for (const one of [socket, other]) one.on('error', () => {});
    socket.pipe(other).pipe(socket);
  }).listen(from, '127.0.0.1');
  server.unref();
}
