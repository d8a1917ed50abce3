/** The picture of a year, with its legend, and the same as a list. */
import { writeLongDay, yearOf } from '../../../../calendars/days.ts';
import { isAssumed } from '../../../../calendars/deadlines/certainty.ts';
import { CERTAINTIES, type Day, type Language } from '../../../../calendars/terms.ts';
import { wordsIn } from '../../../../calendars/words.ts';
import { html, type SafeHtml } from '../../html.ts';
import { monthOf, shortDay } from '../day-block.ts';
import type { Entry, UndatedEntry } from '../entry-groups.ts';
import { writeWho } from '../entries.ts';
import { writeInsurers } from '../insurers.ts';
import { activityIcon, activityMark, certaintyIcon, certaintyMark, SHAPED, type Shaped } from '../marks.ts';
import { HEAD, LINE, wrapNames, type OwnDate, type PlacedItem, type YearPicture, type YearRow } from './year-picture.ts';

/** What is in the picture, as a list tells it: by day. */
export interface YearEntries {
  dated: readonly (Entry | OwnDate)[];
  undated: readonly UndatedEntry[];
}

/** The picture: every mark has a name of its own, which is read out and shown where the mouse rests. */
export function yearPicture(picture: YearPicture, language: Language): SafeHtml {
  const say = wordsIn(language);
  const { height, months, rows, shelf, today, width } = picture;
  return html`<svg class="year" viewBox="0 0 ${width} ${height}" role="group" aria-label="${say('page:year.label')}">
    ${months.map(
      ({ first, width: span, x }) =>
        html`<g aria-hidden="true">
          <path class="rule" d="M${round(x)} ${HEAD - 22}V${height}" />
          <text class="month" x="${round(x + span / 2)}" y="50" text-anchor="middle">${monthOf(first, language)}</text>
          ${first.slice(5, 7) === '01' || x === 0 ? html`<text class="year" x="${round(x + 3)}" y="32">${yearOf(first)}</text>` : ''}
        </g>`,
    )}
    ${
      shelf === width
        ? ''
        : html`<g aria-hidden="true">
            <path class="rule" d="M${shelf} ${HEAD - 22}V${height}" />
            <text class="month" x="${(shelf + width) / 2}" y="50" text-anchor="middle">${say('page:year.undated')}</text>
          </g>`
    }
    <g aria-hidden="true">
      <path class="today" d="M${round(today)} 20V${height}" />
      <text class="today" x="${round(today)}" y="14" text-anchor="middle">${say('page:year.today')}</text>
    </g>
    ${rows.map((row) => yearRow(row, picture, language))}
  </svg>`;
}

/** What the shapes and fills of a picture mean: only those that are in it. */
export function yearLegend({ rows }: YearPicture, language: Language): SafeHtml {
  const say = wordsIn(language);
  const items = rows.flatMap((row) => [...row.items, ...row.undated]);
  const shapes = SHAPED.filter((shape) => items.some(({ activity }) => shapeOf(activity) === shape));
  const fills = CERTAINTIES.filter((certainty) => items.some((item) => item.activity !== 'own' && item.certainty === certainty));
  return html`<ul class="legend">
      ${shapes.map((shape) => html`<li>${activityIcon(shape)} ${say(shape === null ? 'page:year.other' : `page:year.shape.${shape}`)}</li>`)}
    </ul>
    <ul class="legend fills">
      ${fills.map((fill) => html`<li>${certaintyIcon(fill)} ${say(`page:year.fill.${fill}`)}</li>`)}
    </ul>`;
}

/** The same by month, for narrow screens and paper. */
export function yearList({ dated, undated }: YearEntries, today: Day, language: Language): SafeHtml {
  const say = wordsIn(language);
  const months = [...Map.groupBy(dated, ({ day }) => day.slice(0, 7))].map(([month, entries]) => {
    const heading = `${say(`page:day.months.${Number(month.slice(5))}`)} ${month.slice(0, 4)}`;
    return monthList(heading, entries, (entry) => html`<strong>${dayOf(entry, today, language)}</strong> `, language);
  });
  return html`${months} ${undated.length === 0 ? '' : monthList(say('common:certainty.unknown'), undated, () => '', language)}`;
}

