/** Facts with their labels, one below the other. */
import { html, type SafeHtml } from '../html.ts';

export interface Row {
  label: string;
  value: string | SafeHtml;
}

/** Nothing where there are none. */
export function rowList(rows: readonly Row[]): SafeHtml | '' {
  if (rows.length === 0) return '';
  return html`<dl class="rows">
    ${rows.map(
      ({ label, value }) =>
        html`<div>
          <dt>${label}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}
