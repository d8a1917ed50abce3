/** For who has no contract yet: the last day to ask for one, where and how, and what is required, for each insurer. */
import { amsterdamDay, amsterdamYear } from '../../../calendars/days.ts';
import { isAssumed } from '../../../calendars/deadlines/certainty.ts';
import { countingDay, type Deadline } from '../../../calendars/deadlines/deadline.ts';
import { ROLES, type Day, type Language, type Role } from '../../../calendars/terms.ts';
import { wordsIn } from '../../../calendars/words.ts';
import { boughtIn } from '../../../db/registry/timelines.ts';
import type { App, Deps } from '../../deps.ts';
import { html, type SafeHtml } from '../html.ts';
import { readInsurerYear, type InsurerYear } from '../insurers/insurer-year.ts';
import type { PageText } from '../layout.ts';
import { servePage, type PageAsk } from '../page.ts';
import { button, buttonLink } from '../parts/button.ts';
import { shortDay } from '../parts/day-block.ts';
import { enrolAddress } from '../enrol/address.ts';
import { errorSummary, selectField } from '../parts/field.ts';
import { compareNames } from '../../../calendars/collation.ts';
import { certaintyMark } from '../parts/marks.ts';
import { pageAddress } from '../parts/page-link.ts';
import { requestsOf, requestView, wayOf } from './request.ts';

export function noContractPage(deps: Deps) {
  return async (app: App) => {
    servePage(app, deps, '/geen-contract', async (ask) => {
      const { names, parts } = await deps.cache.refresh();
      const { insurer, role = '' } = ask.request.query as Record<'insurer' | 'role', string | string[] | undefined>;
      const reads = readRole(role);
      const chosen = typeof insurer === 'string' && insurer !== '' && reads.isThere ? await readInsurerYear(deps, insurer) : null;
      const now = deps.clock();
      return pageText(ask, deps, {
        names: [...names].sort(([, a], [, b]) => compareNames(a, b, ask.language)),
        requests: [...parts.values()].flatMap(({ deadlines }) => deadlines.filter(isRequest)),
        bought: boughtIn(amsterdamYear(now))[0]!,
        today: amsterdamDay(now),
        asked: insurer === undefined ? null : [insurer].flat().join(','),
        chosen,
        reads,
      });
    });
  };
}

interface Content {
  /** By name. */
  names: readonly (readonly [slug: string, name: string])[];
  requests: readonly Deadline[];
  bought: number;
  today: Day;
  /** The slug that was asked for: empty where the form was sent without one, null where it was not sent. */
  asked: string | null;
  chosen: InsurerYear | null;
  reads: Reads;
}

/** Who says to read; `isThere`: whether there is such a role, or none was asked for. */
interface Reads {
  role: Role | null;
  isThere: boolean;
}

function readRole(asked: string | string[]): Reads {
  const role = ROLES.find((one) => one === asked) ?? null;
  return { role, isThere: role !== null || asked === '' };
}

function pageText(ask: PageAsk, deps: Deps, content: Content): PageText {
  const { language, reply } = ask;
  const say = wordsIn(language);
  const { asked, chosen, names, reads } = content;
  const { role } = reads;
  const description = say('page:no_contract.lead');
  if (chosen !== null) {
    const title = say('page:no_contract.ask', { insurer: chosen.insurer.name });
    return {
      title,
      description,
      content: html`${backLink(ask, role)} ${requestView(ask, chosen, { role, title })}
      ${mailSection(ask, deps, { role, insurers: [chosen.insurer.slug] })}`,
    };
  }
  const field = {
    name: 'insurer',
    label: say('page:no_contract.insurer'),
    value: asked ?? '',
    options: [{ value: '', label: say('page:no_contract.choose') }, ...names.map(([value, label]) => ({ value, label }))],
    ...(asked === null || names.some(([slug]) => slug === asked) ? {} : { error: faultOf(asked, language) }),
  };
  const roleField = {
    name: 'role',
    label: say('page:choice.role'),
    value: role ?? '',
    options: [
      { value: '', label: say('page:choice.all_roles') },
      ...ROLES.map((value) => ({ value, label: say(`page:choice.roles.${value}`) })),
    ],
    ...(reads.isThere ? {} : { error: say('page:no_contract.no_role') }),
  };
  if (asked !== null || !reads.isThere) reply.code(asked === '' ? 400 : 404);
  const title = say('page:no_contract.title');
  const main = html`<h1>${title}</h1>
    <p class="lead">${say('page:no_contract.lead')}</p>
    ${errorSummary([field, roleField], language)}
    <form class="choose unprinted" action="${pageAddress(ask, '/geen-contract')}" method="get">
      ${selectField(field)} ${selectField(roleField)} ${button(say('page:no_contract.show'), 'primary')}
    </form>
    ${overview(ask, content)} ${mailSection(ask, deps, { role, insurers: [] })}`;
  return { title, description, content: main };
}

