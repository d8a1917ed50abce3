import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, daysBetween } from '../../../../../calendars/days.ts';
import { layOutYear, wrapNames, yearAround, type YearItem } from '../../../../../server/pages/parts/year/year-picture.ts';
import { yearLegend, yearPicture } from '../../../../../server/pages/parts/year/year-view.ts';
import { anyDay } from '../../../../calendars/any.ts';

const TODAY = '2026-11-30';

function item(insurer: string, day: string | null, over: Partial<YearItem> = {}): YearItem {
  return { insurer, day, activity: 'signing', certainty: 'template', contractYear: 2027, title: 'Ondertekenen', ...over };
}

describe('the picture of a year', () => {
  it('has last month and the twelve from now on, whatever today is', () => {
    expect(yearAround(TODAY)).toEqual({ first: '2026-10-01', last: '2027-10-31' });
    expect(yearAround('2028-03-31')).toEqual({ first: '2028-02-01', last: '2029-02-28' });
    expect(yearAround('2027-01-31')).toEqual({ first: '2026-12-01', last: '2027-12-31' });
    fc.assert(
      fc.property(anyDay, (today) => {
        const { height, months, today: line, width } = layOutYear([item('A', today)], ['A'], today);
        expect(months).toHaveLength(13);
        expect(months.reduce((sum, month) => sum + month.width, 0)).toBeCloseTo(width, 6);
        expect(line).toBeGreaterThan(months[1]!.x);
        expect(line).toBeLessThan(months[2]!.x);
        expect(height).toBeGreaterThan(0);
      }),
    );
  });

  it('places each by its day, on a leap day too', () => {
    const days = ['2028-02-28', '2028-02-29', '2028-03-01'];
    const [row] = layOutYear(
      days.map((day) => item('A', day)),
      ['A'],
      '2028-01-15',
    ).rows;
    const [a, b, c] = row!.items.map(({ x }) => x);
    expect(b! - a!).toBeCloseTo(c! - b!, 6);
    // December 2027 up to December 2028.
    expect(b).toBeCloseTo((920 * (daysBetween('2027-12-01', '2028-02-29') + 0.5)) / 397, 6);
  });

  it('loses none and lets none cover another, however many fall on one day', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -60, max: 360 }), { minLength: 1, maxLength: 30 }), (offsets) => {
        const days = offsets.map((n) => addDays(TODAY, n)).filter((day) => day >= '2026-10-01' && day <= '2027-10-31');
        const items = days.map((day, n) => item('A', day, { title: `${n}` }));
        const { height, rows, width } = layOutYear(items, ['A'], TODAY);
        const placed = rows.flatMap((row) => row.items);
        expect(placed.map(({ title }) => title).sort()).toEqual(items.map(({ title }) => title).sort());
        for (const [n, one] of placed.entries()) {
          expect(one.x).toBeGreaterThanOrEqual(12);
          expect(one.x).toBeLessThanOrEqual(width - 12);
          expect(one.y).toBeLessThanOrEqual(height - 12);
          const covered = placed.slice(n + 1).filter(({ x, y }) => y === one.y && Math.abs(x - one.x) < 24 - 1e-9);
          expect(covered).toEqual([]);
        }
      }),
    );
  });

  it('has one row for those of whom the same is known, and parts those who differ in day or certainty', () => {
    const items = [
      item('A', '2026-12-31'),
      item('B', '2026-12-31', { certainty: 'expected' }),
      item('C', '2026-12-31'),
      item('D', '2026-12-30'),
      item('E', '2029-01-01'),
    ];
    const { rows } = layOutYear(items, ['A', 'B', 'C', 'D', 'E'], TODAY);
    expect(rows.map(({ insurers }) => insurers)).toEqual([['A', 'C'], ['B'], ['D']]);
    expect(rows[1]!.top).toBe(rows[0]!.top + rows[0]!.height);
  });

  it('keeps a shelf for what has no day, only where there is any', () => {
    const bare = layOutYear([item('A', '2026-12-31')], ['A'], TODAY);
    expect(bare.shelf).toBe(bare.width);
    const undated = Array.from({ length: 5 }, (_, n) => item('A', null, { certainty: 'unknown', title: `${n}` }));
    const { rows, shelf, width } = layOutYear([item('A', '2027-10-31'), ...undated], ['A'], TODAY);
    expect(rows[0]!.items.every(({ x }) => x <= shelf - 12)).toBe(true);
    expect(rows[0]!.undated).toHaveLength(5);
    expect(rows[0]!.undated.every(({ x }) => x > shelf && x < width)).toBe(true);
    expect(new Set(rows[0]!.undated.map(({ x, y }) => `${x} ${y}`)).size).toBe(5);
  });

  it('breaks many names over lines, between names alone, and makes room for them', () => {
    const many = Array.from({ length: 20 }, (_, n) => `Zorgverzekeraar ${n}`);
    const lines = wrapNames(many.join(', '));
    expect(lines.join('')).toBe(many.join(', '));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(96);
    const heightOf = (names: string[]) =>
      layOutYear(
        names.map((name) => item(name, '2026-12-31')),
        names,
        TODAY,
      ).height;
    expect(heightOf(many) - heightOf(['A'])).toBe(20 * (lines.length - 1));
  });

  it('names every mark, and explains the shapes and fills that are in it', () => {
    const items = [item('A & B', '2026-12-31'), item('A & B', null, { activity: 'review_meeting', certainty: 'unknown' })];
    const picture = layOutYear(items, ['A & B'], TODAY);
    const svg = String(yearPicture(picture, 'nl'));
    const label = 'rond donderdag 31 december 2026: Ondertekenen. A &amp; B. aanname, niet bevestigd';
    expect(svg).toContain(`aria-label="${label}"`);
    expect(svg.match(/role="img"/g)).toHaveLength(2);
    expect(svg).toContain('geen dag');
    expect(svg).not.toMatch(/style=|NaN|undefined/);
    const legend = String(yearLegend(picture, 'nl'));
    expect(legend.match(/<li>/g)).toHaveLength(4);
    expect(legend).toContain('Iets anders');
    expect(legend).not.toContain('Jaarverantwoording');
  });
});
