/** Forms that are sent after their session ended: what was typed stays, and nothing is done by another session without a look, nor by another person at all. */
import { expect, it } from 'vitest';
import { revokeSession } from '../../../../db/people/sessions.ts';
import { addEditor } from '../../../../db/people/editors.ts';
import { listSteps } from '../../../../db/organisations/steps/steps.ts';
import { listRecipients } from '../../../../db/recipients/recipients.ts';
import type { Store } from '../../../../db/store/store.ts';
import type { TestBrowser } from '../../../helpers/browser.ts';
import { addDeadline, NOW } from '../../../helpers/cast.ts';
import { MANAGER, READER, roomOf, sessionOf } from '../../../helpers/rooms.ts';
import { onBothDialects } from '../../../helpers/stores.ts';

const TITLE = 'Begroting "rond" & <klaar>\nop tijd';
const TYPED = { what: TITLE, on: '2024-05-07', owner: '', before: '' };
/** A session that is none: what a page has that was made in another one, or after none. */
const STALE = 'x'.repeat(43);

/** Signs everybody out. */
async function endSessions(store: Store): Promise<void> {
  for (const { id } of await store.read.select({ id: store.read.tables.sessions.id }).from(store.read.tables.sessions))
    await store.write((tx) => revokeSession(tx, id, NOW));
}

/** What the forms of a session bring along. */
const sessionFieldOf = async (browser: TestBrowser, path: string) =>
  /name="session" value="([^"]+)"/.exec((await browser.get(path)).body)![1]!;

/** What the only form of a page's text sends when its button is pressed: a browser sends line breaks of hidden fields as CRLF. */
function formIn(body: string): { fields: [string, string][]; action: string | null; method: string | null } {
  const main = /<main[^>]*>(.*)<\/main>/s.exec(body)![1]!;
  const forms = [...main.matchAll(/<form([^>]*)>(.*?)<\/form>/gs)];
  expect(forms).toHaveLength(1);
  const [, attributes = '', content = ''] = forms[0]!;
  const fields = [...content.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)].map(
    ([, name = '', value = '']) => [plain(name), plain(value).replaceAll('\n', '\r\n')] as [string, string],
  );
  return { fields, action: /action="([^"]*)"/.exec(attributes)?.[1] ?? null, method: /method="([^"]*)"/.exec(attributes)?.[1] ?? null };
}

const plain = (text: string) =>
  text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

/** Presses the button of the page that keeps a form. */
const again = async (browser: TestBrowser, path: string, body: string) => browser.post(path, formIn(body).fields);

