/** The ways between the pages of one insurer. */
import { html, type SafeHtml } from '../../html.ts';
import { pageAddress } from '../../parts/page-link.ts';
import type { EditorAsk } from '../../session/guards.ts';
import { deskPath, say } from '../frame.ts';

const WAYS = {
  checks: (slug: string) => deskPath('verzekeraars', slug),
  card: (slug: string) => deskPath('verzekeraars', slug, 'gegevens'),
  documents: (slug: string) => deskPath('verzekeraars', slug, 'documenten'),
  purchasers: (slug: string) => deskPath('verzekeraars', slug, 'inkopers'),
  readers: (slug: string) => `/verzekeraars/${slug}`,
} as const;
type Way = keyof typeof WAYS;

export function insurerWays(ask: EditorAsk, { name, slug }: { name: string; slug: string }, here: Way): SafeHtml {
  return html`<nav class="ways unprinted" aria-label="${say('papers:ways.label', { insurer: name })}">
    <ul>
      ${(Object.keys(WAYS) as Way[]).map(
        (way) =>
          html`<li>
            <a href="${pageAddress(ask, WAYS[way](slug))}" ${way === here ? html`aria-current="page"` : ''}>${say(`papers:ways.${way}`)}</a>
          </li>`,
      )}
    </ul>
  </nav>`;
}
