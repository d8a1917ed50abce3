/** The pages on which a reader of a mail says something: less mail, done, somebody else. */
import { markOf } from '../../db/registry/named-deadlines.ts';
import { shortId } from '../../db/store/secrets.ts';
import { expect, it } from 'vitest';
import { complete, findCompletion, reopen } from '../../db/organisations/completions.ts';
import { removeRelation } from '../../db/organisations/organisations.ts';
import { withdrawDeadline } from '../../db/registry/amending.ts';
import { changeRecipient, getRecipient } from '../../db/recipients/recipients.ts';
import type { Store } from '../../db/store/store.ts';
import { markUndeliverable } from '../../db/recipients/undeliverable.ts';
import { mutedBy } from '../../db/recipients/preferences.ts';
import { appFor } from '../helpers/app.ts';
import { addDeadline, castIn } from '../helpers/cast.ts';
import { addConfirmed, SETTINGS } from '../helpers/mail.ts';
import { linkIn, mailsAt } from '../helpers/mailbox.ts';
import { at, MONDAY } from '../helpers/reminders.ts';
import { onBothDialects } from '../helpers/stores.ts';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const BEFORE = at('09-02T12:00');

/** A service, and the reminder that somebody got on the day it asks. */
async function reminded(store: Store) {
  const cast = await castIn(store);
  const deadline = await store.write((tx) => addDeadline(tx, {}, { rule: { kind: 'fixed', on: '2024-09-30' } }));
  const recipient = await addConfirmed(store, cast.ro.id, BEFORE);
  const [mail] = await mailsAt(store, MONDAY);
  let rings = 0;
  const { app, call } = await appFor(store, { secret: SETTINGS.secret, clock: () => MONDAY, ring: () => void (rings += 1) });
  const post = (path: string, fields: Record<string, string> = {}) =>
    call('POST', path, { headers: FORM, body: new URLSearchParams(fields).toString() });
  return { ...cast, deadline, recipient, mail: mail!, app, call, post, rings: () => rings };
}

