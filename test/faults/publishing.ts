/** Publishing in a process of its own, which dies at a point that is drawn beforehand: a statement, or the moment before or after a commit. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { makeEditionsPublic } from '../../db/registry/editions/becoming-public.ts';
import { publishEdition } from '../../db/registry/editions/publish.ts';
import { readEdition } from '../../db/registry/editions/reading.ts';
import { takeBack } from '../../db/registry/editions/taking-back.ts';
import type { Store, WriteDb } from '../../db/store/store.ts';
import { planNow } from '../../jobs/plan.ts';
import { sendDue } from '../../jobs/sending/send.ts';
import { openMailer } from '../../jobs/transport/mailer.ts';
import { SETTINGS } from './servers.ts';

/** What a process does with an edition, with all that are due, or with the mails to a server. */
export type Act = { kind: 'publish' | 'back'; id: string } | { kind: 'public' } | { kind: 'round'; mailUrl: string };

/** When a process dies: never at 0; `inFlight` with the statement on its way, else before it. */
export interface Death {
  point: number;
  inFlight: boolean;
}

const BY = 'person:bo';

/** Does it. Throws what the act throws. */
export async function perform(store: Store, act: Act, now: Date): Promise<void> {
  if (act.kind === 'public') await makeEditionsPublic(store, now);
  else if (act.kind === 'round') {
    await planNow({ store }, now);
    const mailer = openMailer(act.mailUrl);
    await sendDue({ store, mailer, settings: SETTINGS }, now);
    mailer.close();
  } else if (act.kind === 'back') await store.write((tx) => takeBack(tx, act.id, BY, now));
  else {
    const { mark } = await readEdition(store.read, act.id);
    await store.write((tx) => publishEdition(tx, act.id, { mark, by: BY, label: 'Bo' }, now));
  }
}

/** The same store, which calls this before every statement of a write, before its commit and after it. */
export function withPoints(store: Store, point: () => void): Store {
  const pointing: (write: Store['write']) => Store['write'] = (write) => async (work) => {
    const result = await write(async (tx) => {
      const value = await work(pointingTx(tx, point));
      point();
      return value;
    });
    point();
    return result;
  };
  return { ...store, write: pointing((work) => store.write(work)), writeAlone: pointing((work) => store.writeAlone(work)) };
}

const STATEMENTS: readonly unknown[] = ['select', 'insert', 'update', 'delete'];

function pointingTx(tx: WriteDb, point: () => void): WriteDb {
  return new Proxy(tx, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]): unknown => {
        if (STATEMENTS.includes(name)) point();
        return Reflect.apply(value, target, args);
      };
    },
  });
}

/** A process that has the database open and waits. */
export interface Waiting {
  /** Lets it do its act; gives the signal that it died of, null where it came to its end. Throws when the act did. */
  go: () => Promise<NodeJS.Signals | null>;
}

/** Starts a process for an act at a moment. */
export async function startProcess(
  databaseUrl: string,
  act: Act,
  now: Date,
  death: Death = { point: 0, inFlight: false },
): Promise<Waiting> {
  const script = fileURLToPath(new URL('./publish-one.ts', import.meta.url));
  const said = JSON.stringify({ databaseUrl, act, now: now.toISOString(), death });
  const child = spawn(process.execPath, [script, said], { stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  await Promise.race([once(child.stdout, 'data'), ended]);
  return {
    go: async () => {
      child.stdin.on('error', () => {}).end('go\n');
      const [code, signal] = await ended;
      if (code !== 0 && signal === null) throw new Error(`the process ended with ${code}: ${errors}`);
      return signal;
    },
  };
}
