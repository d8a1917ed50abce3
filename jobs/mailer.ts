/** Hands ready mails over: to a mail server by SMTP, or as files to a folder. */
import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import type { Fault } from '../db/outbox.ts';

interface Envelope {
  from: string;
  /** One recipient: a message with several is half delivered when one of them is refused. */
  to: string;
  /** What the file is called where mails are files. */
  name: string;
}

export interface Mailer {
  /** Resolves with the server's answer once it took the mail. Throws a MailError. */
  send(envelope: Envelope, raw: Buffer, signal?: AbortSignal): Promise<{ response: string }>;
  close(): void;
}

/** A mail that was not taken, and whose fault that is. */
export class MailError extends Error {
  readonly fault: Fault;

  constructor(fault: Fault, options?: ErrorOptions) {
    super(fault.response, options);
    this.name = 'MailError';
    this.fault = fault;
  }
}

/** Opens what the URL names: `file:` a folder for .eml files, `smtp:` or `smtps:` a mail server. */
export function openMailer(mailUrl: string): Mailer {
  if (mailUrl.startsWith('file:')) return openFolder(mailUrl.replace(/^file:(\/\/)?/, ''));
  if (/^smtps?:/.test(mailUrl)) return openSmtp(mailUrl);
  throw new Error('a mail URL starts with file:, smtp:// or smtps://');
}

/** Whether mails stay on this machine, so that one may send as if it were another day. */
export function isRehearsal(mailUrl: string): boolean {
  if (mailUrl.startsWith('file:')) return true;
  const { hostname } = new URL(mailUrl);
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

function openFolder(folder: string): Mailer {
  return {
    async send({ name }, raw) {
      try {
        await mkdir(folder, { recursive: true });
        const path = join(folder, `${name}.eml`);
        // Written beside its place and then moved there: nobody ever sees half a mail.
        const file = await open(`${path}.part`, 'w');
        try {
          await file.writeFile(raw);
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(`${path}.part`, path);
        return { response: `250 written to ${name}.eml` };
      } catch (error) {
        throw new MailError({ kind: 'transport', code: null, response: textOf(error) }, { cause: error });
      }
    },
    close() {},
  };
}

function openSmtp(url: string): Mailer {
  let bodiesBegun = 0;
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: 2,
    maxMessages: 50,
    // nodemailer puts a message back only while not a byte of it was read; every other repetition is ours to decide.
    maxRequeues: 2,
    connectionTimeout: 30_000,
    greetingTimeout: 30_000,
    // Not shorter: a server may take ten minutes to answer the end of the body, and giving up earlier means a second copy.
    socketTimeout: 600_000,
    disableFileAccess: true,
    disableUrlAccess: true,
    transactionLog: true,
    logger: replyLog((reply) => {
      if (reply.startsWith('354')) bodiesBegun += 1;
    }),
  });
  return {
    async send({ from, to }, raw, signal) {
      const before = bodiesBegun;
      const limit = AbortSignal.timeout(720_000);
      try {
        const info = await transport.sendMail({
          envelope: { from, to: [to] },
          raw,
          signal: signal ? AbortSignal.any([signal, limit]) : limit,
        });
        return { response: info.response };
      } catch (error) {
        throw new MailError(faultOf(error, bodiesBegun > before), { cause: error });
      }
    },
    close: () => transport.close(),
  };
}

interface SmtpError {
  code?: string;
  command?: string;
  response?: string;
  responseCode?: number;
}

/** `begun`: whether a server asked for a body since the mail was handed over; only then can it have arrived. */
function faultOf(error: unknown, begun: boolean): Fault {
  // nodemailer adds these fields to the errors that it throws.
  const { code, command, response, responseCode } = error as SmtpError;
  const said = { code: responseCode ?? null, response: response ?? textOf(error) };
  if (responseCode === undefined) return { kind: begun ? 'uncertain' : 'transport', ...said };
  if (responseCode === 421 || code === 'EAUTH' || command === 'CONN' || command?.startsWith('AUTH')) return { kind: 'transport', ...said };
  const noSuchAddress = command === 'RCPT TO' && responseCode >= 500 && /^\d{3}[ -]5\.(1\.(1|2|3|6|10)|2\.1)\b/.test(said.response);
  return { kind: noSuchAddress ? 'undeliverable' : 'refused', ...said };
}

const textOf = (error: unknown) => (error instanceof Error ? error.message : String(error)).slice(0, 500);

/** A logger for nodemailer that hears the server's replies and keeps nothing. */
function replyLog(hear: (reply: string) => void) {
  const debug = (entry: { tnx?: string }, reply: unknown) => {
    if (entry.tnx === 'server' && typeof reply === 'string') hear(reply);
  };
  return { level: silent, trace: silent, debug, info: silent, warn: silent, error: silent, fatal: silent };
}

function silent() {}
