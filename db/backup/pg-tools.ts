/** What a copy and a restore of PostgreSQL share: the connection, and its own programs. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import type { Client } from 'pg';
import { AppError } from '../../calendars/errors.ts';
import { loadPg } from '../store/drizzle.ts';

const CONNECT_MS = 5000;

/** Connects to the database that a URL names, does the work and disconnects. No error shows the password. */
export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const { pg } = loadPg();
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_MS });
  // A connection that breaks meanwhile is told by the next question.
  client.on('error', () => {});
  try {
    await client.connect();
    return await work(client);
  } catch (error) {
    throw withoutPassword(error, client.password);
  } finally {
    await client.end().catch(() => {});
  }
}

/** The first row of an answer. */
export async function one<T extends object>(client: Client, question: string, values: unknown[] = []): Promise<T> {
  const { rows } = await client.query<T>(question, values);
  return rows[0]!;
}

/** What libpq calls the parts of a URL that say how to connect. */
const PARAMETERS = {
  sslmode: 'PGSSLMODE',
  sslrootcert: 'PGSSLROOTCERT',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
  options: 'PGOPTIONS',
};

/** The same database for pg_dump, by its environment: what stands on a command line can be read by all users of the machine. */
export function settingsOf({ host, port, user, database, password }: Client, url: string): NodeJS.ProcessEnv {
  const query = new URL(url).searchParams;
  const parameters = Object.entries(PARAMETERS).flatMap(([name, variable]) => {
    const value = query.get(name);
    // A word of Node's driver alone: encrypted, whoever it is.
    return value === null ? [] : [[variable, value === 'no-verify' ? 'require' : value]];
  });
  return {
    ...process.env,
    PGSERVICE: undefined,
    PGHOST: host,
    PGPORT: String(port),
    PGUSER: user,
    PGDATABASE: database,
    ...(password ? { PGPASSWORD: password } : {}),
    ...Object.fromEntries(parameters),
  };
}

/** Runs a program of PostgreSQL to its end. Throws what it complained of. */
export async function runTool(
  tool: 'pg_dump' | 'pg_restore',
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  read: (output: Readable) => Promise<void> = async (output) => void output.resume(),
): Promise<void> {
  const child = spawn(tool, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(0, 2000)));
  try {
    const [[code]] = await Promise.all([once(child, 'close') as Promise<[number | null]>, read(child.stdout)]);
    if (code !== 0) throw new Error(`${tool} failed: ${complaint.trim().replaceAll(/\s+/g, ' ') || `it ended with ${code}`}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new AppError(
      'unavailable',
      `${tool} is not here: a backup of PostgreSQL needs its programs (Debian: apt install postgresql-client).`,
    );
  }
}

function withoutPassword(error: unknown, password: string | undefined | null): unknown {
  if (!(error instanceof Error) || !password) return error;
  for (const secret of [password, encodeURIComponent(password)]) error.message = error.message.replaceAll(secret, '***');
  return error;
}
