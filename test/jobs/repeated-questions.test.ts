/** Who does not answer is asked once more after three days, and then no more. */
import { expect, it } from 'vitest';
import { declineQuestions } from '../../db/recipients/declines.ts';
import { addRecipient, askToReturn, confirmRecipient, removeRecipient, unsubscribeRecipient } from '../../db/recipients/recipients.ts';
import { endHold, holdMail } from '../../db/messages/hold.ts';
import { listMessages } from '../../db/messages/message-records.ts';
import { digestsOf } from '../../db/store/secrets.ts';
import type { Store } from '../../db/store/store.ts';
import { noteDead } from '../../db/messages/unaskable.ts';
import { rehearse } from '../../jobs/rehearsal.ts';
import { auditNow } from '../../jobs/watch.ts';
import { addOrganisation, castIn } from '../helpers/cast.ts';
import { SETTINGS } from '../helpers/mail.ts';
import { linkIn, mailsAt, subjectsAt } from '../helpers/mailbox.ts';
import { at } from '../helpers/reminders.ts';
import { onBothDialects } from '../helpers/stores.ts';

const START = at('06-03T09:00');
const [HOUR, DAY] = [3_600_000, 86_400_000];
const later = (ms: number) => new Date(START.getTime() + ms);
const STRANGER = 'vreemd@example.org';
const { secret } = SETTINGS;

const add = (store: Store, organisationId: string, email = STRANGER, now = START) =>
  store.write((tx) => addRecipient(tx, organisationId, { email, leadDays: [14], digest: 'daily' }, now));

/** What the jobs do at a moment; what was mailed, by address and subject. */
async function roundAt(store: Store, now: Date): Promise<string[]> {
  await auditNow({ store, secret }, now);
  return subjectsAt(store, now);
}

const FIRST = `${STRANGER}: Bevestig uw adres voor de Inkoopkalender`;
const SECOND = `${STRANGER}: Nog één keer: bevestig uw adres voor de Inkoopkalender`;

onBothDialects('a question without an answer', (fresh) => {
  it('is repeated once, after three days, by a mail of its own that the list shows and that says so', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    await add(store, ro.id);
    expect(await roundAt(store, START)).toEqual([FIRST]);
    expect(await roundAt(store, later(3 * DAY - HOUR))).toEqual([]);
    // The rehearsal of that day has it, and changes nothing.
    for (const day of [2, 3, 3])
      expect((await rehearse(store, secret, later(day * DAY - HOUR))).map(({ draft }) => draft.isRepeated)).toEqual(
        day === 3 ? [true] : [],
      );
    await auditNow({ store, secret }, later(3 * DAY));
    const [mail, ...others] = await mailsAt(store, later(3 * DAY));
    expect([`${mail!.for}: ${mail!.subject}`, others]).toEqual([SECOND, []]);
    expect(mail!.text).toContain('Wij vroegen u dit een paar dagen geleden ook en kregen geen antwoord.');
    expect(linkIn(mail!, 'confirm')).toContain('/confirm/');
    expect(linkIn(mail!, 'decline')).toContain('/decline/');
    for (let day = 4; day <= 20; day += 1) expect(await roundAt(store, later(day * DAY))).toEqual([]);
    const { items } = await listMessages(store.read, ro.id, { page: 1, pageSize: 10 });
    expect(items.map(({ kind, state, subject }) => `${kind} ${state} ${subject}`).sort()).toEqual([
      'confirmation sent Bevestig uw adres voor de Inkoopkalender',
      'confirmation sent Nog één keer: bevestig uw adres voor de Inkoopkalender',
    ]);
  });

  it('is not repeated while mail is held, since nobody asks for that, and is once the hold has ended', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    await add(store, ro.id);
    expect(await roundAt(store, START)).toEqual([FIRST]);
    const since = later(DAY);
    await store.write((tx) => holdMail(tx, { since, from: since, why: 'it was restored', by: 'restore', doubt: null }));
    expect(await roundAt(store, later(3 * DAY))).toEqual([]);
    await store.write(endHold);
    expect(await roundAt(store, later(4 * DAY))).toEqual([SECOND]);
  });

  it('is not repeated to who said yes, left, was removed, declined or does not exist', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const emails = ['yes', 'left', 'removed', 'declined', 'dead', 'silent'].map((name) => `${name}@example.org`);
    const [yes, left, removed] = await emails.reduce<Promise<{ id: string }[]>>(
      async (some, email) => [...(await some), await add(store, ro.id, email)],
      Promise.resolve([]),
    );
    expect(await roundAt(store, START)).toHaveLength(6);
    await store.write(async (tx) => {
      await confirmRecipient(tx, yes!.id, later(HOUR));
      await unsubscribeRecipient(tx, left!.id, later(HOUR));
      await removeRecipient(tx, ro.id, removed!.id, later(HOUR));
      const { mailbox } = digestsOf(secret, 'declined@example.org');
      await declineQuestions(tx, { organisationId: ro.id, mailbox }, secret, later(HOUR));
      await noteDead(tx, digestsOf(secret, 'dead@example.org'), '550 5.1.1 no such user', later(HOUR));
    });
    await roundAt(store, later(HOUR));
    expect(await roundAt(store, later(3 * DAY))).toEqual(['silent@example.org: Nog één keer: bevestig uw adres voor de Inkoopkalender']);
    expect(
      (await listMessages(store.read, ro.id, { page: 1, pageSize: 100 })).items.filter(({ kind }) => kind === 'confirmation'),
    ).toHaveLength(7);
  });

  it('keeps to the limit of a mailbox, whoever asks', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    await add(store, ro.id);
    await roundAt(store, START);
    for (let n = 0; n < 2; n += 1) {
      const { id } = await store.write((tx) => addOrganisation(tx, { name: `Regio ${n}` }));
      await add(store, id, STRANGER, later(3 * DAY - 2 * HOUR));
    }
    expect(await roundAt(store, later(3 * DAY - 2 * HOUR))).toEqual([FIRST]);
    expect(await roundAt(store, later(3 * DAY - HOUR + 1))).toEqual([FIRST]);
    // One within the hour before, and two within the day.
    expect(await roundAt(store, later(3 * DAY))).toEqual([]);
    expect(await roundAt(store, later(3 * DAY + 2))).toEqual([SECOND]);
  });

  it('is repeated for a new question too, and not for one that nobody remembers', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const { id } = await add(store, ro.id);
    expect(await roundAt(store, START)).toEqual([FIRST]);
    // The service was down.
    expect(await roundAt(store, later(15 * DAY))).toEqual([]);
    await store.write((tx) => askToReturn(tx, id, later(16 * DAY)));
    expect(await roundAt(store, later(16 * DAY))).toEqual([FIRST]);
    expect(await roundAt(store, later(19 * DAY))).toEqual([SECOND]);
    expect(await roundAt(store, later(23 * DAY))).toEqual([]);
  });

  it('is repeated once by two instances', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    await add(store, ro.id);
    await roundAt(store, START);
    await Promise.all([1, 2].map(() => auditNow({ store, secret }, later(3 * DAY))));
    expect(await subjectsAt(store, later(3 * DAY))).toEqual([SECOND]);
    expect(await subjectsAt(store, later(3 * DAY + 2 * HOUR))).toEqual([]);
  });
});
