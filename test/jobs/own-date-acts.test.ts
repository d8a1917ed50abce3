/** Own dates that somebody said are done: the organisation's others hear of it as of a deadline, with the way back, and of nothing that was undone. */
import { expect, it } from 'vitest';
import { addStep, changeStep, completeStep, getStep, removeStep, reopenStep } from '../../db/organisations/steps/steps.ts';
import { confirmDeputy } from '../../db/recipients/deputies.ts';
import { eraseRecipient } from '../../db/recipients/erasure.ts';
import { chooseKind } from '../../db/recipients/preferences.ts';
import { changeRecipient } from '../../db/recipients/recipients.ts';
import { deputyDoneSubject, shortId, signShortLink } from '../../db/store/secrets.ts';
import type { Doer } from '../../db/organisations/acts/acts.ts';
import type { Store } from '../../db/store/store.ts';
import { planNow } from '../../jobs/plan.ts';
import { appFor } from '../helpers/app.ts';
import { castIn } from '../helpers/cast.ts';
import { addConfirmed, SETTINGS } from '../helpers/mail.ts';
import { linkIn, mailsAt } from '../helpers/mailbox.ts';
import { at } from '../helpers/reminders.ts';
import { onBothDialects } from '../helpers/stores.ts';

const BEFORE = at('05-01T12:00');
/** A Friday at noon, and the next working day. */
const FRIDAY = at('09-13T12:00');
const MONDAY = at('09-16T07:30');
const TUESDAY = at('09-17T07:30');

/** An organisation with recipients a, b, … and an own date long before which nobody is reminded. */
async function colleagues(store: Store, count = 3) {
  const { ro, wsv } = await castIn(store);
  const people = [];
  for (const name of ['a', 'b', 'c'].slice(0, count))
    people.push(await addConfirmed(store, ro.id, BEFORE, { email: `${name}@example.org` }));
  const step = await store.write((tx) =>
    addStep(tx, ro.id, { title: 'Begroting naar bestuur', dueOn: '2024-12-02', deadlineId: null, ownerId: null }, BEFORE),
  );
  await mailsAt(store, at('09-12T12:00'));
  const [a, b, c] = people;
  const say = async (by: string, doer: Omit<Doer, 'by'> = { way: 'page' }, now = FRIDAY) =>
    store.write((tx) => completeStep(tx, ro.id, step.id, { completedOn: '2024-09-13', by }, now, doer));
  const undo = async (by: string, now: Date) => store.write((tx) => reopenStep(tx, ro.id, step.id, now, { way: 'page', by }));
  const isDone = async () => (await getStep(store.read, ro.id, step.id)).completion !== null;
  return { ro, wsv, step, a: a!, b: b!, c: c!, say, undo, isDone };
}

const told = async (store: Store, now: Date) => (await mailsAt(store, now)).map((mail) => `${mail.for}: ${mail.subject}`);
const DONE = 'Gedaan gemeld: Begroting naar bestuur (eigen datum)';
const NOT_DONE = 'Toch niet gedaan: Begroting naar bestuur (eigen datum)';

