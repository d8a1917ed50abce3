/** Where the log goes: standard output, which keeps nothing else from its work. Lines that it does not take are dropped and counted. */
import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { hostname } from 'node:os';
import type { Writable } from 'node:stream';

/** So much waits for a reader that is slow, or gone for a while. */
const MOST_WAITING = 1024 * 1024;

export interface LogOutput {
  /** Takes a line of the log, and never throws. */
  write: (line: string) => void;
  /** How many lines were dropped since the start. */
  dropped: () => number;
  /** Resolves when all was written that waits, or after so many milliseconds. */
  flush: (ms: number) => Promise<void>;
}

/** A process, as far as it writes. */
interface Outputs {
  stdout: Writable & { fd: number };
  stderr: Writable;
}

/** Opens a process's standard output for its log. Once lines are taken again, one more says how many were dropped. */
export function openLogOutput({ stdout, stderr }: Outputs, clock: () => Date): LogOutput {
  // Who writes a line is told whether it was taken; nobody else need hear of it, and nothing ends because of it.
  for (const stream of [stdout, stderr]) stream.on('error', () => {});
  const sink = stdout instanceof Socket ? toStream(stdout) : toFile(stdout.fd);
  let dropped = 0;
  let reported = 0;

  const put = (line: string) => {
    const missing = dropped - reported;
    reported += missing;
    sink.put(missing > 0 ? noticeOf(missing, clock()) + line : line, (isTaken) => {
      if (isTaken) return;
      reported -= missing;
      if (line !== '') dropped += 1;
    });
  };
  // Whoever reads again need not wait for the next line to hear of those that are missing.
  stdout.on('drain', () => {
    if (dropped > reported) put('');
  });
  return {
    write(line) {
      if (sink.waiting() > MOST_WAITING) dropped += 1;
      else put(line);
    },
    dropped: () => dropped,
    flush: sink.flush,
  };
}

interface Sink {
  put: (text: string, done: (isTaken: boolean) => void) => void;
  waiting: () => number;
  flush: LogOutput['flush'];
}

/** A pipe, a socket or a terminal: what it does not take at once waits in memory. */
function toStream(stream: Socket): Sink {
  let open = 0;
  let whenIdle: (() => void) | undefined;
  unblock(stream);
  return {
    put(text, done) {
      open += 1;
      stream.write(text, (error) => {
        open -= 1;
        done(!error);
        if (open === 0) whenIdle?.();
      });
    },
    waiting: () => stream.writableLength,
    async flush(ms) {
      if (open === 0) return;
      await new Promise<void>((resolve) => {
        whenIdle = resolve;
        setTimeout(resolve, ms).unref();
      });
    },
  };
}

/** Node writes to a terminal and waits: one that is stopped, or that nobody reads, would stop the service. */
function unblock(stream: Socket) {
  // There is no public way; pipes and sockets do not wait anyway.
  (stream as unknown as { _handle?: { setBlocking?: (isBlocking: boolean) => void } })._handle?.setBlocking?.(false);
}

/** A file or a device. A full disk may take a part of a line: the next one then begins on a line of its own. */
function toFile(descriptor: number): Sink {
  let isTorn = false;
  return {
    put(text, done) {
      const bytes = Buffer.from(isTorn ? `\n${text}` : text);
      let written = 0;
      try {
        while (written < bytes.length) written += writeSync(descriptor, bytes, written);
        isTorn = false;
        done(true);
      } catch {
        if (written > 0) isTorn = true;
        done(false);
      }
    },
    waiting: () => 0,
    flush: async () => {},
  };
}

/** A warning in the shape of the log's other lines. */
function noticeOf(dropped: number, now: Date): string {
  const msg = 'log lines could not be written and were dropped';
  return `${JSON.stringify({ level: 40, time: now.getTime(), pid: process.pid, hostname: hostname(), dropped, msg })}\n`;
}
