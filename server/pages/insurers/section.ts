/** The sections of an insurer's year: a heading with lists below it, of which paper shows what fits on one sheet. */
import type { Language } from '../../../calendars/terms.ts';
import { wordsIn, writeList } from '../../../calendars/words.ts';
import { html, type SafeHtml } from '../html.ts';
import { fitOnPaper } from './paper.ts';

/** A list, with what is said of all that is in it. */
export interface Shelf {
  heading?: string;
  intro?: string | SafeHtml;
  items: readonly SafeHtml[];
  /** `entries`: the day leads. `lines`: one below the other. */
  look: 'entries' | 'lines';
}

export interface Section {
  id: string;
  title: string;
  intro?: SafeHtml | '';
  shelves: readonly Shelf[];
}

/** Sections as HTML, all of which is printed. */
export function sectionViews(sections: readonly Section[]): SafeHtml[] {
  return sections.map((section) => sectionView(section, section.shelves.map(countOf)));
}

/**
 * Sections of which no more is printed than one sheet, what comes first first; and what says on paper how much is left out, and where that stands.
 * `beside`: what is never printed, with how many lines that is.
 */
export function sheetViews(
  sections: readonly Section[],
  { address, beside, language }: { address: string; beside: { title: string; count: number }; language: Language },
): { views: SafeHtml[]; note: SafeHtml | '' } {
  const say = wordsIn(language);
  const printed = fitOnPaper(
    sections.flatMap(({ intro = '', shelves, title }) =>
      shelves.map((shelf, at) => ({
        head: [...(at === 0 ? [title, intro] : []), shelf.heading ?? '', shelf.intro ?? ''],
        items: shelf.items,
      })),
    ),
  );
  const ofSection = sections.map(({ shelves }) => printed.splice(0, shelves.length));
  const missing = sections.map(({ shelves, title }, at) => ({ title, count: sum(shelves.map(countOf)) - sum(ofSection[at]!) }));
  const leftOut = [...missing, beside].filter(({ count }) => count > 0);
  const what = writeList(
    leftOut.map(({ count, title }) => say('page:insurer.left_out_of', { title, count })),
    language,
  );
  const note = leftOut.length === 0 ? '' : html`<p class="on-paper">${say('page:insurer.left_out', { what, address })}</p>`;
  return { views: sections.map((section, at) => sectionView(section, ofSection[at]!)), note };
}

function sectionView({ id, intro = '', shelves, title }: Section, printed: readonly number[]): SafeHtml {
  const isLeftOut = sum(printed) === 0 && shelves.some(({ items }) => items.length > 0);
  return html`<section class="${isLeftOut ? 'unprinted' : ''}" aria-labelledby="${id}">
    <h2 id="${id}">${title}</h2>
    ${intro}${shelves.map((shelf, at) => shelfView(shelf, printed[at]!))}
  </section>`;
}

function shelfView({ heading, intro = '', items, look }: Shelf, printed: number): SafeHtml | '' {
  if (items.length === 0) return '';
  return html`<div class="shelf ${printed === 0 ? 'unprinted' : ''}">
    ${heading === undefined ? '' : html`<h3>${heading}</h3>`} ${intro === '' ? '' : html`<p class="small">${intro}</p>`}
    <ul class="${look}">
      ${items.map((item, at) => html`<li class="${at < printed ? '' : 'unprinted'}">${item}</li>`)}
    </ul>
  </div>`;
}

const countOf = ({ items }: Shelf) => items.length;
const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
