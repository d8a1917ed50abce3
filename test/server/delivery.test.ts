import { expect, it } from 'vitest';
import { openBreaker } from '../../db/sending/breaker.ts';
import { troublesOf } from '../../db/sending/health.ts';
import { addRecipient } from '../../db/recipients/recipients.ts';
import type { Store } from '../../db/store/store.ts';
import { queueSummary } from '../../db/sending/summaries.ts';
import { MailError } from '../../jobs/transport/mailer.ts';
import { sendDue } from '../../jobs/sending/send.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { appFor, EDITOR_KEY } from '../helpers/app.ts';
import { castIn, NOW } from '../helpers/cast.ts';
import { SETTINGS } from '../helpers/mail.ts';
import { onSqlite } from '../helpers/stores.ts';

const later = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);

async function withDeadLetter(store: Store) {
  const { ro } = await castIn(store);
  await store.write((tx) => addRecipient(tx, ro.id, { email: 'a@example.org', leadDays: [14], digest: 'daily' }, NOW));
  const mailer = {
    send: () => Promise.reject(new MailError({ kind: 'undeliverable', code: 550, response: '550 5.1.1 No such user' })),
    close: () => {},
  };
  await sendDue({ store, mailer, settings: SETTINGS }, NOW);
  return ro;
}

onSqlite('delivery over HTTP', (fresh) => {
  it('lists dead letters to an editor, and sends one on', async () => {
    const store = await fresh();
    const ro = await withDeadLetter(store);
    let rung = 0;
    const { call } = await appFor(store, { ring: () => void (rung += 1) });
    const { status, body } = await call('GET', 'dead-letters', { key: EDITOR_KEY });
    expect([status, body.total]).toEqual([200, 1]);
    const [letter] = body.items;
    expect(letter).toMatchObject({
      kind: 'confirmation',
      recipient: 'a@example.org',
      reason: 'undeliverable',
      copies: 0,
      organisation: { id: ro.id },
    });
    expect((await call('PUT', `dead-letters/${letter.id}/redrive`, { key: EDITOR_KEY })).status).toBe(200);
    expect(rung).toBe(1);
    expect((await call('GET', 'dead-letters', { key: EDITOR_KEY })).body.items).toEqual([]);
    expect((await call('PUT', `dead-letters/${letter.id}/redrive`, { key: EDITOR_KEY })).status).toBe(404);
  });

  it('lists the operator’s mail among them, which belongs to no organisation, and sends it on', async () => {
    const store = await fresh();
    await store.write((tx) => queueSummary(tx, '2024-09-02', { to: 'beheer@example.org', subject: 'Gisteren', text: 'Goed.' }, NOW));
    const mailer = {
      send: () => Promise.reject(new MailError({ kind: 'rejected', code: 550, response: '550 5.7.1 Not allowed' })),
      close: () => {},
    };
    await sendDue({ store, mailer, settings: SETTINGS }, NOW);
    const { app, call } = await appFor(store);
    const [letter, ...others] = (await call('GET', 'dead-letters', { key: EDITOR_KEY })).body.items;
    expect([letter, others]).toMatchObject([
      { kind: 'operator', recipient: 'beheer@example.org', organisation: null, reason: 'refused', subject: 'Gisteren' },
      [],
    ]);
    expect((await app.inject('/metrics')).body).toContain('\nmails_dead 1\n');
    expect((await call('PUT', `dead-letters/${letter.id}/redrive`, { key: EDITOR_KEY })).body).toMatchObject({ organisation: null });
    expect((await call('GET', 'dead-letters', { key: EDITOR_KEY })).body.total).toBe(0);
  });

  it('tells Prometheus what is late and what is dead', async () => {
    const store = await fresh();
    const ro = await withDeadLetter(store);
    await store.write((tx) => addRecipient(tx, ro.id, { email: 'b@example.org', leadDays: [14], digest: 'daily' }, NOW));
    await store.write((tx) => openBreaker(tx, { cause: 'transport', response: 'refused' }, NOW));
    const { app } = await appFor(store, { clock: () => later(10), lastRoundAt: () => later(9), lastWriteAt: () => later(8) });
    const { body } = await app.inject('/metrics');
    const value = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(body)?.[1]);
    const told = ['mails_due', 'mails_oldest_due_seconds', 'mails_dead', 'mail_breaker_open', 'mail_breaker_since_seconds'];
    expect([...told, 'last_round_seconds', 'last_write_seconds'].map(value)).toEqual([1, 600, 1, 1, 600, 60, 120]);
  });

  it('tells Prometheus what left by this process, what was refused, and which version it is', async () => {
    const organisation = { sent: 3, refused: 2, uncertain: 1, faulty: 0 };
    const person = { sent: 5, refused: 0, uncertain: 0, faulty: 1 };
    const operator = { sent: 1, refused: 0, uncertain: 0, faulty: 0 };
    const { app } = await appFor(await fresh(), { mailCounts: () => ({ organisation, person, operator }) });
    await app.inject('/metrics');
    const { body } = await app.inject('/metrics');
    for (const kind of ['sent', 'refused', 'uncertain', 'faulty'] as const) {
      const lines = Object.entries({ organisation, person, operator }).map(
        ([audience, counts]) => `mails_${kind}_total{audience="${audience}"} ${counts[kind]}\n`,
      );
      expect(body).toContain(`\n# TYPE mails_${kind}_total counter\n${lines.join('')}`);
    }
    expect(body).toContain(`\ninkoopkalender_info{version="${packageJson.version}",node="${process.versions.node}"} 1\n`);
    expect(body).toContain('\nmail_breaker_since_seconds 0\n');
  });

  it('says when mail is late or the mail server takes none for a quarter of an hour, and is ready all the same', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    await store.write((tx) => addRecipient(tx, ro.id, { email: 'b@example.org', leadDays: [14], digest: 'daily' }, NOW));
    await store.write((tx) => openBreaker(tx, { cause: 'transport', response: 'connect ECONNREFUSED' }, NOW));
    expect(await troublesOf(store.read, later(15))).toEqual([]);
    const { app } = await appFor(store, { delivery: () => troublesOf(store.read, later(16)) });
    expect((await app.inject('/health/ready')).statusCode).toBe(200);
    const answer = await app.inject('/health/delivery');
    expect([answer.statusCode, answer.json()]).toMatchObject([
      503,
      {
        status: 'not_ready',
        reasons: [
          `The mail server takes no mail since ${NOW.toISOString()}: connect ECONNREFUSED`,
          `Mails are late: the oldest was due at ${NOW.toISOString()}.`,
        ],
      },
    ]);
  });
  it('says how many mails wait for a person, until they are sent on', async () => {
    const store = await fresh();
    await withDeadLetter(store);
    const { app, call } = await appFor(store, { delivery: () => troublesOf(store.read, NOW) });
    const answer = await app.inject('/health/delivery');
    expect([answer.statusCode, answer.json().reasons]).toEqual([503, ['Mails that wait for a person: 1. See: npm run cli -- dead list']]);
    const [letter] = (await call('GET', 'dead-letters', { key: EDITOR_KEY })).body.items;
    await call('PUT', `dead-letters/${letter.id}/redrive`, { key: EDITOR_KEY });
    expect((await app.inject('/health/delivery')).statusCode).toBe(200);
  });
});
