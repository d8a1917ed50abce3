/** The real service as its own process, on a free port of 127.0.0.1. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

export interface Service {
  url: string;
  pid: number;
  /** Everything it printed so far. */
  output: () => string;
  /** Resolves when it has printed what fits. */
  printed: (pattern: RegExp) => Promise<void>;
  /** Resolves when it has ended, however it did: with its exit code, or null when a signal ended it. */
  ended: () => Promise<number | null>;
  /** Ends it by SIGTERM and gives its exit code. */
  stop: () => Promise<number | null>;
}

interface StartOptions {
  cwd?: string;
  port?: number;
  /** Another server than the service. */
  script?: URL;
}

/** Starts the service, without backups of its own unless they are asked for, and waits until it listens. Fails with what it printed when it ends before that. */
export async function startService(env: Record<string, string>, options: StartOptions = {}): Promise<Service> {
  const port = options.port ?? (await freePort());
  const script = options.script ?? new URL('../../server/start.js', import.meta.url);
  const child = spawn(process.execPath, [fileURLToPath(script)], {
    cwd: options.cwd ?? process.cwd(),
    env: { PATH: process.env['PATH'], TZ: process.env['TZ'], PORT: String(port), BACKUPS: 'none', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const gone = once(child, 'exit') as Promise<[number | null]>;
  const output = collect(child);
  await output.printed(/listening/);
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid!,
    output: output.text,
    printed: output.printed,
    ended: async () => (await gone)[0],
    async stop() {
      child.kill('SIGTERM');
      return (await gone)[0];
    },
  };
}

/** Runs the command line to its end, with what it is to read from standard input. */
export async function runCli(args: readonly string[], env: Record<string, string>, cwd?: string, input = '') {
  const script = fileURLToPath(new URL('../../server/cli.ts', import.meta.url));
  const child = spawn(process.execPath, [script, ...args], {
    cwd: cwd ?? process.cwd(),
    env: { PATH: process.env['PATH'], TZ: process.env['TZ'], BACKUPS: 'none', ...env },
    stdio: 'pipe',
  });
  child.stdin.end(input);
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

function collect(child: ChildProcess) {
  let text = '';
  const waiting = new Set<() => void>();
  const wake = () => waiting.forEach((check) => check());
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      wake();
    });
  }
  child.once('exit', wake);
  const printed = (pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const check = () => {
        if (pattern.test(text)) resolve();
        else if (child.exitCode !== null || child.signalCode !== null) reject(new Error(`the service ended:\n${text}`));
        else return;
        waiting.delete(check);
      };
      waiting.add(check);
      check();
    });
  return { text: () => text, printed };
}
