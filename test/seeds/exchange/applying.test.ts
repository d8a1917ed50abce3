import { parseAllDocuments, stringify } from 'yaml';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ExchangePart } from '../../../calendars/exchange/shape.ts';
import { AppError } from '../../../calendars/errors.ts';
import { amendDeadline, createDeadline } from '../../../db/registry/amending.ts';
import { auditAfter, auditHead } from '../../../db/registry/audit.ts';
import { allDeadlines, getDeadline, listRevisions } from '../../../db/registry/deadlines.ts';
import { getInsurer } from '../../../db/registry/insurers.ts';
import { projectTimelines } from '../../../db/registry/timelines.ts';
import type { Store } from '../../../db/store/store.ts';
import { readExchange } from '../../../seeds/exchange/reader.ts';
import { addDeadline, addInsurer, contentOf, identityOf, NOW } from '../../helpers/cast.ts';
import { onBothDialects, onSqlite } from '../../helpers/stores.ts';
import { applyText, EDITOR, exportOf, partsOf } from './files.ts';

const LATER = new Date(NOW.getTime() + 24 * 3_600_000);
const ID = '0d6a3c5e-5a2e-4c39-9d0b-3b1f6f0f9a01';

/** A requirement as somebody writes it by hand. */
const requirement = (n: number, over: object = {}) => ({
  id: `0d6a3c5e-5a2e-4c39-9d0b-${String(n).padStart(12, '0')}`,
  contractYear: 2025,
  careType: 'gp_care',
  activity: 'contract_requirement',
  key: `eis-${n}`,
  revisions: [
    {
      reason: 'Uit het beleid.',
      title: `Eis ${n}`,
      rule: { kind: 'none' },
      certainty: 'stated',
      strictness: 'hard',
      duty: { actors: ['provider'], contractStatus: 'any' },
      sources: [{ documentName: 'Beleid', quote: `Eis ${n} geldt.` }],
      ...over,
    },
  ],
});

const faultsOf = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(error instanceof AppError)) throw error ?? new Error('it was taken');
  return error.faults.map(({ field, message }) => `${field} ${message}`);
};

