import { describe, expect, it } from 'vitest';
import type { Deadline } from '../../../../calendars/deadlines/deadline.ts';
import { entryList, writeWho } from '../../../../server/pages/parts/entries.ts';
import { entriesOf } from '../../../../server/pages/parts/entry-groups.ts';
import { contentOf, identityOf } from '../../../helpers/cast.ts';

const NAMES = new Map([
  ['cz', 'CZ'],
  ['caresq', 'Caresq'],
  ['asr', 'ASR'],
  ['zk', 'Zilveren Kruis'],
]);

function deadline(insurer: string | null, over: Partial<Deadline> = {}): Deadline {
  return {
    ...contentOf(),
    ...identityOf({ insurer }),
    id: `${insurer}`,
    dueOn: '2026-12-31',
    lastSafeOn: over.certainty === 'template' ? null : (over.dueOn ?? '2026-12-31'),
    revision: 1,
    revisedAt: new Date(0),
    status: 'published',
    checkedOn: null,
    checkedBy: null,
    precedent: null,
    ...over,
  };
}

const assumed = (insurer: string, over: Partial<Deadline> = {}) => deadline(insurer, { certainty: 'template', sources: [], ...over });
const said = (deadlines: Deadline[]) =>
  entriesOf(deadlines, NAMES, 'nl').map(({ day, lines }) => [
    day,
    ...lines.map((line) => `${line.deadlines[0].certainty}: ${line.insurers}`),
  ]);

describe('entries', () => {
  it('tell one activity of one day once, the surer first, and the insurers of each certainty in one line by name', () => {
    const expected = (insurer: string) => deadline(insurer, { certainty: 'expected' });
    expect(said([expected('zk'), expected('cz'), expected('caresq'), deadline('asr')])).toEqual([
      ['2026-12-31', 'stated: ASR', 'expected: Caresq, CZ en Zilveren Kruis'],
    ]);
  });

  it('part what is assumed from what anybody said: it borrows neither a sure day nor a count', () => {
    expect(said([assumed('zk'), assumed('cz'), assumed('caresq'), deadline('asr', { certainty: 'expected' })])).toEqual([
      ['2026-12-31', 'expected: ASR'],
      ['2026-12-31', 'template: Caresq, CZ en Zilveren Kruis'],
    ]);
    for (const today of ['2026-11-30', '2027-01-04']) {
      const [sure, around] = entriesOf([assumed('cz'), deadline('asr', { certainty: 'expected' })], NAMES, 'nl').map((entry) =>
        String(entryList([entry], { language: 'nl', today })),
      );
      expect(sure).toMatch(/Nog 22 werkdagen|De verwachte dag is voorbij/);
      expect(around).toContain('rond do');
      expect(around).not.toMatch(/werkdagen|veilige dag/);
    }
  });

  it('stand by day, on one day the surer first, then by name', () => {
    const other = { activity: 'accounts', title: 'Verantwoording' } as const;
    const all = [
      assumed('asr', other),
      deadline('cz', { dueOn: '2027-01-01' }),
      deadline('cz'),
      deadline('zk', { ...other, dueOn: '2026-12-30' }),
    ];
    expect(said(all)).toEqual([
      ['2026-12-30', 'stated: Zilveren Kruis'],
      ['2026-12-31', 'stated: CZ'],
      ['2026-12-31', 'template: ASR'],
      ['2027-01-01', 'stated: CZ'],
    ]);
  });

  it('part contract years, readers and contract statuses, and leave out what has no day', () => {
    const practice = { ...contentOf().duty, actors: ['practice' as const] };
    const uncontracted = { ...contentOf().duty, contractStatus: 'uncontracted' as const };
    const all = [
      deadline('cz'),
      deadline('cz', { contractYear: 2026 }),
      deadline('cz', { duty: practice }),
      deadline('cz', { duty: uncontracted }),
    ];
    expect(said([...all, deadline('cz', { dueOn: null, lastSafeOn: null, certainty: 'unknown' })])).toHaveLength(4);
  });

  it('part who names another day than the one that counts, and say which', () => {
    const before = deadline('cz', { dueOn: '2027-01-01', lastSafeOn: '2026-12-31', boundary: 'before' });
    const [{ lines } = { lines: [] }] = entriesOf([before, deadline('asr')], NAMES, 'nl');
    expect(lines.map(({ insurers, named }) => [insurers, named])).toEqual([
      ['ASR', ''],
      ['CZ', 'In de bron staat: vóór 1 januari 2027.'],
    ]);
  });

  it('say who acts, for whom else, and the contract year where the title does not', () => {
    expect(writeWho(deadline('cz'), 'Jaarplan 2025', 'nl')).toBe('Regio-organisaties met contract, ook namens WSV’s.');
    expect(writeWho(deadline('cz'), 'Annual plan', 'en')).toBe(
      'Regional organisations with a contract, also on behalf of WSVs. Contract year 2025.',
    );
    const duty = { ...contentOf().duty, actors: ['insurer' as const] };
    expect(writeWho(deadline('cz', { duty }), 'Publicatie 2025', 'nl')).toBe('Dit doet de verzekeraar zelf.');
  });
});
