/** The promise that everything rests on: not a byte of a mail leaves before its leaving is on record. Guards it against upgrades of nodemailer. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { LEASE_MS } from '../../db/sending/claims.ts';
import type { Mailer, MailError } from '../../jobs/transport/mailer.ts';
import { mailerTo } from '../helpers/mail.ts';
import { startRawSink, type RawSink, type SinkRules } from './sink.ts';

const RAW = Buffer.from(`From: a@example.org\r\nTo: b@example.org\r\nSubject: x\r\n\r\n${'line\r\n'.repeat(5000)}`);
const ENVELOPE = { from: 'a@example.org', to: 'b@example.org', name: 'x' };

const sinks: RawSink[] = [];
afterEach(async () => {
  for (const sink of sinks.splice(0)) await sink.close();
});

async function startSink(rules: SinkRules) {
  const sink = await startRawSink(rules);
  sinks.push(sink);
  return sink;
}

async function faultOf(mailer: Mailer, leaving: () => Promise<void> = async () => {}) {
  const error = await mailer.send(ENVELOPE, RAW, { leaving }).catch((e: unknown) => e as MailError);
  return 'fault' in error ? error.fault.kind : error;
}

describe.each([{ pipelining: false }, { pipelining: true }])('with %o', ({ pipelining }) => {
  it('asks before the body leaves, after the server wants it, and waits for the answer', async () => {
    const order: string[] = [];
    const sink = await startSink({
      pipelining,
      data: async () => {
        // Long enough for any byte that would come too early.
        await new Promise((resolve) => setTimeout(resolve, 50));
        order.push(`354 after ${sink.bodyBytes()} bytes`);
      },
      body: () => void order.push('body'),
    });
    const leaving = async () => {
      order.push('asked');
      await new Promise((resolve) => setTimeout(resolve, 50));
      order.push(`on record after ${sink.bodyBytes()} bytes`);
    };
    await mailerTo(sink.url).send(ENVELOPE, RAW, { leaving });
    expect(order).toEqual(['354 after 0 bytes', 'asked', 'on record after 0 bytes', 'body']);
    expect(sink.taken[0]!.raw).toBe(RAW.toString());
  });

  it('lets nothing leave when it may not be on record', async () => {
    const sink = await startSink({ pipelining });
    expect(await faultOf(mailerTo(sink.url), () => Promise.reject(new Error('the claim is gone')))).toBe('lost');
    expect([sink.bodyBytes(), sink.taken]).toEqual([0, []]);
    // The connection is not used again: the server still waits for a body there.
    expect(await mailerTo(sink.url).send(ENVELOPE, RAW)).toMatchObject({ response: expect.stringMatching(/^250/) });
  });

  it.each([
    ['connect', { connect: () => 'drop' }],
    ['MAIL FROM', { mail: () => 'drop' }],
    ['RCPT TO', { rcpt: () => 'drop' }],
    ['DATA', { data: () => 'drop' }],
    ['a refusal of RCPT TO', { rcpt: () => '550 5.7.1 No' }],
    ['a refusal of DATA', { data: () => '451 4.3.0 Later' }],
  ])('does not ask when the server hangs up or refuses at %s', async (_, rules) => {
    const sink = await startSink({ pipelining, ...rules });
    let asked = 0;
    expect(await faultOf(mailerTo(sink.url), async () => void (asked += 1))).not.toBe('uncertain');
    expect(asked).toBe(0);
  });
});

it('offers a mail again at once when a server hangs up before the body, but never after it', async () => {
  const early = await startSink({ mail: (n) => (n === 1 ? 'drop' : undefined) });
  await mailerTo(early.url).send(ENVELOPE, RAW);
  expect([early.taken.length, early.connections()]).toEqual([1, 2]);
  const late = await startSink({ body: (_, n) => (n === 1 ? 'drop' : undefined) });
  expect(await faultOf(mailerTo(late.url))).toBe('uncertain');
  expect([late.taken.length, late.connections()]).toEqual([1, 1]);
});

it('takes an answer to the body for certain, and a half one for none', async () => {
  const refusing = await startSink({ body: () => '452 4.2.2 Full' });
  expect(await faultOf(mailerTo(refusing.url))).toBe('deferred');
  const closing = await startSink({ body: () => '421 4.3.2 Closing' });
  expect(await faultOf(mailerTo(closing.url))).toBe('transport');
});

it('waits ten minutes for the answer to a body, and gives up before the lease of its mail ends', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const sink = await startSink({ body: () => 'hang' });
    let ended = false;
    const fault = faultOf(mailerTo(sink.url)).finally(() => (ended = true));
    await vi.waitUntil(() => sink.steps.body === 1, { timeout: 60_000 });
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    expect(ended).toBe(false);
    await vi.advanceTimersByTimeAsync(LEASE_MS - 11 * 60_000);
    expect(await fault).toBe('uncertain');
  } finally {
    vi.useRealTimers();
  }
});

it('goes on when a server leaves after some mails, or answers byte by byte', async () => {
  const sink = await startSink({ closeAfter: 3, byteByByte: true });
  const mailer = mailerTo(sink.url);
  for (let n = 0; n < 10; n += 1) await mailer.send(ENVELOPE, RAW);
  expect([sink.taken.length, sink.connections()]).toEqual([10, 4]);
});

it('sends nothing in clear text where TLS is required', async () => {
  const sink = await startSink({});
  expect(await faultOf(mailerTo(`${sink.url}?requireTLS=true`))).toBe('transport');
  expect(sink.steps.mail).toBe(0);
});
