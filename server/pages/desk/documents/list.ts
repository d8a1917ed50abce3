/** The documents of all insurers, or of one: with what they are for, and the way to add one. */
import { compareNames } from '../../../../calendars/collation.ts';
import { writeDay } from '../../../../calendars/days.ts';
import { listDeskDocuments, type DeskDocument } from '../../../../db/registry/documents/documents.ts';
import { insurerNames } from '../../../../db/registry/insurers.ts';
import type { App, Deps } from '../../../deps.ts';
import { html, type SafeHtml } from '../../html.ts';
import { buttonLink } from '../../parts/button.ts';
import { pageAddress } from '../../parts/page-link.ts';
import { serveEditorPage, type EditorAsk } from '../../session/guards.ts';
import { deskPath, deskText, say } from '../frame.ts';
import { insurerWays } from '../insurers/ways.ts';
import { SECTOR } from '../shelf.ts';

export function documentsPage(app: App, deps: Deps): void {
  const { read } = deps;
  serveEditorPage(app, deps, deskPath('documenten'), async (ask) => {
    const [documents, names] = [await listDeskDocuments(read), await insurerNames(read)];
    const shelves = [...names]
      .sort(([, a], [, b]) => compareNames(a, b, 'nl'))
      .map(([slug, name]) => ({ slug, name, documents: documents.filter(({ insurers }) => insurers.includes(slug)) }));
    const sector = { slug: SECTOR, name: say('desk:work.sector'), documents: documents.filter(({ insurers }) => insurers.length === 0) };
    const content = html`<p>${addLink(ask, null, 'primary')}</p>
      ${[...shelves, sector].map(({ documents, name, slug }) =>
        documents.length === 0
          ? ''
          : html`<section aria-labelledby="of-${slug}">
              <h2 id="of-${slug}">${name}</h2>
              ${documentList(ask, documents)}
            </section>`,
      )}
      ${documents.length === 0 ? html`<p>${say('papers:documents.none')}</p>` : ''}`;
    return deskText(ask, { page: 'documenten', title: say('papers:documents.title'), lead: say('papers:documents.lead'), content });
  });
  serveEditorPage(app, deps, deskPath('verzekeraars', ':slug', 'documenten'), async (ask) => {
    const { slug } = ask.request.params as { slug: string };
    const name = (await insurerNames(read)).get(slug);
    if (name === undefined) return null;
    const documents = await listDeskDocuments(read, slug);
    const content = html`${insurerWays(ask, { slug, name }, 'documents')}
      <p>${addLink(ask, slug, 'primary')}</p>
      ${documents.length === 0 ? html`<p>${say('papers:documents.none')}</p>` : documentList(ask, documents)}`;
    const title = say('papers:documents.of', { insurer: name });
    return deskText(ask, { page: 'verzekeraars', title, lead: say('papers:documents.lead'), content });
  });
}

function addLink(ask: EditorAsk, slug: string | null, weight: 'primary' | 'plain'): SafeHtml {
  const query = slug === null ? '' : `?verzekeraar=${slug}`;
  return buttonLink(`${pageAddress(ask, deskPath('documenten', 'nieuw'))}${query}`, say('papers:documents.add'), weight);
}

function documentList(ask: EditorAsk, documents: readonly DeskDocument[]): SafeHtml {
  return html`<ul class="lines">
    ${documents.map(
      (document) =>
        html`<li>
          <p class="what"><a href="${pageAddress(ask, deskPath('documenten', document.key))}">${document.title}</a></p>
          <p class="small">${factsOf(document).join(' ')}</p>
        </li>`,
    )}
  </ul>`;
}

/** When it came out, what it is for, and what there is of it. */
export function factsOf({ file, publishedOn, scopes, version }: DeskDocument): string[] {
  return [
    publishedOn === null ? say('papers:documents.undated') : say('papers:documents.dated', { day: writeDay(publishedOn, 'nl') }),
    ...(version === null ? [] : [say('papers:documents.version', { version })]),
    ...scopes.map(({ careType, contractYear }) =>
      say('papers:documents.scope', { year: contractYear, care: say(`common:care_type.${careType}`) }),
    ),
    file === null
      ? say('papers:documents.no_file')
      : file.pages === null
        ? say('papers:documents.text')
        : say('papers:documents.pages', { count: file.pages }),
  ];
}
