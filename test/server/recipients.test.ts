import { expect, it } from 'vitest';
import { and, eq } from '../../db/store/drizzle.ts';
import { planReminders } from '../../db/reminders/planning.ts';
import { confirmDeputy } from '../../db/recipients/deputies.ts';
import { confirmRecipient } from '../../db/recipients/recipients.ts';
import { sendDue } from '../../jobs/sending/send.ts';
import { appFor } from '../helpers/app.ts';
import { addDeadline, castIn, NOW } from '../helpers/cast.ts';
import { addConfirmed, keepingMailer, SETTINGS } from '../helpers/mail.ts';
import { at, MONDAY } from '../helpers/reminders.ts';
import { onBothDialects } from '../helpers/stores.ts';

const ASKED =
  'A mail asks this address to confirm. It leaves when the limit allows: an address gets at most one such mail an hour and three a day, whoever asks.';

onBothDialects('recipients over HTTP', (fresh) => {
  it('are added, listed, changed and removed', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    let rings = 0;
    const { call } = await appFor(store, { ring: () => void (rings += 1) });
    const path = `organisations/${ro.id}/recipients`;
    const { status, body: made } = await call('POST', path, { key: ro.key, body: { email: 'Jan@Example.org' } });
    expect(status).toBe(201);
    const shown = {
      email: 'jan@example.org',
      leadDays: [42, 14, 3, 0],
      digest: 'daily',
      sendHour: '07:30',
      language: null,
      pausedUntil: null,
      deputy: null,
      position: 1,
      status: 'pending',
      note: null,
      question: ASKED,
      declined: { kinds: [], deadlines: [] },
      createdAt: NOW.toISOString(),
      confirmedAt: null,
    };
    expect(made).toEqual({ id: made.id, ...shown });
    const { body: second } = await call('POST', path, {
      key: ro.key,
      body: { email: 'b@example.org', leadDays: [0, 7], digest: 'weekly' },
    });
    expect(second).toMatchObject({ leadDays: [7, 0], digest: 'weekly' });
    const { body: list } = await call('GET', `${path}?pageSize=1`, { key: ro.key });
    expect(list).toMatchObject({ page: 1, pageSize: 1, total: 2 });
    const changed = await call('PATCH', `${path}/${made.id}`, { key: ro.key, body: { leadDays: [1] } });
    expect([changed.status, changed.body]).toEqual([200, { ...made, leadDays: [1] }]);
    expect((await call('DELETE', `${path}/${second.id}`, { key: ro.key })).status).toBe(204);
    expect((await call('DELETE', `${path}/${second.id}`, { key: ro.key })).status).toBe(404);
    expect((await call('GET', path, { key: ro.key })).body.items).toEqual([{ ...made, leadDays: [1] }]);
    expect(rings).toBe(4);
  });

  it('choose their hour, language, pause, deputy and place', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const { call } = await appFor(store);
    const path = `organisations/${ro.id}/recipients`;
    const { body: first } = await call('POST', path, { key: ro.key, body: { email: 'a@example.org' } });
    const chosen = { sendHour: '22:00', language: 'en', pausedUntil: '2024-08-01', position: 1 };
    const deputy = { email: 'Ward@example.org', until: '2024-07-31' };
    const { status, body: second } = await call('POST', path, { key: ro.key, body: { email: 'b@example.org', ...chosen, deputy } });
    expect([status, second]).toEqual([
      201,
      {
        ...first,
        id: second.id,
        email: 'b@example.org',
        ...chosen,
        deputy: { email: 'ward@example.org', until: '2024-07-31', status: 'pending', question: ASKED },
      },
    ]);
    expect((await call('GET', path, { key: ro.key })).body.items).toEqual([second, { ...first, position: 2 }]);
    const change = (body: object) => call('PATCH', `${path}/${second.id}`, { key: ro.key, body });
    const { body: third } = await change({ sendHour: '04:00', language: null, pausedUntil: null, deputy: null, position: 2 });
    expect(third).toEqual({ ...second, sendHour: '04:00', language: null, pausedUntil: null, deputy: null, position: 2 });
    expect((await change({})).body).toEqual(third);
    await store.write((tx) => confirmRecipient(tx, second.id, NOW));
    await change({ deputy });
    await store.write((tx) => confirmDeputy(tx, second.id, 'ward@example.org', NOW));
    expect((await change({ leadDays: [7] })).body.deputy.status).toBe('confirmed');
    const bad = [
      { sendHour: '03:59' },
      { sendHour: '22:01' },
      { sendHour: '7:30' },
      { language: 'de' },
      { pausedUntil: '2024-02-30' },
      { pausedUntil: '2024-04-02' },
      { deputy: { email: 'ward@example.org' } },
      { deputy: { email: 'b@example.org', until: '2024-07-31' } },
      { deputy: { email: 'ward@example.org', until: '2024-04-01' } },
      { position: 0 },
      { declined: { kinds: [], deadlines: [] } },
    ];
    for (const body of bad) expect([body, (await change(body)).status]).toEqual([body, 400]);
  });

  it('are not paused until a day that is over, but end a pause by one, and may send along the one that they had', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    let now = NOW;
    const { call } = await appFor(store, { clock: () => now });
    const path = `organisations/${ro.id}/recipients`;
    const add = (pausedUntil: string) => call('POST', path, { key: ro.key, body: { email: 'a@example.org', pausedUntil } });
    const over = await add('2024-04-02');
    expect([over.status, over.body.errors]).toEqual([400, [{ field: 'pausedUntil', message: 'must be after today, 2024-04-02' }]]);
    const { id } = (await add('2024-04-10')).body;
    const change = async (pausedUntil: string) => (await call('PATCH', `${path}/${id}`, { key: ro.key, body: { pausedUntil } })).status;
    expect(await change('2024-04-02')).toBe(200);
    expect(await change('2024-04-10')).toBe(200);
    now = new Date('2024-05-01T10:00:00Z');
    expect(await change('2024-04-10')).toBe(200);
    expect(await change('2024-04-11')).toBe(400);
  });

  it('are refused with every fault named, and nothing is queued', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const { call } = await appFor(store);
    const path = `organisations/${ro.id}/recipients`;
    const bad = [
      {},
      { email: 'a@example.org\r\nBcc: evil@example.org' },
      { email: 'Jan <a@example.org>' },
      { email: 'a@example.org, b@example.org' },
      { email: 'a@example.org', leadDays: [] },
      { email: 'a@example.org', leadDays: [-1, 366, 1.5] },
      { email: 'a@example.org', leadDays: [3, 3] },
      { email: 'a@example.org', leadDays: Array.from({ length: 11 }, (_, n) => n) },
      { email: 'a@example.org', digest: 'hourly' },
      { email: 'a@example.org', status: 'confirmed' },
    ];
    for (const body of bad) expect((await call('POST', path, { key: ro.key, body })).status).toBe(400);
    const { body } = await call('POST', path, { key: ro.key, body: { email: 'x', leadDays: [400], digest: 'never', extra: 1 } });
    expect(body.errors.map(({ field }: { field: string }) => field).sort()).toEqual(['digest', 'email', 'extra', 'leadDays.0']);
    const { messages, recipients } = store.read.tables;
    expect([await store.read.$count(recipients), await store.read.$count(messages)]).toEqual([0, 0]);
    await call('POST', path, { key: ro.key, body: { email: 'a@example.org' } });
    const twice = await call('POST', path, { key: ro.key, body: { email: 'A@example.org' } });
    expect([twice.status, twice.body.errors]).toEqual([409, [{ field: 'email', message: 'is there already' }]]);
    expect(await store.read.$count(messages)).toBe(1);
  });

  it('are one address whatever its spelling, and a deputy is one too', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const { call } = await appFor(store);
    const path = `organisations/${ro.id}/recipients`;
    const add = (body: object) => call('POST', path, { key: ro.key, body });
    const { status, body: added } = await add({ email: ' Info@MÜNCHEN.example\n' });
    expect([status, added.email]).toEqual([201, 'info@xn--mnchen-3ya.example']);
    expect((await add({ email: 'info@xn--mnchen-3ya.example' })).status).toBe(409);
    const appointed = (email: string) =>
      call('PATCH', `${path}/${added.id}`, { key: ro.key, body: { deputy: { email, until: '2024-07-31' } } });
    expect((await appointed('\u200einfo@münchen.example')).body.errors).toEqual([
      { field: 'deputy.email', message: 'must be another address' },
    ]);
    expect((await appointed(' Ward@MÜNCHEN.example')).body.deputy.email).toBe('ward@xn--mnchen-3ya.example');
    const faults = [
      ['a..b@example.org', 'must not begin or end with a dot before the @, or have two in a row there'],
      ['"a b"@example.org', 'must not have quotation marks before the @: mail to such an address is not sent'],
      ['a@localhost', 'must have a whole domain after the @, as name@example.org'],
    ] as const;
    for (const [email, message] of faults) {
      expect((await add({ email })).body.errors).toEqual([{ field: 'email', in: 'body', message }]);
      expect((await appointed(email)).body.errors).toEqual([{ field: 'deputy.email', in: 'body', message }]);
    }
  });

  it('with an address of before that would be refused today are read, changed and removed as ever', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const { call } = await appFor(store);
    const { id } = await addConfirmed(store, ro.id, NOW, { email: 'a..b@example.org' });
    const path = `organisations/${ro.id}/recipients`;
    expect((await call('GET', path, { key: ro.key })).body.items).toMatchObject([{ email: 'a..b@example.org' }]);
    expect((await call('PATCH', `${path}/${id}`, { key: ro.key, body: { leadDays: [7] } })).body.email).toBe('a..b@example.org');
    expect((await call('DELETE', `${path}/${id}`, { key: ro.key })).status).toBe(204);
  });

  it('say for a month that an address behind one of them is not reached, and not which', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const a = await addConfirmed(store, ro.id, NOW);
    await addConfirmed(store, ro.id, NOW, { email: 'b@example.org' });
    const { messages } = store.read.tables;
    const about = and(eq(messages.recipientId, a.id), eq(messages.kind, 'welcome'));
    await store.write((tx) => tx.update(messages).set({ reason: 'partly_bounced' }).where(about));
    const notesAt = async (days: number) => {
      const { call } = await appFor(store, { clock: () => new Date(NOW.getTime() + days * 86_400_000) });
      const { body } = await call('GET', `organisations/${ro.id}/recipients`, { key: ro.key });
      return body.items.map(({ email, note, status }: Record<string, string>) => [email, note, status]);
    };
    const others = ['b@example.org', null, 'confirmed'];
    expect(await notesAt(31)).toEqual([['a@example.org', 'partly_undeliverable', 'confirmed'], others]);
    expect(await notesAt(32)).toEqual([['a@example.org', null, 'confirmed'], others]);
  });

  it('are nobody else’s, and neither are their messages', async () => {
    const store = await fresh();
    const { ro, wsv, outsider } = await castIn(store);
    const recipient = await addConfirmed(store, ro.id, NOW);
    const { call } = await appFor(store);
    for (const other of [wsv, outsider]) {
      for (const noun of ['recipients', 'messages']) {
        expect((await call('GET', `organisations/${ro.id}/${noun}`, { key: other.key })).status).toBe(404);
        expect((await call('GET', `organisations/${other.id}/${noun}`, { key: other.key })).body.items).toEqual([]);
      }
      expect((await call('DELETE', `organisations/${other.id}/recipients/${recipient.id}`, { key: other.key })).status).toBe(404);
      expect(
        (await call('PATCH', `organisations/${other.id}/recipients/${recipient.id}`, { key: other.key, body: { leadDays: [1] } })).status,
      ).toBe(404);
    }
    expect((await call('GET', `organisations/${ro.id}/recipients`, { key: ro.key })).body.items).toHaveLength(1);
  });

  it('get messages whose fate can be proven', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const deadline = await store.write((tx) => addDeadline(tx, {}, { rule: { kind: 'fixed', on: '2024-09-30' } }));
    await addConfirmed(store, ro.id, at('09-02T12:00'));
    await planReminders(store, MONDAY);
    const { call } = await appFor(store);
    const path = `organisations/${ro.id}/messages`;
    const [waiting] = (await call('GET', path, { key: ro.key })).body.items;
    expect(waiting).toMatchObject({
      kind: 'reminder',
      recipient: 'a@example.org',
      state: 'pending',
      subject: null,
      sentAt: null,
      attempts: [],
    });
    await sendDue({ store, mailer: keepingMailer(), settings: SETTINGS }, MONDAY);
    const { body } = await call('GET', `${path}?pageSize=2`, { key: ro.key });
    expect(body).toMatchObject({ page: 1, pageSize: 2, total: 3 });
    const moment = MONDAY.toISOString();
    expect(body.items[0]).toEqual({
      id: waiting.id,
      kind: 'reminder',
      recipient: 'a@example.org',
      sentTo: 'a@example.org',
      sentToDigest: null,
      subject: 'Over 14 dagen: jaarplan met begroting indienen bij Noord (uiterlijk ma 30 sep)',
      state: 'sent',
      reason: null,
      dueAt: moment,
      sentAt: moment,
      response: '250 kept',
      messageId: `<${waiting.id}@inkoop.example>`,
      attempts: [{ number: 1, startedAt: moment, endedAt: moment, outcome: 'accepted', code: 250, response: '250 kept' }],
      deadlines: [
        {
          deadlineId: deadline.id,
          title: deadline.title,
          lastSafeOn: '2024-09-30',
          leadDays: 14,
          reason: null,
          kind: 'reminder',
          changeId: null,
        },
      ],
      steps: [],
      createdAt: moment,
    });
    const second = await call('GET', `${path}?pageSize=2&page=2`, { key: ro.key });
    expect(second.body.items.map(({ kind }: { kind: string }) => kind)).toHaveLength(1);
  });
});
