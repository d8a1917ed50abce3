/** For whom the pages work, how that was looked at, and what to do where they do not. */
import { wordsIn } from '../../../calendars/words.ts';
import type { App, Deps } from '../../deps.ts';
import { addressAt } from '../../http/paths.ts';
import { html, type SafeHtml } from '../html.ts';
import type { PageText } from '../layout.ts';
import { servePage, type PageAsk } from '../page.ts';
import { contactLines, operatorLine } from './operator.ts';

export function accessibilityPage(deps: Deps) {
  return async (app: App) => servePage(app, deps, '/toegankelijkheid', async (ask) => accessibilityText(ask, deps));
}

function accessibilityText({ language, reply }: PageAsk, deps: Deps): PageText {
  const say = wordsIn(language);
  const title = say('page:accessibility.title');
  const list = (place: string, names: readonly string[]): SafeHtml =>
    html`<ul>
      ${names.map((one) => html`<li>${say(`page:accessibility.${place}.${one}`)}</li>`)}
    </ul>`;
  const content = html`<h1>${title}</h1>
    <p class="lead">${say('page:accessibility.lead')}</p>
    <h2>${say('page:accessibility.tested_title')}</h2>
    ${list('tested', ['rules', 'keyboard', 'script', 'paper'])}
    <h2>${say('page:accessibility.untested_title')}</h2>
    ${list('untested', ['people', 'audit'])}
    <h2>${say('page:accessibility.faults_title')}</h2>
    <p>${say('page:accessibility.docs')}</p>
    <ul class="links">
      <li><a href="${addressAt(reply, '/api/v1/openapi.json')}">OpenAPI 3.1 (JSON)</a></li>
    </ul>
    <p>${say('page:accessibility.documents')}</p>
    <h2>${say('page:accessibility.report')}</h2>
    <p>${say('page:accessibility.report_text')}</p>
    ${operatorLine(deps, language)} ${contactLines(deps, language)}`;
  return { title, description: say('page:accessibility.lead'), content };
}
