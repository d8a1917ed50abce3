/** Faults of a file: each by line and field, all together, whatever form it has, and nothing that was written to hurt does. */
import { expect, it, describe } from 'vitest';
import { stringify } from 'yaml';
import { AppError } from '../../../calendars/errors.ts';
import { auditHead } from '../../../db/registry/audit.ts';
import { readStructure } from '../../../seeds/exchange/json-text.ts';
import { addInsurer } from '../../helpers/cast.ts';
import { onSqlite } from '../../helpers/stores.ts';
import { applyText, exportOf, partsOf } from './files.ts';

const ID = '0d6a3c5e-5a2e-4c39-9d0b-3b1f6f0f9a01';
const HEAD = '"format": "inkoopkalender-registry/1"';
const revision = {
  title: 'Jaarplan',
  rule: { kind: 'fixed', on: '2024-10-01' },
  boundary: 'by',
  certainty: 'stated',
  duty: { actors: ['ro'], contractStatus: 'any' },
  sources: [{ documentName: 'Beleid', quote: 'op 1 oktober 2024' }],
};
const deadline = { id: ID, contractYear: 2025, careType: 'gp_care', activity: 'annual_plan', revisions: [revision] };

const faultsOf = async (work: Promise<unknown>): Promise<string[]> => {
  const error = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(error instanceof AppError)) throw error ?? new Error('it was taken');
  return error.faults.map(({ field, message }) => `${field} ${message}`);
};

describe('the parts of a JSON file', () => {
  const noord = JSON.stringify({ insurer: 'noord', deadlines: [deadline] }, null, 2);
  const oost = JSON.stringify({ insurer: 'oost' });
  const read = async (text: string) =>
    (await partsOf(text, 'r.json')).map(({ locate, part }) => [part.insurer, locate('deadlines.0.activity')]);

  it('may stand before the head, behind it or within it, each with its lines', async () => {
    const orders = [
      `{\n"parts": [\n${noord},\n${oost}\n],\n${HEAD}}`,
      `{\n${HEAD}, "parts": [\n${noord},\n${oost}\n]}`,
      `{\n"parts"\t:\t[\n${noord},\n${oost}\n], ${HEAD}, "audit": {"rows": 1, "head": ""}}`,
    ];
    for (const text of orders) {
      const [first, second] = await read(text);
      expect(first).toEqual(['noord', `r.json:${text.slice(0, text.indexOf('"activity"')).split('\n').length} deadlines.0.activity`]);
      expect(second![0]).toBe('oost');
    }
    expect(await read(`{"parts": [], ${HEAD}}`)).toEqual([]);
  });

  it('name the line of a fault in the head that stands behind them, and that there is none', async () => {
    expect(await faultsOf(partsOf(`{\n"parts": [\n${oost}\n],\n"format": "anders/1"}`, 'r.json'))).toEqual([
      'r.json:5 format must be one of inkoopkalender-registry/1',
    ]);
    expect(await faultsOf(partsOf(`{"parts": [\n${oost}\n]}`, 'r.json'))).toEqual(['r.json:1 format is required']);
    expect(await faultsOf(partsOf(`{${HEAD}, "parts": {}}`, 'r.json'))).toEqual([expect.stringContaining('parts is not a known field')]);
  });

  it('are not taken where a key stands twice, or where it is no JSON: line and what must be there are named', async () => {
    const twice = noord.replace('"title"', '"title": "Anders",\n        "title"').replace('"insurer"', '"insurer": "oost",\n  "insurer"');
    expect(await faultsOf(partsOf(`{${HEAD}, "parts": [\n${twice}\n]}`, 'r.json'))).toEqual([
      'r.json:4 insurer must stand once',
      'r.json:14 deadlines.0.revisions.0.title must stand once',
    ]);
    expect(await faultsOf(partsOf(`{${HEAD}, "parts": [], "p\\u0061rts": []}`, 'r.json'))).toEqual(['r.json:1 parts must stand once']);
    const broken = {
      [`{${HEAD},\n"parts": [{"insurer": null`]: 'r.json:2 is not valid JSON: there must be a comma, or the end of the object or list',
      [`{${HEAD},\n}`]: 'r.json:2 is not valid JSON: there must be a name in double quotes',
      [`{${HEAD},\n"parts": [\n{"insurer": noord}]}`]: 'r.json:3 is not valid JSON: there must be a value',
      [`{${HEAD},\n"parts": [\n\n{"insurer" "noord"}]}`]: 'r.json:4 is not valid JSON: there must be a colon',
      [`{${HEAD}}\n\n{}`]: 'r.json:3 is not valid JSON: there must be nothing more',
      '{"insurer": 01}': 'r.json:1 is not valid JSON: there must be a comma, or the end of the object or list',
      '{"insurer": "\\x"}': 'r.json:1 is not valid JSON: there must be a value',
      [`{"a":${'['.repeat(200_000)}`]: 'r.json:1 is not valid JSON: there must be nothing that is nested so deeply',
    };
    for (const [text, fault] of Object.entries(broken)) expect(await faultsOf(partsOf(text, 'r.json')), text.slice(0, 60)).toEqual([fault]);
  });

  it('are found in every text that is JSON, and in no other', () => {
    for (const text of ['[]', '{}', '{"a":[],"b":{}}', ' [1,-0.5e+3,true,null,"\\u00e9\\n",[[]]] ', '"x"', '0'])
      expect([text, readStructure(text).fault, JSON.parse(text) !== undefined]).toEqual([text, null, true]);
    for (const text of [
      '',
      '[',
      '[1,]',
      '{"a":1,}',
      '{,}',
      '[,]',
      '{"a"}',
      '{a:1}',
      "{'a':1}",
      '[1 2]',
      '01',
      '1.',
      '.5',
      '+1',
      'NaN',
      '"\n"',
      '[]]',
      '{]',
      '[}',
      '{"a":}',
      '{"a"::1}',
      '[:]',
      '{1:2}',
      'nul',
      '"\\u12"',
    ]) {
      expect(() => JSON.parse(text), text).toThrow(SyntaxError);
      expect(readStructure(text).fault, text).not.toBeNull();
    }
  });
});

