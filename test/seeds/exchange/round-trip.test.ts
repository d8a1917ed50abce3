import * as fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { amendDeadline, createDeadline, withdrawDeadline } from '../../../db/registry/amending.ts';
import { auditHead, verifyAudit } from '../../../db/registry/audit.ts';
import { TERMS_ALONE } from '../../../db/registry/changes.ts';
import { recordCheck } from '../../../db/registry/checks.ts';
import { allDeadlines, getDeadline } from '../../../db/registry/deadlines.ts';
import { readDocumentHashes } from '../../../db/registry/exchange/documents.ts';
import { saveDocument, saveInsurer } from '../../../db/registry/insurers.ts';
import { changesAfter } from '../../../db/registry/public/changes.ts';
import { correctCareType } from '../../../db/registry/retiring.ts';
import { projectTimelines } from '../../../db/registry/timelines.ts';
import { openStore, type Store, type WriteDb } from '../../../db/store/store.ts';
import { loadRegistry } from '../../../seeds/loader.ts';
import { readRegistry, type Registry } from '../../../seeds/reader.ts';
import { addInsurer, contentOf, identityOf, NOW } from '../../helpers/cast.ts';
import { onBothDialects } from '../../helpers/stores.ts';
import { applyText, exportOf } from './files.ts';

const HOUR = 3_600_000;
const later = (n: number) => new Date(NOW.getTime() + n * HOUR);
let registry: Registry;
beforeAll(async () => {
  registry = await readRegistry('seeds/registry');
});

onBothDialects('the registry as a file', (fresh, urlOf) => {
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
  const emptySqlite = () => {
    const folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-'));
    folders.push(folder);
    return open(`file:${join(folder, 'other.db')}`);
  };

  /** There and back through another dialect: out, into SQLite, out, into a second database of the same dialect, out. */
  const roundTrip = async (store: Store) => {
    const text = await exportOf(store);
    const other = await emptySqlite();
    expect(await applyText(other, text)).toEqual({ restored: true, historyLeft: 0, editions: [] });
    expect(await exportOf(other)).toBe(text);
    const back = await open(await urlOf());
    await applyText(back, await exportOf(other, 'json'));
    expect(await exportOf(back)).toBe(text);
    return { text, other, back };
  };

  it('comes back the same through an empty database, the bundled one whole, in YAML and in JSON', async () => {
    const store = await fresh();
    await loadRegistry(store, registry, NOW);
    await store.write((tx) => projectTimelines(tx, 2024, NOW));
    const { back, text } = await roundTrip(store);
    // What is loaded is not loaded again.
    expect(await loadRegistry(back, registry, later(1))).toMatchObject({ revisions: 0, deadlines: 0, conflicts: [] });
    expect(await exportOf(back)).toBe(text);
    expect((await allDeadlines(back.read)).length).toBe((await allDeadlines(store.read)).length);
    expect(await verifyAudit(back.read)).toMatchObject({ fault: null });
  });

  it('keeps ids, sequences, changes under their ids and numbers, what was withdrawn, retired and put right, and tells nobody', async () => {
    const store = await fresh();
    await changeMuch(store);
    const { back, other, text } = await roundTrip(store);
    expect(text).toContain('origin: projection');
    expect(text).toContain('status: withdrawn');
    const changesOf = async ({ read }: Store) =>
      (await changesAfter(read, { number: 0 }, 100)).map(({ after, id, number, publicAt }) => ({ id, number, publicAt, of: after.id }));
    const told = await changesOf(store);
    expect(told.length).toBeGreaterThan(3);
    for (const copy of [back, other]) {
      expect(await changesOf(copy)).toEqual(told);
      const { changes } = copy.read.tables;
      const rows = await copy.read.select().from(changes);
      expect(rows.filter(({ fromRevision }) => fromRevision !== TERMS_ALONE)).toEqual([]);
      expect((await auditHead(copy.read)).number).toBeGreaterThan(0);
      // The next change comes after those that were there: who asks since the last mark gets it and no other.
      const [one] = (await allDeadlines(copy.read)).filter(({ origin }) => origin === 'editor');
      await copy.write((tx) => amendDeadline(tx, one!.id, { baseRevision: one!.revision, reason: 'Nieuw.', title: 'Anders' }, later(99)));
      const next = await changesAfter(copy.read, { number: told.at(-1)!.number }, 100);
      expect(next.map(({ after }) => after.reason)).toEqual(['Nieuw.']);
    }
  });

  it('keeps the hash of a document whose file stays behind, and nothing of persons', async () => {
    const store = await fresh();
    const hash = 'ab'.repeat(32);
    await store.write(async (tx) => {
      await saveDocument(tx, { key: 'beleid', title: 'Beleid', version: null, url: null, publishedOn: '2024-04-01', remarks: [] }, NOW);
      const extraction = { proposals: [], unreadable: [] } as never;
      const file = { mediaType: 'text/plain', fileName: null, bytes: Buffer.from('x'), text: 'x', pages: null, extraction } as const;
      await tx.insert(tx.tables.documentFiles).values({ documentKey: 'beleid', hash, ...file, addedAt: NOW, addedBy: 'person:geheim' });
    });
    const { back, text } = await roundTrip(store);
    expect(text).toContain(`hash: ${hash}`);
    expect(text).not.toContain('geheim');
    expect(await readDocumentHashes(back.read)).toEqual(new Map());
  });

  it('comes back the same, whatever editors did', async () => {
    const store = await fresh();
    const acts = fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.nat(30), TEXT), { minLength: 1, maxLength: 25 });
    await store.write(async (tx) => {
      for (const slug of ['noord', 'oost']) await addInsurer(tx, slug);
      await projectTimelines(tx, 2024, NOW);
    });
    let hour = 0;
    await fc.assert(
      fc.asyncProperty(acts, async (acts) => {
        await store.write(async (tx) => {
          for (const [act, n, text] of acts) await doOne(tx, { act, n, text }, later((hour += 1)));
        });
        const text = await exportOf(store);
        const copy = await emptySqlite();
        await applyText(copy, text);
        expect(await exportOf(copy)).toBe(text);
        await copy.close();
        opened.pop();
      }),
      { numRuns: 8 },
    );
  });
});