onBothDialects('applying a file', (fresh) => {
  let store: Store;
  let plan: string;
  beforeEach(async () => {
    store = await fresh();
    plan = await store.write(async (tx) => {
      for (const slug of ['noord', 'oost']) await addInsurer(tx, slug);
      await projectTimelines(tx, 2024, NOW);
      return (await addDeadline(tx)).id;
    });
  });
  const partsNow = async (): Promise<ExchangePart[]> =>
    parseAllDocuments(await exportOf(store))
      .slice(1)
      .map((document) => (document as { toJS: () => ExchangePart }).toJS());
  const edited = async (edit: (deadline: NonNullable<ExchangePart['deadlines']>[number]) => void) => {
    const parts = await partsNow();
    for (const part of parts) for (const one of part.deadlines ?? []) if (one.id === plan) edit(one);
    return parts.map((part) => `---\n${stringify(part)}`).join('');
  };
  const apply = (text: string, reason?: string) => applyText(store, text, LATER, reason);

  it('changes nothing where the registry says the same', async () => {
    const before = await exportOf(store);
    const head = await auditHead(store.read);
    expect(await apply(before)).toEqual({ restored: false, historyLeft: 0, editions: [] });
    expect(await exportOf(store)).toBe(before);
    expect(await auditHead(store.read)).toEqual(head);
  });

  it('adds what is written after the history, under the same id, by that editor and with that reason', async () => {
    const text = await edited(({ revisions }) => {
      const { changeId: _, change: __, digest: ___, dueOn: ____, lastSafeOn: _____, revisedAt: ______, ...last } = revisions.at(-1)!;
      const sources = [{ documentName: 'Beleid', quote: 'uiterlijk 15 oktober 2024' }];
      revisions.push({ ...last, reason: 'Verschoven.', rule: { kind: 'fixed', on: '2024-10-15' }, sources });
    });
    await apply(text);
    expect(await getDeadline(store.read, plan)).toMatchObject({
      revision: 3,
      dueOn: '2024-10-15',
      reason: 'Verschoven.',
      origin: 'editor',
      checkedBy: 'Redactie, A. de Vries',
      checkedOn: '2024-04-03',
    });
    const { changes } = store.read.tables;
    const noted = await store.read.select({ id: changes.deadlineId, from: changes.fromRevision }).from(changes);
    expect(noted.filter(({ id }) => id === plan).map(({ from }) => from)).toContain(2);
    const [row] = (await auditAfter(store.read, { number: 0, hash: '' })).filter(({ by }) => by === EDITOR.by);
    expect(row).toMatchObject({ what: 'deadline', subject: plan, before: { dueOn: '2024-10-01' }, after: { dueOn: '2024-10-15' } });
  });

  it('takes the form of seeds/registry: what is new, an insurer with its contacts, a document, and quarters', async () => {
    const [one, two, three, four] = [1, 2, 3, 4].map((n) => requirement(n).id);
    const text = `
insurer: {slug: west, name: West, kind: health_insurer, website: null, aliases: []}
checked: {on: 2024-04-01, by: A. de Vries}
contacts: [{purpose: Vragen, email: a@west.example, phone: null, url: null, hours: null}]
documents: [{key: west-2025, title: Beleid West, version: "2", publishedOn: 2024-04-01, file: x.txt, ocr: true}]
remarks: [{text: Let op., document: west-2025, section: "1", quote: Er staat iets.}]
deadlines:
  - slots: {1: ${one}, 2: ${two}, 3: ${three}, 4: ${four}}
    contractYear: 2025
    careType: general
    activity: innovation_start
    revisions:
      - reason: Eerste vastlegging.
        title: Start in kwartaal {slot}
        rule: {kind: slot, every: quarter, lead: {amount: 3, unit: month}}
        boundary: by
        certainty: stated
        duty: {actors: [ro], contractStatus: any}
        sources: [{document: west-2025, quote: elk kwartaal, drie maanden vooraf}]
`.replace('elk kwartaal, drie maanden vooraf', "'elk kwartaal starten, drie maanden vooraf'");
    await apply(text);
    const west = await getInsurer(store.read, 'west');
    expect(west.remarks).toEqual(['Let op. Bron: Beleid West (versie 2, OCR-tekst), 1: "Er staat iets."']);
    expect(west.documents).toMatchObject([{ title: 'Beleid West', version: '2' }]);
    expect(await getDeadline(store.read, two!)).toMatchObject({
      title: 'Start in kwartaal 2',
      slot: 2,
      dueOn: '2025-01-01',
      checkedOn: '2024-04-01',
      checkedBy: 'A. de Vries',
      sources: [{ document: 'Beleid West (versie 2, OCR-tekst)' }],
    });
    const before = await exportOf(store);
    await apply(text);
    expect(await exportOf(store)).toBe(before);
  });

  it('withdraws, publishes again, and puts a kind of care right; what a file leaves out stays', async () => {
    const withdrawn = { ...(await handWritten()), careType: 'gp_care' };
    withdrawn.revisions[0]!.status = 'withdrawn';
    await apply(JSON.stringify({ insurer: 'noord', deadlines: [withdrawn] }), 'Vervallen.');
    expect(await getDeadline(store.read, plan)).toMatchObject({ status: 'withdrawn', reason: 'Vervallen.', careType: 'gp_care' });
    withdrawn.revisions[0]!.status = 'published';
    await apply(JSON.stringify({ insurer: 'noord', deadlines: [withdrawn] }));
    expect(await getDeadline(store.read, plan)).toMatchObject({ status: 'published', reason: 'Uit een bestand.' });
  });

  async function handWritten() {
    const [part] = (await partsNow()).filter(({ deadlines }) => deadlines?.some(({ id }) => id === plan));
    const one = part!.deadlines!.find(({ id }) => id === plan)!;
    const { change: _, changeId: __, digest: ___, origin: ____, revisedAt: _____, ...last } = one.revisions.at(-1)!;
    const { createdAt: ______, changedAt: _______, sequence: ________, checked: _________, ...identity } = one;
    return { ...identity, revisions: [{ ...last, status: 'published' as 'published' | 'withdrawn' }] };
  }

  it('retires what was projected, under the id that calendars know', async () => {
    const projected = (await listProjected(store))!;
    const entry = {
      id: ID,
      contractYear: projected.contractYear,
      careType: 'gp_care',
      activity: projected.activity,
      revisions: [
        {
          reason: 'Uit het beleid.',
          title: 'Jaarplan indienen',
          rule: { kind: 'fixed', on: '2025-10-01' },
          boundary: 'by',
          certainty: 'stated',
          duty: { actors: ['ro'], contractStatus: 'contracted' },
          sources: [{ documentName: 'Beleid', quote: 'Uiterlijk op 1 oktober 2025.' }],
        },
      ],
    };
    await apply(JSON.stringify({ insurer: projected.insurer, deadlines: [entry] }));
    expect(await getDeadline(store.read, projected.id)).toMatchObject({ certainty: 'stated', careType: 'gp_care', dueOn: '2025-10-01' });
    await expect(getDeadline(store.read, ID)).rejects.toThrow('No such deadline');
  });

  it('refuses to rewrite what was published, and what was written on a registry of before', async () => {
    const rewritten = await edited(({ revisions }) => (revisions.at(-1)!.title = 'Anders'));
    expect(await faultsOf(apply(rewritten))).toEqual([
      expect.stringMatching(
        /^registry\.yaml:\d+ deadlines\.0\.revisions\.1 is not what revision 2 of the registry says: leave that as it is/,
      ),
    ]);
    const late = await edited(({ revisions }) => {
      const { changeId: _, change: __, revisedAt: ___, ...last } = revisions.at(-1)!;
      revisions.push({ ...last, title: 'Te laat' });
    });
    const old = await exportOf(store);
    await store.write((tx) => amendDeadline(tx, plan, { baseRevision: 2, reason: 'Intussen.', title: 'Intussen' }, LATER));
    expect(await faultsOf(apply(late))).toEqual([expect.stringContaining('is written on revision 2, and the registry is at 3')]);
    await apply(old);
    expect((await listRevisions(store.read, plan)).map(({ title }) => title).at(-1)).toBe('Intussen');
  });

  it('leaves nothing of ten thousand rows of which the last is wrong, and names its line', async () => {
    const rows = Array.from({ length: 10_000 }, (_, n) => requirement(n, n === 9999 ? { certainty: 'unknown' } : {}));
    const text = JSON.stringify({ insurer: 'noord', deadlines: rows }, null, 1);
    const before = await exportOf(store);
    const line = text.slice(0, text.lastIndexOf('"certainty"')).split('\n').length;
    expect(await faultsOf(apply(text))).toEqual([
      `registry.yaml:${line} deadlines.9999.revisions.0.certainty must be stated for a requirement`,
    ]);
    expect(await exportOf(store)).toBe(before);
  });
});