onBothDialects('an own date that is done', (fresh) => {
  it('is told to the others on the next working day, once, with who said so and a button that opens it again', async () => {
    const store = await fresh();
    const { isDone, say } = await colleagues(store);
    await say('a@example.org');
    for (const early of [FRIDAY, at('09-15T12:00'), at('09-16T07:29')]) expect(await told(store, early)).toEqual([]);
    const mails = await mailsAt(store, MONDAY);
    expect(mails.map((mail) => `${mail.for}: ${mail.subject}`)).toEqual([`b@example.org: ${DONE}`, `c@example.org: ${DONE}`]);
    expect(mails[0]!.text).toMatch(/^a@example\.org meldde op vrijdag 13 september 2024 om 12:00 uur dat dit is gedaan:$/m);
    expect(mails[0]!.text).toMatch(/^- ma 2 dec: Begroting naar bestuur \(eigen datum\)$/m);
    expect(mails[0]!.text).toMatch(/^Klopt dit niet\? Zet het weer open:/m);
    expect(await told(store, TUESDAY)).toEqual([]);

    const { call } = await appFor(store, { secret: SETTINGS.secret, clock: () => at('09-17T10:00') });
    const shown = await call('GET', linkIn(mails[0]!, 'undo'));
    expect(shown.body).toMatch(/Begroting naar bestuur\. a@example\.org heeft gemeld dat dit is gedaan/);
    expect(await isDone()).toBe(true);
    expect((await call('POST', linkIn(mails[0]!, 'undo'), { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(403);
    expect((await call('POST', linkIn(mails[0]!, 'undo'))).body).toContain('Dit is nog niet gedaan');
    expect([(await call('POST', linkIn(mails[1]!, 'undo'))).body.includes('Dit staat open'), await isDone()]).toEqual([true, false]);
    const reopened = await mailsAt(store, at('09-18T07:30'));
    expect(reopened.map((mail) => `${mail.for}: ${mail.subject}`)).toEqual([`a@example.org: ${NOT_DONE}`, `c@example.org: ${NOT_DONE}`]);
    expect(reopened[0]!.text).toMatch(/^Hierover komen weer herinneringen\.\nGedaan\? Meld het hier:/m);
    await call('POST', linkIn(reopened[0]!, 'step'));
    expect(await isDone()).toBe(true);
  });

  it('is told as it is in the end: not what was undone, what only got another day, nor what was removed', async () => {
    const store = await fresh();
    const { ro, say, step, undo } = await colleagues(store, 2);
    await say('a@example.org');
    await planNow({ store }, FRIDAY);
    await undo('a@example.org', at('09-13T13:00'));
    expect(await told(store, MONDAY)).toEqual([]);
    await say('a@example.org', { way: 'page' }, at('09-16T12:00'));
    await store.write((tx) => changeStep(tx, ro.id, step.id, { title: 'Begroting af, zie evil.example/x' }, at('09-16T12:30')));
    const [mail] = await mailsAt(store, TUESDAY);
    // What it is called now; and nothing that somebody wrote becomes a link of its own.
    expect(mail!.subject).toBe('Gedaan gemeld: Begroting af, zie evil. example/ x (eigen datum)');
    await store.write((tx) => completeStep(tx, ro.id, step.id, { completedOn: '2024-09-12', by: 'Anna' }, at('09-17T12:00')));
    expect(await told(store, at('09-18T07:30'))).toEqual([]);
    await undo('a@example.org', at('09-18T12:00'));
    await planNow({ store }, at('09-18T12:00'));
    await store.write((tx) => removeStep(tx, ro.id, step.id, at('09-18T13:00')));
    expect(await told(store, at('09-19T07:30'))).toEqual([]);
    const { acts, notices } = store.read.tables;
    expect([await store.read.$count(acts), await store.read.$count(notices)]).toEqual([0, 0]);
    const { call } = await appFor(store, { secret: SETTINGS.secret, clock: () => at('09-19T10:00') });
    for (const method of ['GET', 'POST'])
      expect((await call(method, linkIn(mail!, 'undo'))).body).toContain('Deze eigen datum is er niet meer');
  });

  it('is told by each way in which it is said, in one mail with what was done of deadlines', async () => {
    const store = await fresh();
    const { a, b, ro, step } = await colleagues(store, 2);
    const { app } = await appFor(store, { secret: SETTINGS.secret, clock: () => FRIDAY });
    const link = `/step/${signShortLink(SETTINGS.secret, 'step', `${shortId(a.id)}:${shortId(step.id)}`)}`;
    await app.inject({ method: 'POST', url: link, headers: { 'sec-fetch-site': 'same-origin' } });
    const other = await store.write((tx) =>
      addStep(tx, ro.id, { title: 'Bestuur akkoord', dueOn: '2024-12-09', deadlineId: null, ownerId: b.id }, BEFORE),
    );
    const done = { completedOn: '2024-09-13', by: 'Planbureau' };
    await store.write((tx) => completeStep(tx, ro.id, other.id, done, at('09-13T12:01'), { way: 'key' }));
    const mails = await mailsAt(store, MONDAY);
    expect(mails.map((mail) => `${mail.for}: ${mail.subject}`)).toEqual([
      'a@example.org: Gedaan gemeld: Bestuur akkoord (eigen datum)',
      `b@example.org: ${DONE} en 1 andere`,
    ]);
    expect(mails[1]!.text).toMatch(/^Planbureau \(via een gekoppeld programma\) meldde op /m);
  });

  it('is told to nobody who declined that; to who is alone only where a button in its own mail was pressed', async () => {
    const store = await fresh();
    const { a, b, isDone, say, step, undo } = await colleagues(store, 2);
    await store.write((tx) => chooseKind(tx, b.id, 'acts', false, BEFORE));
    await say('a@example.org');
    expect(await told(store, MONDAY)).toEqual([]);
    await undo('a@example.org', at('09-16T12:00'));
    await store.write((tx) => eraseRecipient(tx, { organisationId: step.organisationId, id: b.id }, SETTINGS.secret, at('09-16T12:30')));
    expect(await told(store, TUESDAY)).toEqual([]);
    await say('Anna', { way: 'key' }, at('09-17T12:00'));
    expect(await told(store, at('09-18T07:30'))).toEqual([]);
    await undo('a@example.org', at('09-18T12:00'));
    await say('a@example.org', { way: 'link', recipientId: a.id }, at('09-18T13:00'));
    const [mail, ...others] = await mailsAt(store, at('09-19T07:30'));
    expect([mail!.for, mail!.subject, others]).toEqual(['a@example.org', DONE, []]);
    expect(mail!.text).toMatch(/^Met een knop in een mail aan a@example\.org is op woensdag 18 september 2024 om 13:00 uur gemeld/m);
    const { call } = await appFor(store, { secret: SETTINGS.secret, clock: () => at('09-19T10:00') });
    await call('POST', linkIn(mail!, 'undo'));
    expect(await isDone()).toBe(false);
  });

  it('is opened again by who still is a deputy, in its own name, and by no link of another organisation', async () => {
    const store = await fresh();
    const { b, isDone, ro, say, step, wsv } = await colleagues(store, 2);
    await store.write((tx) => changeRecipient(tx, ro.id, b.id, { deputy: { email: 'ward@example.org', until: '2024-12-31' } }, BEFORE));
    await store.write((tx) => confirmDeputy(tx, b.id, 'ward@example.org', BEFORE));
    await mailsAt(store, at('09-12T13:00'));
    await say('a@example.org');
    const [mail] = await mailsAt(store, MONDAY);
    expect(mail!.for).toBe('ward@example.org');
    const { call } = await appFor(store, { secret: SETTINGS.secret, clock: () => at('09-16T10:00') });
    const theirs = await addConfirmed(store, wsv.id, BEFORE, { email: 'x@wsv.example' });
    const sign = (subject: string) => `/undo/${signShortLink(SETTINGS.secret, 'undo', subject)}`;
    const foreign = sign(`${shortId(theirs.id)}:${shortId(step.id)}`);
    expect((await call('POST', foreign)).body).toContain('Deze eigen datum is er niet meer');
    const former = sign(deputyDoneSubject(shortId(b.id), shortId(step.id), 'former@example.org'));
    expect([(await call('POST', former)).status, await isDone()]).toEqual([410, true]);
    await call('POST', linkIn(mail!, 'undo'));
    expect(await isDone()).toBe(false);
    const { acts } = store.read.tables;
    expect((await store.read.select().from(acts)).map(({ by, kind, stepId, way }) => [kind, by, way, stepId])).toContainEqual([
      'reopened',
      'ward@example.org',
      'link',
      step.id,
    ]);
  });
});
