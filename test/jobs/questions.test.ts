/** How often a stranger is asked something, whoever asks and however: with a real mail server, through the days that follow. */
import { expect, it } from 'vitest';
import { allowQuestions, declineQuestions, releaseAddress } from '../../db/recipients/declines.ts';
import { confirmDeputy } from '../../db/recipients/deputies.ts';
import { reviewMessage } from '../../db/sending/composing.ts';
import { listMessages } from '../../db/messages/message-records.ts';
import { deleteOrganisation } from '../../db/organisations/organisations.ts';
import { claimMessages, dueMessages } from '../../db/sending/claims.ts';
import { forgetQuestions } from '../../db/recipients/questions.ts';
import {
  addRecipient,
  changeRecipient,
  confirmRecipient,
  getRecipient,
  listRecipients,
  removeRecipient,
  unsubscribeRecipient,
} from '../../db/recipients/recipients.ts';
import { digestsOf } from '../../db/store/secrets.ts';
import type { Store } from '../../db/store/store.ts';
import { MailError } from '../../jobs/transport/handover.ts';
import { composeMail } from '../../jobs/mails/compose.ts';
import { sendDue } from '../../jobs/sending/send.ts';
import { addOrganisation, castIn } from '../helpers/cast.ts';
import { openService, type Arrival } from '../helpers/days.ts';
import { addConfirmed, keepingMailer, ME, SETTINGS } from '../helpers/mail.ts';
import { at } from '../helpers/reminders.ts';
import { onBothDialects } from '../helpers/stores.ts';

const START = at('06-03T09:00');
const INPUT = { leadDays: [14], digest: 'daily' as const };
const STRANGER = 'vreemd@example.org';
const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
const later = (ms: number) => new Date(START.getTime() + ms);
const { secret } = SETTINGS;

/** The most that arrived within any span of so many milliseconds. */
function mostWithin(span: number, arrivals: readonly Arrival[]): number {
  const within = ({ at: first }: Arrival) => arrivals.filter(({ at }) => at >= first && at.getTime() < first.getTime() + span).length;
  return Math.max(0, ...arrivals.map(within));
}

const add = (store: Store, organisationId: string, email: string, now: Date) =>
  store.write((tx) => addRecipient(tx, organisationId, { ...INPUT, email }, now));

/** So many organisations, each of which asks the address. */
async function askedByMany(store: Store, count: number, emailOf: (n: number) => string): Promise<string[]> {
  await castIn(store);
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) {
    const { id } = await store.write((tx) => addOrganisation(tx, { name: `Regio ${n}` }));
    await add(store, id, emailOf(n), START);
    ids.push(id);
  }
  return ids;
}

const questionsOf = async (store: Store, organisationId: string) =>
  (await listMessages(store.read, organisationId, { page: 1, pageSize: 100 })).items
    .filter(({ kind }) => kind.endsWith('confirmation'))
    .map(({ state, reason }) => [state, reason]);

