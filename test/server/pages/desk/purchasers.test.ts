import { expect, it } from 'vitest';
import { addEditor } from '../../../../db/people/editors.ts';
import { amendDeadline } from '../../../../db/registry/amending.ts';
import { getDeadline } from '../../../../db/registry/deadlines.ts';
import { listAnswers, takeAnswers } from '../../../../db/registry/purchasers/answers.ts';
import { listPurchaserLinks, makePurchaserLink } from '../../../../db/registry/purchasers/links.ts';
import type { Store } from '../../../../db/store/store.ts';
import { appFor } from '../../../helpers/app.ts';
import { browserOf, openBrowser, SECURE_URL } from '../../../helpers/browser.ts';
import { addDeadline, castIn } from '../../../helpers/cast.ts';
import { at } from '../../../helpers/reminders.ts';
import { saying } from '../../../helpers/rooms.ts';
import { onBothDialects } from '../../../helpers/stores.ts';

const ED = 'ed@redactie.example';
const NOON = at('09-02T12:00');
const LINKS = '/redactie/verzekeraars/noord/inkopers';

async function editing(store: Store) {
  await castIn(store);
  await store.write((tx) => addEditor(tx, { email: ED, label: 'Redactie, Ed', language: 'nl' }, NOON));
  const { app } = await appFor(store, { publicUrl: SECURE_URL, clock: () => NOON });
  return { app, browser: await browserOf(app, store, ED, NOON) };
}

