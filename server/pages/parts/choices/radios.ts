/** A choice of one among a few, all of them to be read at once: each with what follows from it. */
import { html, type SafeHtml } from '../../html.ts';
import type { Field } from '../field.ts';

export interface Radios extends Field {
  value: string;
  options: readonly { value: string; label: string; hint?: string }[];
}

/** The summary of errors leads to its first button. */
export function radios({ error, hint, label, name, options, value }: Radios): SafeHtml {
  const ids = [hint === undefined ? [] : `${name}-hint`, error === undefined ? [] : `${name}-error`].flat();
  return html`<fieldset
    class="ticks radios ${error === undefined ? '' : 'faulty'}"
    ${ids.length === 0 ? '' : html`aria-describedby="${ids.join(' ')}"`}
  >
    <legend>${label}</legend>
    ${hint === undefined ? '' : html`<p class="hint" id="${name}-hint">${hint}</p>`}
    ${error === undefined ? '' : html`<p class="error" id="${name}-error">${error}</p>`}
    ${options.map((option, at) => {
      const id = at === 0 ? name : `${name}-${at}`;
      const told = option.hint === undefined ? '' : html`aria-describedby="${id}-told"`;
      const input = html`<input
        id="${id}"
        type="radio"
        name="${name}"
        value="${option.value}"
        ${told}
        ${option.value === value ? html`checked` : ''}
      />`;
      return html`<div class="one">
        <label>${input}${option.label}</label>
        ${option.hint === undefined ? '' : html`<p class="hint" id="${id}-told">${option.hint}</p>`}
      </div>`;
    })}
  </fieldset>`;
}
