import { describe, expect, it } from 'vitest';
import { html } from '../../../../server/pages/html.ts';
import { fitOnPaper } from '../../../../server/pages/insurers/paper.ts';

const short = html`<p class="what">Jaarplan</p>
  <p class="small">RO's</p>`;
const long = html`<p class="what">${'Jaarplan met begroting indienen '.repeat(6)}</p>`;

describe('what fits on one sheet', () => {
  const heads = { head: ['Datums'] };

  it('is all, where there is room', () => {
    expect(
      fitOnPaper(
        [
          { ...heads, items: [short, short] },
          { ...heads, items: [] },
          { ...heads, items: [short] },
        ],
        20,
      ),
    ).toEqual([2, 0, 1]);
  });

  it('ends with the first that does not fit, though a later one would', () => {
    expect(
      fitOnPaper(
        [
          { ...heads, items: [short, long, short] },
          { ...heads, items: [short] },
        ],
        8,
      ),
    ).toEqual([1, 0]);
  });

  it('counts headings, titles and long texts, and neither drawings nor elements', () => {
    const drawn = html`<time class="day"><span>${'donderdag '.repeat(50)}</span></time>
      <h3>${short}</h3>`;
    expect(fitOnPaper([{ head: [], items: [drawn] }], 4.5)).toEqual([1]);
    expect(fitOnPaper([{ head: ['x'.repeat(200)], items: [short] }], 4.5)).toEqual([0]);
  });
});