onSqlite('a faulty file', (fresh) => {
  const wrong: [string, object, RegExp[]][] = [
    ['a year that is missing', { ...deadline, contractYear: undefined }, [/deadlines\.0\.contractYear is required$/]],
    ['a year as a text', { ...deadline, contractYear: '2025' }, [/deadlines\.0\.contractYear must be integer/]],
    ['a field that nobody knows', { ...deadline, jaar: 2025 }, [/deadlines\.0\.jaar is not a known field; known are id, /]],
    ['a prototype', { ...deadline, ['__proto__x']: 1 }, [/deadlines\.0\.__proto__x is not a known field/]],
    ['no revisions', { ...deadline, revisions: [] }, [/deadlines\.0\.revisions must NOT have fewer than 1/]],
    [
      'a day that does not exist',
      withRevision({ rule: { kind: 'fixed', on: '2024-02-30' } }),
      [/revisions\.0\.rule\.on must be a day that exists/],
    ],
    [
      'a quote that names another day',
      withRevision({ rule: { kind: 'fixed', on: '2024-10-02' } }),
      [/revisions\.0\.rule must stand in a quote/],
    ],
    [
      'a document that is not there',
      withRevision({ sources: [{ document: 'nergens', quote: 'op 1 oktober 2024' }] }),
      [/sources\.0\.document must be the key of a document/],
    ],
    [
      'two faults',
      { ...withRevision({ certainty: 'zeker' }), careType: 'tandarts' },
      [/careType must be one of/, /certainty must be one of/],
    ],
  ];
  for (const [name, entry, faults] of wrong)
    it(`names line and field of ${name}, the same in YAML and in JSON, and changes nothing`, async () => {
      const store = await fresh();
      await store.write((tx) => addInsurer(tx, 'noord'));
      const [before, head] = [await exportOf(store), await auditHead(store.read)];
      const parts = [{ insurer: 'noord' }, { insurer: 'noord', deadlines: [entry] }];
      const texts = [
        parts.map((part) => `---\n${stringify(part)}`).join(''),
        parts.map((part) => `---\n${stringify(part)}`.replaceAll('\n', '\r\n')).join(''),
        `\uFEFF{"parts": ${JSON.stringify(parts, null, 1)}, ${HEAD}}`,
      ];
      for (const text of texts) {
        const told = await faultsOf(applyText(store, text));
        expect(told, told.join('\n')).toHaveLength(faults.length);
        for (const [n, fault] of faults.entries()) {
          expect(told[n]).toMatch(fault);
          const [, line, field] = /^registry\.yaml:(\d+) (\S+)/.exec(told[n]!)!;
          const key = field!.split('.').findLast((part) => !/^\d+$/.test(part))!;
          const isMissing = told[n]!.endsWith('is required');
          if (!isMissing) expect(text.split('\n')[Number(line) - 1]).toContain(key);
        }
      }
      expect(await exportOf(store)).toBe(before);
      expect(await auditHead(store.read)).toEqual(head);
    });

  it('is named where it is empty, a list, a scalar, or cut by a mark', async () => {
    for (const text of ['', '\n\n', '---\n---\n', '\uFEFF', '# niets', '...\n'])
      expect(await faultsOf(partsOf(text)), text).toEqual([expect.stringContaining('holds no part of a registry')]);
    expect(await faultsOf(partsOf('[]'))).toEqual([expect.stringMatching(/^registry\.yaml:1.* must be object/)]);
    expect(await faultsOf(partsOf('hallo'))).toEqual([expect.stringMatching(/^registry\.yaml:1.* must be object/)]);
    expect(await faultsOf(partsOf('{}'))).toEqual(['registry.yaml:1 insurer is required']);
    expect(await faultsOf(partsOf(Buffer.from('\uFEFFinsurer: noord', 'utf16le')))).toEqual(['registry.yaml must be UTF-8']);
  });

  it('does no harm where it was written to', async () => {
    const hurting: Record<string, RegExp> = {
      'insurer: noord\ninsurer: oost\n': /^registry\.yaml:2 is not valid YAML: Map keys must be unique/,
      'insurer: &a [*a]\n': /^registry\.yaml:1 /,
      'insurer: noord\n<<: {deadlines: []}\n': /^registry\.yaml:2 << is not a known field/,
      'insurer: noord\n__proto__: {deadlines: []}\n': /^registry\.yaml:2 __proto__ is not a known field/,
      '{"insurer": "noord",\n"__proto__": {"deadlines": []}}': /^registry\.yaml:2 __proto__ is not a known field/,
      '{"insurer": "noord",\n"constructor": 1}': /^registry\.yaml:2 constructor is not a known field/,
      'insurer: !!js/function "x"\n': /^registry\.yaml:1 is not valid YAML: Unresolved tag/,
      [`insurer: ${'['.repeat(50_000)}`]: /^registry\.yaml:1 /,
      [`insurer: noord\nx: ${'{a: '.repeat(5000)}1${'}'.repeat(5000)}`]: /^registry\.yaml:/,
    };
    for (const [text, fault] of Object.entries(hurting)) {
      const told = await faultsOf(partsOf(text));
      expect(told.length, text.slice(0, 60)).toBeGreaterThan(0);
      expect(told[0], text.slice(0, 60)).toMatch(fault);
    }
    expect(({} as Record<string, unknown>)['deadlines']).toBeUndefined();
  });

  it('names all of ten thousand entries in YAML of which only the last is wrong by its line', async () => {
    const store = await fresh();
    await store.write((tx) => addInsurer(tx, 'noord'));
    const rows = Array.from({ length: 10_000 }, (_, n) => {
      const quote = `Eis ${n} geldt.`;
      const said = { title: `Eis ${n}`, rule: { kind: 'none' }, certainty: n === 9999 ? 'unknown' : 'stated', strictness: 'hard' };
      const one = { ...said, duty: { actors: ['provider'], contractStatus: 'any' }, sources: [{ documentName: 'Beleid', quote }] };
      return { contractYear: 2025, careType: 'gp_care', activity: 'contract_requirement', key: `eis-${n}`, revisions: [one] };
    });
    const slices = Array.from({ length: 50 }, (_, n) => ({ insurer: 'noord', deadlines: rows.slice(n * 200, (n + 1) * 200) }));
    const text = slices.map((part) => `---\n${stringify(part)}`).join('');
    const head = await auditHead(store.read);
    const line = text.slice(0, text.lastIndexOf('certainty:')).split('\n').length;
    expect(await faultsOf(applyText(store, text))).toEqual([
      `registry.yaml:${line} deadlines.199.revisions.0.certainty must be stated for a requirement`,
    ]);
    expect(await auditHead(store.read)).toEqual(head);
  });
});

function withRevision(over: object) {
  return { ...deadline, revisions: [{ ...revision, ...over }] };
}