onBothDialects('a stranger', (fresh) => {
  it('is asked at most once an hour and three times a day, however often it is added and deleted', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const service = await openService(store);
    const arrived: Arrival[] = [];
    for (let n = 0; n < 28; n += 1) {
      const now = later(n * 500);
      const { id } = await add(store, ro.id, STRANGER, now);
      arrived.push(...(await service.round(now)));
      if (n < 27) await store.write((tx) => removeRecipient(tx, ro.id, id, now));
    }
    expect(arrived).toHaveLength(1);
    arrived.push(...(await service.run(later(MINUTE), later(DAY))));
    // The last one that was added stands, so its question leaves when it may.
    expect(arrived.map(({ at }) => at)).toEqual([START, later(61 * MINUTE)]);
  });

  it('is asked no more often by who makes it a deputy and takes that back', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const service = await openService(store);
    const { id } = await addConfirmed(store, ro.id, START);
    const arrived: Arrival[] = [];
    for (let n = 0; n < 28; n += 1) {
      const deputy = n % 2 === 0 ? { email: STRANGER, until: '2024-12-31' } : null;
      await store.write((tx) => changeRecipient(tx, ro.id, id, { deputy }, later(n * 500)));
      arrived.push(...(await service.round(later(n * 500))));
    }
    expect(arrived).toHaveLength(1);
    expect(mostWithin(HOUR, arrived)).toBe(1);
  });

  it('is asked by each of many organisations in the end, in whatever spelling, and never too often', async () => {
    const store = await fresh();
    const spellings = [
      'Jan@Bücher.example',
      'jan+a@xn--bcher-kva.example',
      'JAN+b@bücher.example',
      'jan@xn--bcher-kva.example',
      'jan+c@BÜCHER.example',
    ];
    await askedByMany(store, 5, (n) => spellings[n]!);
    const service = await openService(store);
    const arrived = await service.run(START, later(3 * DAY));
    expect([arrived.length, mostWithin(HOUR, arrived), mostWithin(DAY, arrived)]).toEqual([5, 1, 3]);
    expect(arrived.map(({ at }) => (at.getTime() - START.getTime()) / HOUR)).toEqual([0, 1, 2, 24, 25]);
    // Another mailbox at the same domain waits for nobody.
    await add(store, (await store.write((tx) => addOrganisation(tx, {}))).id, 'janneke@bücher.example', later(26 * HOUR));
    expect(await service.round(later(26 * HOUR))).toHaveLength(1);
  });

  it('stays unasked when the organisation that asked is deleted and made anew', async () => {
    const store = await fresh();
    await castIn(store);
    const service = await openService(store);
    const arrived: Arrival[] = [];
    for (let n = 0; n < 5; n += 1) {
      const { id } = await store.write((tx) => addOrganisation(tx, {}));
      await add(store, id, STRANGER, later(n * MINUTE));
      arrived.push(...(await service.round(later(n * MINUTE))));
      await store.write((tx) => deleteOrganisation(tx, id, later(n * MINUTE)));
    }
    expect(arrived).toHaveLength(1);
    // Nothing is kept of an address longer than its limit, and nothing in clear text.
    const { questions } = store.read.tables;
    expect(JSON.stringify(await store.read.select().from(questions))).not.toContain('vreemd');
    await store.write((tx) => forgetQuestions(tx, later(23 * HOUR)));
    expect(await store.read.$count(questions)).toBe(1);
    await store.write((tx) => forgetQuestions(tx, later(25 * HOUR)));
    expect(await store.read.$count(questions)).toBe(0);
  });

  it('hears an organisation that asks it once before all that another asks by many recipients', async () => {
    const store = await fresh();
    const { ro, outsider } = await castIn(store);
    const service = await openService(store);
    for (let n = 0; n < 10; n += 1) await addConfirmed(store, ro.id, START, { email: `r${n}@example.org` });
    for (const { id } of await listRecipients(store.read, ro.id))
      await store.write((tx) => changeRecipient(tx, ro.id, id, { deputy: { email: STRANGER, until: '2024-12-31' } }, START));
    expect(await service.round(START)).toHaveLength(1);
    const { id } = await add(store, outsider.id, STRANGER, later(MINUTE));
    await service.run(later(MINUTE), later(90 * MINUTE));
    expect(await questionsOf(store, outsider.id)).toEqual([['sent', null]]);
    expect((await getRecipient(store.read, id)).status).toBe('pending');
  });

  it('loses no turn to a mail server that is away or refuses: a mail that did not arrive asked nobody', async () => {
    const store = await fresh();
    const [first, second] = await askedByMany(store, 2, () => STRANGER);
    const failing = (fault: ConstructorParameters<typeof MailError>[0]) => ({
      ...keepingMailer(),
      send: () => Promise.reject(new MailError(fault)),
    });
    for (let n = 0; n < 5; n += 1) {
      const now = later(n * 10 * MINUTE);
      const mailer =
        n < 3
          ? failing({ kind: 'transport', code: null, response: 'refused' })
          : failing({ kind: 'deferred', code: 450, response: '450 later', waitMs: null });
      await sendDue({ store, mailer, settings: SETTINGS }, now);
    }
    const service = await openService(store);
    const arrived = await service.run(later(2 * HOUR), later(4 * HOUR));
    expect([arrived.length, mostWithin(HOUR, arrived)]).toEqual([2, 1]);
    for (const id of [first!, second!]) expect(await questionsOf(store, id)).toEqual([['sent', null]]);
  });

  it('is asked once when several senders hold a question each at the same moment', async () => {
    const store = await fresh();
    await askedByMany(store, 4, () => STRANGER);
    // It was asked before, so that its row is there for all of them.
    const { mailbox } = digestsOf(secret, STRANGER);
    await store.write((tx) => tx.insert(tx.tables.questions).values({ mailbox, asked: [], lastAt: START }));
    const due = await dueMessages(store.read, START, 10);
    const prepared = await Promise.all(
      due.map(async (message) => {
        const review = await reviewMessage(store.read, message, START);
        return { message, review, mail: composeMail(message, review.draft!, SETTINGS, START) };
      }),
    );
    const claims = await Promise.all(prepared.map((one) => store.write((tx) => claimMessages(tx, [one], { ...ME, now: START }))));
    expect(claims.flat()).toHaveLength(1);
    // The others wait: they are due when the limit allows.
    expect(await dueMessages(store.read, later(HOUR - 1), 10)).toEqual([]);
    expect(await dueMessages(store.read, later(HOUR + 1), 10)).toHaveLength(3);
  });

  it('is not silenced by a clock that was wrong for a while', async () => {
    const store = await fresh();
    await askedByMany(store, 2, () => STRANGER);
    const service = await openService(store);
    expect(await service.round(later(365 * DAY))).toHaveLength(1);
    await store.write((tx) => tx.update(tx.tables.messages).set({ dueAt: START }));
    expect(await service.round(later(MINUTE))).toHaveLength(1);
  });

  it('is not asked any more when the question no longer stands by the time it may leave', async () => {
    const store = await fresh();
    const ids = await askedByMany(store, 4, () => STRANGER);
    const service = await openService(store);
    expect(await service.round(START)).toHaveLength(1);
    const fates = await Promise.all(ids.map((id) => questionsOf(store, id)));
    const waiting = ids.filter((_, n) => fates[n]![0]![0] === 'pending');
    const people = await Promise.all(waiting.map(async (id) => (await listRecipients(store.read, id))[0]!));
    await store.write((tx) => removeRecipient(tx, waiting[0]!, people[0]!.id, later(MINUTE)));
    await store.write((tx) => unsubscribeRecipient(tx, people[1]!.id, later(MINUTE)));
    expect(await service.run(later(MINUTE), later(3 * DAY))).toHaveLength(1);
    expect((await Promise.all(waiting.map((id) => questionsOf(store, id)))).flat()).toEqual([
      ['cancelled', 'recipient_removed'],
      ['cancelled', 'unsubscribed'],
      ['sent', null],
    ]);
  });

  it('is no deputy to be asked once its last day has passed while the question waited', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const service = await openService(store);
    const evening = at('06-03T23:30');
    const { id } = await addConfirmed(store, ro.id, evening);
    await add(store, ro.id, STRANGER, evening);
    expect(await service.round(evening)).toHaveLength(1);
    await store.write((tx) => changeRecipient(tx, ro.id, id, { deputy: { email: STRANGER, until: '2024-06-03' } }, evening));
    expect(await service.run(evening, at('06-05T12:00'))).toEqual([]);
    expect(await questionsOf(store, ro.id)).toContainEqual(['cancelled', 'passed']);
  });
});

