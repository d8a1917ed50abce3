/** One's account in its pages, and what the links in mails about it lead to: a new address, an invitation. */
import { expect, it } from 'vitest';
import { inviteMember } from '../../../db/people/invitations.ts';
import { roleOf } from '../../../db/people/members.ts';
import { findPerson } from '../../../db/people/people.ts';
import type { Store } from '../../../db/store/store.ts';
import { appFor } from '../../helpers/app.ts';
import { browserOf, openBrowser, SECURE_URL, signInMailAt } from '../../helpers/browser.ts';
import { castIn } from '../../helpers/cast.ts';
import { mailsAt } from '../../helpers/mailbox.ts';
import { SETTINGS } from '../../helpers/mail-settings.ts';
import { memberOf } from '../../helpers/people.ts';
import { at } from '../../helpers/reminders.ts';
import { saying } from '../../helpers/rooms.ts';
import { onBothDialects } from '../../helpers/stores.ts';

const [ANNA, NEW, CORA] = ['anna@ro.example', 'anna@nieuw.example', 'cora@elders.example'];
const NOON = at('09-02T12:00');
const PATH = '/mijn/account';

async function serving(store: Store) {
  const { outsider, ro } = await castIn(store);
  const anna = await memberOf(store, ro.id, ANNA, NOON);
  const time = { now: NOON };
  const { app } = await appFor(store, { publicUrl: SECURE_URL, clock: () => time.now });
  const as = async (email: string) => browserOf(app, store, email, time.now);
  /** Where the newest mails lead, by their reader. */
  const links = async () =>
    new Map(
      (await mailsAt(store, time.now)).map((mail) => [
        mail.for,
        /https:\/\/inkoop\.example(\S*\/(?:adres|uitnodiging)\/\S+)/.exec(mail.text!)![1]!,
      ]),
    );
  return { app, as, anna, links, ro, outsider, time };
}

