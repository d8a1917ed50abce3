/** A choice of several among many, each with a box to tick. */
import { html, type SafeHtml } from '../html.ts';

interface Ticks {
  /** Name in the form; an address then has it once for each that is ticked. */
  name: string;
  legend: string;
  hint: string;
  options: readonly { value: string; label: string }[];
  chosen: readonly string[];
}

export function ticks({ chosen, hint, legend, name, options }: Ticks): SafeHtml {
  return html`<fieldset class="ticks" aria-describedby="${name}-hint">
    <legend>${legend}</legend>
    <p class="hint" id="${name}-hint">${hint}</p>
    <div>
      ${options.map(
        ({ value, label }) =>
          html`<label
            ><input type="checkbox" name="${name}" value="${value}" ${chosen.includes(value) ? html`checked` : ''} />${label}</label
          >`,
      )}
    </div>
  </fieldset>`;
}
