/** From plan to mailbox, through a real mail server. */
import PostalMime from 'postal-mime';
import { expect, it, vi } from 'vitest';
import { readBreaker } from '../../../db/sending/breaker.ts';
import { eq, sql } from '../../../db/store/drizzle.ts';
import { LEASE_MS } from '../../../db/sending/claims.ts';
import { planReminders } from '../../../db/reminders/planning.ts';
import type { Store } from '../../../db/store/store.ts';
import { sendDue, type SendResult } from '../../../jobs/sending/send.ts';
import { addDeadline, castIn } from '../../helpers/cast.ts';
import { addConfirmed, mailerTo, SETTINGS, startSink } from '../../helpers/mail.ts';
import { at, MONDAY, remindersIn } from '../../helpers/reminders.ts';
import { onBothDialects } from '../../helpers/stores.ts';

const minutes = (n: number) => new Date(MONDAY.getTime() + n * 60_000);

async function planned(store: Store, emails = ['a@example.org']) {
  const { ro } = await castIn(store);
  const conflict = { kind: 'readings' as const, days: ['2024-09-30', '2024-10-01'], text: 'Twee lezingen.' };
  await store.write((tx) => addDeadline(tx, {}, { conflict }));
  for (const email of emails) await addConfirmed(store, ro.id, at('09-02T12:00'), { email });
  await planReminders(store, MONDAY);
  return ro;
}

const kinds = (results: { kind: string }[]) => results.map(({ kind }) => kind);

