/** What to say where there is no such insurer, or nothing of the year that is asked for: which there are. */
import { wordsIn } from '../../../calendars/words.ts';
import { html } from '../html.ts';
import type { PageText } from '../layout.ts';
import type { PageAsk } from '../page.ts';
import { compareNames } from '../../../calendars/collation.ts';
import { pageAddress } from '../parts/page-link.ts';
import { yearsOf, type InsurerYear } from './insurer-year.ts';

export function unknownInsurerText(ask: PageAsk, names: ReadonlyMap<string, string>): PageText {
  const say = wordsIn(ask.language);
  const title = say('page:insurer.unknown_title');
  const sorted = [...names].sort(([, a], [, b]) => compareNames(a, b, ask.language));
  const content = html`<h1>${title}</h1>
    <p>${say(sorted.length === 0 ? 'page:insurers.none' : 'page:insurer.unknown_text')}</p>
    <ul class="links">
      ${sorted.map(([slug, name]) => html`<li><a href="${pageAddress(ask, `/verzekeraars/${slug}`)}">${name}</a></li>`)}
    </ul>`;
  return { title, content };
}

export function unknownYearText(ask: PageAsk, content: InsurerYear): PageText {
  const say = wordsIn(ask.language);
  const { name, slug } = content.insurer;
  const title = say('page:insurer.unknown_year_title', { insurer: name });
  const years = yearsOf(content);
  return {
    title,
    content: html`<h1>${title}</h1>
      <p>${say('page:insurer.unknown_year_text', { insurer: name })}</p>
      <ul class="links">
        ${years.map((year) => html`<li><a href="${pageAddress(ask, `/verzekeraars/${slug}/${year}`)}">${say('page:insurer.other_year', { year })}</a></li>`)}
      </ul>`,
  };
}
