/** The list of dates by month: what was chosen of it, what readers have to do, below that what insurers do themselves, and what it does not show. */
import { amsterdamDay, writeDay } from '../../../calendars/days.ts';
import type { Deadline } from '../../../calendars/deadlines/deadline.ts';
import { isInsurersAct } from '../../../calendars/deadlines/listing.ts';
import type { Day } from '../../../calendars/terms.ts';
import { wordsIn } from '../../../calendars/words.ts';
import { listInsurers } from '../../../db/registry/insurers.ts';
import type { App, Deps } from '../../deps.ts';
import { addressAt } from '../../http/paths.ts';
import { html, type SafeHtml } from '../html.ts';
import { pathIn } from '../language.ts';
import type { PageText } from '../layout.ts';
import { servePage, type PageAsk } from '../page.ts';
import { entryList, insurersHeading } from '../parts/entries.ts';
import { entriesOf, undatedEntriesOf, type Entry, type UndatedEntry } from '../parts/entry-groups.ts';
import { errorSummary } from '../parts/field.ts';
import { enrolAddress } from '../enrol/address.ts';
import { notice } from '../parts/notice.ts';
import { DEFAULT_PERIOD, insurersIn, queryOf, readChoice, yearsOf, type Choice, type Name } from './choice.ts';
import { applyChoice } from './filter.ts';
import { chosenChips, filterFields, filterForm, FOUND, hiddenList } from './filter-form.ts';
import { pagesOf, sectionsOf, type Section } from './sections.ts';
import { writeWhy } from './why.ts';

/** On paper so many stand below each other in letters as large as elsewhere; more of them stand in two columns of small ones. */
const ENTRIES_OF_ROOMY_SHEET = 8;

export function listPage(deps: Deps) {
  return async (app: App) => {
    servePage(app, deps, '/datums', async (ask) => {
      const { names, parts } = await deps.cache.refresh();
      const deadlines = [...parts.values()].flatMap((part) => part.deadlines).filter(({ status }) => status === 'published');
      const insurers = await listInsurers(deps.read);
      const aliases = new Map(insurers.map(({ aliases, name, slug }) => [slug, [name, slug, ...aliases]]));
      return listText(ask, deps, { aliases, deadlines, names, publicUrl: deps.publicUrl, today: amsterdamDay(deps.clock()) });
    });
  };
}

interface ListContent {
  /** All that is published. */
  deadlines: readonly Deadline[];
  names: ReadonlyMap<string, string>;
  /** What insurers are called, by slug. */
  aliases: ReadonlyMap<string, readonly string[]>;
  publicUrl: string;
  today: Day;
}

function listText(ask: PageAsk, deps: Deps, { aliases, deadlines, names, publicUrl, today }: ListContent): PageText {
  const { language, reply, request } = ask;
  const say = wordsIn(language);
  const { choice, faulty } = readChoice(request.query, names);
  const asked = { address: addressAt(reply, pathIn(language, '/datums')), choice, faulty };
  const years = [...new Set(deadlines.map(({ contractYear }) => contractYear))];
  const choices = { language, names, years: yearsOf(years, choice, today) };
  const title = say('page:dates.title');
  const head = html`<h1>${title}</h1>
    <p class="lead unprinted">${say('page:dates.lead')}</p>`;
  const page = { title, description: say('page:dates.lead') };
  if (faulty.size > 0) {
    reply.code(400);
    return { ...page, content: html`${head} ${errorSummary(filterFields(faulty, language), language)} ${filterForm(asked, choices)}` };
  }
  const outcome = applyChoice(deadlines, choice, today, (insurer) => aliases.get(insurer) ?? [insurer]);
  const sections = sectionsIn(outcome.shown, { choice, language, names });
  const count = sections.reduce((sum, { entries }) => sum + entries.length, 0);
  const address = `${publicUrl}${pathIn(language, '/datums')}${queryOf(choice)}`;
  const content = html`<div class="one-sheet ${count <= ENTRIES_OF_ROOMY_SHEET ? 'roomy' : ''}">
    ${head} ${filterForm(asked, choices)}
    <div id="found">${chosenChips(asked, choices)}</div>
    <p class="count">
      <strong>${say('page:dates.count', { count: outcome.shown.length })}</strong>
      <span class="unprinted">${count === 0 ? '' : calendarLink(ask, choice)} ${mailLink(ask, deps, choice)}</span>
      <span class="on-paper">${say('page:dates.on_paper', { day: writeDay(today, language), address })}</span>
    </p>
    ${count === 0 ? notice(say('page:dates.none')) : resultView(ask, sections, { choice, names, today })}
    ${hiddenList(outcome, asked, language)}
  </div>`;
  return { ...page, content };
}

/** What was found, month by month. */
function sectionsIn(
  shown: readonly Deadline[],
  { choice, language, names }: Pick<ListContent, 'names'> & { choice: Choice; language: PageAsk['language'] },
): Section[] {
  return sectionsOf(entriesOf(shown, names, language), undatedEntriesOf(shown, names, language), {
    isNewestFirst: choice.period === 'past',
  });
}

