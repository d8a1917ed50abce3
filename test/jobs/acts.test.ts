/** What others did: who of an organisation hears of it, when, once, and not of what was undone meanwhile. */
import { expect, it } from 'vitest';
import { signShortLink, shortId } from '../../db/store/secrets.ts';
import { markOf } from '../../db/registry/named-deadlines.ts';
import { complete, findCompletion, reopen } from '../../db/organisations/completions.ts';
import { purgeActs } from '../../db/organisations/acts/acts.ts';
import { chooseKind, muteDeadline, unmuteDeadline } from '../../db/recipients/preferences.ts';
import { changeRecipient, unsubscribeRecipient } from '../../db/recipients/recipients.ts';
import { eraseRecipient } from '../../db/recipients/erasure.ts';
import type { Doer } from '../../db/organisations/acts/acts.ts';
import { eq } from '../../db/store/drizzle.ts';
import type { Store } from '../../db/store/store.ts';
import { planNow } from '../../jobs/plan.ts';
import { appFor } from '../helpers/app.ts';
import { addDeadline, castIn } from '../helpers/cast.ts';
import { addConfirmed, SETTINGS } from '../helpers/mail.ts';
import { linkIn, mailsAt } from '../helpers/mailbox.ts';
import { at } from '../helpers/reminders.ts';
import { onBothDialects } from '../helpers/stores.ts';

const BEFORE = at('05-01T12:00');
/** A Friday at noon, and the next working day. */
const FRIDAY = at('09-13T12:00');
const MONDAY = at('09-16T07:30');

/** An organisation with recipients a, b, … of whom none is reminded in these days, and a plan. */
async function colleagues(store: Store, count = 3) {
  const { ro } = await castIn(store);
  const plan = await store.write((tx) => addDeadline(tx, {}, { rule: { kind: 'fixed', on: '2024-12-02' } }));
  const people = [];
  for (const name of ['a', 'b', 'c'].slice(0, count))
    people.push(await addConfirmed(store, ro.id, BEFORE, { email: `${name}@example.org`, leadDays: [0] }));
  await mailsAt(store, at('09-12T12:00'));
  const [a, b, c] = people;
  const say = async (by: string, doer: Omit<Doer, 'by'> = { way: 'page' }, now = FRIDAY, notApplicable?: string) => {
    const said = { completedOn: '2024-09-13', by, evidence: null, ...(notApplicable === undefined ? {} : { notApplicable }) };
    await store.write((tx) => complete(tx, ro.id, plan.id, said, now, doer));
  };
  return { ro, plan, a: a!, b: b!, c: c!, say };
}

/** Who got a mail at a moment, with its subject. */
const told = async (store: Store, now: Date) => (await mailsAt(store, now)).map((mail) => `${mail.for}: ${mail.subject}`);

const DONE = 'Gedaan gemeld: jaarplan met begroting indienen bij Noord';

