/** The front page: what has to be done next, how sure that is, and where to get it as a calendar or by program. */
import { amsterdamDay } from '../../../calendars/days.ts';
import { yearsWithoutPolicy } from '../../../calendars/deadlines/certainty.ts';
import type { Deadline } from '../../../calendars/deadlines/deadline.ts';
import { fitting, isInsurersAct } from '../../../calendars/deadlines/listing.ts';
import type { Day, Language } from '../../../calendars/terms.ts';
import { wordsIn, writeList } from '../../../calendars/words.ts';
import type { App, Deps } from '../../deps.ts';
import { addressAt } from '../../http/paths.ts';
import { html, type SafeHtml } from '../html.ts';
import { pathIn } from '../language.ts';
import type { PageText } from '../layout.ts';
import { servePage, type PageAsk } from '../page.ts';
import { entryList, insurersHeading } from '../parts/entries.ts';
import { entriesOf } from '../parts/entry-groups.ts';
import { buttonLink } from '../parts/button.ts';
import { enrolAddress } from '../enrol/address.ts';
import { errorSummary } from '../parts/field.ts';
import { notice } from '../parts/notice.ts';
import { FOUND } from '../dates/filter-form.ts';
import { choiceFields, choiceForm, chosen, readChoice } from './choice.ts';
import { yearSection } from '../parts/year/year-section.ts';

/** How many entries stand on top: what readers do, and what insurers do. */
const NEXT = 4;
const NEXT_OF_INSURERS = 2;

export function homePage(deps: Deps) {
  return async (app: App) => {
    const make = async (ask: PageAsk) => {
      const { names, parts } = await deps.cache.refresh();
      const deadlines = [...parts.values()].flatMap((part) => part.deadlines).filter(({ status }) => status === 'published');
      return homeText(ask, deps, { today: amsterdamDay(deps.clock()), deadlines, names });
    };
    servePage(app, deps, '/', make, { restsOn: 'registry' });
  };
}

interface HomeContent {
  today: Day;
  /** All that is published. */
  deadlines: readonly Deadline[];
  names: ReadonlyMap<string, string>;
}

function homeText(ask: PageAsk, deps: Deps, { deadlines, names, today }: HomeContent): PageText {
  const { language, reply, request } = ask;
  const say = wordsIn(language);
  const at = (path: string) => addressAt(reply, path);
  const choice = readChoice(request.query, names);
  const shown = chosen(deadlines, choice, today);
  const years = yearsWithoutPolicy(deadlines);
  const fields = choiceFields(choice, language);
  // As if nothing were asked nothing is shown.
  const isFaulty = fields.some(({ error }) => error !== undefined);
  if (isFaulty) reply.code(400);
  const content = html`<h1>${say('page:home.title')}</h1>
    <p class="lead">${say('page:home.lead')}</p>
    <div class="beside">
      <div>
        ${errorSummary(fields, language)}
        ${isFaulty ? '' : nextView(shown, years, { names, today, addressOf: (id) => at(pathIn(language, `/datums/${id}`)) }, language)}
      </div>
      ${choiceForm(choice, names, { list: at(pathIn(language, '/datums')) + FOUND, home: at(pathIn(language, '/')) }, language)}
    </div>
    ${isFaulty ? '' : yearSection(shown, { names, today, language })}
    <section aria-labelledby="calendars">
      <h2 id="calendars">${say('page:home.calendars')}</h2>
      <p>${say('page:home.calendars_text')}</p>
      <p>${buttonLink(at(pathIn(language, '/agenda')), say('page:home.calendars_button'))}</p>
    </section>
    ${enrolSection(enrolAddress(ask, deps), language)}
    <section aria-labelledby="api">
      <h2 id="api">${say('page:home.api')}</h2>
      <p>${say('page:home.api_text')}</p>
      <ul class="links">
        <li><a href="${at('/docs')}">${say('page:home.docs')}</a></li>
        <li><a href="${at('/api/v1/openapi.json')}">OpenAPI 3.1 (JSON)</a></li>
        <li><a href="${at(`/api/v1/deadlines?asOf=${today}&withinDays=90`)}">${say('page:home.example')}</a></li>
      </ul>
    </section>`;
  return { title: 'Inkoopkalender', description: say('page:home.lead'), content };
}

/** Nothing where nobody is let in. */
function enrolSection(address: string | null, language: Language): SafeHtml | '' {
  const say = wordsIn(language);
  if (address === null) return '';
  return html`<section aria-labelledby="enrol">
    <h2 id="enrol">${say('page:enrol.link')}</h2>
    <p>${say('page:enrol.link_text')}</p>
    <p>${buttonLink(address, say('page:enrol.link_button'))}</p>
  </section>`;
}

/** What readers have to do next, then what the registry does not know of it, then what insurers do. */
function nextView(
  deadlines: readonly Deadline[],
  withoutPolicy: readonly number[],
  { addressOf, names, today }: Pick<HomeContent, 'names' | 'today'> & { addressOf: (deadlineId: string) => string },
  language: Language,
): SafeHtml {
  const say = wordsIn(language);
  const upcoming = deadlines.filter(fitting({ upcoming: true }, today));
  const all = entriesOf(upcoming, names, language);
  const ours = all.filter(({ lines }) => !isInsurersAct(lines[0].deadlines[0])).slice(0, NEXT);
  const theirs = all.filter(({ lines }) => isInsurersAct(lines[0].deadlines[0])).slice(0, NEXT_OF_INSURERS);
  const shownYears = new Set([...ours, ...theirs].map(({ lines }) => lines[0].deadlines[0].contractYear));
  const years = withoutPolicy.filter((year) => shownYears.has(year));
  return html`<section aria-labelledby="next">
      <h2 id="next">${say('page:home.next')}</h2>
      ${ours.length === 0 ? html`<p>${say('page:home.none')}</p>` : entryList(ours, { addressOf, language, today })}
      ${years.length === 0 ? '' : notice(say('page:home.unknown', { years: writeList(years.map(String), language) }), 'caution')}
    </section>
    ${
      theirs.length === 0
        ? ''
        : html`<section aria-labelledby="insurers">
            <h2 id="insurers">${insurersHeading(theirs, language)}</h2>
            ${entryList(theirs, { addressOf, language, today })}
          </section>`
    }`;
}
