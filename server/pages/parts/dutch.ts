/** Words of a document, or of the registry: in Dutch, whatever the page is. */
import { html, type SafeHtml } from '../html.ts';

export function dutch(words: string): SafeHtml {
  return html`<span lang="nl">${words}</span>`;
}