onBothDialects('an address that is not to be asked', (fresh) => {
  const refusing = () => {
    const kept = keepingMailer();
    return {
      ...kept,
      send: async (...[envelope, raw, handover]: Parameters<typeof kept.send>) => {
        if (envelope.to === STRANGER) throw new MailError({ kind: 'undeliverable', code: 550, response: '550 5.1.1 No such user' });
        return kept.send(envelope, raw, handover);
      },
    };
  };

  it('is left alone once the mail server said that it does not exist: deleted, added elsewhere, as a deputy, in another spelling', async () => {
    const store = await fresh();
    const { ro, wsv, outsider } = await castIn(store);
    const { id } = await add(store, ro.id, STRANGER, START);
    await sendDue({ store, mailer: refusing(), settings: SETTINGS }, START);
    expect(await getRecipient(store.read, id)).toMatchObject({ status: 'undeliverable', fault: '550 5.1.1 No such user' });
    // Added anew it stays what it is.
    expect(await add(store, ro.id, STRANGER, later(MINUTE))).toMatchObject({
      id,
      status: 'undeliverable',
      fault: '550 5.1.1 No such user',
    });
    await store.write((tx) => removeRecipient(tx, ro.id, id, later(MINUTE)));
    const again = await add(store, ro.id, STRANGER, later(MINUTE));
    await add(store, wsv.id, 'VREEMD@Example.org', later(MINUTE));
    const reader = await addConfirmed(store, outsider.id, START);
    await store.write((tx) =>
      changeRecipient(tx, outsider.id, reader.id, { deputy: { email: STRANGER, until: '2024-12-31' } }, later(MINUTE)),
    );
    const service = await openService(store);
    expect(await service.run(later(MINUTE), later(3 * DAY))).toEqual([]);
    expect(await getRecipient(store.read, again.id)).toMatchObject({ status: 'undeliverable', fault: '550 5.1.1' });
    expect((await listRecipients(store.read, wsv.id)).map(({ status }) => status)).toEqual(['undeliverable']);
    expect(await getRecipient(store.read, reader.id)).toMatchObject({ deputyFault: '550 5.1.1' });
    // With another tag a mail server may know it.
    await add(store, ro.id, 'vreemd+zorg@example.org', later(3 * DAY));
    expect(await service.round(later(3 * DAY))).toHaveLength(1);
    // Whoever runs the service knows better: then all are asked, and who was confirmed is not asked anew.
    expect(await store.write((tx) => releaseAddress(tx, 'Vreemd@example.org', secret, later(4 * DAY)))).toBe(3);
    const arrived = await service.run(later(4 * DAY), later(7 * DAY));
    expect([arrived.length, mostWithin(HOUR, arrived)]).toEqual([3, 1]);
    await expect(store.write((tx) => releaseAddress(tx, STRANGER, secret, later(7 * DAY)))).rejects.toMatchObject({ kind: 'not_found' });
  });

  it('is left alone by the organisation that it declined, and by no other, until it says otherwise', async () => {
    const store = await fresh();
    const { ro, outsider } = await castIn(store);
    const { id } = await add(store, ro.id, STRANGER, START);
    const decline = { organisationId: ro.id, mailbox: digestsOf(secret, STRANGER).mailbox };
    const service = await openService(store);
    for (let twice = 0; twice < 2; twice += 1) await store.write((tx) => declineQuestions(tx, decline, secret, START));
    expect(await questionsOf(store, ro.id)).toEqual([['cancelled', 'declined']]);
    await store.write((tx) => removeRecipient(tx, ro.id, id, START));
    const tagged = await add(store, ro.id, 'Vreemd+x@example.org', START);
    const reader = await addConfirmed(store, ro.id, START);
    await store.write((tx) => changeRecipient(tx, ro.id, reader.id, { deputy: { email: STRANGER, until: '2024-12-31' } }, START));
    expect(await service.run(START, later(DAY))).toEqual([]);
    await add(store, outsider.id, STRANGER, later(DAY));
    expect(await service.run(later(DAY), later(2 * DAY))).toHaveLength(1);
    // Taken back: what has no answer yet is asked.
    for (let twice = 0; twice < 2; twice += 1) await store.write((tx) => allowQuestions(tx, decline, secret, later(2 * DAY)));
    const arrived = await service.run(later(2 * DAY), later(3 * DAY));
    expect(arrived.map(({ to }) => to).sort()).toEqual(['vreemd+x@example.org', STRANGER]);
    expect((await getRecipient(store.read, tagged.id)).status).toBe('pending');
  });
});

