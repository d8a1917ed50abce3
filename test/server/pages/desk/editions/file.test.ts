import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { addEditor } from '../../../../../db/people/editors.ts';
import { getDeadline } from '../../../../../db/registry/deadlines.ts';
import { makeEditionsPublic } from '../../../../../db/registry/editions/becoming-public.ts';
import { appFor } from '../../../../helpers/app.ts';
import { browserOf, SECURE_URL } from '../../../../helpers/browser.ts';
import { addDeadline, castIn } from '../../../../helpers/cast.ts';
import { at } from '../../../../helpers/reminders.ts';
import { onBothDialects } from '../../../../helpers/stores.ts';
import { applyFile } from '../../../../../seeds/exchange/applying.ts';
import { partsOf } from '../../../../seeds/exchange/files.ts';

const [ED, BO] = ['ed@redactie.example', 'bo@redactie.example'];
const NOON = at('09-02T12:00');

onBothDialects('what a file changed', (fresh) => {
  it('is an edition that another editor sees, looks at and takes back, and a change once ten minutes are over', async () => {
    const store = await fresh();
    await castIn(store);
    const { bo, plan } = await store.write(async (tx) => ({
      plan: (await addDeadline(tx, {}, {}, at('09-01T12:00'))).id,
      ed: await addEditor(tx, { email: ED, label: 'Redactie, Ed', language: 'nl' }, NOON),
      bo: await addEditor(tx, { email: BO, label: 'Redactie, Bo', language: 'nl' }, NOON),
    }));
    const clock = { now: NOON };
    const { app, call } = await appFor(store, { publicUrl: SECURE_URL, clock: () => clock.now });
    const applyTitle = async (title: string) => {
      const { activity, boundary, careType, certainty, contractYear, rule } = await getDeadline(store.read, plan);
      const duty = { actors: ['ro'], contractStatus: 'contracted' };
      const sources = [{ documentName: 'Beleid 2025', quote: '1 oktober 2024 Het jaarplan' }];
      const entry = { id: plan, contractYear, careType, activity, revisions: [{ title, rule, boundary, certainty, duty, sources }] };
      const parts = await partsOf(stringify({ insurer: 'noord', deadlines: [entry] }));
      const applying = { by: `person:${bo.id}`, label: 'Redactie, Bo', reason: 'Uit het nieuwe beleid.', now: clock.now };
      const { editions } = await store.write((tx) => applyFile(tx, parts, applying));
      return `/redactie/edities/${editions[0]!.edition.id}`;
    };
    const path = await applyTitle('Jaarplan op een andere manier');
    const ed = await browserOf(app, store, ED, NOON);
    expect((await ed.get('/redactie/edities')).text).toMatch(/Kortgeleden gepubliceerd Noord, contractjaar 2025/);
    const page = await ed.get(path);
    expect(page.text).toContain('Jaarplan op een andere manier');
    expect(page.text).toContain('Nog door niemand anders bekeken. De reden: Overgenomen uit een bestand.');
    expect((await call('GET', 'changes')).body.items).toHaveLength(1);
    await ed.post(path, { act: 'take_back' });
    expect((await getDeadline(store.read, plan)).title).toBe('Jaarplan met begroting indienen');
    const again = await applyTitle('Jaarplan op weer een andere manier');
    await ed.post(again, { act: 'look' });
    expect((await ed.get(again)).text).toContain('Ook bekeken door Redactie, Ed');
    clock.now = new Date(NOON.getTime() + 10 * 60_000);
    await makeEditionsPublic(store, clock.now);
    expect((await call('GET', 'changes')).body.items.map(({ after }: { after: { title: string } }) => after.title)).toContain(
      'Jaarplan op weer een andere manier',
    );
    expect((await ed.get('/wijzigingen')).text).toContain('Jaarplan op weer een andere manier');
  });
});
