/** The operator's summary goes through the outbox, and gets its promises from there. */
import PostalMime from 'postal-mime';
import { expect, it } from 'vitest';
import { listDeadLetters, redriveMessage } from '../../db/messages/dead-letters.ts';
import { readDelivery } from '../../db/sending/health.ts';
import { listMessages } from '../../db/messages/message-records.ts';
import { LEASE_MS } from '../../db/sending/claims.ts';
import { addRecipient } from '../../db/recipients/recipients.ts';
import type { Store } from '../../db/store/store.ts';
import type { MailSettings } from '../../jobs/mails/compose.ts';
import { rehearse } from '../../jobs/rehearsal.ts';
import { sendDue } from '../../jobs/sending/send.ts';
import { tellOperator } from '../../jobs/watch.ts';
import { startRawSink, type SinkRules } from '../faults/sink.ts';
import { castIn } from '../helpers/cast.ts';
import { addConfirmed, keepingMailer, mailerTo, SETTINGS } from '../helpers/mail.ts';
import { at } from '../helpers/reminders.ts';
import { onBothDialects } from '../helpers/stores.ts';

const TO = 'beheer@example.org';
const TOLD_AT = at('09-17T08:30');
const after = (ms: number) => new Date(TOLD_AT.getTime() + ms);
const DAY = 86_400_000;
const PAGE = { page: 1, pageSize: 10 };

/** A server that behaves as told, and rounds of queueing and sending to it, each as the service does. */
async function serverThat(store: Store, rules: SinkRules) {
  const sink = await startRawSink(rules);
  const settings: MailSettings = { ...SETTINGS, operator: TO };
  const round = async (now: Date) => {
    await tellOperator({ store, secret: SETTINGS.secret }, TO, now);
    return (await sendDue({ store, mailer: mailerTo(sink.url), settings }, now)).map(({ kind }) => kind);
  };
  return { sink, settings, round };
}

async function stateOf(store: Store) {
  const { messages } = store.read.tables;
  const rows = await store.read.select().from(messages).orderBy(messages.dueAt);
  return rows.filter(({ organisationId }) => organisationId === null).map(({ state, reason, attempts }) => [state, reason, attempts]);
}

