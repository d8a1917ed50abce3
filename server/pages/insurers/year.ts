/** One insurer in one contract year: its dates beside those of the newest year that is known, what it asks, and how it is reached. */
import { nameBuyer } from '../../../calendars/deadlines/wording/buyers.ts';
import { yearOf } from '../../../calendars/days.ts';
import { isAssumed } from '../../../calendars/deadlines/certainty.ts';
import { countingDay, type Deadline } from '../../../calendars/deadlines/deadline.ts';
import { isCounted } from '../../../calendars/deadlines/kinds.ts';
import { knowledgeOf, newestKnown, newestUpTo } from '../../../calendars/deadlines/knowledge.ts';
import type { Language } from '../../../calendars/terms.ts';
import { wordsIn, writeList } from '../../../calendars/words.ts';
import { addressAt } from '../../http/paths.ts';
import { html, type SafeHtml } from '../html.ts';
import { pathIn } from '../language.ts';
import type { PageText } from '../layout.ts';
import type { PageAsk } from '../page.ts';
import { buttonLink } from '../parts/button.ts';
import { notice } from '../parts/notice.ts';
import { pageAddress } from '../parts/page-link.ts';
import { contactsSection, documentsSection, foldedRemarks, remarkList } from './contacts.ts';
import { yearsOf, type InsurerYear } from './insurer-year.ts';
import { requirementsSection } from './requirements.ts';
import { sheetViews, type Section } from './section.ts';
import { periodsSection, promisesSection, termsSection, undatedSection } from './shelves.ts';
import { columnNote } from './source-line.ts';
import { timelineShelves } from './timeline.ts';

export function yearText(ask: PageAsk, content: InsurerYear, year: number, publicUrl: string): PageText {
  const { language } = ask;
  const say = wordsIn(language);
  const { insurer } = content;
  const address = `${publicUrl}${pathIn(language, `/verzekeraars/${insurer.slug}/${year}`)}`;
  const dates: Section = { id: 'dates', title: say('page:insurer.dates', { year }), shelves: timelineShelves(ask, content, year) };
  if (hasNothing(dates)) dates.intro = html`<p>${say('page:insurer.no_dates')}</p>`;
  const beside = besideSection(ask, content, year);
  const others = [
    undatedSection(ask, content, year),
    periodsSection(ask, content, year),
    termsSection(ask, content, year),
    contactsSection(ask, content),
    requirementsSection(ask, content, year) ?? [],
    promisesSection(ask, content, year),
    documentsSection(ask, content),
  ]
    .flat()
    .filter((section) => !hasNothing(section) || ALWAYS.has(section.id));
  const remarks = { title: say('page:insurer.remarks_title'), count: foldedRemarks(insurer) };
  const { note, views } = sheetViews([dates, ...(beside === null ? [] : [beside]), ...others], { address, beside: remarks, language });
  const title = say('page:insurer.title', { insurer: insurer.name, year });
  const first = views.shift()!;
  const main = html`<div class="one-sheet">
    <h1>${title}</h1>
    <p class="lead">${writeSpan(ask, content, year)}</p>
    ${notice(writeStatus(ask, content, year), knowledgeOf(content.all, year)?.from === 'policy' ? 'plain' : 'caution')}
    ${yearLinks(ask, content, year)} ${calendarLinks(ask, insurer)} ${contentsView(ask, others)}
    <div class="sheet">${beside === null ? first : html`<div class="pair">${first}${views.shift()}</div>`} ${views} ${note}</div>
    ${columnNote(shownIn(content, year), language)} ${unseenView(ask, content, year)}
  </div>`;
  // At the address without a year the year changes: the tab names the insurer alone.
  const { jaar } = ask.request.params as { jaar?: string };
  const tab = jaar === undefined ? insurer.name : title;
  return { title: tab, description: writeSpan(ask, content, year), calendar: calendarOf(insurer.slug, language), content: main };
}

/** Said even where there is nothing to list. */
const ALWAYS: ReadonlySet<string> = new Set(['contacts', 'documents']);
const hasNothing = ({ shelves }: Section) => shelves.every(({ items }) => items.length === 0);

/** The newest year of which a document is known, unless that is the year itself. */
function besideSection(ask: PageAsk, content: InsurerYear, year: number): Section | null {
  const say = wordsIn(ask.language);
  const known = newestKnown(content.all);
  if (known === null || known.year === year) return null;
  const shelves = timelineShelves(ask, content, known.year);
  const values = {
    year: known.year,
    source: say(`page:insurer.source.${known.from}`, { who: nameBuyer('the', { insurerKind: content.insurer.kind }, ask.language) }),
  };
  const link = html`<a href="${pageAddress(ask, `/verzekeraars/${content.insurer.slug}/${known.year}`)}"
    >${say('page:insurer.beside_link', { year: known.year })}</a
  >`;
  const isEmpty = shelves.every(({ items }) => items.length === 0);
  return {
    id: 'beside',
    title: say('page:insurer.beside', values),
    intro: html`<p>
      ${say(isEmpty ? 'page:insurer.beside_none' : 'page:insurer.beside_text', values)} <span class="unprinted">${link}</span>
    </p>`,
    shelves,
  };
}

