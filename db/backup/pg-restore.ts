/** Restores a PostgreSQL database: another one is filled by pg_restore, and both change names in one transaction. */
import { hostname } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import type { Client } from 'pg';
import { AppError } from '../../calendars/errors.ts';
import { assertSameRows } from './copied-rows.ts';
import type { Copy, IsRunning, PreparedDatabase } from './prepared-database.ts';
import { momentName } from './moment-name.ts';
import { countRows } from './pg-copy.ts';
import { one, runTool, settingsOf, withClient } from './pg-tools.ts';

/**
 * Throws `conflict` while somebody is connected to the database, or a service said within the last ninety seconds that it sends its mails: between
 * two rounds that one may have no connection at all.
 */
export async function assertUnusedPg(url: string, isRunning: IsRunning, now: Date): Promise<void> {
  const connected = await atServer(url, connectionsTo);
  const sending = connected > 0 ? [] : await sendersOf(url, now);
  if (connected > 0 || sending.some(({ host, pid }) => host !== hostname() || isRunning(pid)))
    throw new AppError(
      'conflict',
      connected > 0
        ? `The database is in use, by ${connected} ${connected === 1 ? 'connection' : 'connections'}: stop the service, and whatever else is connected, first.`
        : `A service sends the mails of this database (process ${sending[0]!.pid} on ${sending[0]!.host}): stop it first; one that was killed counts for a minute and a half.`,
    );
}

/** How many looks, and how long between two: the server lists a connection for a moment after its client closed it, a service that was just stopped as well. */
const [LOOKS, BETWEEN_LOOKS_MS] = [20, 250];

/** How many are connected to a database, and stay so for five seconds. */
async function connectionsTo(client: Client, name: string): Promise<number> {
  const question = `select count(*) as count from pg_stat_activity where datname = $1 and backend_type = 'client backend'`;
  let connected = 0;
  for (let look = 0; look < LOOKS; look++) {
    if (look > 0) await setTimeout(BETWEEN_LOOKS_MS);
    connected = Number((await one<{ count: string }>(client, question, [name])).count);
    if (connected === 0) break;
  }
  return connected;
}

/** How long a sender counts after it was last heard of. */
const SENDER_LEASE_MS = 90_000;

/** What a database says of who sends its mails. One that is not there, or broken, says nothing. */
async function sendersOf(url: string, now: Date): Promise<{ host: string; pid: number }[]> {
  const question = 'select host, pid from senders where renewed_at > $1';
  const since = new Date(now.getTime() - SENDER_LEASE_MS);
  return withClient(url, async (client) => (await client.query<{ host: string; pid: number }>(question, [since])).rows).catch(() => []);
}

/** Makes a database of a dump, on the same server and of the same owner as the one that the URL names. */
export async function preparePg(url: string, { path: dump, rows }: Copy, now: Date): Promise<PreparedDatabase> {
  await runTool('pg_restore', ['--version'], process.env);
  const name = nameIn(url);
  const prepared = nameBeside(name, `restoring_${process.pid}`);
  const kept = nameBeside(name, `before_${momentName(now).toLowerCase().replaceAll('-', '_')}`);
  const discard = () =>
    atServer(url, async (client) => void (await client.query(`drop database if exists ${client.escapeIdentifier(prepared)} with (force)`)));
  const role = await atServer(url, async (client) => {
    const { rows: owners } = await client.query<{ owner: string }>(
      'select pg_get_userbyid(datdba) as owner from pg_database where datname = $1',
      [name],
    );
    const owner = owners[0]?.owner ?? client.user!;
    await makeDatabase(client, prepared, owner);
    return owner;
  });
  try {
    await withClient(urlOf(url, prepared), async (client) => {
      const args = [
        '--exit-on-error',
        '--single-transaction',
        '--no-owner',
        '--no-password',
        `--role=${role}`,
        `--dbname=${prepared}`,
        dump,
      ];
      await runTool('pg_restore', args, settingsOf(client, url));
      await client.query(`set role ${client.escapeIdentifier(role)}`);
      assertSameRows(rows, await countRows(client));
    });
  } catch (error) {
    await discard().catch(() => {});
    throw error;
  }
  return { url: urlOf(url, prepared), takePlace: () => atServer(url, (client) => takePlace(client, { name, prepared, kept })), discard };
}

async function makeDatabase(client: Client, name: string, owner: string): Promise<void> {
  const quoted = client.escapeIdentifier(name);
  try {
    await client.query(`drop database if exists ${quoted} with (force)`);
    // Of the empty template: what somebody put in the other one would be in the way.
    await client.query(`create database ${quoted} owner ${client.escapeIdentifier(owner)} template template0`);
  } catch (error) {
    if ((error as { code?: unknown }).code !== '42501') throw error;
    throw new AppError(
      'forbidden',
      `${client.user} may not make a database: for this command give DATABASE_URL with a user who may (CREATEDB, or a superuser). What is restored belongs to the owner of the database that it replaces.`,
      [],
      { cause: error },
    );
  }
}

async function takePlace(
  client: Client,
  { name, prepared, kept }: { name: string; prepared: string; kept: string },
): Promise<string | null> {
  const rename = async (from: string, to: string) =>
    client.query(`alter database ${client.escapeIdentifier(from)} rename to ${client.escapeIdentifier(to)}`);
  await client.query('begin');
  const { count } = await one<{ count: string }>(client, 'select count(*) as count from pg_database where datname = $1', [name]);
  const wasThere = Number(count) > 0;
  if (wasThere) await rename(name, kept);
  await rename(prepared, name);
  await client.query('commit');
  return wasThere ? kept : null;
}

/** Databases that every server has, as a rule: one of them is connected to while another is made or renamed. */
const OTHERS = ['postgres', 'template1'];

/** Does work on the server of a database, connected to another one. */
async function atServer<T>(url: string, work: (client: Client, name: string) => Promise<T>): Promise<T> {
  const name = nameIn(url);
  const [first, second] = OTHERS.filter((other) => other !== name);
  const other = second === undefined || (await isOpen(urlOf(url, first!))) ? first! : second;
  return withClient(urlOf(url, other), (client) => work(client, name));
}

/** Whether one may connect to a database that need not be there. */
async function isOpen(url: string): Promise<boolean> {
  try {
    return await withClient(url, async () => true);
  } catch (error) {
    if (['3D000', '42501'].includes(String((error as { code?: unknown }).code))) return false;
    throw error;
  }
}

function nameIn(url: string): string {
  return decodeURIComponent(new URL(url).pathname.slice(1)) || new URL(url).username || 'postgres';
}

function urlOf(url: string, name: string): string {
  const other = new URL(url);
  other.pathname = `/${encodeURIComponent(name)}`;
  return String(other);
}

/** PostgreSQL cuts what is longer, which would be another database's name. */
const MOST_BYTES = 63;

function nameBeside(name: string, end: string): string {
  let base = name;
  while (Buffer.byteLength(`${base}_${end}`) > MOST_BYTES) base = base.slice(0, -1);
  return `${base}_${end}`;
}
