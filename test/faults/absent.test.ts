/** All the ways in which a mail server is not there: none is a mail's own fault. */
import { afterEach, expect, it } from 'vitest';
import { readBreaker } from '../../db/sending/breaker.ts';
import { sendDue } from '../../jobs/sending/send.ts';
import { mailerTo } from '../helpers/mail.ts';
import { onSqlite } from '../helpers/stores.ts';
import { SETTINGS } from './servers.ts';
import { startRawSink, type RawSink, type SinkRules } from './sink.ts';
import { fill, START } from './world.ts';

const sinks: RawSink[] = [];
afterEach(async () => {
  for (const sink of sinks.splice(0)) await sink.close();
});

async function startSink(rules: SinkRules = {}) {
  const sink = await startRawSink(rules);
  sinks.push(sink);
  return sink;
}

const BUSY = '421 4.3.2 Service not available';
const WAYS: [string, { rules?: SinkRules; url?: (url: string) => string }][] = [
  ['nobody listens', { url: () => 'smtp://127.0.0.1:1' }],
  ['its name is unknown', { url: () => 'smtp://mail.invalid' }],
  ['it speaks no TLS', { url: (url) => url.replace('smtp:', 'smtps:') }],
  ['it offers no TLS where that is required', { url: (url) => `${url}?requireTLS=true` }],
  ['it does not greet', { rules: { connect: () => 'hang' }, url: (url) => `${url}?greetingTimeout=100` }],
  ['it is silent after MAIL FROM', { rules: { mail: () => 'hang' }, url: (url) => `${url}?socketTimeout=100` }],
  ['it is silent after RCPT TO', { rules: { rcpt: () => 'hang' }, url: (url) => `${url}?socketTimeout=100` }],
  ['it is silent after DATA', { rules: { data: () => 'hang' }, url: (url) => `${url}?socketTimeout=100` }],
  ['it hangs up instead of greeting', { rules: { connect: () => 'drop' } }],
  ['it always hangs up after DATA', { rules: { data: () => 'drop' } }],
  ['it says 421 instead of greeting', { rules: { connect: () => BUSY } }],
  ['it says 421 to MAIL FROM', { rules: { mail: () => BUSY } }],
  ['it says 421 to RCPT TO', { rules: { rcpt: () => BUSY } }],
  ['it says 421 to DATA', { rules: { data: () => BUSY } }],
  ['it says 421 to the body', { rules: { body: () => BUSY } }],
];

onSqlite('when a mail server is not there', (fresh) => {
  it.each(WAYS)('because %s, the mail is charged nothing, others wait, and it goes out a minute later', async (_, { rules, url }) => {
    const store = await fresh();
    await fill(store, ['r00000@example.org']);
    const sink = await startSink(rules);
    const good = await startSink();
    const { attempts, messages } = store.read.tables;
    const deps = { store, settings: SETTINGS, lanes: 1 };
    const results = await sendDue({ ...deps, mailer: mailerTo(url?.(sink.url) ?? sink.url) }, START);
    expect(results.map(({ kind }) => kind)).toEqual(['broken']);
    const [message] = await store.read.select().from(messages);
    expect(message).toMatchObject({ state: 'pending', attempts: 0, copies: 0, nextAt: null, holder: null });
    const inAMinute = new Date(START.getTime() + 60_000);
    expect(await readBreaker(store.read)).toMatchObject({ cause: 'transport', since: START, probeAt: inAMinute });
    expect(await sendDue({ ...deps, mailer: mailerTo(good.url) }, new Date(inAMinute.getTime() - 1))).toEqual([]);
    expect((await sendDue({ ...deps, mailer: mailerTo(good.url) }, inAMinute)).map(({ kind }) => kind)).toEqual(['sent']);
    expect(await readBreaker(store.read)).toBeNull();
    const tries = await store.read.select({ outcome: attempts.outcome }).from(attempts);
    expect(tries.map(({ outcome }) => outcome)).toEqual(['failed', 'accepted']);
  });
});