onBothDialects('the operator’s summary', (fresh) => {
  it('leaves three times at most where the server drops it after the body, the same to the byte, and is a dead letter then', async () => {
    const store = await fresh();
    const { sink, round } = await serverThat(store, { body: () => 'drop' });
    // Once a minute for two hours: what the service does, and more than three leases.
    for (let minute = 0; minute <= 120; minute += 1) await round(after(minute * 60_000));
    expect(sink.taken.map(({ to }) => to)).toEqual([TO, TO, TO]);
    expect(new Set(sink.taken.map(({ raw }) => raw)).size).toBe(1);
    const [letter] = (await listDeadLetters(store.read, PAGE)).items;
    expect(letter).toMatchObject({ kind: 'operator', reason: 'uncertain', copies: 3, recipient: TO, organisation: null });
    expect((await readDelivery(store.read, after(DAY))).dead).toBe(1);
    await sink.close();
  });

  it('is answered to REPLY_TO where there is one', async () => {
    const store = await fresh();
    await tellOperator({ store, secret: SETTINGS.secret }, TO, TOLD_AT);
    const mailer = keepingMailer();
    await sendDue({ store, mailer, settings: { ...SETTINGS, operator: TO, replyTo: 'vragen@inkoop.example' } }, TOLD_AT);
    const [mail] = await Promise.all(mailer.taken.map(({ raw }) => PostalMime.parse(raw)));
    expect(mail!.replyTo).toEqual([{ name: '', address: 'vragen@inkoop.example' }]);
  });

  it('is offered once to a server that refuses it for good, and goes on when a person says so', async () => {
    const store = await fresh();
    const { sink, round } = await serverThat(store, { rcpt: () => '550 5.7.1 Not allowed' });
    for (let minute = 0; minute <= 60; minute += 1) await round(after(minute * 60_000));
    expect(sink.steps.rcpt).toBe(1);
    const [letter] = (await listDeadLetters(store.read, PAGE)).items;
    expect(letter).toMatchObject({ reason: 'refused', response: '550 5.7.1 Not allowed', recipient: TO, organisation: null });
    delete sink.rules.rcpt;
    expect(await store.write((tx) => redriveMessage(tx, letter!.id, SETTINGS.secret, after(DAY / 2)))).toMatchObject({ id: letter!.id });
    expect(await round(after(DAY / 2))).toEqual(['sent']);
    expect(sink.taken[0]!.raw).toContain(`Message-ID: <${letter!.id}@inkoop.example>`);
    expect(await stateOf(store)).toEqual([['sent', null, 1]]);
    await sink.close();
  });

  it('waits for a server that is away, says what it was made with, and goes to the address of then', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const { sink, round, settings } = await serverThat(store, { connect: () => '421 4.3.2 Closing' });
    expect(await round(TOLD_AT)).toEqual(['broken']);
    expect(await stateOf(store)).toEqual([['pending', null, 0]]);
    // What happens meanwhile is told tomorrow.
    await store.write((tx) => addRecipient(tx, ro.id, { email: 'a@example.org', leadDays: [14], digest: 'daily' }, after(60_000)));
    delete sink.rules.connect;
    await sendDue({ store, mailer: mailerTo(sink.url), settings: { ...settings, operator: 'nieuw@example.org' } }, after(DAY / 4));
    const { raw, to } = sink.taken[0]!;
    const mail = await PostalMime.parse(raw);
    expect([to, mail.to![0]!.address, mail.subject]).toEqual([
      'nieuw@example.org',
      'nieuw@example.org',
      'Inkoopkalender 2024-09-16: all well (0 sent)',
    ]);
    expect(mail.text).toContain('Due now and not sent: 0.');
    await sink.close();
  });

  it('goes to where its first copy may have arrived, whatever the address is by then', async () => {
    const store = await fresh();
    const { sink, round, settings } = await serverThat(store, { body: () => 'drop' });
    await round(TOLD_AT);
    delete sink.rules.body;
    const now = after(LEASE_MS);
    await sendDue({ store, mailer: mailerTo(sink.url), settings: { ...settings, operator: 'nieuw@example.org' } }, now);
    expect(sink.taken.map(({ to }) => to)).toEqual([TO, TO]);
    expect(sink.taken[0]!.raw).toBe(sink.taken[1]!.raw);
    await sink.close();
  });

  it('is one a day, no mail of any organisation, and in no rehearsal', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    await addConfirmed(store, ro.id, at('09-16T12:00'));
    const { sink, round } = await serverThat(store, {});
    expect(await round(at('09-16T12:00'))).toEqual(['sent']);
    await tellOperator({ store, secret: SETTINGS.secret }, TO, TOLD_AT);
    expect((await rehearse(store, SETTINGS.secret, TOLD_AT)).map(({ message }) => message.kind)).toEqual([]);
    expect(await round(TOLD_AT)).toEqual(['sent']);
    expect(await round(after(60_000))).toEqual([]);
    // The welcome and a question that was answered before it left; that day's summary is neither.
    expect(sink.taken[1]!.raw).toContain('Mails that were due on 2024-09-16: 2 = 1 sent + 1 cancelled + 0 dead.');
    const { items, total } = await listMessages(store.read, ro.id, PAGE);
    expect([items.map(({ kind }) => kind).sort(), total]).toEqual([['confirmation', 'welcome'], 2]);
    await sink.close();
  });

  it('stands once among the dead letters, however long its address takes nothing, and the first that arrives tells of it', async () => {
    const store = await fresh();
    const { sink, round } = await serverThat(store, { rcpt: () => '550 5.1.1 No such user' });
    for (const day of [0, 1, 2]) await round(after(day * DAY));
    expect(await stateOf(store)).toEqual([
      ['cancelled', 'replaced', 1],
      ['cancelled', 'replaced', 1],
      ['dead', 'undeliverable', 1],
    ]);
    expect((await listDeadLetters(store.read, PAGE)).total).toBe(1);
    delete sink.rules.rcpt;
    await round(after(3 * DAY));
    const mail = await PostalMime.parse(sink.taken[0]!.raw);
    expect(mail.subject).toBe('Inkoopkalender 2024-09-19: needs a look (0 sent)');
    expect(mail.text).toContain('A summary before this one did not reach you (undeliverable): 550 5.1.1 No such user\nDead letters: 0.\n');
    await sink.close();
  });

  it('goes to whom it was made for where another process that knows no operator sends it', async () => {
    const store = await fresh();
    await tellOperator({ store, secret: SETTINGS.secret }, TO, TOLD_AT);
    const mailer = keepingMailer();
    await sendDue({ store, mailer, settings: SETTINGS }, TOLD_AT);
    expect(mailer.taken.map(({ to }) => to)).toEqual([[TO]]);
  });
});
