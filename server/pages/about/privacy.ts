/** What is kept of people, how long, and whom to ask: docs/privacy.md in the words of who reads a website. */
import { wordsIn } from '../../../calendars/words.ts';
import type { App, Deps } from '../../deps.ts';
import { html } from '../html.ts';
import type { PageText } from '../layout.ts';
import { servePage, type PageAsk } from '../page.ts';
import { contactLines, operatorLine } from './operator.ts';

/** What is kept, with how long, by their names in `page:privacy.kept`. */
const KEPT = [
  'address',
  'mails',
  'done',
  'member',
  'enrolment',
  'sign_in',
  'invitation',
  'report',
  'purchaser',
  'feed',
  'refusal',
  'dead_address',
  'withdrawal',
  'log',
  'backup',
] as const;
const SUPERVISOR = 'https://www.autoriteitpersoonsgegevens.nl/';

export function privacyPage(deps: Deps) {
  return async (app: App) => servePage(app, deps, '/privacy', async (ask) => privacyText(ask, deps));
}

function privacyText({ language }: PageAsk, deps: Deps): PageText {
  const say = wordsIn(language);
  const title = say('page:privacy.title');
  const months = deps.retentionMonths;
  const content = html`<h1>${title}</h1>
    <p class="lead">${say('page:privacy.lead')}</p>
    <h2>${say('page:privacy.who')}</h2>
    ${operatorLine(deps, language)}
    <h2>${say('page:privacy.traceless')}</h2>
    <ul>
      ${['cookies', 'elsewhere', 'calendars', 'search'].map((one) => html`<li>${say(`page:privacy.none.${one}`)}</li>`)}
    </ul>
    <h2>${say('page:privacy.what')}</h2>
    <dl class="terms">
      ${KEPT.map(
        (one) =>
          html`<dt>${say(`page:privacy.kept.${one}.what`)}</dt>
            <dd>${say(`page:privacy.kept.${one}.long`, { months })}</dd>`,
      )}
    </dl>
    <h2>${say('page:privacy.others')}</h2>
    <p>${say('page:privacy.others_text')}</p>
    <h2>${say('page:privacy.rights')}</h2>
    <p>${say('page:privacy.rights_text')}</p>
    <p>${say('page:privacy.supervisor')} <a href="${SUPERVISOR}">autoriteitpersoonsgegevens.nl</a></p>
    <h2>${say('page:operator.contact')}</h2>
    ${contactLines(deps, language)}`;
  return { title, description: say('page:privacy.lead'), content };
}