onBothDialects('the choices in a mail', (fresh) => {
  it('begin with all dates, as they are chosen for its reader, without anything secret in the address', async () => {
    const store = await fresh();
    const { call, mail } = await reminded(store);
    expect(mail.text).toContain('Alle datums bekijken:\nhttps://inkoop.example/datums?role=ro&insurer=noord&contractStatus=contracted');
    const page = await call('GET', '/datums?role=ro&insurer=noord&contractStatus=contracted');
    expect([page.status, page.body.includes('1 datum gevonden')]).toEqual([200, true]);
  });

  it('mark a deadline as done by a button, as the recipient, and take it back on the next page', async () => {
    const store = await fresh();
    const { call, post, ro, deadline, mail, rings } = await reminded(store);
    const done = linkIn(mail, 'done');
    const said = () => findCompletion(store.read, ro.id, deadline.id);
    for (const method of ['GET', 'HEAD', 'GET']) expect((await call(method, done)).status).toBe(200);
    const page = await call('GET', done);
    expect(page.body).toContain('<h1>Is dit gedaan?</h1>');
    expect(page.body).toContain('<button type="submit" class="button primary" name="outcome" value="submitted">Ja, dit is gedaan</button>');
    expect([page.headers['cache-control'], page.headers['x-robots-tag'], await said(), rings()]).toEqual(['no-store', 'noindex', null, 0]);
    const answer = await post(done);
    expect(await said()).toEqual({ completedOn: '2024-09-16', by: 'a@example.org', evidence: null });
    expect(answer.body).toContain('Noord 2025: Jaarplan met begroting indienen. a@example.org heeft gemeld dat dit is gedaan.');
    expect((await call('GET', done)).body).toBe(answer.body);
    const undo = /action="(\/reopen\/[^"]+)"/.exec(answer.body)![1]!;
    const again = await call('GET', undo);
    expect([again.status, again.headers['location'], again.headers['cache-control']]).toEqual([303, done, 'no-store']);
    expect((await post(undo)).body).toContain('Dit staat weer open');
    expect(await said()).toBe(null);
    expect(rings()).toBe(2);
  });

  it('leave alone what somebody else said of it', async () => {
    const store = await fresh();
    const { post, ro, deadline, mail } = await reminded(store);
    const theirs = { completedOn: '2024-09-10', by: 'A. de Vries', evidence: 'ontvangstbevestiging' };
    await store.write((tx) => complete(tx, ro.id, deadline.id, theirs, BEFORE));
    const done = linkIn(mail, 'done');
    const { body } = await post(done);
    expect(body).toContain('A. de Vries heeft gemeld dat dit is gedaan.');
    expect(body).not.toContain('/reopen/');
    expect((await post(done.replace('/done/', '/reopen/'))).body).toBe(body);
    expect(await findCompletion(store.read, ro.id, deadline.id)).toEqual(theirs);
  });

  it('stop the mails about one deadline, and start them again', async () => {
    const store = await fresh();
    const { call, post, recipient, deadline, mail } = await reminded(store);
    const mute = linkIn(mail, 'mute');
    const muted = () => mutedBy(store.read, recipient.id);
    expect((await call('GET', mute)).body).toContain('<button type="submit" class="button primary">Ja, geen mails meer hierover</button>');
    expect(await muted()).toEqual([]);
    const { body } = await post(mute);
    expect(await muted()).toEqual([deadline.id]);
    expect((await post(mute)).body).toBe(body);
    const undo = /action="(\/unmute\/[^"]+)"/.exec(body)![1]!;
    expect([(await call('GET', undo)).headers['location'], await muted()]).toEqual([mute, [deadline.id]]);
    await post(undo);
    expect(await muted()).toEqual([]);
  });

  it('stop one kind of mail, and all only when all is asked', async () => {
    const store = await fresh();
    const { call, post, recipient, mail } = await reminded(store);
    const link = linkIn(mail, 'unsubscribe');
    const state = async () => {
      const { status, declined } = await getRecipient(store.read, recipient.id);
      return [status, ...declined];
    };
    const { body } = await call('GET', link);
    for (const kind of ['reminder', 'change', 'escalation']) expect(body).toContain(`name="kind" value="${kind}" checked`);
    expect(await state()).toEqual(['confirmed']);
    // A button of a page of before.
    const saved = await post(link, { stop: 'change' });
    expect(saved.body).toMatch(/name="kind" value="change" +\/>/);
    await post(link, { stop: 'escalation' });
    await post(link, { stop: 'escalation' });
    expect(await state()).toEqual(['confirmed', 'change', 'escalation']);
    await post(link, { resume: 'change' });
    expect(await state()).toEqual(['confirmed', 'escalation']);
    const last = await post(link, { 'List-Unsubscribe': 'One-Click' });
    expect(await state()).toEqual(['unsubscribed', 'escalation']);
    expect(last.body).toContain('U was de laatste: niemand krijgt nu nog herinneringen voor Regio Zuid.');
    await post(link, { resume: 'escalation' });
    expect(await state()).toEqual(['unsubscribed', 'escalation']);
  });

  it('say that a deadline does not hold, with a reason, and take it back', async () => {
    const store = await fresh();
    const { post, ro, deadline, mail } = await reminded(store);
    const done = linkIn(mail, 'done');
    const said = () => findCompletion(store.read, ro.id, deadline.id);
    // Who only presses the button says nothing.
    for (const reason of ['', '  ', 'x'.repeat(501)]) {
      const asked = await post(done, { outcome: 'not_applicable', reason });
      expect([asked.status, asked.body.includes('href="#reason"'), await said()]).toEqual([400, true, null]);
    }
    const answer = await post(done, { outcome: 'not_applicable', reason: ' Geen <b>contract</b>. ' });
    expect(await said()).toMatchObject({ by: 'a@example.org', notApplicable: 'Geen <b>contract</b>.' });
    expect(answer.body).toContain('a@example.org heeft gemeld dat dit niet geldt voor Regio Zuid: “Geen &lt;b&gt;contract&lt;/b&gt;.”');
    await post(/action="(\/reopen\/[^"]+)"/.exec(answer.body)![1]!);
    expect(await said()).toBeNull();
  });

  it('hold all settings but address and deputy, which the filled button keeps and nothing else does', async () => {
    const store = await fresh();
    const { app, call, post, deadline, recipient, mail } = await reminded(store);
    const link = linkIn(mail, 'unsubscribe');
    await post(linkIn(mail, 'mute'));
    const { body } = await call('GET', link);
    expect(
      body
        .match(/<button[^>]*>[^<]*/g)!
        .map((one: string) => one.replace(/.*>/, ''))
        .slice(-2),
    ).toEqual(['Instellingen bewaren', 'Meld mij af voor alle mails']);
    expect(body).toMatch(/class="button primary">Instellingen bewaren/);
    expect(body).toContain('Noord 2025: Jaarplan met begroting indienen');
    expect(body).not.toMatch(/type="email"|deputy/);
    const keep = async (
      fields: Record<string, string | string[]>,
      headers: Record<string, string> = { 'sec-fetch-site': 'same-origin' },
    ) => {
      const sent = new URLSearchParams({ keep: '1' });
      for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) sent.append(name, one);
      return app.inject({ method: 'POST', url: link, headers: { ...FORM, accept: 'text/html', ...headers }, payload: sent.toString() });
    };
    const now = async () => {
      const { declined, digest, language, leadDays, pausedUntil, status } = await getRecipient(store.read, recipient.id);
      return { declined, digest, language, leadDays, pausedUntil, status, muted: await mutedBy(store.read, recipient.id) };
    };
    const before = await now();
    const all = ['reminder', 'change', 'escalation', 'acts'];
    const same = { kind: all, lead: before.leadDays.map(String), digest: before.digest, language: '', pausedUntil: '' };
    expect((await keep(same)).statusCode).toBe(200);
    expect(await now()).toEqual(before);
    const chosen = {
      kind: ['reminder', 'escalation', 'acts'],
      lead: ['30', '0', '7'],
      digest: 'weekly',
      language: 'en',
      pausedUntil: '2024-12-01',
    };
    const saved = await keep({ ...chosen, heard: [deadline.id, 'x'], email: 'evil@example.org', deputy: 'evil@example.org' });
    expect(saved.body).toContain('Your choice is saved');
    expect(saved.body).toContain('Until Sunday 1 December 2024 your mail waits.');
    const after = {
      declined: ['change'],
      digest: 'weekly',
      language: 'en',
      leadDays: [30, 7, 0],
      pausedUntil: '2024-12-01',
      status: 'confirmed',
    };
    expect(await now()).toEqual({ ...after, muted: [] });
    expect(await getRecipient(store.read, recipient.id)).toMatchObject({ email: 'a@example.org', deputyEmail: null });
    // What is wrong is said beside its field, and nothing of it is kept; nor is what another page sends.
    const faulty = await keep({ ...chosen, lead: ['999'], pausedUntil: '2024-09-16' });
    expect([faulty.statusCode, faulty.body.match(/class="error"/g)!.length]).toEqual([400, 2]);
    expect((await keep(same, {})).statusCode).toBe(403);
    expect((await keep(same, { 'sec-fetch-site': 'cross-site' })).statusCode).toBe(403);
    expect(await now()).toEqual({ ...after, muted: [] });
    // Who left comes back by mail alone.
    await post(link, { 'List-Unsubscribe': 'One-Click' });
    await keep(same);
    expect((await now()).status).toBe('unsubscribed');
  });

  it('offer to come back after all mail was stopped: by a button, and by a mail that only its reader can answer', async () => {
    const store = await fresh();
    const { call, post, recipient, mail, rings } = await reminded(store);
    const link = linkIn(mail, 'unsubscribe');
    const status = async () => (await getRecipient(store.read, recipient.id)).status;
    await post(link, { stop: 'change' });
    const { body } = await post(link, { 'List-Unsubscribe': 'One-Click' });
    const back = /action="(\/resubscribe\/[^"]+)"/.exec(body)![1]!;
    // Whoever opens every link, or a closed tab again, changes nothing and finds the button.
    for (const method of ['GET', 'HEAD']) {
      const answer = await call(method, back);
      expect([answer.status, answer.headers['location']]).toEqual([303, link]);
    }
    expect((await call('GET', link)).body).toBe(body);
    expect(await mailsAt(store, MONDAY)).toEqual([]);
    const before = rings();
    expect((await post(back)).body).toContain('Wij sturen een mail naar a@example.org, zodra dat mag');
    expect([await status(), rings() - before]).toEqual(['pending', 1]);
    const [question, ...others] = await mailsAt(store, MONDAY);
    expect([question!.subject, others]).toEqual(['Bevestig uw adres voor de Inkoopkalender', []]);
    // However often it is asked and left again, there is one question an hour.
    for (let n = 0; n < 3; n += 1) {
      await post(link, { 'List-Unsubscribe': 'One-Click' });
      await post(back);
    }
    expect([await status(), await mailsAt(store, MONDAY)]).toEqual(['pending', []]);
    await post(linkIn(question!, 'confirm'));
    const { status: now, declined, leadDays } = await getRecipient(store.read, recipient.id);
    expect([now, declined, leadDays]).toEqual(['confirmed', ['change'], [42, 14, 3, 0]]);
    expect((await post(back)).body).toContain('Uw adres is bevestigd');
    expect((await mailsAt(store, at('09-27T07:30'))).map(({ subject }) => subject)).toEqual([
      expect.stringContaining('Over 3 dagen'),
      expect.stringContaining('U krijgt herinneringen'),
    ]);
    // Where mail does not arrive, no mail can ask.
    await store.write((tx) => markUndeliverable(tx, 'a@example.org', '550 5.1.1 no such user', at('09-27T08:00')));
    const gone = await post(back);
    expect(gone.body).toContain('Mail aan dit adres komt niet aan');
    expect([gone.body.includes('/resubscribe/'), await status()]).toEqual([false, 'undeliverable']);
  });

  it.each(['withdrawn', 'unrelated'])('say of what is %s by now that nothing is left to do, and keep nothing', async (end) => {
    const store = await fresh();
    const { call, post, ro, wsv, deadline, mail } = await reminded(store);
    await store.write(async (tx) => {
      if (end === 'withdrawn') await withdrawDeadline(tx, deadline.id, 'Vervallen.', MONDAY);
      else for (const { id } of [ro, wsv]) await removeRelation(tx, id, 'noord', MONDAY);
    });
    const done = linkIn(mail, 'done');
    for (const { body } of [await call('GET', done), await post(done)]) {
      expect(body).toContain('<h1>Dit hoeft u niet te melden</h1>');
      expect(body).toContain('Noord 2025: Jaarplan met begroting indienen: dit geldt niet meer voor Regio Zuid.');
      expect(body).not.toContain('<button');
    }
    for (const { id } of [ro, wsv]) expect(await findCompletion(store.read, id, deadline.id)).toBeNull();
  });

  it('let a deputy say yes, say what is done, and stop', async () => {
    const store = await fresh();
    const { call, post, ro, recipient, deadline } = await reminded(store);
    const deputy = { email: 'ward@example.org', until: '2024-12-31' };
    await store.write((tx) => changeRecipient(tx, ro.id, recipient.id, { deputy }, MONDAY));
    const [question] = await mailsAt(store, MONDAY);
    const yes = linkIn(question!, 'deputy');
    const state = async () => {
      const { deputyEmail, deputyConfirmedAt } = await getRecipient(store.read, recipient.id);
      return [deputyEmail, deputyConfirmedAt];
    };
    expect((await call('GET', yes)).body).toContain(
      'Regio Zuid vraagt of ward@example.org tot en met 31 december 2024 de mails voor a@example.org wil krijgen.',
    );
    expect(await state()).toEqual(['ward@example.org', null]);
    expect((await post(yes)).body).toContain('U neemt de mails over');
    expect(await state()).toEqual(['ward@example.org', MONDAY]);
    const [mail] = await mailsAt(store, at('09-27T07:30'));
    expect(mail!.headers.find(({ key }) => key === 'list-unsubscribe')?.value).toContain('/leave/');
    expect(mail!.text).not.toContain('/mute/');
    await post(linkIn(mail!, 'done'));
    expect(await findCompletion(store.read, ro.id, deadline.id)).toMatchObject({ by: 'ward@example.org' });
    const leave = linkIn(mail!, 'leave');
    expect((await call('GET', leave)).status).toBe(200);
    expect(await state()).toEqual(['ward@example.org', MONDAY]);
    expect((await call('POST', leave, { headers: FORM, body: 'List-Unsubscribe=One-Click' })).body).toContain('U bent geen vervanger meer');
    expect([...(await state()), (await getRecipient(store.read, recipient.id)).status]).toEqual([null, null, 'confirmed']);
    expect((await post(yes)).status).toBe(410);
    expect((await post(leave)).status).toBe(200);
    // What it says now would be said by somebody else.
    await store.write((tx) => reopen(tx, ro.id, deadline.id, MONDAY));
    for (const email of [null, 'kees@example.org']) {
      const next = email === null ? null : { email, until: '2024-12-31' };
      await store.write((tx) => changeRecipient(tx, ro.id, recipient.id, { deputy: next }, MONDAY));
      const { status, body } = await post(linkIn(mail!, 'done'));
      expect([status, body.includes('U bent geen vervanger van a@example.org meer.')]).toEqual([410, true]);
      expect(await findCompletion(store.read, ro.id, deadline.id)).toBe(null);
    }
  });

  it('are each for one purpose, one person and one deadline alone', async () => {
    const store = await fresh();
    const { call, mail, recipient, deadline } = await reminded(store);
    const [done, mute, unsubscribe] = ['done', 'mute', 'unsubscribe'].map((path) => linkIn(mail, path));
    const other = '123e4567-e89b-42d3-a456-426614174000';
    const wrong = [
      done!.replace('/done/', '/mute/'),
      mute!.replace('/mute/', '/done/'),
      mute!.replace('/mute/', '/unsubscribe/'),
      unsubscribe!.replace('/unsubscribe/', '/done/'),
      done!.replace(markOf(deadline.id), markOf(other)),
      done!.replace(shortId(recipient.id), shortId(other)),
      done!.replace('/done/', '/leave/'),
      done!.replace('/done/', '/deputy/'),
    ];
    for (const path of wrong)
      for (const method of ['GET', 'POST'])
        expect([path, (await call(method, path, { headers: { accept: 'text/html' } })).status]).toEqual([path, 404]);
    expect(await findCompletion(store.read, recipient.organisationId, deadline.id)).toBe(null);
  });
});
