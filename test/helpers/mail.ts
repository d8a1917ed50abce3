/** Mail for tests: a real SMTP server on loopback that keeps what it takes, and recipients who confirmed. */
import { EventEmitter, once } from 'node:events';
import type { AddressInfo } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach } from 'vitest';
import { addRecipient, confirmRecipient, type RecipientInput } from '../../db/recipients/recipients.ts';
import type { Recipient } from '../../db/schema/schema.ts';
import type { Store } from '../../db/store/store.ts';
import { openMailer, type Mailer } from '../../jobs/transport/mailer.ts';
import { sendDue } from '../../jobs/sending/send.ts';
import { SETTINGS } from './mail-settings.ts';

export { SETTINGS };

/** Who claims in tests, but for the moment. */
export const ME = { holder: 'me', secret: SETTINGS.secret };

/** A mail as the server got it. */
export interface TakenMail {
  from: string;
  to: string[];
  raw: Buffer;
}

export interface Sink {
  url: string;
  port: number;
  taken: TakenMail[];
  /** Resolves with the next mail to this address that was not asked for yet. */
  next: (to: string) => Promise<Email>;
  close: () => Promise<void>;
}

/** Starts a mail server that takes everything, unless the options say otherwise. It is closed after the test. */
export async function startSink(options: SMTPServerOptions & { port?: number; dropAfterBody?: boolean } = {}): Promise<Sink> {
  const { port = 0, dropAfterBody = false, ...rest } = options;
  const taken: TakenMail[] = [];
  const arrivals = new EventEmitter();
  const asked = new Set<TakenMail>();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    closeTimeout: 100,
    onData(stream, session, done) {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        taken.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          raw: Buffer.concat(parts),
        });
        arrivals.emit('mail');
        if (dropAfterBody) return server.connections.forEach((connection) => (connection as unknown as Droppable)._socket.destroy());
        done();
      });
    },
    ...rest,
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve));
  const sink = {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    port: (server.server.address() as AddressInfo).port,
    taken,
    async next(to: string) {
      for (;;) {
        const mail = taken.find((one) => one.to.includes(to) && !asked.has(one));
        if (mail) {
          asked.add(mail);
          return PostalMime.parse(mail.raw);
        }
        await once(arrivals, 'mail');
      }
    },
    close: () => new Promise<void>((resolve) => server.close(resolve)),
  };
  opened.push(sink.close);
  return sink;
}

/** smtp-server keeps its socket here; there is no other way to hang up in the middle. */
interface Droppable {
  _socket: { destroy: () => void };
}

const opened: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

/** Opens a mailer that is closed after the test. */
export function mailerTo(url: string): Mailer {
  const mailer = openMailer(url);
  opened.push(() => mailer.close());
  return mailer;
}

/** A mailer that keeps mails in memory: for tests that are not about handing over. */
export function keepingMailer(): Mailer & { taken: TakenMail[] } {
  const taken: TakenMail[] = [];
  return {
    taken,
    send: async ({ from, to }, raw, { leaving } = {}) => {
      await leaving?.();
      taken.push({ from, to: [to], raw });
      return { response: '250 kept' };
    },
    close: () => {},
  };
}

/** Adds a recipient that has confirmed at a moment, with its first two mails out of the way. */
export async function addConfirmed(
  store: Store,
  organisationId: string,
  confirmedAt: Date,
  over: Partial<RecipientInput> = {},
): Promise<Recipient> {
  const input = { email: 'a@example.org', leadDays: [42, 14, 3, 0], digest: 'daily' as const, ...over };
  const { id } = await store.write((tx) => addRecipient(tx, organisationId, input, confirmedAt));
  const recipient = await store.write((tx) => confirmRecipient(tx, id, confirmedAt));
  await sendDue({ store, mailer: keepingMailer(), settings: SETTINGS }, confirmedAt);
  return recipient;
}
