/** What a file leaves out stays, and only an empty registry takes its history. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { beforeEach, expect, it } from 'vitest';
import { addDays, amsterdamDay } from '../../../calendars/days.ts';
import { amendDeadline } from '../../../db/registry/amending.ts';
import { auditHead } from '../../../db/registry/audit.ts';
import { allDeadlines, getDeadline, listRevisions } from '../../../db/registry/deadlines.ts';
import { openDraft } from '../../../db/registry/editions/drafts.ts';
import { publishedSince } from '../../../db/registry/editions/looking.ts';
import { keepDocument } from '../../../db/registry/documents/keeping.ts';
import { documentKeys, getInsurer } from '../../../db/registry/insurers.ts';
import { changesAfter } from '../../../db/registry/public/changes.ts';
import { projectTimelines } from '../../../db/registry/timelines.ts';
import { openStore, type Store, type WriteDb } from '../../../db/store/store.ts';
import { addDeadline, addInsurer, NOW } from '../../helpers/cast.ts';
import { onBothDialects } from '../../helpers/stores.ts';
import { applyText, EDITOR, exportOf } from './files.ts';

const LATER = new Date(NOW.getTime() + 3_600_000);
const CHANGE = { by: EDITOR.by, now: NOW };
const SCOPE = { contractYear: 2025, careType: 'general' } as const;

onBothDialects('what a registry has', (fresh) => {
  let store: Store;
  beforeEach(async () => {
    store = await fresh();
  });
  const card = (title: string) => ({ title, version: null, url: `https://noord.example/${title}.pdf`, publishedOn: '2024-04-01' as const });
  const noord = { slug: 'noord', name: 'Noord', kind: 'health_insurer', website: 'https://noord.example', aliases: [] };

  it('keeps the documents, contacts and remarks that a file does not name, each where it stood', async () => {
    const added = await store.write(async (tx) => {
      await addInsurer(tx, 'noord');
      return (await keepDocument(tx, { insurer: 'noord', card: card('Bijlage'), scope: SCOPE, file: null }, CHANGE)).key;
    });
    const contacts = [{ purpose: 'Vragen', email: 'a@noord.example', phone: null, url: null, hours: null }];
    const documents = [
      { key: 'een', title: 'Een', remarks: [{ text: 'Let op.' }] },
      { key: 'twee', title: 'Twee' },
    ];
    const apply = (part: object) => applyText(store, stringify(part), LATER);
    await apply({ insurer: noord, contacts, documents, remarks: [{ text: 'Bel eerst.' }] });
    expect(await documentKeys(store.read, 'noord')).toEqual([added, 'een', 'twee']);
    const head = await auditHead(store.read);
    // Of one that it names it says no remark: that stays too.
    await apply({ insurer: noord, documents: [{ key: 'een', title: 'Een' }, 'twee'] });
    await apply({ insurer: noord, documents: ['twee'] });
    await apply({ insurer: noord });
    expect(await auditHead(store.read)).toEqual(head);
    expect(await getInsurer(store.read, 'noord')).toMatchObject({ contacts, remarks: ['Bel eerst.'] });
    await apply({ insurer: noord, documents: ['twee', 'een', { key: 'drie', title: 'Drie' }] });
    expect(await documentKeys(store.read, 'noord')).toEqual([added, 'twee', 'een', 'drie']);
    expect((await getInsurer(store.read, 'noord')).documents.find(({ title }) => title === 'Een')).toMatchObject({ remarks: ['Let op.'] });
  });

  const begun = {
    'a draft': (tx: WriteDb) => openDraft(tx, { insurer: 'noord', ...SCOPE, by: EDITOR.by }, NOW),
    'a document': (tx: WriteDb) => keepDocument(tx, { insurer: 'noord', card: card('Bijlage'), scope: SCOPE, file: null }, CHANGE),
    'a projected day': (tx: WriteDb) => projectTimelines(tx, 2025, LATER),
  };
  for (const [name, begin] of Object.entries(begun))
    it(`is no restore where there is ${name}: what was told elsewhere is not told again as ours`, async () => {
      const [text, plan] = await exportedElsewhere();
      await store.write(async (tx) => {
        await addInsurer(tx, 'noord');
        await begin(tx);
      });
      const { historyLeft, restored } = await applyText(store, text, LATER);
      expect({ historyLeft, restored }).toEqual({ historyLeft: 1, restored: false });
      const [one] = (await allDeadlines(store.read)).filter(({ activity, origin }) => activity === 'annual_plan' && origin === 'editor');
      expect(one).toMatchObject({ id: plan, dueOn: '2025-10-01', revisedAt: LATER, origin: 'editor' });
      expect(await publishedSince(store.read, LATER)).toMatchObject([{ door: 'file', contractYear: 2026 }]);
      expect(await changesAfter(store.read, { number: 0 }, 100)).toEqual([]);
      // The same again is no history of here, and nothing new.
      expect((await applyText(store, text, LATER)).editions).toEqual([]);
    });

  /** A day that was projected and is stated now, and its id. */
  async function exportedElsewhere(): Promise<[string, string]> {
    const folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-'));
    const other = await openStore(`file:${join(folder, 'other.db')}`);
    const sources = [{ document: 'Beleid', section: null, quote: 'op 1 oktober 2025', url: null }];
    const plan = await other.write(async (tx) => {
      await addInsurer(tx, 'noord');
      await projectTimelines(tx, 2024, NOW);
      return addDeadline(tx, { contractYear: 2026 }, { rule: { kind: 'fixed', on: '2025-10-01' }, sources });
    });
    const text = await exportOf(other);
    await other.close();
    rmSync(folder, { recursive: true });
    return [text, plan.id];
  }

  it('lets what rests on a deadline name the one that is here, where it has another id than in the file', async () => {
    const [mine, theirs] = ['0d6a3c5e-5a2e-4c39-9d0b-3b1f6f0f9a01', '0d6a3c5e-5a2e-4c39-9d0b-3b1f6f0f9a02'];
    const here = await store.write(async (tx) => {
      await addInsurer(tx, 'noord');
      return (await addDeadline(tx)).id;
    });
    const said = { boundary: 'by', duty: { actors: ['ro'], contractStatus: 'any' } };
    const deadlines = [
      {
        id: theirs,
        contractYear: 2025,
        careType: 'multidisciplinary_care',
        activity: 'annual_plan',
        revisions: [
          {
            title: 'Jaarplan',
            rule: { kind: 'fixed', on: '2024-10-08' },
            certainty: 'stated',
            ...said,
            sources: [{ documentName: 'Beleid', quote: 'op 8 oktober 2024' }],
          },
        ],
      },
      {
        id: mine,
        contractYear: 2026,
        careType: 'multidisciplinary_care',
        activity: 'annual_plan',
        revisions: [
          {
            title: 'Jaarplan',
            rule: { kind: 'fixed', on: '2025-10-08' },
            certainty: 'expected',
            ...said,
            basis: { kind: 'earlier_year', deadlineId: theirs, text: 'Zoals in 2025.' },
            sources: [],
          },
        ],
      },
    ];
    const apply = async () => applyText(store, stringify({ insurer: 'noord', deadlines }), LATER);
    expect((await apply()).editions).toHaveLength(2);
    expect(await getDeadline(store.read, mine)).toMatchObject({ basis: { deadlineId: here } });
    expect((await listRevisions(store.read, here)).map(({ dueOn }) => dueOn)).toEqual(['2024-10-01', '2024-10-08']);
    expect((await apply()).editions).toEqual([]);
  });

  it('refuses two entries of a file that are one of the registry', async () => {
    const here = await store.write(async (tx) => {
      await addInsurer(tx, 'noord');
      return addDeadline(tx);
    });
    const entry = (over: object, on: string) => ({
      contractYear: 2025,
      activity: 'annual_plan',
      ...over,
      revisions: [
        {
          title: 'Jaarplan',
          rule: { kind: 'fixed', on },
          boundary: 'by',
          certainty: 'stated',
          duty: { actors: ['ro'], contractStatus: 'any' },
          sources: [{ documentName: 'Beleid', quote: `op ${on}` }],
        },
      ],
    });
    const deadlines = [
      entry({ id: here.id, careType: 'gp_care' }, '2024-10-01'),
      entry({ careType: 'multidisciplinary_care' }, '2024-11-01'),
    ];
    await expect(applyText(store, stringify({ insurer: 'noord', deadlines }), LATER)).rejects.toMatchObject({
      faults: [
        {
          field: 'registry.yaml:22 deadlines.1.activity',
          message: expect.stringContaining('is the same entry of the registry as that of registry.yaml:4 deadlines.0.activity'),
        },
      ],
    });
  });

  it('takes no check of a revision that the file does not know, and none of a day to come', async () => {
    const plan = await store.write(async (tx) => {
      await addInsurer(tx, 'noord');
      return addDeadline(tx);
    });
    const old = await exportOf(store);
    await store.write((tx) => amendDeadline(tx, plan.id, { baseRevision: 1, title: 'Anders', reason: 'Anders.' }, NOW));
    const before = await getDeadline(store.read, plan.id);
    const today = amsterdamDay(LATER);
    const again = old.replace(/checked:\s*\{?\s*on: \S+\s+by: .*/, (found) => found.replace(/by: .*/, 'by: "B. Jansen"'));
    expect(again).not.toBe(old);
    await applyText(store, again, LATER);
    expect(await getDeadline(store.read, plan.id)).toEqual(before);
    const tomorrow = old.replaceAll(/on: "?\d{4}-\d\d-\d\d"?(?=\s+by:)/g, `on: "${addDays(today, 1)}"`);
    expect(tomorrow).not.toBe(old);
    const refused = {
      faults: [{ field: expect.stringMatching(/checked\.on$/), message: expect.stringContaining(`must be ${today} at the latest`) }],
    };
    await expect(applyText(store, tomorrow, LATER)).rejects.toMatchObject(refused);
    // Put right in its kind of care, it is not called compared either.
    const retyped = tomorrow.replace('careType: multidisciplinary_care', 'careType: gp_care');
    await applyText(store, retyped, new Date(LATER.getTime() + 2 * 86_400_000));
    const { checkedBy, checkedOn } = before;
    expect(await getDeadline(store.read, plan.id)).toMatchObject({ careType: 'gp_care', checkedBy, checkedOn });
  });
});
