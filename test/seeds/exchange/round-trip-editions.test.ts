/** What editors did by editions, out of one database and into another: what readers know comes back the same, and nothing of the editors' own work. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { afterEach, expect, it } from 'vitest';
import { auditHead, verifyAudit } from '../../../db/registry/audit.ts';
import { allDeadlines, getDeadline } from '../../../db/registry/deadlines.ts';
import { rejectProposals } from '../../../db/registry/documents/decisions.ts';
import { keepDocument } from '../../../db/registry/documents/keeping.ts';
import { amendAlone } from '../../../db/registry/editions/alone.ts';
import { makeEditionsPublic } from '../../../db/registry/editions/becoming-public.ts';
import { addEntry, openDraft, type EntryInput } from '../../../db/registry/editions/drafts.ts';
import { lookAt } from '../../../db/registry/editions/looking.ts';
import { publishEdition } from '../../../db/registry/editions/publish.ts';
import { readEdition } from '../../../db/registry/editions/reading.ts';
import { takeBack } from '../../../db/registry/editions/taking-back.ts';
import { readTold } from '../../../db/registry/editions/told-revision.ts';
import { readExport } from '../../../db/registry/exchange/export.ts';
import { changesAfter } from '../../../db/registry/public/changes.ts';
import { projectTimelines } from '../../../db/registry/timelines.ts';
import { openStore, type Store } from '../../../db/store/store.ts';
import { addDeadline, addInsurer, contentOf, NOW } from '../../helpers/cast.ts';
import { onBothDialects } from '../../helpers/stores.ts';
import { applyText, EDITOR, exportOf } from './files.ts';

const [ANNA, BO] = ['person:anna', 'person:bo'];
const SECRET = 'Alleen voor de redactie.';
const PLACE = { insurer: 'noord', careType: 'multidisciplinary_care', contractYear: 2025 } as const;
const at = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);
const movedTo = (on: string) => ({
  rule: { kind: 'fixed', on } as const,
  sources: [
    {
      document: 'Beleid 2025',
      section: null,
      quote: `Het wordt ${Number(on.slice(8))} ${on.slice(5, 7) === '10' ? 'oktober' : 'november'} 2024.`,
      url: null,
    },
  ],
});

onBothDialects('what editors did', (fresh, urlOf) => {
  const opened: Store[] = [];
  const folders: string[] = [];
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close();
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });
  const open = async (url: string) => {
    const store = await openStore(url);
    opened.push(store);
    return store;
  };
  const emptySqlite = async () => {
    const folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-'));
    folders.push(folder);
    return open(`file:${join(folder, 'other.db')}`);
  };

  it('comes back the same: published, taken back, withdrawn, checked, looked at, and by a file', async () => {
    const store = await fresh();
    const { held, taken } = await editMuch(store);
    const text = await exportOf(store);
    for (const own of [SECRET, ANNA, BO, EDITOR.by, 'Een concept', 'Nog niet bekend.\n        change:']) expect(text).not.toContain(own);
    const other = await emptySqlite();
    await applyText(other, text, at(300));
    const back = await open(await urlOf());
    await applyText(back, await exportOf(other, 'json'), at(301));
    const changesOf = async ({ read }: Store) =>
      (await changesAfter(read, { number: 0 }, 100)).map(({ after, before, id, number, publicAt }) => {
        const [was, is] = [before, after].map((one) => one && { ...one, checkedBy: one.checkedBy });
        return { id, number, publicAt, was, is };
      });
    const told = await changesOf(store);
    expect(told.map(({ is }) => is!.reason)).toEqual(expect.arrayContaining(['Verschoven.', 'Vervallen.', 'Uit een bestand.']));
    expect(told.map(({ is }) => is!.reason)).not.toContain('Vergissing.');
    const standing = async ({ read }: Store) => {
      const all = (await allDeadlines(read, { withdrawnToo: true })).filter(({ origin }) => origin !== 'projection');
      return all.sort((a, b) => (a.id < b.id ? -1 : 1));
    };
    for (const copy of [other, back]) {
      expect(await exportOf(copy)).toBe(text);
      expect(await changesOf(copy)).toEqual(told);
      expect(await standing(copy)).toEqual(await standing(store));
      // Why it stands as it does, as readers are told.
      expect((await readTold(copy.read, taken)).reason).toBe((await readTold(store.read, taken)).reason);
      expect((await readTold(copy.read, taken)).revisedAt).toEqual((await readTold(store.read, taken)).revisedAt);
      expect(await makeEditionsPublic(copy, at(400))).toBe(0);
      expect((await getDeadline(copy.read, held)).reason).toBe('Nog niet bekend.');
    }
  });

  it('is held by the audit, whose head stands in each export: of what was edited and of what was restored', async () => {
    const store = await fresh();
    await editMuch(store);
    const { head } = await readExport(store.read);
    expect(head.audit).toEqual({ rows: (await auditHead(store.read)).number, head: (await auditHead(store.read)).hash });
    await store.write((tx) => addInsurer(tx, 'west'));
    const copy = await emptySqlite();
    await applyText(copy, await exportOf(store), at(300));
    const copied = (await readExport(copy.read)).head.audit!;
    await copy.write((tx) => addInsurer(tx, 'zuid'));
    for (const [{ read }, kept] of [
      [store, head.audit!],
      [copy, copied],
    ] as const) {
      expect(kept.rows).toBeGreaterThan(0);
      expect(await verifyAudit(read, kept.head)).toEqual({ rows: kept.rows + 1, fault: null });
    }
    expect(await verifyAudit(copy.read, head.audit!.head)).toMatchObject({
      fault: expect.stringContaining('rows were cut off, or it is the head of another audit'),
    });
  });
});

/** Gives a deadline in its ten minutes, and one whose last edition was taken back. */
async function editMuch(store: Store): Promise<{ held: string; taken: string }> {
  const card = { title: 'Beleid 2025', version: '2', url: 'https://noord.example/b.pdf', publishedOn: '2024-04-01' } as const;
  const [plan, signing, request] = await store.write(async (tx) => {
    for (const slug of ['noord', 'oost']) await addInsurer(tx, slug);
    await projectTimelines(tx, 2024, at(-60));
    const scope = { contractYear: 2025, careType: 'general' } as const;
    await keepDocument(tx, { insurer: 'noord', card, scope, file: null }, { by: ANNA, now: at(-60) });
    await rejectProposals(tx, 'noord', { quotes: ['Dit is geen datum.'], reason: SECRET }, { by: ANNA, now: at(-59) });
    const all = [];
    for (const activity of ['annual_plan', 'signing', 'contract_request'] as const)
      all.push((await addDeadline(tx, { activity }, {}, at(-50))).id);
    return all as [string, string, string];
  });
  const publish = async (minute: number, entries: readonly EntryInput[]) => {
    const draft = await store.write(async (tx) => {
      const draft = await openDraft(tx, { ...PLACE, by: ANNA }, at(minute));
      for (const entry of entries) await addEntry(tx, draft.id, { ...entry, by: ANNA }, at(minute));
      return draft.id;
    });
    const { mark } = await readEdition(store.read, draft);
    return store.write((tx) => publishEdition(tx, draft, { mark, by: BO, label: 'Redactie, B. Jansen' }, at(minute + 1)));
  };
  await publish(0, [
    { act: 'amend', deadlineId: plan, reason: 'Verschoven.', content: movedTo('2024-10-08') },
    {
      act: 'enter',
      activity: 'accounts',
      reason: 'Nieuw.',
      content: { ...contentOf({ title: 'Verantwoorden' }), ...movedTo('2024-11-05') },
    },
    { act: 'check', deadlineId: request },
  ]);
  await makeEditionsPublic(store, at(20));
  const mistaken = await publish(30, [{ act: 'amend', deadlineId: plan, reason: 'Vergissing.', content: movedTo('2024-11-08') }]);
  await store.write((tx) => takeBack(tx, mistaken.id, ANNA, at(35)));
  await publish(40, [{ act: 'withdraw', deadlineId: signing, reason: 'Vervallen.' }]);
  await makeEditionsPublic(store, at(60));
  const { editions } = await applyText(store, stringify(yearOf2026()), at(70), 'Uit een bestand.');
  await makeEditionsPublic(store, at(90));
  await store.write((tx) => lookAt(tx, editions[0]!.edition.id, ANNA, at(95)));
  const draft = await store.write((tx) => openDraft(tx, { ...PLACE, insurer: 'oost', by: ANNA }, at(96)));
  await store.write((tx) =>
    addEntry(tx, draft.id, { act: 'enter', activity: 'signing', content: { title: 'Een concept' }, by: ANNA }, at(96)),
  );
  const { revision } = await getDeadline(store.read, request);
  const amendment = { baseRevision: revision, reason: 'Nog niet bekend.', title: 'Contract aanvragen, anders' };
  await store.write((tx) => amendAlone(tx, request, amendment, { door: 'api', by: 'key:k1' }, at(100)));
  return { held: request, taken: plan };
}

const yearOf2026 = () => ({
  insurer: 'noord',
  deadlines: [
    {
      contractYear: 2026,
      careType: 'multidisciplinary_care',
      activity: 'annual_plan',
      revisions: [
        {
          title: 'Jaarplan indienen',
          rule: { kind: 'fixed', on: '2025-10-01' },
          boundary: 'by',
          certainty: 'stated',
          duty: { actors: ['ro'], contractStatus: 'contracted' },
          sources: [{ documentName: 'Beleid 2026', quote: 'Uiterlijk op 1 oktober 2025.' }],
        },
      ],
    },
  ],
});
