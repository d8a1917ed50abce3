/** The one door to the template tag: what it is given is cleaned and escaped, and only what it made is HTML. */
import { html as tag, type SafeHtml } from '@remix-run/html-template';
import { cleanText } from '../../calendars/clean-text.ts';

export type { SafeHtml };

type Value = Parameters<typeof tag>[1];

/** The values stand in it as text, without what no reader can see; what this tag made itself stays as it is. */
export function html(strings: TemplateStringsArray, ...values: Value[]): SafeHtml {
  return tag(strings, ...values.map(cleanValue));
}

function cleanValue(value: Value): Value {
  if (Array.isArray(value)) return value.map(cleanValue);
  return typeof value === 'string' ? cleanText(value) : value;
}

/** What a page is about, for programs: no browser runs it, and nothing in it can end it (JSON-LD 1.1, 7). */
export function dataScript(data: object): SafeHtml {
  return tag.raw`<script type="application/ld+json">${JSON.stringify(data).replaceAll('<', String.raw`\u003c`)}</script>`;
}
