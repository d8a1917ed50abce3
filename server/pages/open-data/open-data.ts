/** The page of the open data: which files there are, what may be done with them, and who publishes them. */
import { wordsIn } from '../../../calendars/words.ts';
import type { App, Deps } from '../../deps.ts';
import { addressAt } from '../../http/paths.ts';
import { html } from '../html.ts';
import type { PageText } from '../layout.ts';
import { servePage, type PageAsk } from '../page.ts';
import { contactLines } from '../about/operator.ts';
import { CATALOG, fileAt, FILES, LICENCE, PAGE, SCHEMA } from './catalog.ts';
import { fileRoutes, publisherOf, readCatalog } from './files.ts';

export function openDataPages(deps: Deps) {
  return async (app: App) => {
    await app.register(fileRoutes(deps));
    servePage(app, deps, PAGE, async (ask) => openDataText(ask, deps), { restsOn: 'registry' });
  };
}

async function openDataText({ language, reply }: PageAsk, deps: Deps): Promise<PageText> {
  const say = wordsIn(language);
  const title = say('page:open_data.title');
  const at = (path: string) => addressAt(reply, path);
  const { name, url } = publisherOf(deps);
  const content = html`<h1>${title}</h1>
    <p class="lead">${say('page:open_data.lead')}</p>
    <h2>${say('page:open_data.files_title')}</h2>
    <dl class="terms">
      ${FILES.map(
        ({ end }) =>
          html`<dt><a href="${at(fileAt(end))}">${say(`page:open_data.files.${end}.name`)}</a></dt>
            <dd>${say(`page:open_data.files.${end}.what`)}</dd>`,
      )}
    </dl>
    <p>${say('page:open_data.left_out')}</p>
    <h2>${say('page:open_data.licence_title')}</h2>
    <p>${say('page:open_data.licence')} <a href="${LICENCE}">CC0 1.0</a></p>
    <p>${say('page:open_data.quotes')}</p>
    <h2>${say('page:open_data.programs_title')}</h2>
    <p>${say('page:open_data.programs')}</p>
    <ul class="links">
      <li><a href="${at(SCHEMA)}">${say('page:open_data.schema')}</a></li>
      <li><a href="${at(CATALOG)}">${say('page:open_data.catalog')}</a></li>
      <li><a href="${at('/docs')}">${say('page:open_data.api')}</a></li>
    </ul>
    <h2>${say('page:open_data.publisher_title')}</h2>
    <p>${url === null ? name : html`<a href="${url}">${name}</a>`}</p>
    ${contactLines(deps, language)}`;
  return { title, description: say('page:open_data.lead'), content, data: await readCatalog(deps) };
}