/** What a text of the registry may be: YAML and JSON have to give back each of them. */
const TEXT = fc.oneof(
  fc.constantFrom(
    'ja',
    'no',
    '2024-10-01',
    '0x1F',
    '- a',
    'a: b',
    '# x',
    '"q" \'s\'',
    'één\r\ntwee\n',
    '---',
    '{slot}',
    ' rand ',
    'x\u2028 \u00a0',
    '%a',
    '*b',
    '&c',
  ),
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
    .filter((text) => text.trim() !== '' && text.isWellFormed() && !text.includes('\0')),
);

interface Act {
  act: number;
  n: number;
  text: string;
}

/** One thing that an editor does; what is not possible then is left out. */
async function doOne(tx: WriteDb, { act, n, text }: Act, now: Date) {
  const all = (await allDeadlines(tx, { withdrawnToo: true })).sort((a, b) => (a.id < b.id ? -1 : 1));
  const one = all[n % all.length]!;
  const on = `2024-${String((n % 12) + 1).padStart(2, '0')}-15`;
  const identity = identityOf({ insurer: n % 2 ? 'noord' : 'oost', contractYear: 2025 + (n % 3), careType: n % 5 ? 'gp_care' : 'general' });
  const place = { ...identity, activity: (['annual_plan', 'signing', 'contract_request'] as const)[n % 3]! };
  const sources = [{ document: text, section: text, quote: text, url: null }];
  const content = contentOf({ title: text, rule: { kind: 'fixed', on }, sources, conflict: null });
  const note = { reason: text, announcedOn: on };
  const isTaken = all.some(
    (d) =>
      d.insurer === place.insurer && d.contractYear === place.contractYear && d.activity === place.activity && d.certainty === 'stated',
  );
  if (act === 0 && !isTaken) await createDeadline(tx, { identity: place, content, ...note }, now);
  if (act === 1) await amendDeadline(tx, one.id, { baseRevision: one.revision, reason: text, title: text }, now);
  if (act === 2) await amendDeadline(tx, one.id, { baseRevision: one.revision, ...note, ...content, certainty: 'stated' }, now);
  if (act === 3) await withdrawDeadline(tx, one.id, text, now);
  if (act === 4) await recordCheck(tx, one, { on: `2024-05-${String((n % 28) + 1).padStart(2, '0')}`, by: text }, now);
  if (act === 5) await correctCareType(tx, one, 'multidisciplinary_care', now);
}

