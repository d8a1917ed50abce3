import { expect, it } from 'vitest';
import { addEditor } from '../../../../../db/people/editors.ts';
import { allDeadlines } from '../../../../../db/registry/deadlines.ts';
import { amendAlone } from '../../../../../db/registry/editions/alone.ts';
import { unseenEditions } from '../../../../../db/registry/editions/looking.ts';
import { addEntry, getEdition, openDraft } from '../../../../../db/registry/editions/drafts.ts';
import type { Store } from '../../../../../db/store/store.ts';
import { keptText } from '../../../../../server/pages/desk/editions/publishing.ts';
import { readFacts } from '../../../../../server/pages/desk/editions/facts.ts';
import { appFor } from '../../../../helpers/app.ts';
import { browserOf, SECURE_URL } from '../../../../helpers/browser.ts';
import { addDeadline, castIn, contentOf } from '../../../../helpers/cast.ts';
import { at } from '../../../../helpers/reminders.ts';
import { onBothDialects } from '../../../../helpers/stores.ts';

const [ED, BO] = ['ed@redactie.example', 'bo@redactie.example'];
const NOON = at('09-02T12:00');

/** A draft that Ed wrote, with one whole entry, and the browsers of both editors. */
async function publishing(store: Store) {
  await castIn(store);
  const people = await store.write(async (tx) => ({
    ed: await addEditor(tx, { email: ED, label: 'Redactie, Ed', language: 'nl' }, NOON),
    bo: await addEditor(tx, { email: BO, label: 'Redactie, Bo', language: 'nl' }, NOON),
  }));
  const by = `person:${people.ed.id}`;
  const { id } = await store.write(async (tx) => {
    const draft = await openDraft(tx, { insurer: 'noord', careType: 'multidisciplinary_care', contractYear: 2025, by }, NOON);
    await addEntry(tx, draft.id, { act: 'enter', activity: 'annual_plan', content: contentOf(), by }, NOON);
    return draft;
  });
  const clock = { now: NOON };
  const { app } = await appFor(store, { publicUrl: SECURE_URL, clock: () => clock.now });
  const [ed, bo] = [await browserOf(app, store, ED, NOON), await browserOf(app, store, BO, NOON)];
  const markOn = (body: string) => /name="mark" value="([^"]+)"/.exec(body)?.[1] ?? '';
  return { bo, clock, ed, id, markOn, path: `/redactie/edities/${id}` };
}

