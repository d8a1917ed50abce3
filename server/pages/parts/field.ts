/** Fields of forms: label, hint and error beside each other, and one summary of all errors above them. */
import type { Language } from '../../../calendars/terms.ts';
import { wordsIn } from '../../../calendars/words.ts';
import { html, type SafeHtml } from '../html.ts';

export interface Field {
  /** Name in the form, and of the element that the summary leads to. */
  name: string;
  label: string;
  /** What is to be filled in, where the label does not say it. */
  hint?: string;
  /** What is wrong, and how it is put right. */
  error?: string | undefined;
}

/** A field of one line. What was typed stays in it. */
export function textField(field: Field & { value?: string; type?: 'text' | 'email' | 'search' | 'date'; autocomplete?: string }): SafeHtml {
  const { name, value = '', type = 'text', autocomplete } = field;
  const fills = autocomplete === undefined ? '' : html`autocomplete="${autocomplete}"`;
  return around(field, html`<input id="${name}" name="${name}" type="${type}" value="${value}" ${fills} ${described(field)} />`);
}

/** A field of several lines. What was typed stays in it. */
export function textArea(field: Field & { value?: string; rows?: number }): SafeHtml {
  const { name, rows = 4, value = '' } = field;
  // A browser leaves out a line break at the very beginning.
  return around(field, html`<textarea id="${name}" name="${name}" rows="${rows}" ${described(field)}>${`\n${value}`}</textarea>`);
}

/** A field for one file; `accept`: what a browser offers first. It forgets what was chosen when the form comes back: that is chosen again. */
export function fileField(field: Field & { accept: string }): SafeHtml {
  const { accept, name } = field;
  return around(field, html`<input id="${name}" name="${name}" type="file" accept="${accept}" ${described(field)} />`);
}

/** A choice of one among several. The first of `options` is the one that stands there when nothing was chosen. */
export function selectField(field: Field & { value: string; options: readonly { value: string; label: string }[] }): SafeHtml {
  const { name, options, value } = field;
  const choices = options.map(
    (option) => html`<option value="${option.value}" ${option.value === value ? html`selected` : ''}>${option.label}</option>`,
  );
  return around(
    field,
    html`<select id="${name}" name="${name}" ${described(field)}>
      ${choices}
    </select>`,
  );
}

/** All errors of a form, each leading to its field; nothing when there are none. */
export function errorSummary(fields: readonly Field[], language: Language): SafeHtml | '' {
  const faulty = fields.filter(({ error }) => error !== undefined);
  if (faulty.length === 0) return '';
  return html`<div class="notice errors" role="alert">
    <h2>${wordsIn(language)('page:form.errors', { count: faulty.length })}</h2>
    <ul>
      ${faulty.map(({ error, name }) => html`<li><a href="#${name}">${error}</a></li>`)}
    </ul>
  </div>`;
}

function around({ error, hint, label, name }: Field, input: SafeHtml): SafeHtml {
  return html`<div class="field ${error === undefined ? '' : 'faulty'}">
    <label for="${name}">${label}</label>
    ${hint === undefined ? '' : html`<p class="hint" id="${name}-hint">${hint}</p>`}
    ${error === undefined ? '' : html`<p class="error" id="${name}-error">${error}</p>`} ${input}
  </div>`;
}

function described({ error, hint, name }: Field): SafeHtml | '' {
  const ids = [hint === undefined ? [] : `${name}-hint`, error === undefined ? [] : `${name}-error`].flat();
  return ids.length === 0 ? '' : html`aria-describedby="${ids.join(' ')}" ${error === undefined ? '' : html`aria-invalid="true"`}`;
}
