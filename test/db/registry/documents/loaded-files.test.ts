import { expect, it } from 'vitest';
import { loadDocument, loadInsurer } from '../../../../db/registry/documents/loaded-files.ts';
import {
  editInsurer,
  getInsurer,
  insurerMark,
  saveDocument,
  saveInsurer,
  type RegistryDocument,
} from '../../../../db/registry/insurers.ts';
import type { Store } from '../../../../db/store/store.ts';
import { NOW } from '../../../helpers/cast.ts';
import { onBothDialects } from '../../../helpers/stores.ts';

const DOCUMENT: RegistryDocument = { key: 'noord-2025', title: 'Beleid 2025', version: null, url: null, publishedOn: null, remarks: [] };
const NOORD = {
  slug: 'noord',
  name: 'Noord',
  kind: 'health_insurer' as const,
  website: null,
  aliases: [],
  contacts: [],
  remarks: [],
  documents: ['noord-2025'],
};
const BY = 'person:1';

const load = (store: Store, insurer = NOORD, document = DOCUMENT) =>
  store.write(async (tx) => {
    await loadDocument(tx, document, NOW);
    return loadInsurer(tx, insurer, NOW);
  });

onBothDialects('what the files say of insurers and documents', (fresh) => {
  it('is written once; what an editor changed since stays, until a file says something else than it did', async () => {
    const store = await fresh();
    expect([await load(store), await load(store)]).toEqual([true, false]);
    await store.write(async (tx) => {
      const { documents: _, slug: __, ...card } = NOORD;
      const seen = insurerMark(await getInsurer(tx, 'noord'));
      await editInsurer(tx, 'noord', { ...card, website: 'https://noord.example' }, { by: BY, now: NOW, seen });
      await saveDocument(tx, { ...DOCUMENT, url: 'https://noord.example/2025.pdf' }, NOW, BY);
    });
    expect(await load(store)).toBe(false);
    expect(await getInsurer(store.read, 'noord')).toMatchObject({
      website: 'https://noord.example',
      documents: [{ url: 'https://noord.example/2025.pdf' }],
    });
    expect(await load(store, { ...NOORD, name: 'Noord Zorg' }, { ...DOCUMENT, version: '2' })).toBe(true);
    expect(await getInsurer(store.read, 'noord')).toMatchObject({
      name: 'Noord Zorg',
      website: null,
      documents: [{ url: null, version: '2' }],
    });
    const { audit } = store.read.tables;
    const told = (await store.read.select().from(audit))
      .sort((a, b) => a.number - b.number)
      .map(({ after, before, by, what }) => ({ by, what, before, after }));
    expect(told.slice(-2)).toEqual([
      {
        by: 'files',
        what: 'document',
        before: { url: 'https://noord.example/2025.pdf', version: null },
        after: { url: null, version: '2' },
      },
      {
        by: 'files',
        what: 'insurer',
        before: { name: 'Noord', website: 'https://noord.example' },
        after: { name: 'Noord Zorg', website: null },
      },
    ]);
  });

  it('does not take away a document that an editor added, and does so with one that left the file', async () => {
    const store = await fresh();
    const second = { ...DOCUMENT, key: 'noord-2024', title: 'Beleid 2024' };
    await store.write((tx) => loadDocument(tx, second, NOW));
    await load(store, { ...NOORD, documents: ['noord-2025', 'noord-2024'] });
    await store.write(async (tx) => {
      await saveDocument(tx, { ...DOCUMENT, key: 'noord-2026', title: 'Beleid 2026' }, NOW, BY);
      await saveInsurer(tx, { ...NOORD, documents: ['noord-2026', 'noord-2025', 'noord-2024'] }, NOW, BY);
    });
    await load(store, { ...NOORD, name: 'Noord Zorg' });
    expect((await getInsurer(store.read, 'noord')).documents.map(({ title }) => title)).toEqual(['Beleid 2026', 'Beleid 2025']);
  });

  it('of a database that knew no files yet is loaded as before', async () => {
    const store = await fresh();
    await load(store);
    await store.write((tx) => tx.delete(tx.tables.loadedFiles));
    await store.write((tx) => saveInsurer(tx, { ...NOORD, name: 'Oud' }, NOW));
    expect([await load(store), (await getInsurer(store.read, 'noord')).name]).toEqual([true, 'Noord']);
  });
});
