/** The inputs of the form of an entry: each field by its name, with what stands in it and what is wrong with it. */
import { html, type SafeHtml } from '../../../html.ts';
import { selectField, textArea, textField, type Field } from '../../../parts/field.ts';
import { radios } from '../../../parts/choices/radios.ts';
import { ticks } from '../../../parts/ticks.ts';
import { say } from '../../frame.ts';
import { labelOf, wordOf, type FormFault } from './fault-words.ts';

export interface Option {
  value: string;
  label: string;
  hint?: string;
}

export interface Inputs {
  line: (name: string) => SafeHtml;
  lines: (name: string, rows?: number) => SafeHtml;
  choose: (name: string, options: readonly Option[]) => SafeHtml;
  radios: (name: string, options: readonly Option[]) => SafeHtml;
  ticks: (name: string, options: readonly Option[]) => SafeHtml;
  hidden: (name: string) => SafeHtml | '';
}

/** The fields of which the label does not say all. */
const HINTED: ReadonlySet<string> = new Set([
  'activity',
  'title',
  'kind',
  'fixed_on',
  'offset_amount',
  'event_text',
  'basis_kind',
  'basis_text',
  'duty_onBehalfOf',
  'duty_deliverable',
  'channel_address',
  'channel_subject',
  'consequence_text',
  'sources_quote',
  'sources_section',
  'sources_document',
  'conflict_kind',
  'conflict_days',
  'requirementKey',
  'reason',
  'reportingYear',
]);

export function inputsOf(fields: URLSearchParams, faults: readonly FormFault[]): Inputs {
  const value = (name: string) => fields.get(name) ?? '';
  const of = (name: string): Field => fieldOf(name, faults);
  return {
    line: (name) => textField({ ...of(name), value: value(name) }),
    lines: (name, rows = 3) => textArea({ ...of(name), value: value(name), rows }),
    choose: (name, options) => selectField({ ...of(name), value: value(name), options }),
    radios: (name, options) => radios({ ...of(name), value: value(name), options }),
    ticks: (name, options) => {
      const { label, ...field } = of(name);
      return ticks({ ...field, legend: label, options, chosen: fields.getAll(name) });
    },
    hidden: (name) => (value(name) === '' ? '' : html`<input type="hidden" name="${name}" value="${value(name)}" />`),
  };
}

/** A field with its label, hint and fault. Of several alike, the number stands behind. */
export function fieldOf(name: string, faults: readonly FormFault[]): Field {
  const number = /\.(\d+)(\.|$)/.exec(name)?.[1];
  const label = number === undefined ? labelOf(name) : `${labelOf(name)} (${Number(number) + 1})`;
  const hint = HINTED.has(wordOf(name)) ? { hint: say(`edition:hint.${wordOf(name)}`) } : {};
  return { name, label, ...hint, error: faults.find((one) => one.name === name)?.text };
}

/** What may be chosen in a field, by the words of its options. */
export function optionsOf(name: string, values: readonly string[], told: readonly string[] = []): Option[] {
  return values.map((value) => ({
    value,
    label: say(`edition:option.${name}.${value === '' ? 'none' : value}`),
    ...(told.includes(value) ? { hint: say(`edition:told.${name}.${value}`) } : {}),
  }));
}
