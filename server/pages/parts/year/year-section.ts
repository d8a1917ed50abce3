/** The year as a section of a page: as a picture with a table below it, or as a list where there is no room for one. */
import { countingDay, type Deadline } from '../../../../calendars/deadlines/deadline.ts';
import { yearOf } from '../../../../calendars/days.ts';
import type { Day, Language } from '../../../../calendars/terms.ts';
import { titleOf, wordsIn } from '../../../../calendars/words.ts';
import { html, type SafeHtml } from '../../html.ts';
import { entriesOf, undatedEntriesOf } from '../entry-groups.ts';
import { compareNames } from '../../../../calendars/collation.ts';
import { yearLegend, yearList, yearPicture, yearTable } from './year-view.ts';
import { layOutYear, yearAround, type OwnDate, type YearItem } from './year-picture.ts';

interface Shown {
  names: ReadonlyMap<string, string>;
  today: Day;
  language: Language;
  /** Dates of one's own, which stand in a row below all insurers. */
  own?: readonly OwnDate[];
}

/** What has no day stands in it for contract years that are still to come: of earlier ones nobody has to do it any more. */
export function yearSection(deadlines: readonly Deadline[], { language, names, own = [], today }: Shown): SafeHtml {
  const say = wordsIn(language);
  const { first, last } = yearAround(today);
  const isWithin = (day: Day) => day >= first && day <= last;
  const shown = deadlines.filter((deadline) => {
    const day = countingDay(deadline);
    return day === null ? deadline.contractYear > yearOf(today) : isWithin(day);
  });
  const shownOwn = own.filter(({ day }) => isWithin(day));
  const nameOf = ({ insurer }: Deadline) => (insurer === null ? say('common:sector') : (names.get(insurer) ?? insurer));
  const items = shown.map((deadline): YearItem => ({
    insurer: nameOf(deadline),
    day: countingDay(deadline),
    activity: deadline.activity,
    certainty: deadline.certainty,
    contractYear: deadline.contractYear,
    title: titleOf(deadline, language),
  }));
  const insurers = [...new Set(items.map(({ insurer }) => insurer))].sort((a, b) => compareNames(a, b, language));
  const ownRow = say('page:year.own');
  const all = [...items, ...shownOwn.map((one) => ownItem(one, ownRow))];
  const picture = layOutYear(all, [...insurers, ownRow], today);
  const dated = [...entriesOf(shown, names, language), ...shownOwn].sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
  const entries = { dated, undated: undatedEntriesOf(shown, names, language) };
  return html`<section aria-labelledby="year">
    <h2 id="year">${say('page:year.title')}</h2>
    ${
      all.length === 0
        ? html`<p>${say('page:year.none')}</p>`
        : html`<div class="pictured">
              <figure>
                ${yearPicture(picture, language)}
                <figcaption>${yearLegend(picture, language)}</figcaption>
              </figure>
              <details class="unprinted">
                <summary>${say('page:year.as_table')}</summary>
                <div class="scrolling" tabindex="0" role="region" aria-label="${say('page:year.title')}">
                  ${yearTable(entries, language)}
                </div>
              </details>
            </div>
            <div class="listed">${yearList(entries, today, language)}</div>`
    }
  </section>`;
}

/** Sure, since nobody else says it. */
function ownItem({ day, title }: OwnDate, row: string): YearItem {
  return { insurer: row, day, activity: 'own', certainty: 'stated', contractYear: yearOf(day), title };
}
