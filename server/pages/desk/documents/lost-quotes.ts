/** What a new version of a document no longer says: entries whose quotes stood in an earlier one, and are not found in this. */
import { findQuotesAgain, type QuotedEntry } from '../../../../db/registry/documents/quotes.ts';
import type { DeskDocument } from '../../../../db/registry/documents/documents.ts';
import type { Deps } from '../../../deps.ts';
import { html, type SafeHtml } from '../../html.ts';
import { entryLink } from '../../parts/page-link.ts';
import { quote } from '../../parts/quote.ts';
import type { EditorAsk } from '../../session/guards.ts';
import { say } from '../frame.ts';

/** The quotes of earlier documents, looked for in this one. */
export async function readAgain({ cache, read }: Pick<Deps, 'cache' | 'read'>, document: DeskDocument): Promise<QuotedEntry[]> {
  const { parts } = await cache.refresh();
  return findQuotesAgain(read, document, parts.get(document.insurers[0] ?? '')?.deadlines ?? []);
}

/** Nothing where no entry rests on an earlier document. */
export function lostQuotes(ask: EditorAsk, quotes: readonly QuotedEntry[]): SafeHtml | '' {
  if (quotes.length === 0) return '';
  const changed = quotes.filter(({ finding }) => finding !== 'literal');
  if (changed.length === 0) return html`<p class="small">${say('papers:again.none')}</p>`;
  return html`<section aria-labelledby="vorige">
    <h2 id="vorige">${say('papers:again.title')}</h2>
    <details>
      <summary>${say('papers:again.count', { count: changed.length, all: quotes.length })}</summary>
      <ul class="lines">
        ${changed.map(
          ({ entry, finding, quote: words }) =>
            html`<li>
              <p class="what">${entryLink(ask, entry)}</p>
              ${entry.sources.filter((source) => source.quote === words).map((source) => quote(source, undefined, 'nl'))}
              <p class="small">${say(`papers:again.${finding === null ? 'gone' : 'around'}`)}</p>
            </li>`,
        )}
      </ul>
    </details>
  </section>`;
}