/** The same as a table. */
export function yearTable({ dated, undated }: YearEntries, language: Language): SafeHtml {
  const say = wordsIn(language);
  const columns = ['day', 'what', 'who', 'sure', 'insurers'].map((name) => html`<th scope="col">${say(`page:year.column.${name}`)}</th>`);
  return html`<table>
    <thead>
      <tr>
        ${columns}
      </tr>
    </thead>
    <tbody>
      ${dated.map((entry) => tableRows(entry, dayOf(entry, null, language), language))}
      ${undated.map((entry) => tableRows(entry, say('page:year.undated'), language))}
    </tbody>
  </table>`;
}

/** Of what is only assumed it says "rond". */
function dayOf(entry: Entry | OwnDate, today: Day | null, language: Language): SafeHtml {
  return shortDay(entry.day, today, language, 'lines' in entry && isAssumed(entry.lines[0].deadlines[0]));
}

function monthList<E extends UndatedEntry | OwnDate>(
  heading: string,
  entries: readonly E[],
  dayOf: (entry: E) => SafeHtml | '',
  language: Language,
): SafeHtml {
  return html`<h3>${heading}</h3>
    <ul class="month">
      ${entries.map(
        (entry) =>
          html`<li>
            ${dayOf(entry)}${entry.title}
            <ul class="sureness">
              ${
                'lines' in entry
                  ? entry.lines.map(({ deadlines, insurers }) => html`<li>${certaintyMark(deadlines[0], language)} ${insurers}</li>`)
                  : html`<li>${ownMark(language)}</li>`
              }
            </ul>
          </li>`,
      )}
    </ul>`;
}

/** What stands in place of how sure a date is, where the organisation itself chose it. */
function ownMark(language: Language): SafeHtml {
  return html`<span class="certainty">${activityIcon('own')} ${wordsIn(language)('page:year.shape.own')}</span>`;
}

function tableRows(entry: UndatedEntry | OwnDate, day: SafeHtml | string, language: Language): SafeHtml | SafeHtml[] {
  const { title } = entry;
  if (!('lines' in entry))
    return html`<tr>
      <td>${day}</td>
      <td>${title}</td>
      <td>${wordsIn(language)('page:year.own_who')}</td>
      <td>${ownMark(language)}</td>
      <td></td>
    </tr>`;
  return entry.lines.map(
    ({ deadlines, insurers }) =>
      html`<tr>
        <td>${day}</td>
        <td>${title}</td>
        <td>${writeWho(deadlines[0], title, language)}</td>
        <td>${certaintyMark(deadlines[0], language)}</td>
        <td>${insurers}</td>
      </tr>`,
  );
}

function yearRow(
  { insurers, items, top, undated }: YearRow,
  { today, width }: Pick<YearPicture, 'today' | 'width'>,
  language: Language,
): SafeHtml {
  const names = writeInsurers(insurers, language);
  const lines = wrapNames(insurers.join(', '));
  return html`<g role="group" aria-label="${names}">
    <path class="rule" d="M0 ${top}H${width}" />
    <text class="name" aria-hidden="true"> ${lines.map((line, n) => html`<tspan x="6" y="${top + LINE * (n + 1)}">${line}</tspan>`)} </text>
    ${[...items, ...undated].map((item) => yearMark(item, item.day !== null && item.x < today, names, language))}
  </g>`;
}

function yearMark({ activity, certainty, day, title, x, y }: PlacedItem, isPast: boolean, names: string, language: Language): SafeHtml {
  const say = wordsIn(language);
  const around = isAssumed({ certainty }) ? `${say('page:day.around')} ` : '';
  const when = day === null ? say('common:certainty.unknown') : around + writeLongDay(day, language);
  const whose = activity === 'own' ? say('page:year.shape.own') : `${names}. ${say(`common:certainty.${certainty}`)}`;
  const label = `${when}: ${title}. ${whose}`;
  return html`<g class="mark ${isPast ? 'past' : ''}" role="img" aria-label="${label}" transform="translate(${round(x)} ${round(y)})">
    <title>${label}</title>
    ${activityMark(activity, certainty)}
  </g>`;
}

const shapeOf = (activity: PlacedItem['activity']): Shaped => (SHAPED.includes(activity) ? activity : null);
const round = (length: number) => Math.round(length * 10) / 10;
