/** Two real processes at one database. */
import { Client } from 'pg';
import { setTimeout } from 'node:timers/promises';
import { startRawSink } from './sink.ts';
import { tally, type Tally } from './tally.ts';
import { AFTER_LEASE_MS, countStates, hasWork, makeWorld, START, uncertainAddresses, untilSettled, untilTried } from './world.ts';

export interface InstanceFigures extends Tally {
  states: Record<string, number>;
  kills: number;
  /** How many of them fell while mails were under way. */
  midway: number;
  /** How many mails each process said that it sent. */
  shares: number[];
}

/** Before each answer, where processes are killed: while one starts, the other must not send all there is. */
const SLOW_MS = 50;

/** Two processes share one PostgreSQL, and are killed in turn as often as asked. */
export async function twoOnPostgres(recipients: number, kills: number, server: string): Promise<InstanceFigures> {
  const name = `faults_${process.pid}_${Math.random().toString(36).slice(2)}`;
  await onServer(server, `create database ${name}`);
  const world = await makeWorld(recipients, server.replace(/\/postgres$/, `/${name}`));
  const sink = await startRawSink({ delayMs: kills > 0 ? SLOW_MS : 1 });
  try {
    let [atMs, midway] = [START.getTime(), 0];
    const start = () => world.start(sink.url, (atMs += 1000));
    const services = await Promise.all([start(), start()]);
    const store = await world.look();
    const connected = [0, 1];
    const outputs: string[] = [];
    for (let n = 0; n < kills; n += 1) {
      const one = services[n % 2]!;
      // It is killed once it sends, if there is something to send.
      while (sink.connections() <= connected[n % 2]! && (await hasWork(store, new Date(atMs)))) await setTimeout(5);
      await setTimeout(Math.random() * 300);
      while (sink.underWay() === 0 && (await hasWork(store, new Date(atMs)))) await setTimeout(1);
      if (sink.underWay() > 0) midway += 1;
      process.kill(one.pid, 'SIGKILL');
      await one.ended();
      outputs.push(one.output());
      connected[n % 2] = sink.connections();
      services[n % 2] = await start();
    }
    const settled = async () => (({ pending = 0, sending = 0 }) => pending + sending === 0)(await countStates(store));
    sink.rules.delayMs = 1;
    await untilTried(store, new Date(atMs));
    for (const service of services) outputs.push((await service.stop(), service.output()));
    // What a killed process marked is tried again after its lease.
    for (let leases = 1; leases <= 4 && !(await settled()); leases += 1) {
      atMs += AFTER_LEASE_MS;
      const service = await start();
      await untilTried(store, new Date(atMs));
      await service.stop();
      outputs.push(service.output());
    }
    const uncertain = await uncertainAddresses(store);
    const states = await countStates(store);
    await store.close();
    const shares = outputs.map((text) => text.split('"mail sent"').length - 1);
    return { ...tally(sink, world.addresses, uncertain), states, kills, midway, shares };
  } finally {
    world.remove();
    await sink.close();
    await onServer(server, `drop database ${name} with (force)`);
  }
}

/** A second process at one SQLite database: it answers, and leaves sending to the first. Gives what the second one said, and how many mails arrived. */
export async function twoOnSqlite(recipients: number): Promise<Tally & { refused: boolean; secondSent: number }> {
  const world = await makeWorld(recipients);
  const sink = await startRawSink({ delayMs: 1 });
  try {
    const first = await world.start(sink.url, START.getTime());
    while (sink.taken.length < 2) await setTimeout(1);
    const second = await world.start(sink.url, START.getTime() + 1000);
    await second.printed(/another process sends the mails of this database/);
    const store = await world.look();
    await untilSettled(store);
    await store.close();
    await second.stop();
    await first.stop();
    const secondSent = second.output().split('"mail sent"').length - 1;
    return { ...tally(sink, world.addresses), refused: /another process sends/.test(second.output()), secondSent };
  } finally {
    world.remove();
    await sink.close();
  }
}

/** The first of two processes at one SQLite database is killed while the server keeps it waiting for 354: the second goes on. */
export async function takeOverOnSqlite(recipients: number): Promise<Tally & { firstSent: number; secondSent: number }> {
  const world = await makeWorld(recipients);
  const sink = await startRawSink({ data: (n) => (n > 4 ? 'hang' : undefined) });
  try {
    const first = await world.start(sink.url, START.getTime());
    while (sink.steps.data < 6) await setTimeout(1);
    const second = await world.start(sink.url, START.getTime() + 1000);
    await second.printed(/another process sends the mails of this database/);
    process.kill(first.pid, 'SIGKILL');
    await first.ended();
    const firstSent = sink.taken.length;
    delete sink.rules.data;
    const store = await world.look();
    await untilSettled(store);
    await store.close();
    await second.stop();
    const secondSent = second.output().split('"mail sent"').length - 1;
    return { ...tally(sink, world.addresses), firstSent, secondSent };
  } finally {
    world.remove();
    await sink.close();
  }
}

async function onServer(url: string, statement: string) {
  const client = new Client(url);
  await client.connect();
  await client.query(statement);
  await client.end();
}
