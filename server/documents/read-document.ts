/** Reads a document in a process of its own, which is ended when it takes too much: a file cannot take the service along. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Extraction } from '../../calendars/extraction/extraction.ts';
import type { Refusal } from './refusal.ts';

/** The text of a document with what it proposes; `pages` is null of a text that was pasted. Or why it is not read. */
export type Reading = ({ text: string; pages: number | null } & Extraction) | { refused: Refusal };

interface Limits {
  memoryBytes: number;
  milliseconds: number;
}

/** What reading may take, and what a document may weigh. */
const LIMITS: Limits = { memoryBytes: 256 * 2 ** 20, milliseconds: 20_000 };
export const MOST_BYTES = 20 * 2 ** 20;
/** An answer that is larger than this is no policy. */
const MOST_ANSWER = 32 * 2 ** 20;

/**
 * Reads a PDF, or a text that was pasted. Any file gives a text or a refusal; throws only where no process can be started or it breaks by a fault of
 * ours. Never holds the event loop for longer than it takes to parse the answer.
 */
export async function readDocument(document: { pdf: Uint8Array } | { text: string }, limits: Limits = LIMITS): Promise<Reading> {
  const bytes = 'pdf' in document ? document.pdf : Buffer.from(document.text);
  if (bytes.length > MOST_BYTES) return { refused: 'too_large' };
  const child = start('pdf' in document ? 'pdf' : 'text');
  const end = watch(child, limits);
  // A child that was ended no longer takes what it is given.
  child.stdin.on('error', () => {});
  child.stdin.end(bytes);
  const answer = await answerOf(child, end);
  return end.refused === null ? (JSON.parse(answer) as Reading) : { refused: end.refused };
}

/** Starts the reader without settings, secrets or anything to write to. */
function start(kind: 'pdf' | 'text'): ChildProcessWithoutNullStreams {
  const program = fileURLToPath(new URL('./reader.ts', import.meta.url));
  return spawn(process.execPath, ['--permission', '--allow-fs-read=*', '--max-old-space-size=192', program, kind], {
    env: {},
    stdio: 'pipe',
  });
}

interface End {
  refused: Refusal | null;
  /** Ends the child for a reason. */
  because(reason: Refusal): void;
  stop(): void;
}

function watch(child: ChildProcessWithoutNullStreams, { memoryBytes, milliseconds }: Limits): End {
  const end: End = {
    refused: null,
    because(reason) {
      end.refused ??= reason;
      child.kill('SIGKILL');
    },
    stop() {
      clearTimeout(tooSlow);
      clearInterval(tooLarge);
    },
  };
  const tooSlow = setTimeout(() => end.because('too_slow'), milliseconds);
  const tooLarge = setInterval(() => void look(), LOOK_MS);
  async function look(): Promise<void> {
    if ((await residentBytes(child.pid)) > memoryBytes) end.because('too_large');
  }
  return end;
}

const LOOK_MS = 20;

/** How much memory a process has; 0 where the system does not tell (no Linux): there the limit of its heap is the only one. */
async function residentBytes(pid: number | undefined): Promise<number> {
  try {
    return Number((await readFile(`/proc/${pid}/statm`, 'utf8')).split(' ')[1]) * PAGE_BYTES;
  } catch {
    return 0;
  }
}

const PAGE_BYTES = 4096;

function answerOf(child: ChildProcessWithoutNullStreams, end: End): Promise<string> {
  const [out, errors]: [Buffer[], Buffer[]] = [[], []];
  let size = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > MOST_ANSWER) end.because('too_large');
    else out.push(chunk);
  });
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', (error) => {
      end.stop();
      reject(error);
    });
    child.on('close', (code, signal) => {
      end.stop();
      // A heap that is full ends the process by itself.
      const said = Buffer.concat(errors).toString('utf8');
      if (end.refused === null && (signal === 'SIGABRT' || code === 134 || said.includes('heap out of memory'))) end.refused = 'too_large';
      if (end.refused === null && code !== 0)
        reject(new Error(`The reader of documents ended with ${code ?? signal}: ${said.slice(0, 2000)}`));
      else resolve(Buffer.concat(out).toString('utf8'));
    });
  });
}
