/** Starts one PostgreSQL on loopback for the whole run, from Debian's binaries, or says why it cannot. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { freePort } from './service.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** URL of an empty server's `postgres` database, or why there is none. */
    postgres: { url: string } | { missing: string };
  }
}

export default async function setup(project: TestProject) {
  const given = process.env['TEST_DATABASE_URL'];
  if (given) return project.provide('postgres', { url: given });
  const bin = newestPostgres();
  if (!bin) {
    const missing = "no PostgreSQL found (Debian's package postgresql, or TEST_DATABASE_URL)";
    if (process.env['CI']) throw new Error(`CI runs both halves: ${missing}`);
    console.warn(`PostgreSQL half skipped: ${missing}`);
    return project.provide('postgres', { missing });
  }
  const server = await startPostgres(bin);
  project.provide('postgres', { url: server.url });
  return () => server.stop();
}

/** Where Debian's newest PostgreSQL has its binaries, if it is there. */
export function newestPostgres(): string | undefined {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  return versions.map((version) => join(root, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb')));
}

/** A PostgreSQL of its own on loopback, from Debian's binaries at `bin`. */
export async function startPostgres(bin: string) {
  const folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-pg-'));
  // PostgreSQL refuses to run as root: there, it runs as the user that its package made.
  const user = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {};
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  execFileSync(join(bin, 'initdb'), ['-D', data, '-U', 'test', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'], {
    ...user,
    cwd: folder,
    stdio: 'ignore',
  });
  const port = await freePort();
  const options = [
    '-D',
    data,
    '-p',
    String(port),
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    'unix_socket_directories=',
    '-c',
    'fsync=off',
    '-c',
    'max_connections=300',
  ];
  let server = await launch(join(bin, 'postgres'), options, { ...user, cwd: folder });
  const halt = async (how: keyof typeof HALTS) => {
    server.removeAllListeners('exit');
    const gone = once(server, 'exit');
    server.kill(HALTS[how]);
    await gone;
  };
  return {
    url: `postgres://test@127.0.0.1:${port}/postgres`,
    port,
    /** Ends it: `fast` rolls back what is under way and says so, `immediate` drops everything as a crash does. */
    halt,
    /** Starts it again where it was. */
    async resume() {
      server = await launch(join(bin, 'postgres'), options, { ...user, cwd: folder });
    },
    async stop() {
      if (server.exitCode === null && server.signalCode === null) await halt('fast');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type Postgres = Awaited<ReturnType<typeof startPostgres>>;

const HALTS = { fast: 'SIGINT', immediate: 'SIGQUIT' } as const;

/** Resolves when the server takes connections. */
async function launch(binary: string, options: readonly string[], user: { cwd: string; uid?: number; gid?: number }) {
  const server = spawn(binary, options, { ...user, stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  await new Promise<void>((resolve, reject) => {
    server.once('exit', () => reject(new Error(`PostgreSQL did not start:\n${log}`)));
    server.stderr.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-4000);
      if (log.includes('ready to accept connections')) resolve();
    });
  });
  return server;
}

const idOf = (flag: '-u' | '-g') => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
