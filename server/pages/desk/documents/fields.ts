/** The fields of a document's forms. */
import { CARE_TYPES } from '../../../../calendars/terms.ts';
import { html, type SafeHtml } from '../../html.ts';
import { fileField, selectField, textArea, textField, type Field } from '../../parts/field.ts';
import { say } from '../frame.ts';
import type { Faults, TypedCard, TypedDocument } from './typed.ts';

const CARD = ['title', 'version', 'publishedOn', 'url'] as const;
const ALL = ['insurer', 'contractYear', 'careType', ...CARD, 'text', 'file'] as const;
/** Of these the label says all. */
const WITHOUT_HINT: readonly string[] = ['insurer'];

type Name = (typeof ALL)[number];

export function cardFields(typed: TypedCard, faults: Faults): SafeHtml {
  const field = (name: Name) => faceOf(name, faults);
  return html`${textField({ ...field('title'), value: typed.title })} ${textField({ ...field('version'), value: typed.version })}
  ${textField({ ...field('publishedOn'), value: typed.publishedOn, type: 'date' })} ${textField({ ...field('url'), value: typed.url })}`;
}

/** The file stands last: what comes before it in the form is read also where the file is too large. */
export function documentFields(typed: TypedDocument, faults: Faults, insurers: readonly { value: string; label: string }[]): SafeHtml {
  const field = (name: Name) => faceOf(name, faults);
  const careTypes = [
    { value: '', label: say('papers:document.choose_care') },
    ...CARE_TYPES.map((value) => ({ value, label: say(`common:care_type.${value}`) })),
  ];
  const none = typed.insurer === '' ? [{ value: '', label: say('papers:document.choose') }] : [];
  return html`${selectField({ ...field('insurer'), value: typed.insurer, options: [...none, ...insurers] })}
    ${textField({ ...field('contractYear'), value: typed.contractYear })}
    ${selectField({ ...field('careType'), value: typed.careType, options: careTypes })} ${cardFields(typed, faults)}
    <h2>${say('papers:document.content')}</h2>
    <p class="small">${say('papers:document.content_hint')}</p>
    ${textArea({ ...field('text'), value: typed.text, rows: 8 })}
    ${fileField({ ...field('file'), accept: '.pdf,.txt,application/pdf,text/plain' })}`;
}

/** The fields in their order, each with what is wrong with it. */
export function facesOf(faults: Faults): Field[] {
  return ALL.map((name) => faceOf(name, faults));
}

const faceOf = (name: Name, faults: Faults): Field => ({
  name,
  label: say(`papers:document.field.${name}`),
  ...(WITHOUT_HINT.includes(name) ? {} : { hint: say(`papers:document.hint.${name}`) }),
  error: faults[name],
});
