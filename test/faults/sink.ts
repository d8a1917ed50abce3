/** A mail server on loopback that misbehaves as it is told: it drops, hangs, refuses and dawdles at any step. Bare sockets, because no real server does that. */
import { createServer, type AddressInfo, type Socket } from 'node:net';

/** A mail that the server has whole, whatever it answered. */
interface SunkMail {
  from: string;
  to: string;
  raw: string;
}

/** What to do instead of answering well: an answer, `drop` to hang up, or `hang` never to answer. */
type Instead = string | undefined | void;

/** `n` counts from 1 how often the step was reached. */
export interface SinkRules {
  connect?: (n: number) => Instead | Promise<Instead>;
  mail?: (n: number) => Instead;
  rcpt?: (to: string, n: number) => Instead;
  data?: (n: number) => Instead | Promise<Instead>;
  /** The body has arrived whole; a mail answered by a refusal does not count as taken. */
  body?: (mail: SunkMail, n: number) => Instead | Promise<Instead>;
  /** Waits this long before each answer. */
  delayMs?: number;
  /** Sends its answers one byte at a time. */
  byteByByte?: boolean;
  /** Hangs up after this many mails on a connection. */
  closeAfter?: number;
  /** Offers to take commands before answering the ones before (RFC 2920). */
  pipelining?: boolean;
}

export interface RawSink {
  url: string;
  port: number;
  taken: SunkMail[];
  /** How many connections there were. */
  connections: () => number;
  /** How often each step was reached. */
  steps: Readonly<Record<'connect' | 'mail' | 'rcpt' | 'data' | 'body', number>>;
  /** Bytes of bodies that arrived, whole or not. */
  bodyBytes: () => number;
  /** How many mails are between their MAIL FROM and the answer to their body at this moment. */
  underWay: () => number;
  /** The most that ever were. */
  mostUnderWay: () => number;
  rules: SinkRules;
  close: () => Promise<void>;
}

/** Starts the server. Its rules may be changed while it runs. */
export async function startRawSink(rules: SinkRules = {}, port = 0): Promise<RawSink> {
  const steps = { connect: 0, mail: 0, rcpt: 0, data: 0, body: 0 };
  const taken: SunkMail[] = [];
  const sockets = new Set<Socket>();
  const busy = new Set<Socket>();
  let [bodyBytes, mostUnderWay] = [0, 0];
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.once('close', () => {
      sockets.delete(socket);
      busy.delete(socket);
    });
    const count = {
      bytes: (n: number) => (bodyBytes += n),
      isBusy(is: boolean) {
        if (is) busy.add(socket);
        else busy.delete(socket);
        mostUnderWay = Math.max(mostUnderWay, busy.size);
      },
    };
    converse(socket, sink, steps, count).catch(() => socket.destroy());
  });
  await new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve));
  const sink: RawSink = {
    port: (server.address() as AddressInfo).port,
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken,
    steps,
    connections: () => steps.connect,
    bodyBytes: () => bodyBytes,
    underWay: () => busy.size,
    mostUnderWay: () => mostUnderWay,
    rules,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
  return sink;
}

async function converse(
  socket: Socket,
  sink: RawSink,
  steps: { -readonly [k in keyof RawSink['steps']]: number },
  count: { bytes: (n: number) => void; isBusy: (is: boolean) => void },
) {
  const { rules, taken } = sink;
  const answer = async (instead: Instead, usual: string) => {
    if (instead === 'hang') await new Promise<never>(() => {});
    if (instead === 'drop') throw new Error('drop');
    const text = Buffer.from(`${instead ?? usual}\r\n`);
    if (rules.delayMs) await new Promise((resolve) => setTimeout(resolve, rules.delayMs));
    if (rules.byteByByte)
      for (const byte of text) await new Promise<void>((resolve) => void socket.write(Buffer.of(byte), () => resolve()));
    else socket.write(text);
  };
  steps.connect += 1;
  await answer(await rules.connect?.(steps.connect), '220 sink');
  let [mails, from, to] = [0, '', ''];
  const lines = linesOf(socket, count.bytes);
  for (;;) {
    const line = await lines.next(false);
    if (line === null) return;
    const command = line.slice(0, 4).toUpperCase();
    if (command === 'EHLO') await answer(undefined, rules.pipelining ? '250-sink\r\n250 PIPELINING' : '250 sink');
    else if (command === 'MAIL') {
      from = /<(.*?)>/.exec(line)?.[1] ?? '';
      steps.mail += 1;
      count.isBusy(true);
      await answer(rules.mail?.(steps.mail), '250 2.1.0 Ok');
    } else if (command === 'RCPT') {
      to = /<(.*?)>/.exec(line)?.[1] ?? '';
      steps.rcpt += 1;
      const instead = rules.rcpt?.(to, steps.rcpt);
      if (instead) to = '';
      await answer(instead, '250 2.1.5 Ok');
    } else if (command === 'DATA') {
      if (to === '') {
        await answer('503 5.5.1 No recipients', '');
        continue;
      }
      steps.data += 1;
      const instead = await rules.data?.(steps.data);
      await answer(instead, '354 Go ahead');
      if (instead) continue;
      const raw = await lines.next(true);
      if (raw === null) return;
      const mail = { from, to, raw };
      steps.body += 1;
      const said = await rules.body?.(mail, steps.body);
      if (!said || !/^[45]/.test(said)) taken.push(mail);
      await answer(said, `250 2.0.0 Ok: queued as ${taken.length}`);
      count.isBusy(false);
      to = '';
      mails += 1;
      if (mails === rules.closeAfter) {
        socket.end();
        return;
      }
    } else if (command === 'QUIT') {
      await answer(undefined, '221 Bye');
      socket.end();
      return;
    } else {
      count.isBusy(false);
      await answer(undefined, /^(RSET|NOOP)/i.test(line) ? '250 Ok' : '502 5.5.1 Not here');
    }
  }
}

/** Reads a socket line by line, or a whole body up to its lone dot; null when it ended. */
function linesOf(socket: Socket, count: (bytes: number) => void) {
  let buffer = '';
  let inBody = false;
  let ended = false;
  let wake = () => {};
  socket.on('data', (chunk: Buffer) => {
    buffer += chunk.toString('latin1');
    if (inBody) count(chunk.length);
    wake();
  });
  socket.once('close', () => {
    ended = true;
    wake();
  });
  return {
    async next(body: boolean): Promise<string | null> {
      inBody = body;
      const end = body ? '\r\n.\r\n' : '\r\n';
      for (;;) {
        const at = buffer.indexOf(end);
        if (at >= 0) {
          const found = buffer.slice(0, at + (body ? 2 : 0));
          buffer = buffer.slice(at + end.length);
          inBody = false;
          return body ? found.replaceAll(/^\./gm, '') : found;
        }
        if (ended) return null;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}
