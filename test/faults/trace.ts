/** What the process really asks of the system while it sends a mail, in order: only there it shows whether a commit reached the disk before what rests on it. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openStore } from '../../db/store/store.ts';
import { startRawSink } from './sink.ts';
import { fill } from './world.ts';

/** A call that matters: the log of SQLite forced to the disk, a step of the talk with the mail server. */
export type Call = 'synced' | 'connect' | '354' | 'body' | '250' | 'QUIT';

/** The calls of sending one mail up to its end, in their order, each once where it comes several times in a row; null where strace cannot be used. */
export async function traceOneMail(): Promise<Call[] | null> {
  if (!canTrace()) return null;
  const folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-trace-'));
  const sink = await startRawSink();
  try {
    const databaseUrl = `file:${join(folder, 'faults.db')}`;
    const store = await openStore(databaseUrl);
    await fill(store, ['r00000@example.org']);
    await store.close();
    const trace = join(folder, 'trace');
    const script = fileURLToPath(new URL('./send-one.ts', import.meta.url));
    const calls = 'trace=fsync,fdatasync,connect,read,recvfrom,recvmsg,write,writev,sendto,sendmsg';
    // -y tells which file a number stands for.
    const traced = spawn('strace', ['-f', '-y', '-s', '80', '-o', trace, '-e', calls, process.execPath, script, databaseUrl, sink.url], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const [code] = (await once(traced, 'exit')) as [number | null];
    if (code !== 0 || sink.taken.length !== 1) throw new Error(`the mail was not sent: exit ${code}`);
    return callsIn(readFileSync(trace, 'utf8'), sink.port);
  } finally {
    await sink.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function canTrace(): boolean {
  try {
    execFileSync('strace', ['-o', '/dev/null', process.execPath, '--version'], { stdio: 'ignore' });
    return true;
  } catch (error) {
    // Where it may not look at other processes it cannot be had; where it is only not installed, it can.
    if (process.env['CI'] && (error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new Error('CI runs all: install strace', { cause: error });
    return false;
  }
}

function callsIn(trace: string, port: number): Call[] {
  const patterns: [RegExp, Call][] = [
    [/\b(fsync|fdatasync)\(\d+<[^>]*faults\.db-wal>/, 'synced'],
    [new RegExp(`\\bconnect\\(.*htons\\(${port}\\)`), 'connect'],
    [/\b(read|recv\w+)\(.*"354 /, '354'],
    // A mail begins with a header field, whichever it is.
    [/\b(write|writev|send\w+)\(.*"[A-Z][\w-]*: /, 'body'],
    [/\b(read|recv\w+)\(.*"250 2\.0\.0 Ok: queued/, '250'],
    [/\b(write|writev|send\w+)\(.*"QUIT/, 'QUIT'],
  ];
  const calls: Call[] = [];
  for (const line of trace.split('\n')) {
    const call = patterns.find(([pattern]) => pattern.test(line))?.[1];
    if (call && calls.at(-1) !== call) calls.push(call);
    // What follows is the closing of the database, which forces everything to the disk in any case.
    if (call === 'QUIT') break;
  }
  return calls;
}
