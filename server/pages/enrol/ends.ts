/** How an enrolment ends, and what comes next. */
import { ROLES, type Day } from '../../../calendars/terms.ts';
import { wordsIn } from '../../../calendars/words.ts';
import type { Snapshot } from '../../../db/registry/snapshot.ts';
import type { EnrolmentChoices } from '../../../db/schema/schema.ts';
import { html, type SafeHtml } from '../html.ts';
import type { PageText } from '../layout.ts';
import type { PageAsk } from '../page.ts';
import { buttonLink } from '../parts/button.ts';
import { pageAddress } from '../parts/page-link.ts';
import { typedFromChoices } from './choices.ts';
import { foretell, writeFirst, writeOnce } from './foretold.ts';
import { PATH } from './form.ts';

interface Enrolled {
  choices: EnrolmentChoices;
  registry: Snapshot;
  today: Day;
}

/** What was made, when the first mail comes, the calendar of the same choice, and where to sign in. */
export function enrolledText(ask: PageAsk, { choices, registry, today }: Enrolled): PageText {
  const { language } = ask;
  const say = wordsIn(language);
  const { email, name } = choices;
  const typed = typedFromChoices(choices);
  const foretold = foretell(registry, typed, today);
  const once = writeOnce(foretold, typed, language);
  const title = say('page:enrol.done_title');
  const content = html`<h1>${title}</h1>
    <p class="lead">${say('page:enrol.done', { email, name })}</p>
    <h2>${say('page:enrol.done_next')}</h2>
    <ul>
      <li>${say('page:enrol.done_welcome')}</li>
      <li>${writeFirst('page:enrol.done_first', foretold, language)}</li>
      ${once === '' ? '' : html`<li>${once}</li>`}
      <li>${say('page:enrol.done_settings')}</li>
    </ul>
    <h2>${say('page:enrol.done_calendar')}</h2>
    <p>${say('page:enrol.done_calendar_text')}</p>
    <p>${buttonLink(pageAddress(ask, '/agenda') + calendarQuery(choices), say('page:home.calendars_button'))}</p>
    ${signInLink(ask)}`;
  return { title, content };
}

/** What was chosen, as far as one calendar can hold it: one role, and a contract status that all insurers share. */
function calendarQuery({ insurers, roles }: EnrolmentChoices): string {
  const role = ROLES.find((one) => roles.includes(one));
  const [status, ...others] = new Set(insurers.map(({ contractStatus }) => contractStatus));
  const query = new URLSearchParams({
    ...(role === undefined ? {} : { role }),
    ...(status === undefined || status === 'unknown' || others.length > 0 ? {} : { status }),
    insurer: insurers.map(({ insurer }) => insurer).join(','),
  });
  return `?${query.toString().replaceAll('%2C', ',')}`;
}

/** Nothing where there is no signing in. */
function signInLink(ask: PageAsk): SafeHtml | '' {
  if (!ask.reply.server.paths.has('/inloggen')) return '';
  const say = wordsIn(ask.language);
  return html`<h2>${say('page:enrol.done_sign_in')}</h2>
    <p>${say('page:enrol.done_sign_in_text')}</p>
    <p>${buttonLink(pageAddress(ask, '/inloggen'), say('page:enrol.sign_in'))}</p>`;
}

/** The managers were asked; of what was typed nothing is left. */
export function askedText(ask: PageAsk, { email, name }: EnrolmentChoices): PageText {
  const say = wordsIn(ask.language);
  const title = say('page:enrol.asked_title');
  const content = html`<h1>${title}</h1>
    <p class="lead">${say('page:enrol.asked', { name })}</p>
    <p>${say('page:enrol.asked_next', { email })}</p>
    <p>${say('page:enrol.asked_calendar')}</p>
    <p>${buttonLink(pageAddress(ask, '/agenda'), say('page:home.calendars_button'))}</p>`;
  return { title, content };
}

/** Of a link that was used, is over, or never was: nobody learns which. */
export function goneText(ask: PageAsk): PageText {
  const say = wordsIn(ask.language);
  const title = say('page:enrol.gone_title');
  ask.reply.code(410);
  const content = html`<h1>${title}</h1>
    <p class="lead">${say('page:enrol.gone')}</p>
    <p>${say('page:enrol.gone_next')}</p>
    <p>${buttonLink(pageAddress(ask, PATH), say('page:enrol.again'))}</p>
    ${signInLink(ask)}`;
  return { title, content };
}
