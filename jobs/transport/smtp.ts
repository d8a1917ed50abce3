/** Hands mails to a mail server. Not a byte of a mail leaves before its leaving was written down. */
import { Readable } from 'node:stream';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import { MailError, type Envelope, type Mailer } from './handover.ts';
import { loadConnection, loadShared } from './nodemailer.ts';
import { faultOf, textOf } from './smtp-faults.ts';

/** A connection is left after this many mails: many servers hang up around here. */
const MOST_MAILS = 50;
/** An idle connection is left before servers do. */
const IDLE_MS = 30_000;
/** A try may take this long, whatever a server trickles: less than a lease. */
const MOST_MS = 720_000;
/** How often a mail that no server asked for is offered again at once, on another connection. */
const MOST_OFFERS = 3;

const OPTIONS = {
  connectionTimeout: 30_000,
  greetingTimeout: 30_000,
  // Not shorter: a server may take ten minutes to answer the end of the body (RFC 5321, 4.5.3.2.6), and giving up earlier means a second copy.
  socketTimeout: 600_000,
};

/** A connection to the server, and how many mails it was given. */
interface Line {
  connection: SMTPConnection;
  mails: number;
  idle?: NodeJS.Timeout;
}

/** The fields that nodemailer adds to its errors and that are looked at here. */
interface LineError {
  code?: string;
  originalCode?: string;
  responseCode?: number;
}

export function openSmtp(url: string): Mailer {
  const lines = openLines(url);
  return {
    async send(envelope, raw, { leaving = async () => {}, signal } = {}) {
      const until = new AbortController();
      const breakOff = () => until.abort(signal?.reason ?? new Error('it took too long'));
      const limit = setTimeout(breakOff, MOST_MS).unref();
      signal?.addEventListener('abort', breakOff, { once: true });
      if (signal?.aborted) breakOff();
      try {
        for (let offers = 1; ; offers += 1) {
          const { response, error, again } = await offer(lines, { envelope, raw, leaving }, until.signal);
          if (response !== undefined) return { response };
          if (!again || offers >= MOST_OFFERS || until.signal.aborted) throw error;
        }
      } finally {
        clearTimeout(limit);
        signal?.removeEventListener('abort', breakOff);
      }
    },
    close: lines.close,
  };
}

/** Connections that are kept while there is mail. */
interface Lines {
  /** One that is free, or a new one. */
  take: (signal: AbortSignal) => Promise<Line>;
  giveBack: (line: Line) => void;
  close: () => void;
}

function openLines(url: string): Lines {
  const { auth, options } = settingsOf(url);
  const free: Line[] = [];
  let closed = false;
  return {
    async take(signal) {
      for (let line = free.pop(); line; line = free.pop()) {
        clearTimeout(line.idle);
        if (!line.connection.destroyed) return line;
      }
      return { connection: await connect(options, auth, signal), mails: 0 };
    },
    giveBack(line) {
      if (closed || line.mails >= MOST_MAILS) return line.connection.quit();
      line.idle = setTimeout(() => {
        free.splice(free.indexOf(line), 1);
        line.connection.quit();
      }, IDLE_MS).unref();
      free.push(line);
    },
    close() {
      closed = true;
      for (const { connection, idle } of free.splice(0)) {
        clearTimeout(idle);
        connection.quit();
      }
    },
  };
}

/** Gives the server's answer, or the fault and whether another connection may fare better. */
async function offer(
  lines: Lines,
  { envelope, raw, leaving }: { envelope: Envelope; raw: Buffer; leaving: () => Promise<void> },
  signal: AbortSignal,
) {
  const body = holdBack(raw, leaving);
  let line: Line | undefined;
  try {
    line = await lines.take(signal);
    line.mails += 1;
    const response = await transact(line.connection, envelope, body.stream, signal);
    lines.giveBack(line);
    return { response };
  } catch (error) {
    const { code, responseCode } = error as LineError;
    const onlyThisMail = (code === 'EENVELOPE' || code === 'EMESSAGE') && responseCode !== undefined && responseCode !== 421;
    if (line && onlyThisMail && !body.progress.error) reset(line, lines.giveBack);
    else line?.connection.close();
    const { isAsked, hasLeft, error: failure } = body.progress;
    const fault = failure ? ({ kind: 'lost', code: null, response: textOf(failure) } as const) : faultOf(error, hasLeft);
    const reused = line !== undefined && line.mails > 1;
    return { error: new MailError(fault, { cause: error }), again: !isAsked && !onlyThisMail && (reused || wasCutOff(error)) };
  }
}