/** Amendments, a withdrawal, a date that retires a projection, a kind of care put right, documents and contacts, a quarter's entry. */
async function changeMuch(store: Store) {
  await store.write(async (tx) => {
    for (const slug of ['noord', 'oost', 'zuid']) await addInsurer(tx, slug);
    await saveDocument(
      tx,
      {
        key: 'beleid-2025',
        title: 'Beleid 2025',
        version: null,
        url: 'https://noord.example/b.pdf',
        publishedOn: '2024-04-01',
        remarks: ['Let op.'],
      },
      NOW,
    );
    const contacts = [{ purpose: 'Vragen', email: 'a@noord.example', phone: null, url: null, hours: null }];
    const noord = { slug: 'noord', name: 'Noord', kind: 'health_insurer', website: null, aliases: ['N'] } as const;
    await saveInsurer(tx, { ...noord, aliases: ['N'], contacts, remarks: ['Een opmerking.'], documents: ['beleid-2025'] }, NOW);
    await projectTimelines(tx, 2024, NOW);
  });
  const enter = (over: Parameters<typeof identityOf>[0], content: Parameters<typeof contentOf>[0], hour: number) =>
    store.write(
      async (tx) =>
        (
          await createDeadline(
            tx,
            { identity: identityOf(over), content: contentOf(content), reason: 'Nieuw.', announcedOn: '2024-04-01' },
            later(hour),
          )
        ).deadline,
    );
  const plan = await enter({}, {}, 1);
  const amendment = {
    baseRevision: plan.revision,
    reason: 'Verschoven.',
    rule: { kind: 'fixed', on: '2024-11-01' },
    certainty: 'stated',
  } as const;
  await store.write((tx) => amendDeadline(tx, plan.id, { ...amendment, sources: contentOf().sources }, later(2)));
  const signing = await enter({ activity: 'signing', careType: 'gp_care' }, { title: 'Tekenen' }, 3);
  await store.write((tx) => withdrawDeadline(tx, signing.id, 'Vervallen.', later(4)));
  const sector = await enter({ insurer: null, activity: 'csrd_report' }, { title: 'Verslag' }, 5);
  await store.write(async (tx) => void (await correctCareType(tx, await getDeadline(tx, sector.id), 'general', later(6))));
  await enter(
    { insurer: 'oost', activity: 'innovation_start', slot: 2 },
    { rule: { kind: 'slot', every: 'quarter', lead: { amount: 3, unit: 'month' } } },
    7,
  );
  const offset = { kind: 'offset', from: { activity: 'annual_plan' }, amount: 6, unit: 'week', direction: 'after' } as const;
  await enter({ activity: 'review_meeting' }, { title: 'Gesprek', rule: offset }, 8);
  await store.write(async (tx) => {
    await recordCheck(tx, await getDeadline(tx, plan.id), { on: '2024-06-01', by: 'A. de Vries' }, later(9));
    const moved = await getDeadline(tx, plan.id);
    await amendDeadline(
      tx,
      plan.id,
      { baseRevision: moved.revision, reason: 'Weer terug.', rule: { kind: 'fixed', on: '2024-10-01' }, sources: contentOf().sources },
      later(10),
    );
  });
}
