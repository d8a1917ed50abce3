/** HTTP as bytes over a socket: for requests that no client would write, and answers that no client would show. */
import { connect } from 'node:net';

export interface RawAnswer {
  status: number;
  /** By their names in lower case. */
  headers: Record<string, string>;
  /** Its bytes, one character each. */
  body: string;
}

export interface RawConnection {
  write(bytes: string): void;
  /** The next answer, whole. Rejects when the connection ends before. `toHead`: whether it answers HEAD, and so has no body. */
  next(toHead?: boolean): Promise<RawAnswer>;
  /** What comes until the service ends the connection. */
  rest(): Promise<string>;
  close(): void;
}

/** Opens a connection to a service on this machine. */
export function connectRaw(port: number): RawConnection {
  const socket = connect(port, '127.0.0.1').setEncoding('latin1');
  let received = '';
  let wake = () => {};
  socket.on('data', (chunk: string) => {
    received += chunk;
    wake();
  });
  // Who resets the connection ends it, too.
  socket.on('error', () => {});
  const ended = new Promise<void>((resolve) => void socket.on('close', () => resolve()));
  const change = () => Promise.race([ended, new Promise<void>((resolve) => void (wake = resolve))]);
  return {
    write: (bytes) => void socket.write(bytes, 'latin1'),
    async next(toHead = false) {
      for (;;) {
        const read = readAnswer(received, toHead);
        if (read) {
          received = received.slice(read.length);
          return read.answer;
        }
        if (socket.closed) throw new Error(`the connection ended, and no whole answer came: ${JSON.stringify(received)}`);
        await change();
      }
    },
    async rest() {
      await ended;
      return received;
    },
    close: () => void socket.destroy(),
  };
}

/** Sends the bytes of one request over a connection of its own, and gives the answer. */
export async function askRaw(port: number, bytes: string): Promise<RawAnswer> {
  const connection = connectRaw(port);
  try {
    connection.write(bytes);
    return await connection.next(bytes.startsWith('HEAD '));
  } finally {
    connection.close();
  }
}

/** The bytes of a request: its first line, its header lines, and its body as it stands on the wire. */
export function requestBytes(line: string, headers: readonly string[], body = ''): string {
  return `${[`${line} HTTP/1.1`, ...headers].join('\r\n')}\r\n\r\n${body}`;
}

/** The answer at the beginning of what was received, or null while a part of it is missing. RFC 9112, section 6.3. */
function readAnswer(text: string, toHead: boolean): { answer: RawAnswer; length: number } | null {
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd < 0) return null;
  const [first = '', ...lines] = text.slice(0, headEnd).split('\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(first)?.[1]);
  if (Number.isNaN(status)) throw new Error(`no status line: ${JSON.stringify(first)}`);
  const headers = Object.fromEntries(
    lines.map((line) => /^([^:]+): *(.*)$/.exec(line)!.slice(1)).map(([name, value]) => [name!.toLowerCase(), value!]),
  );
  const start = headEnd + 4;
  const content =
    toHead || status < 200 || status === 204 || status === 304 ? { body: '', length: 0 } : readBody(text.slice(start), headers);
  return content && { answer: { status, headers, body: content.body }, length: start + content.length };
}

function readBody(text: string, headers: Record<string, string>): { body: string; length: number } | null {
  if (headers['transfer-encoding'] === 'chunked') return readChunks(text);
  const length = Number(headers['content-length']);
  if (Number.isNaN(length)) throw new Error('neither a length nor chunks: where this answer ends, nobody knows');
  return text.length < length ? null : { body: text.slice(0, length), length };
}

function readChunks(text: string): { body: string; length: number } | null {
  let body = '';
  for (let at = 0; ;) {
    const line = text.indexOf('\r\n', at);
    if (line < 0) return null;
    const size = parseInt(text.slice(at, line), 16);
    const [start, end] = [line + 2, line + 2 + size];
    if (text.length < end + 2) return null;
    if (size === 0) return { body, length: end + 2 };
    body += text.slice(start, end);
    at = end + 2;
  }
}
