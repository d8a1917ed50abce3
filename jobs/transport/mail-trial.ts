/** Whether mails can be handed over, tried when the service starts or when somebody asks: what is set wrongly is told before the first mail is due. */
import { open, rm } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import { makeFolder } from '../../db/store/folder.ts';
import { folderOf } from './mailer.ts';
import { oneLine, textOf } from './smtp-faults.ts';
import { connect, settingsOf } from './smtp.ts';

/** On the way to a mail server, in this order. */
export const MAIL_STAGES = ['name', 'connection', 'greeting', 'encryption', 'login', 'sender'] as const;
type MailStage = (typeof MAIL_STAGES)[number];

/** Where a trial ended, and what was said there. */
export interface MailTrouble {
  stage: 'folder' | MailStage;
  response: string;
}

/**
 * Makes the folder of a `file:` MAIL_URL, and writes a file there that it removes again. Gives what passes by itself, as a full disk; throws where
 * no mail can ever be written. Null for a mail server.
 */
export async function tryMailFolder(mailUrl: string): Promise<MailTrouble | null> {
  if (!mailUrl.startsWith('file:')) return null;
  const folder = folderOf(mailUrl);
  try {
    makeFolder(folder);
    await writeAndRemove(join(folder, `trial-${process.pid}.part`));
    return null;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (PASSING.includes(code)) return { stage: 'folder', response: textOf(error) };
    throw new Error(`no mail can be written to ${folder}: ${textOf(error)}`, { cause: error });
  }
}

/** Connects to the server of an SMTP MAIL_URL, logs in and leaves. Gives where that ended before, and never throws. Null for a folder. */
export async function tryMailServer(mailUrl: string): Promise<MailTrouble | null> {
  if (mailUrl.startsWith('file:')) return null;
  try {
    const { auth, options } = settingsOf(mailUrl);
    const connection = await connect(options, auth, AbortSignal.timeout(MOST_MS));
    connection.quit();
    return null;
  } catch (error) {
    return { stage: stageOf(error), response: textOf(error) };
  }
}

/** How far one came with a mail server. */
export interface MailCourse {
  /** Where it ended; null where the server would take a mail from us. */
  trouble: MailTrouble | null;
  /** How the connection is encrypted, and until when the server's certificate holds; null where it is not. */
  encryption: { protocol: string; validTo: Date | null } | null;
  /** Whether MAIL_URL names a user to log in as. */
  logsIn: boolean;
}

/** Goes all the way to the server of an SMTP MAIL_URL until it takes this sender, as the envelope of a mail names it; no mail leaves. Never throws. */
export async function walkToServer(mailUrl: string, sender: string): Promise<MailCourse> {
  const course: MailCourse = { trouble: null, encryption: null, logsIn: false };
  let connection: SMTPConnection | undefined;
  const signal = AbortSignal.timeout(MOST_MS);
  try {
    const { auth, options } = settingsOf(mailUrl);
    course.logsIn = auth !== undefined;
    connection = await connect(options, auth, signal);
    const socket = takeSocket(connection);
    course.encryption = encryptionOf(socket);
    const answer = await ask(socket, `MAIL FROM:<${sender}>`, signal);
    if (!answer.startsWith('2')) course.trouble = { stage: 'sender', response: answer };
    socket.write('RSET\r\nQUIT\r\n');
  } catch (error) {
    course.trouble = { stage: connection ? 'sender' : stageOf(error), response: textOf(error) };
  } finally {
    connection?.close();
  }
  return course;
}

/** nodemailer offers a sender only together with a mail. There is no public way to its socket. */
function takeSocket(connection: SMTPConnection): Socket {
  const { _socket: socket } = connection as unknown as { _socket: Socket };
  socket.removeAllListeners('data');
  return socket;
}

function encryptionOf(socket: Socket): MailCourse['encryption'] {
  if (!(socket instanceof TLSSocket)) return null;
  const { valid_to: validTo } = socket.getPeerCertificate();
  return { protocol: socket.getProtocol() ?? 'unknown', validTo: validTo ? new Date(validTo) : null };
}

/** Says one line, and gives the answer, which may have several. */
function ask(socket: Socket, line: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    socket.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (/^\d{3}( .*)?\r?\n$/m.test(said.slice(said.lastIndexOf('\n', said.length - 2) + 1))) resolve(oneLine(said));
    });
    socket.once('close', () => reject(new Error('the connection was closed')));
    signal.addEventListener('abort', () => reject(new Error('no answer')), { once: true });
    socket.write(`${line}\r\n`);
  });
}

const PASSING: readonly string[] = ['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE'];
const MOST_MS = 60_000;

async function writeAndRemove(path: string) {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile('trial');
  } finally {
    await file.close();
    await rm(path);
  }
}

/** By nodemailer's codes, and else by the command that the server answered. */
function stageOf(error: unknown): MailTrouble['stage'] {
  const { code = '', command = '' } = error as { code?: string; command?: string };
  if (code === 'EDNS') return 'name';
  if (code === 'ETLS' || command === 'STARTTLS') return 'encryption';
  if (code === 'EAUTH') return 'login';
  return code === 'EPROTOCOL' || /^(EHLO|HELO|LHLO)/.test(command) ? 'greeting' : 'connection';
}