async function listProjected(store: Store) {
  return (await allDeadlines(store.read)).find(
    ({ activity, contractYear, insurer }) => insurer === 'oost' && activity === 'annual_plan' && contractYear === 2026,
  );
}

onSqlite('a file with faults', (fresh) => {
  it('names file, line and field of each, and what is allowed, all together', async () => {
    const store = await fresh();
    await store.write((tx) => addInsurer(tx, 'noord'));
    const text = `format: inkoopkalender-registry/1
---
insurer: noord
deadlines:
  - id: ${ID}
    contractYear: 20255
    careType: huisartsen
    activity: annual_plan
    revisions:
      - title: ''
        rule: {kind: fixed, on: 2024-02-30}
        certainty: stated
        duty: {actors: [ro], contractStatus: any}
        sources: []
        niets: 1
`;
    expect(await faultsOf(applyText(store, text))).toEqual([
      'registry.yaml:6 deadlines.0.contractYear must be <= 2100',
      'registry.yaml:7 deadlines.0.careType must be one of multidisciplinary_care, gp_care, general',
      expect.stringContaining('registry.yaml:15 deadlines.0.revisions.0.niets is not a known field; known are reason'),
      'registry.yaml:10 deadlines.0.revisions.0.title must NOT have fewer than 1 characters',
      'registry.yaml:10 deadlines.0.revisions.0.title must not be blank',
      'registry.yaml:11 deadlines.0.revisions.0.rule.on must be a day that exists, as YYYY-MM-DD',
    ]);
  });

  it('names what contradicts between fields, between parts and with the registry', async () => {
    const store = await fresh();
    const { id } = await store.write(async (tx) => {
      await addInsurer(tx, 'noord');
      return (await createDeadline(tx, { identity: identityOf(), content: contentOf(), reason: null, announcedOn: null }, NOW)).deadline;
    });
    const parts = [
      { insurer: 'nergens', deadlines: [requirement(1)] },
      {
        insurer: 'noord',
        documents: ['niets'],
        deadlines: [requirement(1), requirement(2, { rule: { kind: 'fixed', on: '2024-10-01' } })],
      },
      { insurer: null, contacts: [{ purpose: 'x', email: null, phone: null, url: null, hours: null }] },
    ];
    const told = await faultsOf(applyText(store, parts.map((part) => `---\n${stringify(part)}`).join('')));
    expect(told).toEqual([
      expect.stringContaining('documents must stand in the part that has the whole insurer'),
      expect.stringContaining('documents.0 must be the key of a document of this file or of the registry'),
      expect.stringContaining('contacts must be empty for the sector'),
    ]);
    const moved = { ...requirement(3), id };
    const rest = [
      { insurer: 'nergens', deadlines: [requirement(1)] },
      { insurer: 'noord', deadlines: [requirement(1), requirement(2, { rule: { kind: 'fixed', on: '2024-10-01' } })] },
    ];
    expect(await faultsOf(applyText(store, rest.map((part) => `---\n${stringify(part)}`).join('')))).toEqual([
      'registry.yaml:2 insurer must be the slug of an insurer of this file or of the registry: noord',
      expect.stringContaining('deadlines.0.id must stand once; id'),
      expect.stringContaining('deadlines.1.revisions.0.rule.kind must be none for a requirement'),
      expect.stringContaining('deadlines.1.revisions.0.rule must stand in a quote'),
    ]);
    expect(await faultsOf(applyText(store, JSON.stringify({ insurer: 'noord', deadlines: [moved] })))).toEqual([
      expect.stringContaining('deadlines.0.id is that of another entry of the registry, noord/2025/multidisciplinary_care/annual_plan/0'),
    ]);
  });

  it('says so of what is no registry, no UTF-8, cut off, or made to hurt', async () => {
    expect(await faultsOf(partsOf('hallo: daar\n'))).toEqual([
      'registry.yaml:1 insurer is required',
      expect.stringContaining('registry.yaml:1 hallo is not a known field'),
    ]);
    expect(await faultsOf(partsOf('# niets\n'))).toEqual([expect.stringContaining('holds no part of a registry')]);
    expect(await faultsOf(partsOf(Buffer.from([0xff, 0xfe, 0x41])))).toEqual(['registry.yaml must be UTF-8']);
    expect(await faultsOf(partsOf('insurer: *x\n'))).toEqual([expect.stringContaining('stands before its anchor')]);
    const laughs = `a: &a [1,1,1,1,1,1,1,1,1]\n${['b', 'c', 'd', 'e', 'f'].map((n, i) => `${n}: &${n} [${Array(9).fill(`*${'abcde'[i]}`).join(',')}]`).join('\n')}\n`;
    expect(await faultsOf(partsOf(laughs))).toEqual([expect.stringContaining('is not valid: Excessive alias count')]);
    expect(await faultsOf(partsOf('format: inkoopkalender-registry/2\n'))).toEqual([
      'registry.yaml:1 format must be one of inkoopkalender-registry/1',
    ]);
    await expect(readExchange('/nergens/registry.yaml')).rejects.toThrow('There is no file /nergens/registry.yaml.');
  });

  it('counts the lines of JSON from the beginning of the file', async () => {
    const parts = [{ insurer: null }, { insurer: null, deadlines: [{ ...requirement(1), contractYear: 1 }] }];
    const text = JSON.stringify({ format: 'inkoopkalender-registry/1', parts }, null, 2);
    const line = text.slice(0, text.indexOf('"contractYear"')).split('\n').length;
    expect(await faultsOf(partsOf(text, 'r.json'))).toEqual([`r.json:${line} deadlines.0.contractYear must be >= 2015`]);
  });
});

describe('a file of only a head', () => {
  it('is an empty registry, and no fault', async () => {
    expect(await partsOf('format: inkoopkalender-registry/1\n')).toEqual([]);
    expect(await partsOf('{"format":"inkoopkalender-registry/1","parts":[]}')).toEqual([]);
  });
});