onBothDialects('editors', (fresh) => {
  it('make links for a purchaser, each shown once, and revoke one: the others stay', async () => {
    const store = await fresh();
    const { app, browser } = await editing(store);
    expect((await browser.get('/redactie/verzekeraars/noord')).body).toContain(`href="${LINKS}"`);
    expect((await browser.get('/redactie/verzekeraars/nergens/inkopers')).status).toBe(404);
    expect((await browser.get(LINKS)).text).toContain('Er zijn nog geen links.');
    const ticket = '123e4567-e89b-42d3-a456-426614174000';
    const made = await browser.post(LINKS, { doe: 'maak', ticket });
    expect([made.status, made.headers.get('cache-control')]).toEqual([200, 'no-store']);
    const [, path] = /https:\/\/inkoop\.example(\/inkoper\/[\w-]{43})/.exec(made.text)!;
    expect(made.text).toContain(
      'Gemaakt op 2 september 2024 om 12:00 uur door Redactie, Ed Werkt tot 1 december 2024. Er is nog niet mee geantwoord.',
    );
    expect((await browser.get(LINKS)).body).not.toContain('/inkoper/');
    // Loaded anew it makes no other one.
    const again = await browser.post(LINKS, { doe: 'maak', ticket });
    expect([again.status, again.location]).toEqual([303, saying(LINKS, 'getoond')]);
    expect((await browser.get(again.location!)).text).toContain('Deze link is al één keer getoond.');
    await browser.post(LINKS, { doe: 'maak' });
    const links = await listPurchaserLinks(store.read, 'noord');
    expect(links).toHaveLength(2);
    const purchaser = await openBrowser(app);
    expect((await purchaser.get(path!)).status).toBe(200);
    for (const end of ['x', '123e4567-e89b-42d3-a456-426614174000']) expect((await browser.post(LINKS, { end })).location).toBe(LINKS);
    const statuses = async () => (await listPurchaserLinks(store.read, 'noord')).filter(({ revokedAt }) => revokedAt !== null).length;
    expect(await statuses()).toBe(0);
    for (const { id } of links) expect((await browser.post(LINKS, { end: id })).location).toEqual(saying(LINKS, 'ingetrokken'));
    expect(await statuses()).toBe(2);
    expect((await browser.get(LINKS)).text).toContain('Ingetrokken op 2 september 2024.');
    expect((await purchaser.get(path!)).status).toBe(410);
    expect(await store.read.$count(store.read.tables.messages)).toBe(1);
  });

  it('read what purchasers say beside what readers say, close what is not right, and tick what is in one go', async () => {
    const store = await fresh();
    const { browser } = await editing(store);
    expect((await browser.get('/redactie/meldingen')).text).toContain('Er wachten geen antwoorden van inkopers.');
    const plan = await store.write((tx) => addDeadline(tx));
    const request = await store.write((tx) => addDeadline(tx, { activity: 'contract_request' }, { title: 'Contract vragen' }));
    const changed = await store.write((tx) => addDeadline(tx, { activity: 'signing' }, { title: 'Tekenen' }));
    const { id: link } = await store.write((tx) => makePurchaserLink(tx, 'noord', { by: 'person:x', now: NOON }));
    const say = (deadlineId: string, wrong: string | null) => ({ deadlineId, revision: 1, wrong });
    await store.write((tx) =>
      takeAnswers(tx, link, [say(plan.id, null), say(changed.id, null), say(request.id, '<b>1 november</b>\nBlad 3')], NOON),
    );
    await store.write((tx) => amendDeadline(tx, changed.id, { baseRevision: 1, title: 'Ondertekenen', reason: 'Korter' }, NOON));
    expect((await browser.get('/redactie')).text).toContain(
      '1 antwoord van een inkoper zegt dat iets niet klopt. Lees wat niet klopt 2 antwoorden van inkopers zeggen dat iets klopt. Lees wat klopt',
    );
    const { body, text } = await browser.get('/redactie/meldingen');
    expect(text).toContain('Van lezers Er wachten geen meldingen.');
    expect(text).toContain(
      'Contract vragen Noord, contractjaar 2025. 2 september 2024 om 12:00 uur. Klopt niet, want &lt;b&gt;1 november&lt;/b&gt; Blad 3 Afgehandeld Contract vragen',
    );
    expect(text).toMatch(/Noord: 2 datums kloppen .*Dit ging over revisie 1\. De datum is daarna veranderd: nu geldt revisie 2\./);
    expect(body.match(/class="button primary"/g)).toBeNull();
    const wrong = (await listAnswers(store.read)).find((one) => one.wrong !== null)!;
    expect((await browser.post('/redactie/meldingen', { answer: wrong.id })).location).toBe('/redactie/meldingen');
    expect(await listAnswers(store.read)).toHaveLength(2);
    const shown = [...body.matchAll(/name="right" value="([^"]+)"/g)].map(([, id]) => ['right', id!] as [string, string]);
    expect(shown).toHaveLength(2);
    const ticked = await browser.post('/redactie/meldingen', [...shown, ['doe', 'klopt-nog']]);
    expect([ticked.status, ticked.location]).toEqual([303, saying('/redactie/meldingen', 'klopt-nog-1-0-1-0-0')]);
    expect((await browser.get(ticked.location!)).text).toContain(
      '1 datum gecontroleerd door Redactie, Ed. 1 datum is na het antwoord veranderd en bleef staan. Noord: 1 datum klopt',
    );
    // An address alone says nothing.
    expect((await browser.get('/redactie/meldingen?gedaan=klopt-nog-9-0-0-0-0.zzzzzzzz.x')).text).not.toContain('9 datums');
    expect(await getDeadline(store.read, plan.id)).toMatchObject({ checkedOn: '2024-09-02', checkedBy: 'Redactie, Ed', revision: 1 });
    await browser.post('/redactie/meldingen', [...shown, ['doe', 'afhandelen']]);
    expect(await listAnswers(store.read)).toEqual([]);
    expect((await browser.get('/redactie')).text).not.toContain('inkoper');
  });

  it('tick nothing that somebody says is wrong, see what is wrong first and not all at once, and close what one link said in one go', async () => {
    const store = await fresh();
    const { browser } = await editing(store);
    const plan = await store.write((tx) => addDeadline(tx));
    const make = async (insurer: string) => (await store.write((tx) => makePurchaserLink(tx, insurer, { by: 'person:x', now: NOON }))).id;
    const [one, other] = [await make('noord'), await make('noord')];
    const say = (link: string, wrong: string | null) =>
      store.write((tx) => takeAnswers(tx, link, [{ deadlineId: plan.id, revision: 1, wrong }], NOON));
    await say(one, null);
    await say(other, 'Het is 1 november.');
    const shown = async () => {
      const { body, text } = await browser.get('/redactie/meldingen');
      const right = [...body.matchAll(/name="right" value="([^"]+)"/g)].map(([, id]) => id!);
      return { text, right, wrong: body.match(/name="answer"/g)?.length ?? 0, links: [...body.matchAll(/name="link" value="([^"]+)"/g)] };
    };
    const disputed = await shown();
    expect([disputed.right, disputed.wrong, disputed.links]).toEqual([[], 1, []]);
    expect(disputed.text).toContain('Van 1 datum zegt iemand dat die klopt, en iemand anders niet. Handel eerst af wat niet klopt.');
    const id = (await listAnswers(store.read)).find(({ wrong }) => wrong === null)!.id;
    const ticked = await browser.post('/redactie/meldingen', { right: id, doe: 'klopt-nog' });
    expect((await browser.get(ticked.location!)).text).toContain('1 datum klopt volgens een ander antwoord niet en bleef staan');
    await say(other, null);
    expect((await shown()).right).toHaveLength(2);
    const { purchaserAnswers } = store.read.tables;
    const many = Array.from({ length: 201 }, () => ({
      id: crypto.randomUUID(),
      linkId: other,
      deadlineId: plan.id,
      revision: 2,
      wrong: 'x',
      createdAt: NOON,
    }));
    await store.write(async (tx) => void (await tx.insert(purchaserAnswers).values(many)));
    const full = await shown();
    expect([full.right, full.wrong, full.links.map(([, link]) => link)]).toEqual([[], 200, [other]]);
    expect(full.text).toContain('Nog 3 antwoorden staan hier niet. U ziet ze als u antwoorden die hier staan hebt afgehandeld.');
    expect(full.text).toContain('Noord, link van 2 september 2024 om 12:00 uur: 202 antwoorden wachten.');
    expect((await browser.post('/redactie/meldingen', { link: other })).location).toBe('/redactie/meldingen');
    expect(await listAnswers(store.read)).toMatchObject([{ linkId: one, wrong: null }]);
    expect(await shown()).toMatchObject({ right: [id], wrong: 0, links: [] });
  });
});
