/** The fields of an insurer's form, and the same as facts. */
import { INSURER_KINDS } from '../../../../calendars/terms.ts';
import { html, type SafeHtml } from '../../html.ts';
import { button } from '../../parts/button.ts';
import { selectField, textArea, textField, type Field } from '../../parts/field.ts';
import { rowList } from '../../parts/rows.ts';
import { say } from '../frame.ts';
import { CONTACT_FIELDS, contactName, NO_CONTACT, type Faults, type TypedContact, type TypedInsurer } from './typed.ts';

const NAMES = ['name', 'kind', 'website', 'aliases', 'remarks'] as const;

/** All fields, with the button that keeps them. */
export function insurerFields(typed: TypedInsurer, faults: Faults, save: string): SafeHtml {
  const field = (name: (typeof NAMES)[number]) => faceOf(name, faults);
  const contacts = typed.contacts.length === 0 ? [NO_CONTACT] : typed.contacts;
  return html`${textField({ ...field('name'), value: typed.name })}
    ${selectField({ ...field('kind'), value: typed.kind, options: INSURER_KINDS.map((value) => ({ value, label: say(`papers:kind.${value}`) })) })}
    ${textField({ ...field('website'), value: typed.website })} ${textArea({ ...field('aliases'), value: typed.aliases, rows: 3 })}
    <section aria-labelledby="contacts">
      <h2 id="contacts">${say('papers:insurer.contacts')}</h2>
      <p class="small">${say('papers:insurer.contacts_hint')}</p>
      ${contacts.map((contact, at) => contactFields(contact, at, faults))}
    </section>
    ${textArea({ ...field('remarks'), value: typed.remarks, rows: 6 })}
    <p class="buttons">
      ${button(save, 'primary', { name: 'doe', value: 'opslaan' })}
      ${button(say('papers:insurer.another'), 'plain', { name: 'doe', value: 'contact' })}
    </p>`;
}

function contactFields(contact: TypedContact, at: number, faults: Faults): SafeHtml {
  return html`<fieldset class="contact">
    <legend>${say('papers:insurer.contact', { number: at + 1 })}</legend>
    ${CONTACT_FIELDS.map((one) => textField({ ...contactFace(at, one, faults), value: contact[one] }))}
  </fieldset>`;
}

/** The fields in their order, each with what is wrong with it. */
export function facesOf(typed: TypedInsurer, faults: Faults): Field[] {
  const [last, ...first] = NAMES.toReversed();
  const contacts = typed.contacts.flatMap((_, at) => CONTACT_FIELDS.map((one) => contactFace(at, one, faults)));
  return [...first.toReversed().map((name) => faceOf(name, faults)), ...contacts, faceOf(last!, faults)];
}

const faceOf = (name: (typeof NAMES)[number], faults: Faults): Field => ({
  name,
  label: say(`papers:insurer.field.${name}`),
  hint: say(`papers:insurer.hint.${name}`),
  error: faults[name],
});

function contactFace(at: number, field: (typeof CONTACT_FIELDS)[number], faults: Faults): Field {
  const name = contactName(at, field);
  const hint = field === 'hours' ? { hint: say('papers:insurer.hours_hint') } : {};
  return { name, label: say(`papers:insurer.contact_field.${field}`), ...hint, error: faults[name] };
}

/** What stands there now, of the fields in which something else was typed. */
export function rowsNow(now: TypedInsurer, typed: TypedInsurer): SafeHtml | '' {
  const [stored, own] = [written(now), written(typed)];
  const rows = ([...NAMES, 'contacts'] as const)
    .filter((name) => stored[name] !== own[name])
    .map((name) => ({
      label: say(name === 'contacts' ? 'papers:insurer.contacts' : `papers:insurer.field.${name}`),
      value: stored[name] === '' ? say('papers:insurer.empty') : html`<span class="as-typed">${stored[name]}</span>`,
    }));
  return rowList(rows);
}

const written = (one: TypedInsurer) => ({
  ...one,
  kind: say(`papers:kind.${one.kind}`),
  contacts: one.contacts.map(writeContact).join('\n').trim(),
});

const writeContact = (contact: TypedContact) =>
  CONTACT_FIELDS.map((field) => contact[field])
    .filter((text) => text !== '')
    .join(', ');