onBothDialects('an account', (fresh) => {
  it('has another address once both addresses said yes, and looking says nothing', async () => {
    const store = await fresh();
    const { app, as, anna, links } = await serving(store);
    const mine = await as(ANNA);
    expect((await mine.post(PATH, { doe: 'adres', email: ` ${NEW.toUpperCase()}` })).location).toEqual(saying(PATH, 'adres'));
    const to = await links();
    const reader = await openBrowser(app);
    for (const [browser, email, said] of [
      [mine, ANNA, `U wilt voortaan inloggen met ${NEW}`],
      [reader, NEW, 'Bent u dat?'],
    ] as const)
      for (let n = 0; n < 2; n += 1) expect((await browser.get(to.get(email)!)).text).toContain(said);
    expect((await reader.post(to.get(NEW)!)).text).toContain('Nog één adres');
    expect((await findPerson(store.read, ANNA))?.id).toBe(anna.id);
    const elsewhere = await as(ANNA);
    const changed = await mine.post(to.get(ANNA)!);
    expect([changed.text.includes(`U logt voortaan in met ${NEW}.`), changed.body.includes('class="account"')]).toEqual([true, false]);
    expect((await findPerson(store.read, NEW))?.id).toBe(anna.id);
    // Signed out in every browser.
    for (const browser of [mine, elsewhere]) expect((await browser.get(PATH)).status).toBe(303);
    expect(mine.cookies.size).toBe(0);
    expect((await (await as(NEW)).get(PATH)).text).toContain(`U logt in met ${NEW}.`);
    for (const over of [await reader.get(to.get(ANNA)!), await reader.post(to.get(NEW)!), await reader.get('/adres/x')])
      expect([over.status, over.text.includes('Deze link werkt niet meer')]).toEqual([410, true]);
  });

  it('changes at the former address by who is signed in alone: a robot that presses every button there changes nothing', async () => {
    const store = await fresh();
    const { app, as, links, outsider } = await serving(store);
    await memberOf(store, outsider.id, CORA, NOON);
    const mine = await as(ANNA);
    await mine.post(PATH, { doe: 'adres', email: NEW });
    const to = await links();
    const [robot, other] = [await openBrowser(app), await as(CORA)];
    await robot.post(to.get(NEW)!);
    for (const [browser, again] of [
      [robot, ''],
      [other, '&amp;opnieuw=ander'],
    ] as const) {
      const [shown, pressed] = [await browser.get(to.get(ANNA)!), await browser.post(to.get(ANNA)!)];
      expect([shown.status, pressed.status, shown.body.includes('<form method="post">')]).toEqual([200, 403, false]);
      for (const { body, text } of [shown, pressed]) {
        expect(text).toContain('Log eerst in');
        expect(body).toContain(`href="/inloggen?naar=${encodeURIComponent(to.get(ANNA)!)}${again}"`);
      }
    }
    expect(await findPerson(store.read, NEW)).toBeNull();
    // Signing in leads back to the button.
    await robot.post('/inloggen', { email: ANNA, naar: to.get(ANNA)! });
    const { code } = await signInMailAt(store, ANNA, NOON);
    const back = await robot.post('/inloggen/code', { code });
    expect(back.location).toBe(to.get(ANNA));
    expect((await robot.post(back.location!)).text).toContain(`U logt voortaan in met ${NEW}.`);
  });

  it('asks for another address after a fresh sign-in alone, and says so beside the field', async () => {
    const store = await fresh();
    const { as, time } = await serving(store);
    const mine = await as(ANNA);
    time.now = new Date(NOON.getTime() + 31 * 60_000);
    expect((await mine.get(PATH)).text).toContain('Hiervoor logt u eerst opnieuw in');
    const led = await mine.post(PATH, { doe: 'adres', email: NEW });
    expect([led.status, led.text.includes(NEW)]).toEqual([401, true]);
    expect(led.body).toContain(`href="/inloggen?naar=${encodeURIComponent(PATH)}&amp;opnieuw=ja"`);
    expect(await store.read.$count(store.read.tables.addressChanges)).toBe(0);
    expect((await mine.post(PATH, { doe: 'taal', language: 'en' })).location).toEqual(saying(PATH, 'taal'));
  });

  it('keeps its address where the new one became somebody else’s, and says what is wrong with one', async () => {
    const store = await fresh();
    const { app, as, links, outsider } = await serving(store);
    const mine = await as(ANNA);
    for (const [email, said] of [
      ['anna', 'Vul een volledig e-mailadres in'],
      [ANNA, 'Dit is uw adres al.'],
    ] as const) {
      const refused = await mine.post(PATH, { doe: 'adres', email });
      expect([refused.status, refused.text.includes(said), refused.body.includes(`value="${email}"`)]).toEqual([400, true, true]);
    }
    await mine.post(PATH, { doe: 'adres', email: NEW });
    expect((await mine.post(PATH, { doe: 'adres', email: NEW })).status).toBe(429);
    const to = await links();
    await memberOf(store, outsider.id, NEW, NOON);
    const reader = await openBrowser(app);
    await reader.post(to.get(NEW)!);
    const taken = await mine.post(to.get(ANNA)!);
    expect([taken.status, taken.text.includes('Uw adres is niet gewijzigd')]).toEqual([409, true]);
    expect((await mine.get(PATH)).text).toContain(`U logt in met ${ANNA}.`);
  });

  it('chooses the language of its mails, and ends a session elsewhere, but none of somebody else', async () => {
    const store = await fresh();
    const { as, outsider } = await serving(store);
    await memberOf(store, outsider.id, CORA, NOON);
    const [mine, elsewhere, other] = [await as(ANNA), await as(ANNA), await as(CORA)];
    expect((await mine.post(PATH, { doe: 'taal', language: 'en' })).location).toEqual(saying(PATH, 'taal'));
    expect((await findPerson(store.read, ANNA))?.language).toBe('en');
    const shown = await mine.get(PATH);
    expect(shown.text).toMatch(/Sinds 2 september 2024 om 12:00 uur.*Deze browser/);
    const [id] = [...shown.body.matchAll(/name="sessie" value="([^"]+)"/g)].map(([, found]) => found!);
    const theirs = (await store.read.select().from(store.read.tables.sessions)).map((row) => row.id).filter((one) => one !== id);
    await other.post(PATH, { doe: 'sessie', sessie: id! });
    expect((await elsewhere.get(PATH)).status).toBe(200);
    expect((await mine.post(PATH, { doe: 'sessie', sessie: id! })).location).toEqual(saying(PATH, 'sessie'));
    expect((await elsewhere.get(PATH)).status).toBe(303);
    for (const one of theirs) expect((await other.post(PATH, { doe: 'sessie', sessie: one })).status).toBe(303);
    expect((await mine.get(PATH)).status).toBe(200);
  });

  it('leads to its organisations, and to leaving them', async () => {
    const store = await fresh();
    const { as, anna, outsider, ro } = await serving(store);
    await memberOf(store, outsider.id, ANNA, NOON, 'reader');
    const mine = await as(ANNA);
    expect((await mine.get('/mijn')).text).toMatch(/Praktijk Elders lezer Regio Zuid beheerder/);
    const shown = await mine.get(PATH);
    for (const { id } of [ro, outsider]) expect(shown.body).toContain(`href="/o/${id}/leden/${anna.id}"`);
  });
});

