import { describe, expect, it } from 'vitest';
import { isColumnInferred, knowledgeOf, newestKnown, newestUpTo } from '../../../calendars/deadlines/knowledge.ts';
import { entry } from '../../helpers/entry.ts';

const memo = { document: 'Inkoopbeleid 2022, memo van InEen (OCR-tekst)', section: null, quote: 'x', url: null };
const secondary = {
  kind: 'secondary_source' as const,
  deadlineId: null,
  text: 'Memo. De kolom van de verzekeraar is afgeleid uit de leesvolgorde.',
};

describe('what is known of an insurer', () => {
  it('is of the newest year of which a document says something, projections and plans left out', () => {
    expect(newestKnown([])).toBeNull();
    const plan = entry(2026, { kind: 'intention' });
    const gone = entry(2026, { status: 'withdrawn' });
    const all = [entry(2022), entry(2025), plan, gone, entry(2027, { certainty: 'expected' }), entry(2028, { certainty: 'template' })];
    expect(newestKnown(all)).toEqual({ year: 2025, from: 'policy' });
    expect(knowledgeOf(all, 2027)).toBeNull();
  });

  it('is by whose word: the insurer’s own, where one line of it is', () => {
    const byMemo = entry(2022, { sources: [memo], basis: secondary });
    const unreadable = entry(2022, { sources: [memo], certainty: 'unknown' });
    expect(newestKnown([byMemo, unreadable])).toEqual({ year: 2022, from: 'memo' });
    expect(newestKnown([byMemo, entry(2022)])).toEqual({ year: 2022, from: 'policy' });
    expect(newestKnown([entry(2022, { basis: secondary })])).toEqual({ year: 2022, from: 'other' });
  });

  it('holds until newer is known, and never for a year before', () => {
    const all = [entry(2022), entry(2025), entry(2025)];
    expect(newestUpTo(all, 2027)).toHaveLength(2);
    expect(newestUpTo(all, 2024)).toEqual([all[0]]);
    expect(newestUpTo(all, 2021)).toEqual([]);
  });

  it('says where the column of the memo was inferred', () => {
    expect(isColumnInferred(entry(2022, { basis: secondary }))).toBe(true);
    expect(isColumnInferred(entry(2022, { basis: { ...secondary, text: 'Memo van InEen. De regel noemt DSW zelf.' } }))).toBe(false);
    expect(isColumnInferred(entry(2022))).toBe(false);
  });
});
