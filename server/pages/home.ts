/** The front page: the next deadlines of all insurers, and where to get them as a calendar or by program. */
import type { FastifyReply } from 'fastify';
import { amsterdamDay, daysBetween, weekday, writeDay } from '../../calendars/days.ts';
import { isAssumed, isProjected } from '../../calendars/deadlines/certainty.ts';
import { countingDay, type Deadline } from '../../calendars/deadlines/deadline.ts';
import type { Day, Language } from '../../calendars/terms.ts';
import { certaintyOf, titleOf, wordsIn, writeList } from '../../calendars/words.ts';
import { findDeadlines, yearsWithPolicy } from '../../db/registry/deadlines.ts';
import { listInsurers } from '../../db/registry/insurers.ts';
import type { Insurer } from '../../db/schema/schema.ts';
import type { App, Deps } from '../deps.ts';
import { addressAt } from '../http/paths.ts';
import { html, type SafeHtml } from './html.ts';
import { languageOf } from './language.ts';
import { layout } from './layout.ts';

/** How many deadlines the page shows. */
const NEXT = 20;

export function homePage({ read, clock, publicUrl }: Deps) {
  return async (app: App) => {
    app.get('/', async (request, reply) => {
      const language = languageOf(request);
      const today = amsterdamDay(clock());
      const { items } = await findDeadlines(read, { asOf: today }, { page: 1, pageSize: NEXT }, today);
      const insurers = await listInsurers(read);
      const withPolicy = new Set(await yearsWithPolicy(read));
      const years = new Set(items.filter(isProjected).map(({ contractYear }) => contractYear));
      const withoutPolicy = [...years].filter((year) => !withPolicy.has(year)).sort((a, b) => a - b);
      return reply
        .headers({ 'content-language': language, vary: 'Accept-Language', 'cache-control': 'no-cache' })
        .type('text/html; charset=utf-8')
        .send(homeView(reply, { language, today, deadlines: items, withoutPolicy, insurers, publicUrl }));
    });
  };
}

interface HomeContent {
  language: Language;
  today: Day;
  deadlines: readonly Deadline[];
  /** The contract years shown for which the registry holds no policy. */
  withoutPolicy: readonly number[];
  insurers: readonly Insurer[];
  publicUrl: string;
}

function homeView(reply: FastifyReply, { language, today, deadlines, withoutPolicy, insurers, publicUrl }: HomeContent): string {
  const say = wordsIn(language);
  const at = (path: string) => addressAt(reply, path);
  const home = at('/');
  const names = new Map(insurers.map(({ slug, name }) => [slug, name]));
  const nameOf = ({ insurer }: Deadline) => (insurer === null ? say('common:sector') : (names.get(insurer) ?? insurer));
  const content = html`<hgroup>
      <h1>${say('page:home.title')}</h1>
      <p>${say('page:home.lead')}</p>
    </hgroup>
    <p>
      <a href="${home}?lang=${say('page:home.other_code')}" lang="${say('page:home.other_code')}" hreflang="${say('page:home.other_code')}"
        >${say('page:home.other')}</a
      >
    </p>
    <section aria-labelledby="next">
      <h2 id="next">${say('page:home.next')}</h2>
      ${withoutPolicy.length === 0 ? '' : html`<p>${say('common:no_policy', { years: writeList(withoutPolicy.map(String), language) })}</p>`}
      ${
        deadlines.length === 0
          ? html`<p>${say('page:home.none')}</p>`
          : html`<ol class="deadlines">
              ${deadlines.map((deadline) => deadlineView(deadline, { language, today, insurer: nameOf(deadline) }))}
            </ol>`
      }
    </section>
    <section aria-labelledby="calendars">
      <h2 id="calendars">${say('page:home.calendars')}</h2>
      <p>${say('page:home.calendars_text')}</p>
      <ul>
        ${insurers.map(({ slug, name }) => html`<li>${name}: <a href="${at(`/calendars/${slug}.ics`)}">${publicUrl}/calendars/${slug}.ics</a></li>`)}
      </ul>
    </section>
    <section aria-labelledby="api">
      <h2 id="api">${say('page:home.api')}</h2>
      <p>${say('page:home.api_text')}</p>
      <ul>
        <li><a href="${at('/docs')}">${say('page:home.docs')}</a></li>
        <li><a href="${at('/api/v1/openapi.json')}">OpenAPI 3.1 (JSON)</a></li>
        <li><a href="${at(`/api/v1/deadlines?asOf=${today}&withinDays=90`)}">${say('page:home.example')}</a></li>
      </ul>
    </section>`;
  return layout(reply, { language, title: say('page:home.title'), content });
}

function deadlineView(deadline: Deadline, { language, today, insurer }: { language: Language; today: Day; insurer: string }): SafeHtml {
  const say = wordsIn(language);
  const { dueOn } = deadline;
  // Only dated deadlines are asked for.
  const day = countingDay(deadline) ?? today;
  const written = `${say(`page:weekday.${weekday(day)}`)} ${writeDay(day, language)}`;
  const who = deadline.duty.actors.map((actor) => say(`common:role.${actor}`)).join(', ');
  return html`<li>
    <h3>${titleOf(deadline, language)}</h3>
    <p>
      <strong><time datetime="${day}">${isAssumed(deadline) ? say('page:home.assumed', { day: written }) : written}</time></strong
      >${isAssumed(deadline) ? '' : `, ${daysAway(today, day, language)}`} <mark>${certaintyOf(deadline, language)}</mark>
    </p>
    ${dueOn !== null && dueOn !== day ? html`<p>${say(`page:home.${namedOf(deadline)}`, { named: namedDay(deadline, dueOn, language), safe: writeDay(day, language) })}</p>` : ''}
    <p>${insurer}, ${say('page:home.contract_year', { year: deadline.contractYear })}, ${say('page:home.who', { who })}</p>
  </li>`;
}

/** The day as the source words it: what is due before a day is not due on it. */
function namedDay({ boundary }: Deadline, dueOn: Day, language: Language): string {
  const day = writeDay(dueOn, language);
  return boundary === 'before' ? `${wordsIn(language)('feed:named_before')} ${day}` : day;
}

/** What nobody stated is not named. */
const namedOf = (deadline: Deadline) => (isProjected(deadline) ? 'expected' : 'named');

function daysAway(today: Day, day: Day, language: Language): string {
  const days = daysBetween(today, day);
  const say = wordsIn(language);
  return days < 0 ? say('page:home.safe_day_past') : say('common:days_left', { count: days });
}