onBothDialects('an invitation', (fresh) => {
  it('shows to what one is invited, makes one a member by its button, once, and signs nobody in', async () => {
    const store = await fresh();
    const { app, links, ro } = await serving(store);
    await store.write((tx) => inviteMember(tx, ro.id, { email: CORA, role: 'reader', invitedById: null }, SETTINGS.secret, NOON));
    const path = (await links()).get(CORA)!;
    const reader = await openBrowser(app);
    for (let n = 0; n < 2; n += 1) {
      const page = await reader.get(path);
      expect(page.text).toContain(`Word lezer van Regio Zuid ${CORA} is uitgenodigd.`);
      expect([page.headers.get('cache-control'), page.headers.get('x-robots-tag')]).toEqual(['no-store', 'noindex']);
    }
    expect(await findPerson(store.read, CORA)).toBeNull();
    const accepted = await reader.post(path);
    expect([accepted.status, accepted.text.includes(`Log in met ${CORA}.`), reader.cookies.size]).toEqual([200, true, 0]);
    expect(accepted.body).toContain(`href="/inloggen?naar=${encodeURIComponent(`/o/${ro.id}`)}`);
    const cora = (await findPerson(store.read, CORA))!;
    expect(await roleOf(store.read, cora.id, ro.id)).toBe('reader');
    for (const over of [await reader.get(path), await reader.post(path), await reader.get('/uitnodiging/x')])
      expect([over.status, over.text.includes('Deze uitnodiging werkt niet meer')]).toEqual([410, true]);
  });

  it('leads who is signed in with that address straight on, and ends after a week', async () => {
    const store = await fresh();
    const { as, links, outsider, ro, time } = await serving(store);
    const invite = async (organisationId: string) =>
      store.write((tx) => inviteMember(tx, organisationId, { email: ANNA, role: 'manager', invitedById: null }, SETTINGS.secret, NOON));
    await invite(outsider.id);
    const path = (await links()).get(ANNA)!;
    const mine = await as(ANNA);
    time.now = new Date(NOON.getTime() + 7 * 86_400_000);
    expect((await mine.get(path)).status).toBe(410);
    expect((await mine.post(path)).status).toBe(410);
    time.now = NOON;
    const accepted = await mine.post(path);
    expect(accepted.body).toContain(`href="/o/${outsider.id}`);
    expect((await mine.get(`/o/${ro.id}/leden`)).status).toBe(200);
  });

  it('asks who is signed in with another address to sign in with the invited one', async () => {
    const store = await fresh();
    const { as, links, outsider } = await serving(store);
    await store.write((tx) => inviteMember(tx, outsider.id, { email: CORA, role: 'reader', invitedById: null }, SETTINGS.secret, NOON));
    const path = (await links()).get(CORA)!;
    const mine = await as(ANNA);
    const [, onward = ''] = /href="(\/inloggen[^"]+)"/.exec((await mine.post(path)).body) ?? [];
    const asked = await mine.get(onward.replaceAll('&amp;', '&'));
    expect([asked.status, asked.text.includes('U bent nu ingelogd met een ander adres.'), asked.body.includes(`value="${ANNA}"`)]).toEqual([
      200,
      true,
      false,
    ]);
  });
});