onBothDialects('a deputy that gave no answer', (fresh) => {
  it('is asked when whom it stands in for comes back, and not twice for a new last day', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const service = await openService(store);
    const { id } = await addConfirmed(store, ro.id, START);
    const appoint = (until: string, now: Date) =>
      store.write((tx) => changeRecipient(tx, ro.id, id, { deputy: { email: STRANGER, until } }, now));
    await appoint('2024-11-30', START);
    await store.write((tx) => unsubscribeRecipient(tx, id, START));
    expect(await service.run(START, later(HOUR))).toEqual([]);
    await add(store, ro.id, 'a@example.org', later(HOUR));
    await store.write((tx) => confirmRecipient(tx, id, later(HOUR)));
    await appoint('2024-11-30', later(HOUR));
    const asked = await service.run(later(HOUR), later(4 * HOUR));
    expect(asked.filter(({ to }) => to === STRANGER)).toHaveLength(1);
    await appoint('2024-12-31', later(4 * HOUR));
    expect(await service.run(later(4 * HOUR), later(DAY))).toEqual([]);
    await store.write((tx) => confirmDeputy(tx, id, STRANGER, later(DAY)));
    expect((await getRecipient(store.read, id)).deputyConfirmedAt).toEqual(later(DAY));
  });
});

onBothDialects('an organisation', (fresh) => {
  it('has fifty recipients at most, also when two add the last one at the same moment', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    for (let n = 0; n < 49; n += 1) await add(store, ro.id, `r${n}@example.org`, START);
    const ends = await Promise.allSettled(['x', 'y', 'z'].map((name) => add(store, ro.id, `${name}@example.org`, START)));
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
    const all = await listRecipients(store.read, ro.id);
    expect(all.map(({ position }) => position)).toEqual(Array.from({ length: 50 }, (_, n) => n + 1));
    await expect(add(store, ro.id, 'extra@example.org', START)).rejects.toMatchObject({
      kind: 'conflict',
      message: 'The organisation has 50 recipients, and may have 50. Remove one first.',
      faults: [{ field: 'email', message: 'is one more than the 50 recipients that an organisation may have' }],
    });
    // Who left may come back, and who goes makes room.
    await store.write((tx) => unsubscribeRecipient(tx, all[0]!.id, START));
    expect((await add(store, ro.id, all[0]!.email, START)).status).toBe('pending');
    await store.write((tx) => removeRecipient(tx, ro.id, all[1]!.id, START));
    await add(store, ro.id, 'extra@example.org', START);
  });
});