/** What a URL says of a server, with our time limits where it gives none. */
export function settingsOf(url: string) {
  const { auth, ...options } = loadShared().parseConnectionUrl(url);
  return { auth, options: { ...OPTIONS, ...options } };
}

/** Connects and logs in. Rejects with nodemailer's own error. */
export async function connect(
  options: ConstructorParameters<typeof SMTPConnection>[0],
  auth: SMTPConnection.AuthenticationType | undefined,
  signal: AbortSignal,
): Promise<SMTPConnection> {
  const connection = new (loadConnection())(options);
  // Whoever waits hears of it below; nobody waits while it is idle.
  connection.on('error', () => {});
  try {
    await awaitAnswer(connection, signal, (done) => connection.connect((error) => done(error ?? null)));
    if (auth) await awaitAnswer(connection, signal, (done) => connection.login(auth, done));
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** One mail, from its envelope to the answer to its body, which it gives. */
async function transact(connection: SMTPConnection, { from, to }: Envelope, body: Readable, signal: AbortSignal): Promise<string> {
  return awaitAnswer<string>(connection, signal, (done) =>
    connection.send({ from, to: [to] }, body, (error, info) => done(error, info?.response)),
  );
}

function reset(line: Line, giveBack: (line: Line) => void) {
  line.connection.reset((error) => (error ? line.connection.close() : giveBack(line)));
}

/** Waits for a callback, for a failure or the end of the connection, or for the signal, whichever comes first. */
function awaitAnswer<T>(connection: SMTPConnection, signal: AbortSignal, begin: (done: (error: Error | null, value?: T) => void) => void) {
  return new Promise<T>((resolve, reject) => {
    const stop = () => {
      signal.removeEventListener('abort', abort);
      connection.off('error', fail);
      connection.off('end', ended);
    };
    const fail = (error: Error) => {
      stop();
      reject(error);
    };
    const abort = () => {
      fail(new Error('broken off', { cause: signal.reason }));
      connection.close();
    };
    // Where there is an error or an answer too, it comes in the same turn.
    const ended = () => setImmediate(() => fail(Object.assign(new Error('the connection was closed'), { code: 'ECONNECTION' })));
    signal.addEventListener('abort', abort, { once: true });
    connection.on('error', fail);
    connection.on('end', ended);
    if (signal.aborted) return abort();
    begin((error, value) => {
      if (error) return fail(error);
      stop();
      // The caller says by T what a success brings.
      resolve(value as T);
    });
  });
}

/** The body as a stream that is asked for its first byte when the server wants it, and gives it once `leaving` has resolved. */
function holdBack(raw: Buffer, leaving: () => Promise<void>) {
  const progress: { isAsked: boolean; hasLeft: boolean; error: unknown } = { isAsked: false, hasLeft: false, error: undefined };
  const stream = new Readable({
    read() {
      if (progress.isAsked) return;
      progress.isAsked = true;
      const leave = async () => {
        await leaving();
        progress.hasLeft = true;
        this.push(raw);
        this.push(null);
      };
      leave().catch((error: unknown) => {
        progress.error = error;
        this.destroy(error instanceof Error ? error : new Error(textOf(error)));
      });
    },
  });
  return { stream, progress };
}

/** Whether the server hung up, which it may not do the next time; one that is not there will not be there at once either. */
function wasCutOff(error: unknown): boolean {
  const { code, originalCode, responseCode } = error as LineError;
  return responseCode === undefined && (code === 'ECONNECTION' || originalCode === 'ECONNRESET' || originalCode === 'EPIPE');
}