onBothDialects('sending', (fresh) => {
  it('delivers the annual plan’s reminder once, however often plan and send run', async () => {
    const store = await fresh();
    await planned(store);
    const sink = await startSink();
    const deps = { store, mailer: mailerTo(sink.url), settings: SETTINGS };
    expect(kinds(await sendDue(deps, MONDAY))).toEqual(['sent']);
    for (const now of [MONDAY, minutes(1), minutes(600)]) {
      await planReminders(store, now);
      expect(await sendDue(deps, now)).toEqual([]);
    }
    expect(sink.taken.map(({ from, to }) => [from, to])).toEqual([[SETTINGS.from, ['a@example.org']]]);
    const mail = await PostalMime.parse(sink.taken[0]!.raw);
    expect(mail.subject).toBe('Over 14 dagen: jaarplan met begroting indienen bij Noord (uiterlijk ma 30 sep)');
    expect(mail.text).toContain('Uiterlijk maandag 30 september 2024');
    expect(await remindersIn(store)).toEqual([['2024-09-30', 14, 'sent', null]]);
  });

  it('keeps everything while the server is away, tries once a minute, and delivers when it is back', async () => {
    const store = await fresh();
    await planned(store, ['a@example.org', 'b@example.org', 'c@example.org']);
    const { url, port, close } = await startSink();
    await close();
    const deps = { store, mailer: mailerTo(url), settings: SETTINGS };
    // The first time both lanes find out; after that it is one probe a minute.
    expect(kinds(await sendDue(deps, MONDAY))).toEqual(['broken', 'broken']);
    expect(await readBreaker(store.read)).toMatchObject({ cause: 'transport', since: MONDAY, probeAt: minutes(1) });
    expect(await sendDue(deps, minutes(0.9))).toEqual([]);
    for (let n = 1; n < 4; n += 1) expect(kinds(await sendDue(deps, minutes(n)))).toEqual(['broken']);
    const { messages } = store.read.tables;
    const rows = await store.read.select().from(messages);
    expect(rows.filter(({ kind }) => kind === 'reminder').map(({ state, attempts }) => [state, attempts])).toEqual([
      ['pending', 0],
      ['pending', 0],
      ['pending', 0],
    ]);
    const back = await startSink({ port });
    expect(kinds(await sendDue(deps, minutes(10)))).toEqual(['sent', 'sent', 'sent']);
    expect(await readBreaker(store.read)).toBeNull();
    expect(back.taken.flatMap(({ to }) => to).sort()).toEqual(['a@example.org', 'b@example.org', 'c@example.org']);
  });

  it('takes refusals of everybody for a fault of its own: it stops, buries nobody, and goes on when it is mended', async () => {
    const store = await fresh();
    const emails = Array.from({ length: 12 }, (_, n) => `r${n}@example.org`);
    await planned(store, emails);
    let blocked = true;
    const refusal = Object.assign(new Error('5.7.1 Not allowed to send'), { responseCode: 550 });
    const sink = await startSink({ onRcptTo: (_address, _session, done) => done(blocked ? refusal : null) });
    const deps = { store, mailer: mailerTo(sink.url), settings: SETTINGS, lanes: 1, chance: () => 1 };
    expect(kinds(await sendDue(deps, MONDAY))).toEqual(Array.from({ length: 5 }, () => 'refused'));
    expect(await readBreaker(store.read)).toMatchObject({ cause: 'answers', response: '550 5.7.1 Not allowed to send' });
    expect(kinds(await sendDue(deps, minutes(1)))).toEqual(['refused']);
    blocked = false;
    expect(kinds(await sendDue(deps, minutes(2)))).toEqual(Array.from({ length: 11 }, () => 'sent'));
    expect(kinds(await sendDue(deps, minutes(30)))).toEqual(['sent']);
    expect(sink.taken.flatMap(({ to }) => to).sort()).toEqual(emails.sort());
  });

  it('lets one address that is refused hold up nobody', async () => {
    const store = await fresh();
    await planned(store, ['a@example.org', 'b@example.org', 'c@example.org']);
    const refusal = Object.assign(new Error('5.1.1 No such user'), { responseCode: 550 });
    const sink = await startSink({ onRcptTo: ({ address }, _session, done) => done(address.startsWith('b') ? refusal : null) });
    const results = await sendDue({ store, mailer: mailerTo(sink.url), settings: SETTINGS }, MONDAY);
    // The reminders of the other two, and what they are told about the third.
    expect(kinds(results).sort()).toEqual(['refused', 'sent', 'sent', 'sent', 'sent']);
    expect(sink.taken.flatMap(({ to }) => to).sort()).toEqual(['a@example.org', 'a@example.org', 'c@example.org', 'c@example.org']);
    expect(await sendDue({ store, mailer: mailerTo(sink.url), settings: SETTINGS }, minutes(600))).toEqual([]);
  });

  it('sends the same bytes again, after the lease, when nobody knows whether the first copy arrived', async () => {
    const store = await fresh();
    await planned(store);
    const rude = await startSink({ dropAfterBody: true });
    expect(kinds(await sendDue({ store, mailer: mailerTo(rude.url), settings: SETTINGS }, MONDAY))).toEqual(['uncertain']);
    const sink = await startSink();
    const deps = { store, mailer: mailerTo(sink.url), settings: SETTINGS };
    expect(await sendDue(deps, minutes(14))).toEqual([]);
    expect(kinds(await sendDue(deps, new Date(MONDAY.getTime() + LEASE_MS)))).toEqual(['sent']);
    expect(sink.taken[0]!.raw.equals(rude.taken[0]!.raw)).toBe(true);
  });

  it('insists on writing down what the server took, however long the store fails', async () => {
    const store = await fresh();
    await planned(store);
    let failures = 0;
    const sink = await startSink({
      onData(stream, _session, done) {
        stream.resume();
        stream.on('end', () => {
          failures = 2;
          done();
        });
      },
    });
    const failing: Store = {
      ...store,
      async write(work) {
        if (failures === 0) return store.write(work);
        failures -= 1;
        throw new Error('database or disk is full');
      },
    };
    expect(kinds(await sendDue({ store: failing, mailer: mailerTo(sink.url), settings: SETTINGS }, MONDAY))).toEqual(['sent']);
    expect([failures, await remindersIn(store)]).toEqual([0, [['2024-09-30', 14, 'sent', null]]]);
  });

  it('sends from two workers at once without doubling anything', async () => {
    const store = await fresh();
    const emails = Array.from({ length: 12 }, (_, n) => `r${n}@example.org`);
    await planned(store, emails);
    const sink = await startSink();
    const deps = { store, mailer: mailerTo(sink.url), settings: SETTINGS };
    const results = await Promise.all([sendDue(deps, MONDAY), sendDue(deps, MONDAY), sendDue(deps, MONDAY)]);
    expect(kinds(results.flat())).toEqual(emails.map(() => 'sent'));
    expect(sink.taken.flatMap(({ to }) => to).sort()).toEqual(emails.sort());
  });

  it('puts no mail off because the store could not be asked when it was drafted', async () => {
    const store = await fresh();
    await planned(store);
    const sink = await startSink();
    const deps = { store, mailer: mailerTo(sink.url), settings: SETTINGS };
    const ended = Object.assign(new Error('terminating connection due to administrator command'), { code: '57P01' });
    const broken = {
      ...SETTINGS,
      get from(): string {
        throw ended;
      },
    };
    await expect(sendDue({ ...deps, settings: broken }, MONDAY)).rejects.toBe(ended);
    expect(kinds(await sendDue(deps, MONDAY))).toEqual(['sent']);
  });

  it('does not let a mail that cannot be drafted hold up the others', async () => {
    const store = await fresh();
    await planned(store, ['a@example.org', 'b@example.org']);
    const sink = await startSink();
    const results = await sendDue({ store, mailer: mailerTo(sink.url), settings: { ...SETTINGS, from: undefined as never } }, MONDAY);
    // Settings that make no mail stand for any fault of ours.
    expect(kinds(results)).toEqual(['faulty', 'faulty']);
    expect(kinds(await sendDue({ store, mailer: mailerTo(sink.url), settings: SETTINGS }, minutes(15)))).toEqual(['sent', 'sent']);
  });

  it('does not let a mail that left in doubt and cannot be looked at again hold up the others, nor try it on and on', async () => {
    const store = await fresh();
    await planned(store, ['a@example.org', 'b@example.org']);
    const rude = await startSink({ dropAfterBody: true });
    const doubtful = await sendDue({ store, mailer: mailerTo(rude.url), settings: SETTINGS, lanes: 1 }, MONDAY);
    expect(kinds(doubtful)).toEqual(['uncertain', 'uncertain']);
    const { recipients } = store.read.tables;
    // Stands for whatever makes looking at one of them fail.
    await store.write((tx) =>
      tx
        .update(recipients)
        .set({ declined: sql`'null'` })
        .where(eq(recipients.email, 'a@example.org')),
    );
    const sink = await startSink();
    const deps = { store, mailer: mailerTo(sink.url), settings: SETTINGS };
    const lease = LEASE_MS / 60_000;
    expect(kinds(await sendDue(deps, minutes(lease))).sort()).toEqual(['faulty', 'sent']);
    expect(sink.taken.flatMap(({ to }) => to)).toEqual(['b@example.org']);
    expect(await sendDue(deps, minutes(lease + 10))).toEqual([]);
    expect(kinds(await sendDue(deps, minutes(lease + 20)))).toEqual(['faulty']);
    await store.write((tx) => tx.update(recipients).set({ declined: [] }));
    expect(kinds(await sendDue(deps, minutes(lease + 60)))).toEqual(['sent']);
  });

  it('writes down when each mail was taken, not when the round began', async () => {
    const store = await fresh();
    await planned(store, ['a@example.org', 'b@example.org', 'c@example.org']);
    const sink = await startSink();
    let ticks = 0;
    const clock = () => new Date(MONDAY.getTime() + (ticks += 1));
    await sendDue({ store, mailer: mailerTo(sink.url), settings: SETTINGS, clock, lanes: 1 }, MONDAY);
    const { attempts, messages } = store.read.tables;
    const rows = await store.read
      .select({ startedAt: attempts.startedAt, endedAt: attempts.endedAt, markedAt: messages.markedAt, sentAt: messages.sentAt })
      .from(attempts)
      .innerJoin(messages, eq(messages.id, attempts.messageId))
      .where(eq(messages.kind, 'reminder'))
      .orderBy(attempts.endedAt);
    expect(
      rows.every(
        ({ startedAt, endedAt, markedAt, sentAt }) =>
          startedAt < markedAt! && markedAt! < sentAt! && sentAt!.getTime() === endedAt!.getTime(),
      ),
    ).toBe(true);
    expect(new Set(rows.map(({ endedAt }) => +endedAt!)).size).toBe(3);
  });

  it('stops after the mails at hand when something else is wanted', async () => {
    const store = await fresh();
    await planned(store, ['a@example.org', 'b@example.org', 'c@example.org']);
    const sink = await startSink();
    const deps = { store, mailer: mailerTo(sink.url), settings: SETTINGS };
    expect(kinds(await sendDue({ ...deps, lanes: 1, isWanted: () => true }, MONDAY))).toEqual(['sent']);
    const { messages } = store.read.tables;
    const rows = await store.read.select().from(messages);
    expect(
      rows
        .filter(({ kind }) => kind === 'reminder')
        .map(({ state }) => state)
        .sort(),
    ).toEqual(['pending', 'pending', 'sent']);
    expect(kinds(await sendDue(deps, MONDAY))).toEqual(['sent', 'sent']);
    expect(await sendDue(deps, MONDAY)).toEqual([]);
  });

  it('lets a server that does not answer after the body hold up nobody else', async () => {
    const store = await fresh();
    const emails = Array.from({ length: 9 }, (_, n) => `r${n}@example.org`);
    await planned(store, emails);
    const silent: (() => void)[] = [];
    const sink = await startSink({
      onData(stream, { envelope }, done) {
        stream.resume();
        stream.on('end', () => (/r[036]@/.test(envelope.rcptTo[0]!.address) ? silent.push(() => done()) : done()));
      },
    });
    const parked = new Set<Promise<unknown>>();
    const heard: string[] = [];
    const deps = {
      store,
      mailer: mailerTo(sink.url),
      settings: SETTINGS,
      parked,
      patienceMs: 100,
      report: ({ kind }: SendResult) => heard.push(kind),
    };
    await sendDue(deps, MONDAY);
    // The run has ended; what still waits are the three, and for a moment perhaps one that was slow by chance.
    await vi.waitUntil(() => heard.length === 6 && silent.length === 3, { timeout: 60_000 });
    expect(parked.size).toBe(3);
    for (const answer of silent) answer();
    await Promise.all(parked);
    expect(heard).toEqual(emails.map(() => 'sent'));
  });
});
