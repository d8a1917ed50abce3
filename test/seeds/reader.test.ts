/** Reading the registry: what a right one becomes, and how each wrong one is refused with file, line and what is allowed. */
import { describe, expect, it } from 'vitest';
import { readRegistry } from '../../seeds/reader.ts';
import { changed, CZ, folderWith, SECTOR } from './folder.ts';

const read = async (files: Record<string, string>) => readRegistry(await folderWith(files));
const refused = (message: string, ...faults: [field: string, message: string][]) => ({
  name: 'AppError',
  kind: 'invalid',
  message,
  faults: faults.map(([field, message]) => ({ field, message })),
});
const one = 'The registry has a fault; nothing is read.';

describe('reading a registry', () => {
  it('fills in what is not given, and names documents as readers know them', async () => {
    const registry = await read({ 'sector.yaml': SECTOR, 'cz.yaml': CZ });

    expect(registry.insurers).toEqual([
      {
        slug: 'cz',
        name: 'CZ',
        kind: 'health_insurer',
        website: null,
        aliases: [],
        contacts: [],
        remarks: [],
        documents: ['memo', 'page'],
      },
    ]);
    expect(registry.documents.map(({ key, file, url, at }) => ({ key, file, url, at }))).toEqual([
      { key: 'page', file: null, url: 'https://www.cz.nl/', at: 'cz.yaml:5 documents.1' },
      { key: 'memo', file: 'memo.txt', url: null, at: 'sector.yaml:4 documents.0' },
    ]);
    expect(registry.deadlines[0]).toEqual({
      id: '5e0d6a0e-4f0a-4d4e-9a55-0d2f5ad2a001',
      insurer: 'cz',
      contractYear: 2022,
      careType: 'gp_care',
      activity: 'regional_plan',
      slot: null,
      key: null,
      checked: null,
      revisions: [
        {
          reason: 'Eerste vastlegging.',
          announcedOn: null,
          content: {
            kind: 'deadline',
            title: 'Regioplan indienen',
            rule: { kind: 'fixed', on: '2021-09-01' },
            boundary: 'before',
            certainty: 'stated',
            basis: null,
            reportingYear: null,
            duty: { actors: ['ro'], onBehalfOf: [], contractStatus: 'any', deliverable: null },
            channel: null,
            consequence: null,
            extension: null,
            sources: [
              { document: 'Memo 2022 (OCR-tekst)', section: 'Regioplan', quote: 'Regioplan voor 1 september 2021 indienen', url: null },
            ],
            conflict: null,
            strictness: null,
          },
        },
      ],
    });
  });

  it('makes one deadline per quarter of a deadline with slots', async () => {
    const registry = await read({ 'sector.yaml': SECTOR, 'cz.yaml': CZ });

    expect(registry.deadlines.slice(1).map(({ id, slot, revisions }) => [id.slice(-3), slot, revisions[0]?.content.title])).toEqual([
      ['011', 1, 'Start in kwartaal 1'],
      ['012', 2, 'Start in kwartaal 2'],
      ['013', 3, 'Start in kwartaal 3'],
      ['014', 4, 'Start in kwartaal 4'],
    ]);
  });

  it('puts the quote behind a remark, with its document', async () => {
    const remark = 'remarks: [{text: Er is een plan., document: memo, section: Regioplan, quote: Regioplan}]';
    const registry = await read({ 'sector.yaml': SECTOR, 'cz.yaml': changed(CZ, 'remarks: []', remark) });

    expect(registry.insurers[0]?.remarks).toEqual(['Er is een plan. Bron: Memo 2022 (OCR-tekst), Regioplan: "Regioplan"']);
    expect(registry.quotes[0]).toEqual({ document: 'memo', quote: 'Regioplan', at: 'cz.yaml:6 remarks.0.quote' });
  });

  it('refuses a folder without any file', async () => {
    const folder = await folderWith({});
    await expect(readRegistry(folder)).rejects.toMatchObject(refused(one, [folder, 'holds no *.yaml file']));
  });

  it('reports the faults of all files together', async () => {
    const files = { 'sector.yaml': changed(SECTOR, 'remarks: []\n', ''), 'cz.yaml': changed(CZ, '2021-09-01', '2021-09-31') };
    await expect(read(files)).rejects.toMatchObject(
      refused(
        'The registry has 2 faults; nothing is read.',
        ['cz.yaml:15 deadlines.0.revisions.0.rule.on', 'must be a day that exists, as YYYY-MM-DD'],
        ['sector.yaml:1 remarks', 'is required'],
      ),
    );
  });
});

