/** The text of a document, page by page, with the sentences lit that say something: each leads to its card. */
import { headingOf } from '../../../../calendars/extraction/lines.ts';
import { html, type SafeHtml } from '../../html.ts';
import { say } from '../frame.ts';

/** Characters of the text that are lit. */
export interface LitPlace {
  from: number;
  to: number;
  /** By which it is led to; null for one that stands there once more. */
  id: string | null;
  /** The card that it leads to; null for what has none. */
  card: string | null;
  look: 'open' | 'decided' | 'unreadable';
}

interface Lit extends Omit<LitPlace, 'id'> {
  ids: string[];
}

/** `places` in any order; those that overlap are lit as one. */
export function litText(text: string, places: readonly LitPlace[]): SafeHtml {
  const lit = withoutOverlap(places);
  const pages = pagesIn(text);
  return html`${pages.map(
    ({ from, to }, i) =>
      html`<section class="paper" ${pages.length > 1 ? html`aria-labelledby="bladzijde-${i + 1}"` : ''}>
        ${pages.length > 1 ? html`<h3 id="bladzijde-${i + 1}">${say('papers:reading.page', { number: i + 1 })}</h3>` : ''}
        <div class="words">${piecesOf(text, { from, to }, lit)}</div>
      </section>`,
  )}`;
}

function withoutOverlap(places: readonly LitPlace[]): Lit[] {
  const lit: Lit[] = [];
  for (const { id, ...place } of [...places].sort((a, b) => a.from - b.from || b.to - a.to)) {
    const last = lit.at(-1);
    const ids = id === null ? [] : [id];
    if (last === undefined || place.from >= last.to) lit.push({ ...place, ids });
    else {
      last.to = Math.max(last.to, place.to);
      last.ids.push(...ids);
      last.card ??= place.card;
    }
  }
  return lit;
}

/** A page ends at a form feed. */
function pagesIn(text: string): { from: number; to: number }[] {
  let from = 0;
  return text.split('\f').map((page) => {
    const place = { from, to: from + page.length };
    from = place.to + 1;
    return place;
  });
}

/** One after the other without a space between them: in a text as it was read each counts. */
function piecesOf(text: string, page: { from: number; to: number }, lit: readonly Lit[]): SafeHtml[] {
  const pieces: SafeHtml[] = [];
  let at = page.from;
  for (const place of lit) {
    const [from, to] = [Math.max(place.from, page.from), Math.min(place.to, page.to)];
    if (from >= to) continue;
    pieces.push(...plain(text.slice(at, from)), mark(text.slice(from, to), place, place.from >= page.from));
    at = to;
  }
  pieces.push(...plain(text.slice(at, page.to).trimEnd()));
  return pieces;
}

function mark(words: string, { card, ids, look }: Lit, isBeginning: boolean): SafeHtml {
  const named = isBeginning ? ids : [];
  const inside = card === null || !isBeginning ? html`${words}` : html`<a href="#${card}">${words}</a>`;
  return html`${named.slice(1).map((id) => html`<span id="${id}"></span>`)}<mark
      class="${look}"
      ${named.length === 0 ? '' : html`id="${named[0]}"`}
      >${inside}</mark
    >`;
}

/** Headings stand out, so that a section is found. */
function plain(words: string): SafeHtml[] {
  return words.split(/(?<=\n)/).map((line) => (headingOf(line.trim()) === null ? html`${line}` : html`<strong>${line}</strong>`));
}
