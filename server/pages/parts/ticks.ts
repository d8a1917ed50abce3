/** A choice of several among many, each with a box to tick. */
import { html, type SafeHtml } from '../html.ts';

interface Ticks {
  /** Name in the form; an address then has it once for each that is ticked. */
  name: string;
  legend: string;
  hint?: string;
  /** What is wrong, and how it is put right. */
  error?: string | undefined;
  options: readonly { value: string; label: string }[];
  chosen: readonly string[];
}

/** The summary of errors leads to its first box. */
export function ticks({ chosen, error, hint, legend, name, options }: Ticks): SafeHtml {
  const ids = [hint === undefined ? [] : `${name}-hint`, error === undefined ? [] : `${name}-error`].flat();
  return html`<fieldset
    class="ticks ${error === undefined ? '' : 'faulty'}"
    ${ids.length === 0 ? '' : html`aria-describedby="${ids.join(' ')}"`}
  >
    <legend>${legend}</legend>
    ${hint === undefined ? '' : html`<p class="hint" id="${name}-hint">${hint}</p>`}
    ${error === undefined ? '' : html`<p class="error" id="${name}-error">${error}</p>`}
    <div>
      ${options.map(({ value, label }, at) => {
        const marks = html`${chosen.includes(value) ? html`checked` : ''} ${at === 0 ? html`id="${name}"` : ''}`;
        return html`<label><input type="checkbox" name="${name}" value="${value}" ${marks} />${label}</label>`;
      })}
    </div>
  </fieldset>`;
}
