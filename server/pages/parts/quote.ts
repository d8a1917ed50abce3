/** The sentence that proves a date, with where it stands and when somebody last looked. */
import { writeDay } from '../../../calendars/days.ts';
import type { Source } from '../../../calendars/deadlines/deadline.ts';
import type { Day, Language } from '../../../calendars/terms.ts';
import { wordsIn } from '../../../calendars/words.ts';
import { html, type SafeHtml } from '../html.ts';
import { webLink } from './ways.ts';

/** From one character of a quote on, and before another. */
type Place = Readonly<{ from: number; to: number }>;

/**
 * A quote with its source and the day it was checked; undefined where that says nothing, as of what stands there no more. Quotes are in Dutch, whatever the page is. `marked`: what stands out in it, in order.
 */
export function quote(
  { document, quote: words, section, url }: Source,
  checkedOn: Day | null | undefined,
  language: Language,
  marked: readonly Place[] = [],
): SafeHtml {
  const place = section === null ? document : `${document}, ${section}`;
  return html`<figure class="quote">
    ${words === null ? '' : html`<blockquote lang="nl"><p>${withMarks(words, marked)}</p></blockquote>`}
    <figcaption>
      <span lang="nl">${url === null ? place : webLink(url, place)}</span>
      ${checkedOn === undefined ? '' : html`<span class="checked">${writeChecked(checkedOn, language)}</span>`}
    </figcaption>
  </figure>`;
}

/** "gecontroleerd op 30 november 2026". */
export function writeChecked(on: Day | null, language: Language): string {
  const say = wordsIn(language);
  return on === null ? say('page:quote.unchecked') : say('page:quote.checked', { day: writeDay(on, language) });
}

function withMarks(words: string, marked: readonly Place[]): SafeHtml[] {
  const starts = [0, ...marked.map(({ to }) => to)];
  return [
    ...marked.map(({ from, to }, i) => html`${words.slice(starts[i], from)}<mark>${words.slice(from, to)}</mark>`),
    html`${words.slice(starts.at(-1))}`,
  ];
}
