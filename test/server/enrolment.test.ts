/** Enrolling over HTTP: what is shown before anything is sent, what nobody learns, and what comes of the link in the mail. */
import { expect, it } from 'vitest';
import { addDays } from '../../calendars/days.ts';
import { ENROLMENT_LIMITS } from '../../calendars/people/sign-in.ts';
import type { SignUp } from '../../db/people/sign-up.ts';
import { inviteToEnrol } from '../../db/people/invitations.ts';
import { listMembers } from '../../db/people/members.ts';
import { getOrganisation, listOrganisations } from '../../db/organisations/organisations.ts';
import { addRecipient, listRecipients } from '../../db/recipients/recipients.ts';
import type { Store } from '../../db/store/store.ts';
import { appFor } from '../helpers/app.ts';
import { addDeadline, castIn, NOW } from '../helpers/cast.ts';
import { linkIn, mailsAt } from '../helpers/mailbox.ts';
import { memberOf } from '../helpers/people.ts';
import { textOf } from '../helpers/page-text.ts';
import { onBothDialects } from '../helpers/stores.ts';

type Fields = Record<string, string | string[]>;

const VERA = 'vera@ro.example';
const FIELDS: Fields = {
  name: 'Regio De Linde',
  role: 'ro',
  'status-noord': 'contracted',
  preferred: 'noord',
  email: VERA,
  lead: ['42', '3'],
  digest: 'daily',
  language: 'nl',
};
const OURS = { 'sec-fetch-site': 'same-origin' };
const DAY_MS = 86_400_000;

async function serving(store: Store, signUp: SignUp = 'open') {
  const cast = await castIn(store);
  await store.write((tx) => addDeadline(tx));
  let now = NOW;
  const { app } = await appFor(store, { signUp, clock: () => now });
  const home = await app.listen({ port: 0, host: '127.0.0.1' });
  const answerOf = async (answer: Response) => {
    const body = await answer.text();
    const headers = Object.fromEntries([...answer.headers].filter(([name]) => name !== 'date'));
    return { status: answer.status, body, headers, text: textOf(body) };
  };
  const get = async (path: string) => answerOf(await fetch(home + path, { redirect: 'manual' }));
  const post = async (fields: Fields, path = '/aanmelden', headers: Record<string, string> = OURS) => {
    const body = new URLSearchParams();
    for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) body.append(name, one);
    return answerOf(await fetch(home + path, { method: 'POST', redirect: 'manual', headers, body }));
  };
  /** Sends the form, and gives the path of the link in the mail. */
  const begin = async (over: Fields = {}, to = VERA) => {
    expect((await post({ ...FIELDS, ...over, step: 'send' })).status).toBe(303);
    const mail = (await mailsAt(store, now)).find((one) => one.for === to && one.text!.includes('/aanmelden/'))!;
    return linkIn(mail, 'aanmelden');
  };
  return { ...cast, begin, get, post, moveTo: (moment: Date) => (now = moment), close: () => app.close() };
}

const names = async (store: Store) => (await listOrganisations(store.read)).map(({ name }) => name).sort();