/** One page of it. */
function resultView(
  { language, reply, request }: PageAsk,
  sections: readonly Section[],
  { choice, names, today }: Pick<ListContent, 'names' | 'today'> & { choice: Choice },
): SafeHtml {
  const say = wordsIn(language);
  const at = (path: string) => addressAt(reply, pathIn(language, path));
  const pages = pagesOf(sections);
  const asked = Number((request.query as { page?: unknown }).page ?? 1);
  const number = pages[asked - 1] ? asked : asked > 1 ? pages.length : 1;
  const list = (entries: readonly (Entry | UndatedEntry)[]) =>
    entryList(entries, {
      language,
      today,
      addressOf: (id) => at(`/datums/${id}`),
      whyOf: ({ lines }) => writeWhy([lines[0].deadlines[0], ...lines.flatMap(({ deadlines }) => deadlines)], choice, names, language),
    });
  return html`${number === asked ? '' : notice(say('page:dates.no_page', { number: pages.length }), 'caution')}
    <div class="sheet">${pages[number - 1]!.map((section) => sectionView(section, list, language))}</div>
    ${pages.length === 1 ? '' : html`<p class="on-paper">${say('page:dates.part', { number, count: pages.length })}</p>`}
    ${pageLinks(pages.length, number, (n) => at('/datums') + queryOf(choice, { page: String(n) }) + FOUND, language)}`;
}

function sectionView(
  { entries, month }: Section,
  list: (entries: readonly (Entry | UndatedEntry)[]) => SafeHtml,
  language: PageAsk['language'],
): SafeHtml {
  const say = wordsIn(language);
  const title = month === null ? say('page:dates.undated') : `${say(`page:day.months.${Number(month.slice(5))}`)} ${month.slice(0, 4)}`;
  const id = month === null ? 'undated' : `m${month}`;
  const ours = entries.filter(({ lines }) => !isInsurersAct(lines[0].deadlines[0]));
  const theirs = entries.filter(({ lines }) => isInsurersAct(lines[0].deadlines[0]));
  return html`<section aria-labelledby="${id}">
    <h2 id="${id}" class="month-name">${title}</h2>
    ${ours.length === 0 ? '' : list(ours)} ${theirs.length === 0 ? '' : html`<p class="theirs">${insurersHeading(theirs, language)}</p>`}
    ${theirs.length === 0 ? '' : list(theirs)}
  </section>`;
}

function pageLinks(count: number, current: number, addressOf: (page: number) => string, language: PageAsk['language']): SafeHtml | '' {
  if (count === 1) return '';
  const say = wordsIn(language);
  const numbers = Array.from({ length: count }, (_, i) => i + 1);
  return html`<nav class="pages unprinted" aria-label="${say('page:dates.pages')}">
    <ul>
      ${numbers.map(
        (n) =>
          html`<li>
            <a href="${addressOf(n)}" ${n === current ? html`aria-current="page"` : ''}
              ><span class="unseen">${say('page:dates.page')}</span> ${n}</a
            >
          </li>`,
      )}
    </ul>
  </nav>`;
}

/** Where the choice becomes a calendar, as far as a calendar takes it: who reads, and which insurers. */
function calendarLink({ language, reply }: PageAsk, choice: Choice): SafeHtml {
  const chosen = { ...readerOf(choice), insurer: choice.insurer };
  const query = new URLSearchParams(Object.entries(chosen).filter(([, value]) => value !== ''));
  const address = addressAt(reply, pathIn(language, '/agenda')) + (query.size === 0 ? '' : `?${query.toString().replaceAll('%2C', ',')}`);
  const isWider = NOT_IN_CALENDARS.some((name) => choice[name] !== '' && choice[name] !== DEFAULT_PERIOD);
  const label = !isWider ? 'page:dates.calendar' : query.size === 0 ? 'page:dates.calendar_all' : 'page:dates.calendar_wider';
  return html`<a href="${address}">${wordsIn(language)(label)}</a>`;
}

/** What the list can choose, and a calendar cannot. */
const NOT_IN_CALENDARS = ['words', 'period', 'activity', 'contractYear', 'kind'] as const satisfies readonly Name[];

/** Where the same choice becomes mails; nothing where nobody is let in. */
function mailLink(ask: PageAsk, deps: Deps, choice: Choice): SafeHtml | '' {
  const address = enrolAddress(ask, deps, { ...readerOf(choice), insurers: insurersIn(choice) });
  return address === null ? '' : html`<a href="${address}">${wordsIn(ask.language)('page:enrol.link_dates')}</a>`;
}

/** As whom somebody looks for dates, and how that reader stands with insurers, as far as it was said. */
function readerOf({ contractStatus, role }: Choice): { role: string; status: string } {
  return { role: role === 'insurer' ? '' : role, status: contractStatus === 'any' ? '' : contractStatus };
}