onBothDialects('editors who publish', (fresh) => {
  it('have somebody else look first, or say why not; readers see that until somebody else has looked', async () => {
    const store = await fresh();
    const { bo, ed, id, markOn, path } = await publishing(store);
    const page = await ed.get(path);
    expect(page.text).toContain('U schreef zelf in deze editie.');
    expect(page.text).toContain('In deze editie schreven: Redactie, Ed.');
    const mark = markOn(page.body);
    const refused = await ed.post(path, { act: 'publish', mark, aloneReason: ' ' });
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('Zeg waarom u dit alleen publiceert')]);
    expect(await allDeadlines(store.read)).toEqual([]);
    const sent = await ed.post(path, { act: 'publish', mark, aloneReason: 'Haast <b>' });
    expect(sent.status).toBe(303);
    const done = await ed.get(sent.location!);
    expect(done.text).toContain('De editie is gepubliceerd.');
    expect(done.text).toContain('Nog door niemand anders bekeken. De reden: Haast');
    expect(done.text).not.toContain('Ik heb meegekeken');
    expect((await allDeadlines(store.read)).map(({ title }) => title)).toEqual(['Jaarplan met begroting indienen']);
    expect((await ed.post(path, { act: 'look' })).status).toBe(403);
    expect((await bo.get(path)).text).toContain('Ik heb meegekeken');
    await bo.post(path, { act: 'look' });
    expect((await ed.get(path)).text).toContain('Ook bekeken door Redactie, Bo');
    expect(await getEdition(store.read, id)).toMatchObject({ status: 'published', aloneReason: 'Haast <b>' });
  });

  it('are led to a later edition that rests on what they take back', async () => {
    const store = await fresh();
    const { bo, clock, id, markOn, path } = await publishing(store);
    await bo.post(path, { act: 'publish', mark: markOn((await bo.get(path)).body) });
    const [plan] = await allDeadlines(store.read);
    clock.now = new Date(NOON.getTime() + 60_000);
    await store.write((tx) =>
      amendAlone(tx, plan!.id, { baseRevision: 1, reason: 'Anders.', title: 'Plan' }, { door: 'api', by: 'key:k1' }, clock.now),
    );
    const refused = await bo.post(path, { act: 'take_back' });
    expect([refused.status, refused.text]).toEqual([409, expect.stringContaining('een latere editie wijzigde daarna ‘Plan’')]);
    const [later] = (await unseenEditions(store.read)).filter((one) => one.id !== id);
    expect(refused.body).toContain(`/redactie/edities/${later!.id}"`);
    expect((await getEdition(store.read, id)).status).toBe('published');
  });

  it('publish what they saw and nothing else, and take it back for ten minutes with nobody told', async () => {
    const store = await fresh();
    const { bo, clock, ed, id, markOn, path } = await publishing(store);
    const seen = markOn((await bo.get(path)).body);
    await ed.post(path, { act: 'save', version: '1', reason: 'Nieuw beleid', announcedOn: '' });
    const stale = await bo.post(path, { act: 'publish', mark: seen });
    expect([stale.status, stale.text]).toEqual([409, expect.stringContaining('Bekijk eerst wat er nu staat.')]);
    const page = await bo.get(path);
    expect(page.text).not.toContain('U schreef zelf in deze editie.');
    expect((await bo.post(path, { act: 'publish', mark: markOn(page.body) })).status).toBe(303);
    expect(await getEdition(store.read, id)).toMatchObject({ status: 'published', aloneReason: null });
    // Who wrote it compared it with its document; who published it did not.
    expect((await allDeadlines(store.read)).map(({ checkedBy }) => checkedBy)).toEqual(['Redactie, Ed']);
    expect((await ed.get('/redactie/edities')).text).toMatch(/Kortgeleden gepubliceerd Noord, contractjaar 2025/);
    clock.now = new Date(NOON.getTime() + 9 * 60_000);
    const back = await ed.post(path, { act: 'take_back' });
    expect((await ed.get(back.location!)).text).toContain('De editie is teruggenomen. Niemand heeft er bericht van gekregen.');
    expect((await allDeadlines(store.read)).filter(({ certainty, status }) => status === 'published' && certainty === 'stated')).toEqual(
      [],
    );
    expect((await ed.get(path)).text).toContain('Teruggenomen door Redactie, Ed');
    expect(await store.read.$count(store.read.tables.changes)).toBe(0);
    const again = await ed.post(path, { act: 'again' });
    expect(again.location).not.toContain(id);
    expect((await ed.get(again.location!)).text).toMatch(/Alles staat weer in dit concept\..*Jaarplan met begroting indienen Nieuw/);
  });

  it('are told where a confirmation was not added, since something else is said of that date by now', async () => {
    const store = await fresh();
    const { ed, id, path } = await publishing(store);
    const plan = await store.write((tx) => addDeadline(tx, { activity: 'accounts' }, { title: 'Verantwoorden' }));
    const input = { act: 'amend', deadlineId: plan.id, content: { title: 'Anders' }, by: 'person:cy' } as const;
    const { entry } = await store.write((tx) => addEntry(tx, id, input, NOON));
    const sent = await ed.post(path, { check: `${plan.id}.1` });
    expect(sent.location).toContain(`#${entry.id}`);
    expect((await ed.get(sent.location!.split('#')[0]!)).text).toContain('Uw bevestiging is niet toegevoegd');
  });

  it('are told who took it back where a colleague was first', async () => {
    const store = await fresh();
    const { bo, ed, id, markOn, path } = await publishing(store);
    await bo.post(path, { act: 'publish', mark: markOn((await bo.get(path)).body) });
    await ed.post(path, { act: 'take_back' });
    const second = await bo.post(path, { act: 'take_back' });
    expect([second.status, second.location]).toEqual([303, path]);
    expect((await bo.get(path)).text).toContain('Teruggenomen door Redactie, Ed op');
    expect(await getEdition(store.read, id)).toMatchObject({ status: 'taken_back' });
  });

  it('cannot take back what is public', async () => {
    const store = await fresh();
    const { bo, clock, ed, id, markOn, path } = await publishing(store);
    await bo.post(path, { act: 'publish', mark: markOn((await bo.get(path)).body) });
    clock.now = new Date(NOON.getTime() + 10 * 60_000);
    expect((await ed.get(path)).text).toContain('Sinds 2 september 2024');
    const late = await ed.post(path, { act: 'take_back' });
    expect([late.status, late.text]).toEqual([409, expect.stringContaining('Terugnemen kan niet meer: de tien minuten zijn voorbij.')]);
    expect(await getEdition(store.read, id)).toMatchObject({ status: 'published' });
  });

  it('are told what keeps an edition from being taken back', async () => {
    const store = await fresh();
    const { id } = await publishing(store);
    const facts = (await readFacts({ read: store.read }, id))!;
    const textOf = (field: string) => keptText({ faults: [{ field, message: 'x' }] }, facts);
    expect(textOf('entries.0')).toBe('Terugnemen kan niet: ‘Jaarplan met begroting indienen’ is na het publiceren nog gewijzigd.');
    expect(textOf('careType')).toContain('daar staat nu een andere datum');
  });
});
