import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { extractFrom } from '../../calendars/extraction/extraction.ts';
import { POLICY } from '../calendars/extraction/policy.ts';
import { locate, readGold, type GoldRow } from './gold.ts';
import { MUTATIONS } from './mutations.ts';
import { score, zerosOf } from './score.ts';

const TEXT =
  'Stuur het jaarplan uiterlijk 1 oktober 2026 op. Dit is op 30 maart 2026 vastgesteld. De praktijk moet beschikken over een certificaat.';
const rowOf = (row: Pick<GoldRow, 'class' | 'id' | 'kind' | 'value'>, sentence: string): GoldRow => ({
  ...row,
  words: sentence.split(' ').length,
  digest: createHash('sha256').update(sentence).digest('hex').slice(0, 16),
});
const plan = rowOf({ id: 'plan', class: 'A', kind: 'deadline', value: '2026-10-01 by' }, 'Stuur het jaarplan uiterlijk 1 oktober 2026 op.');

describe('how well a text was read', () => {
  it('is measured by the rows whose sentence stands in it word for word', () => {
    expect(locate([plan], TEXT).get('plan')).toEqual([{ from: 0, to: 47 }]);
    expect(locate([plan], TEXT.replace('jaarplan', 'jaarp1an')).get('plan')).toEqual([]);
    expect(score([plan], TEXT, extractFrom(TEXT))).toMatchObject({
      rows: [{ isFound: true }],
      due: { right: 1, proposed: 1, found: 1, wanted: 1 },
    });
  });

  it('counts a row with another value, or of another kind, as missed', () => {
    for (const wrong of [
      { ...plan, value: '2026-10-01 before' },
      { ...plan, kind: 'window' as const },
    ])
      expect(score([wrong], TEXT, extractFrom(TEXT)).rows[0]!.isFound).toBe(false);
  });

  it('sees a year, a day and a quote that were made up', () => {
    const extraction = extractFrom(TEXT);
    const [first] = extraction.proposals;
    const planted = (changed: Partial<typeof first & {}>) => zerosOf(TEXT, { ...extraction, proposals: [{ ...first!, ...changed }] });
    const counts = (changed: Partial<typeof first & {}>) => Object.values(planted(changed)).map((list: string[]) => list.length);
    expect(counts({})).toEqual([0, 0, 0]);
    expect(counts({ rule: { kind: 'fixed', on: '2025-10-01' } })).toEqual([1, 0, 0]);
    expect(counts({ rule: { kind: 'fixed', on: '2026-10-03' } })).toEqual([0, 1, 0]);
    expect(counts({ rule: { kind: 'fixed', on: '2026-09-01' } })).toEqual([0, 1, 0]);
    expect(counts({ quote: 'Stuur het jaarplan uiterlijk 1 oktober 2026.' })).toEqual([0, 0, 1]);
  });

  it('makes nothing up of a text that was spoilt, which is another text each time', () => {
    const spoilt = MUTATIONS.map(({ of }) => of(POLICY.replaceAll('\t', ' ')));
    expect(MUTATIONS).toHaveLength(20);
    for (const text of spoilt) expect(Object.values(zerosOf(text, extractFrom(text))).flat()).toEqual([]);
    expect(new Set(spoilt).size).toBeGreaterThan(15);
  });

  it('has a gold of which each row is known by its own sentence', () => {
    const rows = readGold().flatMap((document) => document.rows);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    const classes = Object.fromEntries(['A', 'B', 'C', 'D', 'E'].map((one) => [one, rows.filter((row) => row.class === one).length]));
    expect(classes).toEqual({ A: 14, B: 4, C: 10, D: 62, E: 3 });
  });
});