/** What is wrong with what was asked for. */
function faultOf(asked: string, language: Language): string {
  const say = wordsIn(language);
  return asked === '' ? say('page:no_contract.none') : say('page:no_contract.unknown', { insurer: asked.slice(0, 60) });
}

/** From one insurer back to the choice of all. */
function backLink(ask: PageAsk, role: Role | null): SafeHtml {
  const label = wordsIn(ask.language)('page:choice.all_insurers');
  const address = `${pageAddress(ask, '/geen-contract')}${role === null ? '' : `?role=${role}`}`;
  return html`<nav class="back unprinted" aria-label="${label}"><a href="${address}">${label}</a></nav>`;
}

/** The way to a mail before the day; nothing where nobody is let in. */
function mailSection(ask: PageAsk, deps: Deps, chosen: { role: Role | null; insurers: readonly string[] }): SafeHtml | '' {
  const say = wordsIn(ask.language);
  const address = enrolAddress(ask, deps, { ...chosen, status: 'uncontracted' });
  if (address === null) return '';
  return html`<section class="unprinted" aria-labelledby="enrol">
    <h2 id="enrol">${say('page:no_contract.mail_title')}</h2>
    <p>${say('page:enrol.link_text')}</p>
    <p>${buttonLink(address, say('page:enrol.link_button'))}</p>
  </section>`;
}

/** The last day at every insurer, and whether it is known where to ask. */
function overview(ask: PageAsk, { bought, names, reads: { role }, requests, today }: Content): SafeHtml {
  const { language } = ask;
  const say = wordsIn(language);
  // Once the day is past everywhere, the next contract year is the one to ask for.
  const isOpen = requests.some((one) => one.contractYear === bought && (countingDay(one) ?? '') >= today);
  const year = isOpen ? bought : bought + 1;
  return html`<section aria-labelledby="all">
    <h2 id="all">${say('page:no_contract.all', { year })}</h2>
    ${isOpen ? '' : html`<p class="notice caution">${say('page:no_contract.all_past', { year: bought })}</p>`}
    <ul class="insurer-list">
      ${names.map(([slug, name]) => {
        const theirs = requestsOf(
          requests.filter((one) => one.insurer === slug),
          year,
        );
        // The soonest that is still to come; where all are past, the last of them, which says so.
        const request = theirs.find((one) => (countingDay(one) ?? '') >= today) ?? theirs.at(-1);
        const day = request ? countingDay(request) : null;
        const when =
          request === undefined || day === null
            ? say('page:insurers.no_next')
            : html`<strong>${shortDay(day, today, language, isAssumed(request))}</strong> ${day < today ? say('page:insurer.past') : ''}
                ${certaintyMark(request, language)}`;
        const way = request ? wayOf(request) : null;
        const known = way === null ? 'unknown' : way.before === null ? 'known' : 'before';
        return html`<li>
          <h3><a href="${pageAddress(ask, '/geen-contract')}?insurer=${slug}${role === null ? '' : `&role=${role}`}">${name}</a></h3>
          <p>${when}</p>
          <p class="small">${say(`page:no_contract.way_${known}`, { year: way?.before ?? year })}</p>
        </li>`;
      })}
    </ul>
  </section>`;
}

const isRequest = ({ activity, status }: Deadline) => activity === 'contract_request' && status === 'published';
