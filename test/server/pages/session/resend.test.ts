/** Forms that are sent after their session ended: what was typed stays, and nothing is done by another session without a look. */
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
    expect(late.body).toMatch(
      new RegExp(`<a class="button primary" href="/inloggen\\?naar=${encodeURIComponent(page)}" target="_blank" rel="noopener">`),
    );
    const kept = formIn(late.body);
    expect([kept.method, kept.action]).toEqual(['post', null]);
    expect(kept.fields).toEqual([
      ['session', ''],
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
    expect([done.status, done.location?.startsWith(`${page}?bewaard=`)]).toEqual([303, true]);
    expect(await listSteps(store.read, ro.id)).toMatchObject([{ title: 'Begroting "rond" & <klaar> op tijd', dueOn: '2024-05-07' }]);
  });

  it('says by whom it would be done now, whoever filled it in, and asks what that person may do', async () => {
    const store = await fresh();
    const { manager, path, reader, ro } = await roomOf(store, NOW);
    const page = `/en${path('ontvangers')}`;
    const shown = await reader.post(page, { email: 'dora@ro.example', session: STALE });
    expect([shown.status, shown.text.includes(`before you signed in with ${READER}.`)]).toEqual([409, true]);
    expect((await again(reader, page, shown.body)).status).toBe(403);
    // A page of one session holds no field of use in another.
    expect((await again(manager, page, shown.body)).status).toBe(409);
    expect(await listRecipients(store.read, ro.id)).toEqual([]);
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

  it('keeps a whole account’s and editor’s form as well', async () => {
    const store = await fresh();
    const { app, clock, manager } = await roomOf(store, NOW);
    const account = await manager.post('/mijn/account', { doe: 'adres', email: 'nieuw@ro.example', session: STALE });
    expect([account.status, formIn(account.body).fields]).toEqual([
      409,
      [
        ['session', expect.stringMatching(/^[\w-]{43}$/)],
        ['doe', 'adres'],
        ['email', 'nieuw@ro.example'],
        ['ticket', expect.any(String)],
      ],
    ]);
    expect((await again(manager, '/mijn/account', account.body)).status).toBe(303);
    const { ed, tick } = await store.write(async (tx) => {
      const { id, revision } = await addDeadline(tx);
      return { ed: await addEditor(tx, { email: 'ed@redactie.example', label: 'Ed', language: 'nl' }, NOW), tick: `${id}.${revision}` };
    });
    const editor = await sessionOf(app, store, ed.id, NOW);
    const ticked = await editor.post('/redactie/verzekeraars/noord', { checked: tick });
    expect([ticked.status, formIn(ticked.body).fields[1]]).toEqual([409, ['checked', tick]]);
    expect((await again(editor, '/redactie/verzekeraars/noord', ticked.body)).location).toBe('/redactie/verzekeraars/noord');
    // A sign-in of before the last half hour counts as none for what is dangerous.
    clock.now = new Date(NOW.getTime() + 31 * 60_000);
    await manager.get('/uitloggen');
    const stale = await manager.post('/mijn/account', { doe: 'adres', email: 'ander@ro.example' });
    expect([stale.status, stale.text.includes('Log eerst nog een keer in')]).toEqual([401, true]);
    expect((await again(manager, '/mijn/account', stale.body)).status).toBe(401);
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
      expect(text, name).toMatch(/Dit vulde u in \S.* wat er stond/);
    }
  });
});

const formsIn = (body: string) => /<main.*<\/main>/s.exec(body)![0].split('<form').length - 1;
