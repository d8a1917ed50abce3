/** A published date as editors see it: still so, and back to what it said before. */
import { expect, it } from 'vitest';
import { addEditor } from '../../../../db/people/editors.ts';
import { amendDeadline, withdrawDeadline } from '../../../../db/registry/amending.ts';
import { getDeadline } from '../../../../db/registry/deadlines.ts';
import { listDrafts } from '../../../../db/registry/editions/drafts.ts';
import { returnToRevision } from '../../../../db/registry/editions/returning.ts';
import { waitForRegistry } from '../../../../db/registry/editions/publish.ts';
import type { Store, WriteDb } from '../../../../db/store/store.ts';
import { appFor } from '../../../helpers/app.ts';
import { meanwhile } from '../../../helpers/at-once.ts';
import { browserOf, SECURE_URL } from '../../../helpers/browser.ts';
import { addDeadline, castIn } from '../../../helpers/cast.ts';
import { saying } from '../../../helpers/rooms.ts';
import { at } from '../../../helpers/reminders.ts';
import { onBothDialects } from '../../../helpers/stores.ts';

const ED = 'ed@redactie.example';
const NOON = at('09-02T12:00');

onBothDialects('the editors’ page of a date', (fresh) => {
  const begin = async () => {
    const store = await fresh();
    await castIn(store);
    await store.write((tx) => addEditor(tx, { email: ED, label: 'Redactie, Ed', language: 'nl' }, NOON));
    const { app } = await appFor(store, { publicUrl: SECURE_URL, clock: () => NOON });
    const plan = await store.write((tx) => addDeadline(tx));
    return { store, plan, path: `/redactie/datums/${plan.id}`, browser: await browserOf(app, store, ED, NOON) };
  };
  const amend = (store: Store, id: string, baseRevision: number, title: string) =>
    store.write((tx) => amendDeadline(tx, id, { baseRevision, title, reason: `Nu: ${title}.` }, NOON));

  it('takes a check at once, says what it came to, and takes none of what was not seen', async () => {
    const { browser, path, plan, store } = await begin();
    expect((await browser.get('/redactie/verzekeraars/noord')).body).toContain(`href="${path}"`);
    expect((await browser.get(path)).text).toMatch(
      /Wat er nu staat \(revisie 1\) .*Gecontroleerd op 2 april 2024 .*Er stond nooit iets anders\./,
    );
    const sent = await browser.post(path, { seen: '1', still: 'yes' });
    expect([sent.status, sent.location]).toEqual([303, saying(path, 'checked')]);
    expect((await browser.get(sent.location!)).text).toContain('Gecontroleerd door Redactie, Ed.');
    const again = await browser.post(path, { seen: '1', still: 'yes' });
    expect((await browser.get(again.location!)).text).toContain('was vandaag al gecontroleerd');
    await amend(store, plan.id, 1, 'Jaarplan');
    const stale = await browser.post(path, { seen: '1', still: 'yes' });
    expect([stale.status, stale.text.includes('is intussen veranderd')]).toEqual([409, true]);
    expect(await getDeadline(store.read, plan.id)).toMatchObject({ revision: 2, checkedBy: 'redactie' });
  });

  it.each([
    ['one', 'before'],
    ['one', 'after'],
    ['several', 'before'],
    ['several', 'after'],
  ])(
    'takes no check of %s where a publication that is not committed changes it %s the check begins, and both come through',
    async (of, order) => {
      const { browser, path, plan, store } = await begin();
      const publish = async (tx: WriteDb, pause: () => Promise<void>) => {
        await waitForRegistry(tx, { insurerSlug: 'noord' });
        if (order === 'after') await pause();
        await amendDeadline(tx, plan.id, { baseRevision: 1, title: 'Jaarplan', reason: 'Korter.' }, NOON);
        if (order === 'before') await pause();
      };
      const send = () =>
        of === 'one'
          ? browser.post(path, { seen: '1', still: 'yes' })
          : browser.post('/redactie/verzekeraars/noord', { checked: `${plan.id}.1` });
      expect((await meanwhile(store, publish, send)).status).toBe(409);
      expect(await getDeadline(store.read, plan.id)).toMatchObject({ revision: 2, checkedBy: 'redactie' });
    },
  );

  it('puts an earlier revision in the draft by one button, once, and changes nothing for readers by itself', async () => {
    const { browser, path, plan, store } = await begin();
    await amend(store, plan.id, 1, 'Jaarplan');
    await store.write((tx) => withdrawDeadline(tx, plan.id, 'Bestaat niet meer.', NOON));
    const { body, text } = await browser.get(path);
    expect(text).toMatch(
      /Deze datum is vervallen\. .*Revisie 2, sinds .*Jaarplan: 1 oktober 2024, volgens de bron .* Terug naar revisie 2 .*Revisie 1/,
    );
    expect(body).not.toContain('name="still"');
    const back = await browser.post(path, { seen: '3', back: '1' });
    const [draft] = await listDrafts(store.read);
    expect([back.status, back.location!.startsWith(`/redactie/edities/${draft!.edition.id}/`)]).toEqual([303, true]);
    expect((await browser.get(back.location!)).body).toContain(`value="${plan.title}"`);
    expect(await getDeadline(store.read, plan.id)).toMatchObject({ revision: 3, status: 'withdrawn' });
    const twice = await browser.post(path, { seen: '3', back: '2' });
    expect([twice.status, twice.text.includes('Er is niets teruggezet')]).toEqual([409, true]);
    expect(twice.body).toContain(`href="${back.location!}"`);
    expect((await browser.get(back.location!)).body).toContain(`value="${plan.title}"`);
  });

  it('offers no way back to what nobody stated', async () => {
    const { browser, store } = await begin();
    const basis = { kind: 'common_rhythm', deadlineId: null, text: 'De gebruikelijke dag.' } as const;
    const { id } = await store.write((tx) =>
      addDeadline(tx, { activity: 'signing' }, { title: 'Tekenen', certainty: 'expected', basis, sources: [] }),
    );
    const sources = [{ document: 'Beleid 2025', section: null, quote: 'Teken voor 1 oktober 2024.', url: null }];
    const stated = { baseRevision: 1, certainty: 'stated', basis: null, sources, reason: 'Nu genoemd.' } as const;
    await store.write((tx) => amendDeadline(tx, id, stated, NOON));
    const { body, text } = await browser.get(`/redactie/datums/${id}`);
    expect([body.includes('name="back"'), text.includes('Daarnaar kunt u niet terug.')]).toEqual([false, true]);
    expect((await browser.post(`/redactie/datums/${id}`, { seen: '2', back: '1' })).status).toBe(400);
    const back = { deadlineId: id, revision: 1, reason: null, by: 'person:ed' };
    await expect(store.write((tx) => returnToRevision(tx, back, NOON))).rejects.toMatchObject({ kind: 'invalid' });
    // Going back by hand says nothing of a document either.
    const assumed = { baseRevision: 2, certainty: 'expected', basis, reason: 'Toch niet.' } as const;
    await store.write((tx) => amendDeadline(tx, id, { ...assumed, sources: [] }, at('09-03T12:00')));
    expect(await getDeadline(store.read, id)).toMatchObject({ revision: 3, checkedOn: '2024-09-02' });
  });

  it('leads to the form in which it is changed or ended, and puts nothing in the draft before that is saved', async () => {
    const { browser, path, plan, store } = await begin();
    for (const [button, heading] of [
      ['change', 'wijzig'],
      ['end', 'vervalt'],
    ] as const) {
      const { location, status } = await browser.post(path, { seen: '1', [button]: 'yes' });
      const [draft] = await listDrafts(store.read);
      expect([status, location]).toEqual([303, `/redactie/edities/${draft!.edition.id}/nieuw?${heading}=${plan.id}`]);
      expect((await browser.get(location!)).status).toBe(200);
      expect(draft!.entries).toBe(0);
    }
    await store.write((tx) => withdrawDeadline(tx, plan.id, 'Bestaat niet meer.', NOON));
    expect((await browser.get(path)).body).not.toContain('name="change"');
    expect((await browser.post(path, { seen: '2', change: 'yes' })).status).toBe(409);
  });

  it('refuses what is no earlier revision, and is found for no other id', async () => {
    const { browser, path } = await begin();
    for (const revision of ['1', '2', '', '-1', 'x']) expect((await browser.post(path, { seen: '1', back: revision })).status).toBe(400);
    for (const id of ['x', '00000000-0000-4000-8000-000000000000']) expect((await browser.get(`/redactie/datums/${id}`)).status).toBe(404);
  });
});