onBothDialects('enrolling', (fresh) => {
  const begun = async (signUp?: SignUp) => {
    const store = await fresh();
    return { store, ...(await serving(store, signUp)) };
  };

  it('takes along what was chosen before, and shows what will be mailed before anything is sent', async () => {
    const { store, get, post, close } = await begun();
    const form = await get('/aanmelden?role=ro&insurer=noord,nergens&status=contracted');
    expect([form.status, form.headers['set-cookie']]).toEqual([200, undefined]);
    expect(form.body).toMatch(/name="role" value="ro" checked/);
    expect(form.body).toMatch(/<option value="contracted" selected>/);
    expect(form.text).toContain('Jaarplan en verantwoording melden wij alleen bij uw preferente zorgverzekeraars');
    const check = await post(FIELDS);
    expect(check.status).toBe(200);
    expect(check.text).toContain('Noord (met contract, preferent)');
    expect(check.text).toContain('Daarna herinneringen: 42 en 3 dagen van tevoren.');
    expect(check.text).toContain('Bevestigt u vandaag? Dan komt de eerste herinnering op dinsdag 20 augustus 2024.');
    // With nothing but this page nothing was kept, and all of it can be changed.
    expect(await store.read.$count(store.read.tables.enrolments)).toBe(0);
    const again = await post({ ...FIELDS, step: 'change' });
    expect(again.body).toContain('value="Regio De Linde"');
    expect(again.body).toMatch(/name="preferred" value="noord" checked/);
    await close();
  });

  it.each([
    ['daily', ['42', '3'], '2024-08-20'],
    ['weekly', ['30'], '2024-09-02'],
    ['daily', ['0'], '2024-10-01'],
  ] as const)('says of %s mail with leads %o the day on which the first one leaves', async (digest, lead, day) => {
    const { store, begin, post, moveTo, close } = await begun();
    const chosen = { digest, lead: [...lead] };
    const [year, , number] = day.split('-').map(Number);
    const said = new RegExp(`herinnering (?:komt )?op \\w+ ${number} (augustus|september|oktober) ${year}`);
    expect((await post({ ...FIELDS, ...chosen })).text).toMatch(said);
    const done = await post({}, await begin(chosen));
    expect(done.text).toMatch(said);
    const welcome = (await mailsAt(store, NOW)).find((mail) => mail.for === VERA);
    expect(welcome?.text).toMatch(said);
    const remindersOn = async (on: string) => {
      const moment = new Date(`${on}T12:00:00Z`);
      moveTo(moment);
      return (await mailsAt(store, moment)).filter((mail) => mail.for === VERA);
    };
    expect(await remindersOn(addDays(day, -1))).toEqual([]);
    expect(await remindersOn(day)).toHaveLength(1);
    await close();
  });

  it.each([
    [null, ['42'], null, false],
    ['2024-12-31', ['42', '3'], 'zes weken', false],
    ['2024-12-31', ['60'], '60 dagen', false],
    ['2024-05-14', ['14'], 'zes weken', false],
    ['2024-05-13', ['14', '7'], 'zes weken', true],
  ] as const)(
    'says of an assumption of %s to who chose %o that it is told once, and where that is over',
    async (on, lead, when, isOver) => {
      const { store, begin, get, post, close } = await begun();
      if (on !== null) {
        const basis = { kind: 'common_rhythm' as const, deadlineId: null, text: 'Een aanname.' };
        const assumed = { title: 'Ondertekenen', certainty: 'template' as const, basis, sources: [], rule: { kind: 'fixed' as const, on } };
        await store.write((tx) => addDeadline(tx, { activity: 'signing' }, assumed));
      }
      const once = when === null ? null : `Over een aanname mailen wij één keer, ${when} van tevoren.`;
      const over = 'Van een of meer aannames is dat moment al voorbij: daarover komt geen mail meer.';
      const chosen = { lead: [...lead] };
      const check = await post({ ...FIELDS, ...chosen });
      const link = await begin(chosen);
      const confirming = await get(link);
      const done = await post({}, link);
      for (const { text } of [check, confirming, done]) {
        if (once === null) expect(text).not.toContain('aanname');
        else expect(text).toContain(once);
        expect(text.includes(over)).toBe(isOver);
      }
      // Of the assumption of six weeks from today its one reminder leaves beside the welcome.
      const welcome = (await mailsAt(store, NOW)).find((mail) => mail.for === VERA && mail.text!.includes('Uw adres is bevestigd'))!;
      const text = welcome.text!.replaceAll(/\s+/g, ' ');
      if (once !== null) expect(text).toContain(once);
      expect(text.includes('Over deze aanname komt geen mail meer; kijk zelf rond 13 mei 2024.')).toBe(isOver);
      expect(text.includes('komt geen mail meer')).toBe(isOver);
      await close();
    },
  );

  it('makes nothing before the address said yes, and then all of it, without a session and a secret', async () => {
    const { store, begin, get, post, close } = await begun();
    const before = await names(store);
    const link = await begin();
    for (const _ of [1, 2]) {
      const page = await get(link);
      expect([page.status, page.headers['cache-control'], page.headers['x-robots-tag']]).toEqual([200, 'no-store', 'noindex']);
      expect(page.text).toContain(`Met ${VERA} is deze organisatie aangemeld`);
      expect(page.text).toContain('Regio De Linde');
      expect(page.body.match(/<button/g)).toHaveLength(1);
    }
    expect(await names(store)).toEqual(before);
    const done = await post({}, link);
    expect([done.status, done.headers['set-cookie']]).toEqual([200, undefined]);
    expect(done.text).toContain('Uw organisatie is aangemeld');
    expect(done.body).toContain('href="/agenda?role=ro&amp;status=contracted&amp;insurer=noord"');
    expect(done.body).not.toMatch(/ik_|\/feeds\//);
    const made = (await listOrganisations(store.read)).find(({ name }) => name === 'Regio De Linde')!;
    expect(await getOrganisation(store.read, made.id)).toMatchObject({
      roles: ['ro'],
      parentId: null,
      relations: [{ insurerSlug: 'noord', contractStatus: 'contracted', preferred: true }],
    });
    expect((await listMembers(store.read, made.id)).map(({ email, role }) => [email, role])).toEqual([[VERA, 'manager']]);
    expect(await listRecipients(store.read, made.id)).toMatchObject([{ email: VERA, status: 'confirmed', leadDays: [42, 3] }]);
    await close();
  });

  it('answers the same, byte for byte, whether address and name are known or not', async () => {
    const { store, ro, post, get, close } = await begun();
    await memberOf(store, ro.id, 'anna@ro.example', NOW);
    await store.write((tx) => addRecipient(tx, ro.id, { email: 'bert@ro.example', leadDays: [3], digest: 'daily' }, NOW));
    const answers = [];
    for (const over of [{ email: 'anna@ro.example' }, { email: 'bert@ro.example' }, { email: 'carl@ro.example' }, { name: 'Regio Zuid' }])
      answers.push(await post({ ...FIELDS, ...over, step: 'send' }));
    expect(answers[0]).toMatchObject({ status: 303, body: '', headers: { location: '/aanmelden/verstuurd', 'cache-control': 'no-store' } });
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect((await get('/aanmelden/verstuurd')).text).toContain('Kijk in uw mailbox');
    // Each address gets one mail, and none of them says more than another's.
    const mails = await store.read.select().from(store.read.tables.messages);
    const kinds = mails.filter(({ kind }) => kind === 'enrolment').map(({ content }) => content!.replace(/"token":"[\w-]+"/, ''));
    expect(kinds).toHaveLength(4);
    expect(new Set(kinds).size).toBe(1);
    await close();
  });

  it('takes a link once, also of two at once, and says of a used one what it says of none', async () => {
    const { store, begin, get, post, moveTo, close } = await begun();
    const link = await begin();
    const outcomes = await Promise.all([post({}, link), post({}, link)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual([200, 410]);
    expect((await names(store)).filter((name) => name === 'Regio De Linde')).toHaveLength(1);
    const nobodys = `/aanmelden/${'x'.repeat(43)}`;
    const strip = ({ body, status }: { body: string; status: number }, path: string) => [status, body.replaceAll(path, '')];
    expect(strip(await get(link), link)).toEqual(strip(await get(nobodys), nobodys));
    expect((await get(link)).status).toBe(410);
    expect((await post({}, link)).status).toBe(410);
    const late = await begin({ email: 'laat@ro.example', name: 'Te laat' }, 'laat@ro.example');
    moveTo(new Date(NOW.getTime() + 7 * DAY_MS));
    expect((await post({}, late)).status).toBe(410);
    expect(await names(store)).not.toContain('Te laat');
    await close();
  });

  it('tells who confirmed that the name is there, and asks the managers or goes on', async () => {
    const { store, ro, begin, post, close } = await begun();
    await memberOf(store, ro.id, 'anna@ro.example', NOW);
    const before = await names(store);
    const link = await begin({ name: 'regio zuid' });
    for (const _ of [1, 2]) {
      const taken = await post({}, link);
      expect(taken.text).toContain('Er staat al een organisatie met de naam regio zuid');
      expect(taken.body).toContain('value="ask_managers"');
    }
    const asked = await post({ choice: 'ask_managers' }, link);
    expect(asked.text).toContain('De beheerders van regio zuid krijgen een mail');
    expect(await names(store)).toEqual(before);
    expect((await mailsAt(store, NOW)).map((mail) => mail.for)).toEqual(['anna@ro.example']);
    expect((await post({ choice: 'another' }, link)).status).toBe(410);
    const other = await begin({ name: 'Praktijk Elders', email: 'wim@ro.example' }, 'wim@ro.example');
    const nobody = await post({ choice: 'ask_managers' }, other);
    expect(nobody.text).toContain('heeft geen beheerder');
    expect(nobody.body).not.toContain('value="ask_managers"');
    expect((await post({ choice: 'another' }, other)).text).toContain('Uw organisatie is aangemeld');
    expect((await names(store)).filter((name) => name === 'Praktijk Elders')).toHaveLength(2);
    await close();
  });

  it('says in words when an address may ask again, and keeps what was typed', async () => {
    const { post, moveTo, close } = await begun();
    for (let n = 0; n < ENROLMENT_LIMITS.mailbox[0].most; n += 1) expect((await post({ ...FIELDS, step: 'send' })).status).toBe(303);
    moveTo(new Date(NOW.getTime() + 60_000));
    const limited = await post({ ...FIELDS, step: 'send' });
    expect([limited.status, limited.headers['retry-after']]).toEqual([429, String(24 * 3600 - 60)]);
    expect(limited.text).toContain('Het kan weer op woensdag 3 april 2024 om 12.00 uur.');
    expect(limited.body).toContain('value="Regio De Linde"');
    for (let n = 0; n < 7; n += 1) expect((await post({ ...FIELDS, email: `p${n}@ro.example`, step: 'send' })).status).toBe(303);
    const caller = await post({ ...FIELDS, email: 'p8@ro.example', step: 'send' });
    expect([caller.status, caller.text]).toEqual([429, expect.stringContaining('Het kan weer vandaag om 13.00 uur.')]);
    await close();
  });

  it('says all faults at once, beside each field, and keeps what was typed', async () => {
    const { store, post, close } = await begun();
    const { status, body, text } = await post({
      name: '<b>x</b>'.repeat(30),
      role: 'king',
      'status-noord': 'maybe',
      preferred: 'zuid',
      email: 'geen adres',
      lead: ['999', 'x'],
      step: 'send',
    });
    expect(status).toBe(400);
    expect(text).toContain('Er kloppen 5 dingen niet');
    for (const name of ['name', 'role', 'insurers', 'email', 'lead']) {
      expect(body).toContain(`<a href="#${name}">`);
      expect(body).toContain(`id="${name}-error"`);
      expect(body).toMatch(new RegExp(`id="${name}"`));
    }
    expect(body).toContain('value="geen adres"');
    expect(body).not.toContain('<b>x');
    expect((await post({ ...FIELDS, preferred: 'zuid' })).text).toContain('Kies bij Zuid ook of u een contract hebt.');
    const closed = await post({ ...FIELDS, 'status-zuid': 'uncontracted', preferred: 'zuid' });
    expect([closed.status, closed.text.includes('Zuid kan niet preferent zijn: u koos “Zonder contract”.')]).toEqual([400, true]);
    expect(await store.read.$count(store.read.tables.enrolments)).toBe(0);
    await close();
  });

  it('takes no form that another page sends', async () => {
    const { store, begin, post, close } = await begun();
    const link = await begin();
    for (const headers of [{}, { 'sec-fetch-site': 'cross-site' }, { origin: 'https://elders.example' }] as Record<string, string>[]) {
      expect((await post({ ...FIELDS, step: 'send' }, '/aanmelden', headers)).status).toBe(403);
      expect((await post({}, link, headers)).status).toBe(403);
    }
    expect(await store.read.$count(store.read.tables.enrolments)).toBe(1);
    expect(await names(store)).not.toContain('Regio De Linde');
    await close();
  });

  it('lets in nobody where it is closed, and says what can be done instead', async () => {
    const { store, get, post, close } = await begun('closed');
    const { token } = await store.write((tx) => inviteToEnrol(tx, NOW));
    for (const path of ['/aanmelden', `/aanmelden/uitnodiging/${token}`, '/aanmelden/x'])
      expect((await get(path)).text, path).toContain('Hier kunnen nu geen organisaties worden aangemeld');
    expect((await post({ ...FIELDS, invitation: token, step: 'send' })).status).toBe(403);
    for (const path of ['/', '/agenda', '/datums', '/geen-contract']) expect((await get(path)).body, path).not.toContain('/aanmelden');
    expect(await store.read.$count(store.read.tables.enrolments)).toBe(0);
    await close();
  });

  it('lets in by an invitation alone where only who was invited may, once', async () => {
    const { store, begin, get, post, close } = await begun('invited');
    const { token } = await store.write((tx) => inviteToEnrol(tx, NOW));
    expect((await get('/aanmelden')).text).toContain('alleen met een uitnodiging');
    expect((await post({ ...FIELDS, step: 'send' })).status).toBe(403);
    expect((await post({ ...FIELDS, invitation: 'guessed', step: 'send' })).status).toBe(410);
    expect((await get('/aanmelden/uitnodiging/guessed')).status).toBe(410);
    expect((await get(`/aanmelden/uitnodiging/${token}`)).body).toContain(`name="invitation" value="${token}"`);
    expect((await post({ ...FIELDS, invitation: token })).body).toContain(`name="invitation" value="${token}"`);
    const first = await begin({ invitation: token });
    const second = await begin({ invitation: token, name: 'De Els', email: 'wim@ro.example' }, 'wim@ro.example');
    expect((await post({}, first)).status).toBe(200);
    expect((await post({}, second)).status).toBe(409);
    expect(await names(store)).not.toContain('De Els');
    expect((await get(`/aanmelden/uitnodiging/${token}`)).status).toBe(410);
    await close();
  });

  it('is linked where somebody looks for it, with the choice made there', async () => {
    const { get, close } = await begun();
    expect((await get('/')).body).toContain('href="/aanmelden"');
    expect((await get('/agenda?role=ro&status=contracted&insurer=noord,oost')).body).toContain(
      'href="/aanmelden?role=ro&amp;insurer=noord,oost&amp;status=contracted"',
    );
    expect((await get('/en/datums?role=practice&insurer=oost&contractStatus=uncontracted')).body).toContain(
      'href="/en/aanmelden?role=practice&amp;insurer=oost&amp;status=uncontracted"',
    );
    expect((await get('/geen-contract?insurer=oost')).body).toContain('href="/aanmelden?insurer=oost&amp;status=uncontracted"');
    await close();
  });
});
