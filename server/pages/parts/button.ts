/** Buttons, and links that look like one. */
import { html, type SafeHtml } from '../html.ts';

/** `primary`: what the page is for, at most one on a page. `plain`: everything else. `grave`: what ends something for good, kept apart. */
export type Weight = 'primary' | 'plain' | 'grave';

/** A button that sends its form; with a name and value, which of several was pressed. */
export function button(label: string | SafeHtml, weight: Weight = 'plain', field?: { name: string; value: string }): SafeHtml {
  if (!field) return html`<button type="submit" class="button ${weight}">${label}</button>`;
  return html`<button type="submit" class="button ${weight}" name="${field.name}" value="${field.value}">${label}</button>`;
}

/** A link to a page where the next thing is done. */
export function buttonLink(address: string, label: string | SafeHtml, weight: Weight = 'plain'): SafeHtml {
  return html`<a class="button ${weight}" href="${address}">${label}</a>`;
}

/** A label in a word or two; what it is about is read out with it, where it stands beside it already. */
export function labelAbout(label: string, title: string): SafeHtml {
  return html`${label} <span class="unseen">${title}</span>`;
}