onBothDialects('what somebody does', (fresh) => {
  it('is told to the others on the next working day at 07:30, with who did it and the way back, once', async () => {
    const store = await fresh();
    const { a, say } = await colleagues(store);
    await say('a@example.org', { way: 'link', recipientId: a.id });
    for (const early of [FRIDAY, at('09-14T07:30'), at('09-15T12:00'), at('09-16T07:29')]) expect(await told(store, early)).toEqual([]);
    const mails = await mailsAt(store, MONDAY);
    expect(mails.map((mail) => `${mail.for}: ${mail.subject}`)).toEqual([`b@example.org: ${DONE}`, `c@example.org: ${DONE}`]);
    expect(mails[0]!.text).toMatch(/^a@example\.org meldde op vrijdag 13 september 2024 om 12:00 uur dat dit is gedaan:$/m);
    expect(mails[0]!.text).toMatch(/^- ma 2 dec: jaarplan met begroting indienen bij Noord$/m);
    expect(linkIn(mails[0]!, 'undo')).not.toBe(linkIn(mails[1]!, 'undo'));
    for (const later of [MONDAY, at('09-17T07:30')]) expect(await told(store, later)).toEqual([]);
  });

  it('leaves at the hour that a reader chose for its mails', async () => {
    const store = await fresh();
    const { b, ro, say } = await colleagues(store, 2);
    await store.write((tx) => changeRecipient(tx, ro.id, b.id, { sendHour: '09:00' }, BEFORE));
    await say('a@example.org');
    expect(await told(store, MONDAY)).toEqual([]);
    expect(await told(store, at('09-16T09:00'))).toEqual([`b@example.org: ${DONE}`]);
  });

  it('is told with its reason where it need not be done, and by which way it was said', async () => {
    const store = await fresh();
    const { say } = await colleagues(store, 2);
    await say('Anna', { way: 'key' }, FRIDAY, 'wij hebben geen contract, zie evil.example/x');
    const mails = await mailsAt(store, MONDAY);
    expect(mails.map((mail) => mail.for)).toEqual(['a@example.org', 'b@example.org']);
    // Nothing that somebody wrote becomes a link of its own.
    expect(mails[0]!.text).toContain(
      'Anna (via een gekoppeld programma) meldde op vrijdag 13 september 2024 om 12:00 uur dat dit niet geldt voor Regio Zuid, omdat: “wij hebben geen contract, zie evil. example/ x”',
    );
  });

  it('is told as it is in the end: nothing of what was undone, and once what was corrected', async () => {
    const store = await fresh();
    const { plan, ro, say } = await colleagues(store, 2);
    const undo = (now: Date) => store.write((tx) => reopen(tx, ro.id, plan.id, now, { way: 'page', by: 'a@example.org' }));
    await say('a@example.org');
    await planNow({ store }, FRIDAY);
    await undo(at('09-13T13:00'));
    expect(await told(store, MONDAY)).toEqual([]);
    await say('a@example.org', { way: 'page' }, at('09-16T12:00'));
    await say('a@example.org', { way: 'page' }, at('09-16T12:05'), 'toch niet');
    const corrected = await mailsAt(store, at('09-17T07:30'));
    expect(corrected.map((mail) => `${mail.for}: ${mail.subject}`)).toEqual([
      'b@example.org: Gemeld dat dit niet geldt: jaarplan met begroting indienen bij Noord',
    ]);
    await undo(at('09-17T12:00'));
    const reopened = await mailsAt(store, at('09-18T07:30'));
    expect(reopened.map((mail) => `${mail.for}: ${mail.subject}`)).toEqual([
      'b@example.org: Toch niet gedaan: jaarplan met begroting indienen bij Noord',
    ]);
    expect(reopened[0]!.text).toMatch(/^Hierover komen weer herinneringen\.\nGedaan\? Meld het hier:/m);
    // Taken back and said again, all before the morning: as they know it.
    await say('a@example.org', { way: 'page' }, at('09-18T12:00'));
    expect(await told(store, at('09-19T07:30'))).toEqual([`b@example.org: ${DONE}`]);
    await undo(at('09-19T12:00'));
    await say('a@example.org', { way: 'page' }, at('09-19T12:05'));
    expect(await told(store, at('09-20T07:30'))).toEqual([]);
  });

  it('is told to nobody where an organisation has one recipient, but for what a button in its mail did: that it hears itself', async () => {
    const store = await fresh();
    const { a, plan, ro, say } = await colleagues(store, 1);
    await say('Anna', { way: 'key' });
    expect(await told(store, MONDAY)).toEqual([]);
    const { acts } = store.read.tables;
    expect(await store.read.$count(acts)).toBe(0);
    await store.write((tx) => reopen(tx, ro.id, plan.id, at('09-16T08:00'), { way: 'key', by: null }));
    // A program opens the link and presses the button.
    const { call } = await appFor(store, { secret: SETTINGS.secret, clock: () => at('09-16T10:00') });
    await call('POST', `/done/${signShortLink(SETTINGS.secret, 'done', `${shortId(a.id)}:${markOf(plan.id)}`)}`);
    expect((await findCompletion(store.read, ro.id, plan.id))?.by).toBe('a@example.org');
    const [mail] = await mailsAt(store, at('09-17T07:30'));
    expect([mail!.for, mail!.subject]).toEqual(['a@example.org', DONE]);
    expect(mail!.text).toMatch(/^Met een knop in een mail aan a@example\.org is op maandag 16 september 2024 om 10:00 uur gemeld/m);
    await call('POST', linkIn(mail!, 'undo'));
    expect(await findCompletion(store.read, ro.id, plan.id)).toBeNull();
    // Also where it declined to hear of others.
    await store.write(async (tx) => {
      await chooseKind(tx, a.id, 'acts', false, BEFORE);
      await muteDeadline(tx, a.id, plan.id, at('09-18T10:00'), 'link');
    });
    const mails = await mailsAt(store, at('09-19T07:30'));
    expect(mails.map(({ text }) => /gevraagd om hierover geen mails meer te sturen/.test(text!))).toEqual([true]);
    await call('POST', linkIn(mails[0]!, 'mute').replace('/mute/', '/unmute/'));
    expect(await store.read.$count(store.read.tables.mutes)).toBe(0);
  });

  it('is told of who wants no more mail, of one deadline or at all, unless that was taken back', async () => {
    const store = await fresh();
    const { a, c, plan } = await colleagues(store);
    await store.write((tx) => muteDeadline(tx, a.id, plan.id, FRIDAY, 'link'));
    await store.write((tx) => unsubscribeRecipient(tx, c.id, at('09-13T13:00'), 'link'));
    const mails = await mailsAt(store, MONDAY);
    expect(mails.map((mail) => mail.for)).toEqual(['a@example.org', 'b@example.org']);
    expect(mails[0]!.subject).toBe('Een adres krijgt geen mails meer voor Regio Zuid');
    expect(mails[1]!.subject).toBe('Een adres krijgt geen mails meer over: jaarplan met begroting… bij Noord en 1 andere');
    expect(mails[1]!.text).toMatch(/^a@example\.org wil sinds .* geen mails meer hierover:$/m);
    expect(mails[1]!.text).toMatch(/^c@example\.org krijgt sinds .* geen mails meer voor Regio Zuid\.$/m);
    await store.write((tx) => unmuteDeadline(tx, a.id, plan.id, MONDAY));
    await store.write((tx) => muteDeadline(tx, a.id, plan.id, at('09-16T12:00'), 'link'));
    await store.write((tx) => unmuteDeadline(tx, a.id, plan.id, at('09-16T12:01')));
    expect(await told(store, at('09-17T07:30'))).toEqual([]);
  });

  it('is told to nobody who declined that, or muted the deadline, and to who is away when it is back', async () => {
    const store = await fresh();
    const { a, b, c, plan, ro, say } = await colleagues(store);
    await store.write((tx) => muteDeadline(tx, a.id, plan.id, BEFORE));
    await store.write((tx) => chooseKind(tx, b.id, 'acts', false, BEFORE));
    await store.write((tx) => changeRecipient(tx, ro.id, c.id, { pausedUntil: '2024-09-19' }, FRIDAY));
    await say('Anna', { way: 'key' });
    for (const day of ['16', '17', '18']) expect(await told(store, at(`09-${day}T07:30`))).toEqual([]);
    expect(await told(store, at('09-19T07:30'))).toEqual([`c@example.org: ${DONE}`]);
    // A pause that begins after it was queued puts it off too.
    await store.write((tx) => reopen(tx, ro.id, plan.id, at('09-19T12:00'), { way: 'key', by: null }));
    await planNow({ store }, at('09-19T12:00'));
    await store.write((tx) => changeRecipient(tx, ro.id, c.id, { pausedUntil: '2024-09-24' }, at('09-19T13:00')));
    expect(await told(store, at('09-20T07:30'))).toEqual([]);
    expect(await told(store, at('09-24T07:30'))).toEqual(['c@example.org: Toch niet gedaan: jaarplan met begroting indienen bij Noord']);
  });

  it('goes to no deputy that did it itself, and to one that did not', async () => {
    const store = await fresh();
    const { a, say } = await colleagues(store, 2);
    const deputy = { deputyEmail: 'ward@example.org', deputyUntil: '2024-12-31', deputyConfirmedAt: BEFORE };
    await store.write((tx) => tx.update(tx.tables.recipients).set(deputy).where(eq(tx.tables.recipients.id, a.id)));
    await say('ward@example.org', { way: 'link', recipientId: a.id });
    expect(await told(store, MONDAY)).toEqual([`b@example.org: ${DONE}`]);
    await say('b@example.org', { way: 'page' }, at('09-16T12:00'), 'niet van ons');
    const [mail] = await mailsAt(store, at('09-17T07:30'));
    expect(mail!.for).toBe('ward@example.org');
    const { call } = await appFor(store, { secret: SETTINGS.secret, clock: () => at('09-17T10:00') });
    expect((await call('GET', linkIn(mail!, 'undo'))).body).toContain('Zet dit weer open');
    await store.write((tx) =>
      tx.update(tx.tables.recipients).set({ deputyEmail: 'x@example.org' }).where(eq(tx.tables.recipients.id, a.id)),
    );
    expect((await call('POST', linkIn(mail!, 'undo'))).status).toBe(410);
  });

  it('names nobody who was removed meanwhile, and is forgotten with the mails that told of it', async () => {
    const store = await fresh();
    const { a, ro, say } = await colleagues(store, 2);
    await say('a@example.org', { way: 'link', recipientId: a.id });
    await planNow({ store }, FRIDAY);
    await store.write((tx) => eraseRecipient(tx, { organisationId: ro.id, id: a.id }, SETTINGS.secret, at('09-13T13:00')));
    const { acts, messages } = store.read.tables;
    expect((await store.read.select().from(acts)).map(({ by, recipientId }) => [by, recipientId])).toEqual([
      ['een ontvanger die is verwijderd', null],
    ]);
    const [mail] = await mailsAt(store, MONDAY);
    expect(mail!.text).toMatch(/^een ontvanger die is verwijderd meldde op/im);
    expect(mail!.text).not.toContain('a@example.org');
    expect(await purgeActs(store, at('12-01T00:00'))).toBe(0);
    await store.write((tx) => tx.delete(messages));
    expect(await purgeActs(store, at('12-01T00:00'))).toBe(1);
  });
});
