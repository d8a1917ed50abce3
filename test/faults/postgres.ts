/** PostgreSQL goes away in every way it can, again and again, while the real process sends and is asked. */
import { setTimeout } from 'node:timers/promises';
import { Client } from 'pg';
import { createFeed } from '../../db/feeds/feeds.ts';
import type { Postgres } from '../helpers/global-setup.ts';
import type { Service } from '../helpers/service.ts';
import { startTcpProxy } from '../helpers/tcp-proxy.ts';
import { addOrganisation, askOn, EDITOR_KEY, type Questions } from './questions.ts';
import { startRawSink } from './sink.ts';
import { tally, type Tally } from './tally.ts';
import { countStates, makeWorld, START, untilSettled } from './world.ts';

export interface AwayFigures extends Tally, Pick<Questions, 'counts' | 'broken'> {
  states: Record<string, number>;
  /** How often the database went away while there were mails to send. */
  midway: number;
  /** Whether the process lived to the end, and stopped without an error. */
  endedWell: boolean;
}

/** Before each answer of the mail server: two mails at a time, for so long that they are under way when something happens. */
const SLOW_MS = 30;

/** The server is stopped and started again: as a crash does it, and as an update does. */
export async function restarts(recipients: number, times: number, server: Postgres): Promise<AwayFigures> {
  return goneAgainAndAgain({ recipients, times, server }, async (n) => {
    await server.halt(n % 2 === 0 ? 'immediate' : 'fast');
    await setTimeout(Math.random() * 500);
    await server.resume();
  });
}

/** Every connection is ended by the server, at a random moment. */
export async function terminations(recipients: number, times: number, server: Postgres): Promise<AwayFigures> {
  return goneAgainAndAgain({ recipients, times, server }, async (_, { database }) => {
    await setTimeout(Math.random() * 200);
    await onServer(server.url, `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database}'`);
  });
}

/** The process stands still for longer than a transaction may ask nothing, with changes under way. */
export async function stalls(recipients: number, times: number, server: Postgres): Promise<AwayFigures> {
  return goneAgainAndAgain({ recipients, times, server, limits: 'idle_in_transaction_session_timeout=500' }, async (_, { service }) => {
    const changes = Array.from({ length: 3 }, () => addOrganisation(service.url));
    await setTimeout(Math.random() * 30);
    process.kill(service.pid, 'SIGSTOP');
    await setTimeout(1000);
    process.kill(service.pid, 'SIGCONT');
    await Promise.all(changes);
  });
}

/** The network between is cut, so that every connection ends, or swallows all that is sent, so that none does. */
export async function cuts(recipients: number, times: number, server: Postgres): Promise<AwayFigures> {
  return goneAgainAndAgain({ recipients, times, server, limits: 'query_timeout=1000' }, async (n, { proxy }) => {
    await setTimeout(Math.random() * 100);
    if (n % 2 === 0) proxy.cut();
    else proxy.swallow();
    await setTimeout(500 + Math.random() * 2000);
    proxy.mend();
  });
}

interface Place {
  database: string;
  proxy: Awaited<ReturnType<typeof startTcpProxy>>;
  service: Service;
}

/** `limits`: what the URL adds, so that time limits come sooner than by default. */
async function goneAgainAndAgain(
  { recipients, times, server, limits = '' }: { recipients: number; times: number; server: Postgres; limits?: string },
  goAway: (n: number, place: Place) => Promise<void>,
): Promise<AwayFigures> {
  const database = `faults_${process.pid}_${Math.random().toString(36).slice(2)}`;
  await onServer(server.url, `create database ${database}`);
  const url = server.url.replace(/\/postgres$/, `/${database}`);
  const proxy = await startTcpProxy(server.port);
  const world = await makeWorld(recipients, url);
  const token = await addFeed(world.look);
  const sink = await startRawSink({ delayMs: SLOW_MS });
  const DATABASE_URL = `${url.replace(`:${server.port}/`, `:${proxy.port}/`)}?${limits}`;
  try {
    const service = await world.start(sink.url, START.getTime(), { DATABASE_URL, EDITOR_KEY });
    const life = { over: false };
    const end = service.ended().then(() => void (life.over = true));
    const questions = await askOn(service.url, token);
    let midway = 0;
    for (let n = 0; n < times && !life.over; n += 1) {
      // A few mails in between, if there are any left.
      const enough = Math.min(recipients, sink.taken.length + 3);
      while (sink.taken.length < enough && !life.over) await setTimeout(5);
      if (sink.taken.length < recipients) midway += 1;
      await goAway(n, { database, proxy, service });
    }
    await questions.settle();
    sink.rules.delayMs = 1;
    const store = await world.look();
    await Promise.race([untilSettled(store), end]);
    const states = await countStates(store);
    await store.close();
    const endedWell = !life.over && (await service.stop()) === 0;
    const { counts, broken } = questions;
    return { ...tally(sink, world.addresses), states, midway, endedWell, counts, broken };
  } finally {
    world.remove();
    await sink.close();
    await proxy.close();
    await onServer(server.url, `drop database ${database} with (force)`);
  }
}

/** A secret link to a calendar in which the deadline stands; gives its token. */
async function addFeed(look: Awaited<ReturnType<typeof makeWorld>>['look']): Promise<string> {
  const store = await look();
  try {
    const { organisations } = store.read.tables;
    const [one] = await store.read.select({ id: organisations.id }).from(organisations).limit(1);
    return (await store.write((tx) => createFeed(tx, one!.id, { label: 'Agenda' }, START))).token;
  } finally {
    await store.close();
  }
}

async function onServer(url: string, statement: string) {
  const client = new Client(url);
  await client.connect();
  await client.query(statement);
  await client.end();
}