/** What the year shows: its own entries, the dates beside them, and what was said last of all that holds until it is said anew. */
function shownIn({ all }: InsurerYear, year: number): Deadline[] {
  const known = newestKnown(all);
  const lasting = [...Map.groupBy(all, ({ kind }) => kind)].filter(([kind]) => !isCounted({ kind }) && kind !== 'period');
  return [
    ...all.filter((one) => one.contractYear === year || (one.contractYear === known?.year && isCounted(one))),
    ...lasting.flatMap(([, some]) => newestUpTo(some, year)),
  ];
}

/** "Contractjaar 2025, datums in 2024 en 2025." */
function writeSpan({ language }: PageAsk, { all, insurer }: InsurerYear, year: number): string {
  const say = wordsIn(language);
  const days = all.filter((one) => one.contractYear === year && isCounted(one)).map(countingDay);
  const years = [...new Set(days.flatMap((day) => (day === null ? [] : String(yearOf(day)))))].sort();
  const values = { insurer: insurer.name, year, years: writeList(years, language) };
  return say(years.length === 0 ? 'page:insurer.span_none' : 'page:insurer.span', values);
}

/** Whose word all of it is. */
function writeStatus({ language }: PageAsk, { all, insurer }: InsurerYear, year: number): string {
  const say = wordsIn(language);
  const own = knowledgeOf(all, year);
  if (own !== null) return say(`page:insurer.status.${own.from}`, { year });
  const known = newestKnown(all);
  const who = nameBuyer('this', { insurerKind: insurer.kind }, language);
  const isAllAssumed = all.filter((one) => one.contractYear === year && one.certainty !== 'sector_rule').every(isAssumed);
  const parts = [
    say('page:insurer.status.unknown', { year }),
    say(isAllAssumed ? 'page:insurer.status.assumed' : 'page:insurer.status.expected', { who, year }),
    known === null ? say('page:insurer.status.nothing', { who }) : '',
  ];
  return parts.filter((part) => part !== '').join(' ');
}

function yearLinks(ask: PageAsk, content: InsurerYear, year: number): SafeHtml {
  const say = wordsIn(ask.language);
  return html`<nav class="years unprinted" aria-label="${say('page:insurer.years')}">
    <span>${say('page:insurer.years')}</span>
    <ul>
      ${yearsOf(content).map(
        (one) =>
          html`<li>
            <a href="${pageAddress(ask, `/verzekeraars/${content.insurer.slug}/${one}`)}" ${one === year ? html`aria-current="page"` : ''}
              >${one}</a
            >
          </li>`,
      )}
    </ul>
  </nav>`;
}

/** What stands further down, with how much of it. */
function contentsView({ language }: PageAsk, sections: readonly Section[]): SafeHtml {
  const say = wordsIn(language);
  const links = sections.map(({ id, shelves, title }) => {
    const count = shelves.reduce((total, { items }) => total + items.length, 0);
    return html`<li><a href="#${id}">${title}</a> ${count}</li>`;
  });
  return html`<nav class="contents unprinted" aria-label="${say('page:insurer.further')}">
    <span>${say('page:insurer.further')}</span>
    <ul>
      ${links}
      <li><a href="#unseen">${say('page:insurer.unseen')}</a></li>
    </ul>
  </nav>`;
}

/** Where the dates go into a calendar: the page for that, and the calendar itself. */
function calendarLinks({ language, reply }: PageAsk, { kind, slug }: InsurerYear['insurer']): SafeHtml {
  const say = wordsIn(language);
  const calendar = calendarOf(slug, language);
  const subscribe = `${addressAt(reply, pathIn(language, '/agenda'))}?insurer=${slug}`;
  return html`<p class="acts unprinted">
    ${buttonLink(subscribe, say('page:insurer.subscribe'), 'primary')}
    <a href="${addressAt(reply, calendar)}">${say('page:insurer.calendar', { who: nameBuyer('this', { insurerKind: kind }, language) })}</a>
    <a href="${addressAt(reply, pathIn(language, '/geen-contract'))}?insurer=${slug}">${say('page:no_contract.title')}</a>
  </p>`;
}

const calendarOf = (slug: string, language: Language) => `/calendars/${slug}.ics${language === 'nl' ? '' : `?lang=${language}`}`;

/** What does not stand on the page, and where it does. */
function unseenView(ask: PageAsk, content: InsurerYear, year: number): SafeHtml | '' {
  const { language } = ask;
  const say = wordsIn(language);
  const { all, insurer, withdrawn } = content;
  const others = yearsOf(content).filter((one) => one !== year);
  const lines = [
    ...others.map((one) => {
      const count = all.filter(({ contractYear }) => contractYear === one).length;
      const link = html`<a href="${pageAddress(ask, `/verzekeraars/${insurer.slug}/${one}`)}"
        >${say('page:insurer.other_year', { year: one })}</a
      >`;
      return html`${link}: ${say('page:insurer.entries', { count })}`;
    }),
    ...(withdrawn.has(year) ? [html`${say('page:insurer.withdrawn', { count: withdrawn.get(year)! })}`] : []),
  ];
  return html`<section class="unprinted" aria-labelledby="unseen">
    <h2 id="unseen">${say('page:insurer.unseen')}</h2>
    <ul class="links">
      ${lines.map((line) => html`<li>${line}</li>`)}
    </ul>
    ${remarkList(insurer.remarks, say('page:insurer.remarks', { count: insurer.remarks.length }))}
  </section>`;
}