onBothDialects('a form that is sent after its session ended', (fresh) => {
  it('keeps what was typed until who signed in again has looked at it, and is done once', async () => {
    const store = await fresh();
    const { app, manager, path, people, ro } = await roomOf(store, NOW);
    const page = path('eigen-datums');
    await endSessions(store);
    const late = await manager.post(page, TYPED);
    expect([late.status, late.location, late.headers.get('cache-control')]).toEqual([401, null, 'no-store']);
    expect(late.text).toContain('U bent niet meer ingelogd Wat u invulde, is niet verstuurd.');
    expect(late.text).toContain('Dag 7 mei 2024');
    // Whose it was is said without the id.
    expect(late.body).not.toContain(people.manager.id);
    expect(late.body).toMatch(
      new RegExp(`<a class="button primary" href="/inloggen\\?naar=${encodeURIComponent(page)}" target="_blank" rel="noopener">`),
    );
    const kept = formIn(late.body);
    expect([kept.method, kept.action]).toEqual(['post', null]);
    expect(kept.fields).toEqual([
      ['session', expect.stringMatching(/^\.[\w-]{43}$/)],
      ...Object.entries(TYPED).map(([name, value]) => [name, value.replaceAll('\n', '\r\n')]),
      ['ticket', expect.any(String)],
    ]);
    // Sent again before anybody signed in: the same page.
    expect([(await again(manager, page, late.body)).status, await listSteps(store.read, ro.id)]).toEqual([401, []]);

    const back = await sessionOf(app, store, people.manager.id, NOW);
    const shown = await again(back, page, late.body);
    expect([shown.status, await listSteps(store.read, ro.id)]).toEqual([409, []]);
    expect(shown.text).toContain(`Het werd ingevuld voordat u inlogde met ${MANAGER}.`);
    expect(shown.body).toContain(`href="${page}" target="_blank"`);
    const done = await again(back, page, shown.body);
    expect([done.status, done.location?.startsWith(`${page}?gedaan=`)]).toEqual([303, true]);
    expect(await listSteps(store.read, ro.id)).toMatchObject([{ title: 'Begroting "rond" & <klaar> op tijd', dueOn: '2024-05-07' }]);
  });

  it('says by whom it would be done now, and asks what that person may do', async () => {
    const store = await fresh();
    const { app, manager, path, people, reader, ro } = await roomOf(store, NOW);
    const page = `/en${path('ontvangers')}`;
    const earlier = await sessionFieldOf(reader, path());
    await endSessions(store);
    const back = await sessionOf(app, store, people.reader.id, NOW);
    const shown = await back.post(page, { email: 'dora@ro.example', session: earlier });
    expect([shown.status, shown.text.includes(`before you signed in with ${READER}.`)]).toEqual([409, true]);
    expect((await again(back, page, shown.body)).status).toBe(403);
    // A page of one session holds no field of use in another.
    expect((await again(manager, page, shown.body)).status).toBe(401);
    expect(await listRecipients(store.read, ro.id)).toEqual([]);
  });

  it('is sent by nobody but who filled it in: anybody else copies it', async () => {
    const store = await fresh();
    const { app, manager, path, people, reader, ro } = await roomOf(store, NOW);
    const page = path('eigen-datums');
    const theirs = await sessionFieldOf(reader, path());
    for (const session of [theirs, `.${theirs.split('.')[1]}`, STALE, `${STALE}.${STALE}`, '', '.']) {
      const shown = await manager.post(page, { ...TYPED, session });
      expect([session, shown.status, formsIn(shown.body)]).toEqual([session, 409, 0]);
      expect(shown.text).toContain('Open de pagina en vul het daar opnieuw in.');
      expect(shown.text).toContain('Dag 7 mei 2024');
      expect(shown.body).toContain(`href="${page}" target="_blank"`);
    }
    // Nor by who signs in where the page of another one was kept.
    await endSessions(store);
    const kept = await reader.post(page, { ...TYPED, session: theirs });
    const next = await sessionOf(app, store, people.manager.id, NOW);
    const shown = await again(next, page, kept.body);
    expect([kept.status, formsIn(kept.body), shown.status, formsIn(shown.body)]).toEqual([401, 1, 409, 0]);
    expect(await listSteps(store.read, ro.id)).toEqual([]);
  });

  it('is never sent again with what the page does not show: choices, ticks, and the button that was pressed', async () => {
    const store = await fresh();
    const { app, clock, manager, path, people, ro } = await roomOf(store, NOW);
    const earlier = await sessionFieldOf(manager, path());
    const account = '/mijn/account';
    const blind: [string, Record<string, string>][] = [
      [path('gegevens'), { name: ro.name, act: 'delete' }],
      [path('eigen-datums'), { ...TYPED, owner: people.reader.id }],
      [path('eigen-datums'), { ...TYPED, step: people.reader.id }],
      [path('eigen-datums'), { ...TYPED, remove: people.reader.id }],
      [path('eigen-datums'), { ...TYPED, act: 'delete' }],
      [path('ontvangers'), { email: 'dora@ro.example', act: '' }],
      [path('leden'), { email: 'dora@ro.example', role: 'manager' }],
      [path(`leden/${people.reader.id}`), { doe: 'draag-over', name: 'Bert' }],
      [path('agenda'), { label: 'Agenda', certainty: 'all' }],
      [path('sleutels'), { label: 'Sleutel' }],
      [path('verzekeraars'), { name: 'Regio Zuid', roles: 'ro' }],
      [account, { doe: 'adres', email: 'nieuw@ro.example' }],
    ];
    const back = await sessionOf(app, store, people.manager.id, NOW);
    for (const [page, fields] of blind) {
      const shown = await back.post(page, { ...fields, session: earlier });
      expect([page, fields, shown.status, formsIn(shown.body)]).toEqual([page, fields, 409, 0]);
      expect(shown.text).toContain('Open de pagina en vul het daar opnieuw in.');
    }
    // A sign-in of before the last half hour counts as none for what is dangerous.
    clock.now = new Date(NOW.getTime() + 31 * 60_000);
    const stale = await manager.post(account, { doe: 'adres', email: 'ander@ro.example', session: earlier });
    expect([stale.status, stale.text.includes('Log eerst nog een keer in'), formsIn(stale.body)]).toEqual([401, true, 0]);
    expect(stale.text).toContain('E-mailadres ander@ro.example');
    await endSessions(store);
    for (const [page, fields] of blind) {
      const late = await manager.post(page, { ...fields, session: earlier });
      expect([page, fields, late.status, formsIn(late.body)]).toEqual([page, fields, 401, 0]);
    }
    expect(await store.read.$count(store.read.tables.organisations)).toBeGreaterThan(1);
  });

  it('never shows it to what came from elsewhere, signed in or not', async () => {
    const store = await fresh();
    const { manager, path } = await roomOf(store, NOW);
    const page = path('eigen-datums');
    const foreign: Record<string, string>[] = [
      {},
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'none' },
      { origin: 'null' },
      { origin: 'https://evil.example' },
      { origin: 'http://inkoop.example' },
    ];
    const ask = async () => {
      for (const headers of foreign)
        for (const session of [STALE, '']) {
          const refused = await manager.post(page, { ...TYPED, session }, headers);
          expect([headers, refused.status, refused.body.includes('Begroting')]).toEqual([headers, 403, false]);
          expect(formsIn(refused.body)).toBe(0);
        }
    };
    await ask();
    await endSessions(store);
    await ask();
  });

  it('keeps no code and no password, and nothing where there is more than any form of ours has', async () => {
    const store = await fresh();
    const { manager, path } = await roomOf(store, NOW);
    await endSessions(store);
    const page = path('eigen-datums');
    const kept = await manager.post(page, {
      what: 'Begroting',
      code: 'A3C9KM',
      password: 'geheim-1',
      wachtwoord: 'geheim-2',
      session: STALE,
    });
    expect([kept.status, /A3C9KM|geheim|x{43}/.test(kept.body), kept.body.includes('Begroting')]).toEqual([401, false, true]);
    const many = (count: number) => Array.from({ length: count }, (_, at): [string, string] => ['what', `Begroting ${at}`]);
    expect((await manager.post(page, many(499))).status).toBe(401);
    expect((await manager.post(page, many(500))).location).toBe(`/inloggen?naar=${encodeURIComponent(page)}`);
    expect((await manager.post(page, [['what', 'x'.repeat(70_000)]])).status).toBe(413);
  });

  it('leads to sign in, or back to its page, where it is a button by itself', async () => {
    const store = await fresh();
    const { manager, path, people } = await roomOf(store, NOW);
    const page = path('eigen-datums');
    const pressed = { remove: people.reader.id, act: 'remove', ticket: people.manager.id };
    const refused = await manager.post(page, { ...pressed, session: STALE });
    expect([refused.status, formsIn(refused.body)]).toEqual([403, 0]);
    await endSessions(store);
    expect((await manager.post(page, pressed)).location).toBe(`/inloggen?naar=${encodeURIComponent(page)}`);
  });

  it('of an editor is to be copied, and never sent again', async () => {
    const store = await fresh();
    const { app } = await roomOf(store, NOW);
    const { ed, tick } = await store.write(async (tx) => {
      const { id, revision } = await addDeadline(tx);
      return { ed: await addEditor(tx, { email: 'ed@redactie.example', label: 'Ed', language: 'nl' }, NOW), tick: `${id}.${revision}` };
    });
    const editor = await sessionOf(app, store, ed.id, NOW);
    const session = await sessionFieldOf(editor, '/redactie');
    const back = await sessionOf(app, store, ed.id, NOW);
    const page = '/redactie/verzekeraars/noord';
    const ticked = await back.post(page, { checked: tick, session });
    expect([ticked.status, formsIn(ticked.body), ticked.body.includes(tick)]).toEqual([409, 0, false]);
    const sent = { remarks: 'Eerste regel\nTweede', name: 'Noord', doe: 'bewaar', seen: 'opened-so', mark: 'marked-so', session };
    const typed = await back.post('/redactie/verzekeraars/noord/gegevens', sent);
    expect([typed.status, formsIn(typed.body), typed.body.includes('opened-so'), typed.body.includes('marked-so')]).toEqual([
      409,
      0,
      false,
      false,
    ]);
    expect(typed.text).toContain('Naam Noord Veld remarks Eerste regel Tweede');
    await endSessions(store);
    expect(formsIn((await editor.post(page, { remarks: 'Tekst', session })).body)).toBe(0);
  });

  it('shows each field in which people type, on every page of an organisation and of one’s own', async () => {
    const store = await fresh();
    const { app, manager, people, ro } = await roomOf(store, NOW);
    const duty = await store.write((tx) => addDeadline(tx));
    for (const email of ['post@ro.example', 'tweede@ro.example']) await manager.post(`/o/${ro.id}/ontvangers`, { email });
    const [recipient] = await listRecipients(store.read, ro.id);
    const ids = { id: ro.id, deadlineId: duty.id, recipientId: recipient!.id, personId: people.reader.id };
    const pages = [...app.paths.keys()].filter((url) => /^\/(mijn|o\/:id)(\/|$)/.test(url));
    const names = new Set<string>();
    for (const url of pages) {
      const { body } = await manager.get(url.replaceAll(/:(\w+)/g, (_, name) => ids[name as 'id'] ?? ids.id));
      for (const [tag] of body.matchAll(/<(?:input|textarea)[^>]*>/g))
        if (!/type="(hidden|checkbox|radio)"/.test(tag)) names.add(/name="([^"]*)"/.exec(tag)![1]!);
    }
    expect(names.size).toBeGreaterThan(10);
    for (const name of names) {
      const { text } = await manager.post(`/o/${ro.id}/eigen-datums`, { [name]: 'wat er stond', session: STALE });
      expect(text, name).toMatch(/Dit is ingevuld \S.* wat er stond/);
    }
  });
});

const formsIn = (body: string) => /<main.*<\/main>/s.exec(body)![0].split('<form').length - 1;