describe('a fault in a file', () => {
  const day = 'deadlines.0.revisions.0';
  const none = ['rule: {kind: fixed, on: 2021-09-01}\n        boundary: before', 'rule: {kind: none}'] as const;
  it.each<[name: string, from: string, to: string, field: string, message: string]>([
    [
      'bad YAML',
      'Regioplan indienen',
      'Regioplan: indienen',
      'cz.yaml:14',
      'is not valid YAML: Nested mappings are not allowed in compact mappings',
    ],
    ['an alias of nothing', 'actors: [ro]', 'actors: *who', 'cz.yaml:18', 'is not valid YAML: *who stands before its anchor, or has none'],
    ['a key given twice', 'contacts: []', 'contacts: []\ncontacts: []', 'cz.yaml:3', 'is not valid YAML: Map keys must be unique'],
    [
      'an unknown field',
      'title: Regioplan indienen',
      'titel: Regioplan indienen\n        title: Plan',
      `cz.yaml:14 ${day}.titel`,
      'is not a known field; known are reason, announcedOn, kind, title, rule, boundary, certainty, basis, reportingYear, duty, channel, consequence, extension, conflict, strictness, sources',
    ],
    [
      'a word outside its list',
      'certainty: stated',
      'certainty: expected',
      `cz.yaml:17 ${day}.certainty`,
      'must be one of stated, sector_rule, unknown',
    ],
    [
      'an unknown actor',
      'actors: [ro]',
      'actors: [zorggroep]',
      `cz.yaml:18 ${day}.duty.actors.0`,
      'must be one of insurer, ro, wsv, practice, provider',
    ],
    [
      'an id that is no UUID',
      '5e0d6a0e-4f0a-4d4e-9a55-0d2f5ad2a001',
      'cz-1',
      'cz.yaml:8 deadlines.0.id',
      'must be a UUID, as 123e4567-e89b-42d3-a456-426614174000',
    ],
    [
      'an id used before',
      '0d2f5ad2a011',
      '0d2f5ad2a001',
      'cz.yaml:22 deadlines.1.slots.1',
      'must stand once; id 5e0d6a0e-4f0a-4d4e-9a55-0d2f5ad2a001 stands at cz.yaml:8 deadlines.0.id too',
    ],
    [
      'the same deadline twice',
      'activity: innovation_start',
      'activity: regional_plan',
      'cz.yaml:28 deadlines.1.activity',
      'must stand once; deadline 2022 gp_care regional_plan of cz stands at cz.yaml:11 deadlines.0.activity too',
    ],
    [
      'a document declared twice',
      'key: page',
      'key: memo',
      'sector.yaml:4 documents.0.key',
      'must stand once; document memo stands at cz.yaml:5 documents.1.key too',
    ],
    [
      'a document that nobody declares',
      '  - memo\n',
      '  - memo\n  - memo-2021\n',
      'cz.yaml:5 documents.1',
      'is not a declared document; declared are page, memo',
    ],
    [
      "a source outside the file's documents",
      'document: memo, section',
      'document: policy, section',
      `cz.yaml:20 ${day}.sources.0.document`,
      "must be one of this file's documents: memo, page",
    ],
    [
      'a quote from a document without text',
      'document: memo, section',
      'document: page, section',
      `cz.yaml:20 ${day}.sources.0.quote`,
      'needs the text it stands in: document page has no file',
    ],
    [
      'a remark that quotes nothing known',
      'remarks: []',
      'remarks: [{text: Let op., quote: Regioplan}]',
      'cz.yaml:6 remarks.0.document',
      'is required with a quote: the key of its document',
    ],
    [
      'a stated day without a quote',
      'quote: Regioplan voor 1 september 2021 indienen',
      'quote: null',
      `cz.yaml:19 ${day}.sources`,
      'must hold a quote when the certainty is stated',
    ],
    [
      'an unknown certainty beside a day',
      'certainty: stated',
      'certainty: unknown',
      `cz.yaml:17 ${day}.certainty`,
      'must not be unknown when the rule gives a day; unknown goes with none, event, or an offset without amount',
    ],
    ['a stated certainty without a day', ...none, `cz.yaml:16 ${day}.certainty`, 'must be unknown when the rule gives no day'],
    [
      'a day without a boundary',
      '        boundary: before\n',
      '',
      `cz.yaml:13 ${day}.boundary`,
      'is required when the rule gives a day: by, before or per',
    ],
    [
      'a range that ends before it starts',
      '{kind: fixed, on: 2021-09-01}',
      '{kind: range, from: 2021-09-01, to: 2021-08-01}',
      `cz.yaml:15 ${day}.rule.to`,
      'must not be before rule.from, 2021-09-01',
    ],
    [
      'a slot rule without slots',
      '{kind: fixed, on: 2021-09-01}',
      '{kind: slot, every: quarter, lead: {amount: 1, unit: month}}',
      `cz.yaml:15 ${day}.rule.kind`,
      'must be slot for a deadline with slots, and for no other',
    ],
    [
      'a deadline without an id',
      '  - id: 5e0d6a0e-4f0a-4d4e-9a55-0d2f5ad2a001\n    contractYear',
      '  - contractYear',
      'cz.yaml:8 deadlines.0.id',
      'is required: an id, or slots with four',
    ],
    ["a file under another insurer's name", 'slug: cz', 'slug: vgz', 'cz.yaml:1 insurer.slug', "must be the file's name, cz"],
    [
      'a slug that is reserved',
      'slug: cz',
      'slug: selection',
      'cz.yaml:1 insurer.slug',
      'must not be selection: calendars of a choice stand at that address',
    ],
    [
      "an insurer's file without one",
      'insurer: {slug: cz, name: CZ, kind: health_insurer, website: null, aliases: []}',
      'insurer: null',
      'cz.yaml:1 insurer',
      'may be null in sector.yaml only',
    ],
  ])('is named with file, line and what is allowed: %s', async (_, from, to, field, message) => {
    await expect(read({ 'sector.yaml': SECTOR, 'cz.yaml': changed(CZ, from, to) })).rejects.toMatchObject(refused(one, [field, message]));
  });

  it('is found in the text behind an alias', async () => {
    const aliased = changed(changed(CZ, 'actors: [ro], ', 'actors: &who [rho], '), 'actors: [provider]', 'actors: *who');
    await expect(read({ 'sector.yaml': SECTOR, 'cz.yaml': aliased })).rejects.toMatchObject({
      faults: [
        { field: 'cz.yaml:18 deadlines.0.revisions.0.duty.actors.0', message: 'must be one of insurer, ro, wsv, practice, provider' },
        { field: 'cz.yaml:18 deadlines.1.revisions.0.duty.actors.0', message: 'must be one of insurer, ro, wsv, practice, provider' },
      ],
    });
  });
});
