/** A sentence that stands out: what is not known, what went well, what went wrong. */
import { html, type SafeHtml } from '../html.ts';

/** `caution` has the one tint of warning; `status` is read out when a page comes back with it. */
export function notice(text: string | SafeHtml, tone: 'plain' | 'caution' | 'status' = 'plain'): SafeHtml {
  return html`<p class="notice ${tone}" ${tone === 'status' ? html`role="status"` : ''}>${text}</p>`;
}
