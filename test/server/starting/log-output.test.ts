import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../../helpers/service.ts';

let folder: string;
const children: ChildProcess[] = [];
const descriptors: number[] = [];
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-'))));
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  }
  for (const descriptor of descriptors.splice(0)) closeSync(descriptor);
  rmSync(folder, { recursive: true });
});

const open = (path: string, flags: number | string) => {
  const descriptor = openSync(path, flags);
  descriptors.push(descriptor);
  return descriptor;
};
const close = (descriptor: number) => {
  descriptors.splice(descriptors.indexOf(descriptor), 1);
  closeSync(descriptor);
};

/** A pipe with a name: both ends are ours to open and to close. */
const makePipe = () => {
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  return { path, reader: open(path, constants.O_RDONLY | constants.O_NONBLOCK), writer: open(path, 'w') };
};

/** The service with this standard output, and the same for errors, once it answers. Behind a terminal, `script` copies what it prints to there. */
async function startWith(output: number, env: Record<string, string> = {}, terminal = false) {
  const port = await freePort();
  const pidFile = join(folder, 'pid');
  const command = `echo $$ > ${pidFile}; exec ${process.execPath} ${join(process.cwd(), 'server/start.js')}`;
  const [program, args] = terminal ? ['script', ['-qec', command, '/dev/null']] : ['sh', ['-c', command]];
  const child = spawn(program, args, {
    cwd: folder,
    env: { PATH: process.env['PATH'], SHELL: '/bin/sh', PORT: String(port), ...env },
    stdio: ['ignore', output, output],
  });
  children.push(child);
  const gone = once(child, 'exit') as Promise<[number | null]>;
  const url = `http://127.0.0.1:${port}`;
  const ask = async (path: string) => (await fetch(url + path)).status;
  while ((await ask('/health/live').catch(() => 0)) !== 200) {
    if (child.exitCode !== null) throw new Error(`the service ended with code ${child.exitCode}`);
    // Whoever asks too often keeps it from starting.
    await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, 50))]);
  }
  return {
    ask,
    /** Asks for so much that the log has this many characters to write, and gives every status there was. */
    async talk(characters: number) {
      // Parts of any length would be cut out of the log.
      const path = `/api/v1/insurers?${'&'.repeat(6000)}`;
      const statuses = new Set<number>();
      for (let n = 0; n < characters; n += path.length) statuses.add(await ask(path));
      return [...statuses];
    },
    dropped: async () => Number(/^log_lines_dropped_total (\d+)$/m.exec(await (await fetch(`${url}/metrics`)).text())![1]),
    async stop() {
      process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGTERM');
      return (await gone)[0];
    },
  };
}

const serves = async ({ ask }: Awaited<ReturnType<typeof startWith>>) =>
  expect([await ask('/calendars/cz.ics'), await ask('/api/v1/deadlines'), await ask('/health/ready')]).toEqual([200, 200, 200]);

/** Everything that is in a pipe now. */
const readAll = (reader: number) => {
  const bytes = Buffer.alloc(1024 * 1024);
  let text = '';
  for (;;) {
    try {
      const count = readSync(reader, bytes);
      if (count === 0) return text;
      text += bytes.toString('utf8', 0, count);
    } catch {
      return text;
    }
  }
};

/** What the log says of lines that are missing. */
const noticesIn = (text: string) => [...text.matchAll(/^.*were dropped.*$/gm)].map(([line]) => JSON.parse(line));

describe('a service whose output', () => {
  it('cannot be written, as on a full disk, serves, counts what its log lost, and stops when told to', async () => {
    const service = await startWith(open('/dev/full', 'w'));
    await serves(service);
    expect(await service.dropped()).toBeGreaterThan(2);
    expect(await service.stop()).toBe(0);
  });

  it('nobody takes any more goes on, and tells the next reader how many lines are missing', async () => {
    const { path, reader, writer } = makePipe();
    const service = await startWith(writer);
    close(reader);
    await serves(service);
    const dropped = await service.dropped();
    expect(dropped).toBeGreaterThan(2);
    const next = open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    await service.ask('/api/v1/insurers');
    const notices = noticesIn(readAll(next));
    expect(notices).toEqual([expect.objectContaining({ level: 40, dropped: await service.dropped() })]);
    expect(notices[0].dropped).toBeGreaterThanOrEqual(dropped);
    expect(await service.stop()).toBe(0);
  });

  it('is a pipe that nobody reads serves, keeps a bounded part of its log, and stops when told to', async () => {
    const { reader, writer } = makePipe();
    const service = await startWith(writer);
    expect(await service.talk(200_000)).toEqual([200]);
    expect(await service.dropped()).toBe(0);
    expect(await service.talk(2_000_000)).toEqual([200]);
    await serves(service);
    expect(await service.dropped()).toBeGreaterThan(50);
    let text = readAll(reader);
    while (noticesIn(text).length === 0) {
      await service.ask('/health/live');
      text += readAll(reader);
    }
    expect(noticesIn(text)).toEqual([expect.objectContaining({ level: 40, dropped: await service.dropped() })]);
    expect(text.length).toBeGreaterThan(1_000_000);
    expect(await service.stop()).toBe(0);
  });

  it('is a pipe that nobody reads stops when told to all the same', async () => {
    const { writer } = makePipe();
    const service = await startWith(writer);
    await service.talk(300_000);
    expect(await service.stop()).toBe(0);
  });

  it.skipIf(spawnSync('script', ['--version']).error)('is a terminal that nobody reads goes on as well', async () => {
    const { reader, writer } = makePipe();
    const service = await startWith(writer, {}, true);
    expect(await service.talk(1_500_000)).toEqual([200]);
    expect(await service.dropped()).toBeGreaterThan(10);
    const stopped = service.stop();
    // `script` ends once it got rid of what it copies.
    const reading = setInterval(() => void readAll(reader), 100);
    expect(await stopped).toBe(0);
    clearInterval(reading);
  });

  it('fails from the first line on says so by its exit code alone when it cannot start', async () => {
    const output = open('/dev/full', 'w');
    await expect(startWith(output, { PORT: 'x' })).rejects.toThrow('the service ended with code 1');
  });
});
