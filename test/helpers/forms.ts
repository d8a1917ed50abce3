/** The forms of a page as a browser without script has them: filled in as they stand, and sent with nothing that does not stand there. */

/** A form of a page, to be filled in. Whatever is not on it, or not among what it offers, is refused. */
export interface PageForm {
  /** Where it is sent to. */
  action: string;
  /** Whether it may have a file in it. */
  takesFiles: boolean;
  /** The names of its fields, each once, without those that nobody sees. */
  names: readonly string[];
  /** What its buttons say. */
  buttons: readonly string[];
  /** What is chosen, ticked or typed in a field: a value for each. */
  valuesOf: (name: string) => string[];
  labelOf: (name: string) => string;
  /** Whether it may hold a value: a text may hold any. */
  offers: (name: string, value: string) => boolean;
  /** Types into a field, or chooses what has this value; of boxes to tick, those and no others. */
  fill: (name: string, ...values: string[]) => void;
  /** What is sent by a button. */
  pressed: (button: string | RegExp) => [string, string][];
}

interface Field {
  name: string;
  kind: 'text' | 'hidden' | 'file' | 'tick' | 'radio' | 'select';
  /** What stands in it; of what is ticked or chosen, what it stands for. */
  value: string;
  isOn: boolean;
  id: string;
  label: string;
  options: { value: string; label: string }[];
}

interface Button {
  label: string;
  name: string | null;
  value: string;
}

interface Form {
  action: string;
  takesFiles: boolean;
  fields: Field[];
  buttons: Button[];
}

/** All forms of a page, in their order. */
export function formsIn(page: string): PageForm[] {
  return readForms(page).map(openForm);
}

/** What a text of a page says, without its elements, in single spaces. */
export function plainText(html: string): string {
  return unescaped(html.replaceAll(/<[^>]*>/g, ' '))
    .replaceAll(/[\s\u200B]+/g, ' ')
    .trim();
}

/** Where the links of a page lead, by what they say. */
export function linksIn(page: string): { label: string; href: string }[] {
  return [...page.matchAll(/<a\s([^>]*)>(.*?)<\/a\s*>/gs)].map(([, attributes = '', inner = '']) => ({
    label: plainText(inner),
    href: attributeIn(attributes, 'href') ?? '',
  }));
}

function openForm({ action, buttons, fields, takesFiles }: Form): PageForm {
  const named = (name: string) => {
    const some = fields.filter((field) => field.name === name);
    if (some.length === 0) throw new Error(`The form has no field ${name}; it has ${fields.map((field) => field.name).join(', ')}.`);
    return some;
  };
  return {
    action,
    takesFiles,
    names: [...new Set(fields.filter(({ kind }) => kind !== 'hidden').map(({ name }) => name))],
    buttons: buttons.map(({ label }) => label),
    valuesOf: (name) =>
      named(name)
        .filter(({ isOn }) => isOn)
        .map(({ value }) => value),
    labelOf: (name) => named(name)[0]!.label,
    offers: (name, value) => offers(named(name), value),
    fill: (name, ...values) => fill(named(name), values),
    pressed(button) {
      const one = buttons.find(({ label }) => (typeof button === 'string' ? label === button : button.test(label)));
      if (!one) throw new Error(`The form has no button ${button}; it has ${buttons.map(({ label }) => label).join(', ')}.`);
      const sent = fields.filter(({ isOn, kind }) => isOn && kind !== 'file').map(({ name, value }): [string, string] => [name, value]);
      return one.name === null ? sent : [...sent, [one.name, one.value]];
    },
  };
}

function offers(fields: readonly Field[], value: string): boolean {
  const [{ kind, options }] = fields as readonly [Field];
  if (kind === 'tick' || kind === 'radio') return fields.some((one) => one.value === value);
  return kind === 'select' ? options.some((option) => option.value === value) : kind === 'text';
}

function fill(fields: readonly Field[], values: readonly string[]): void {
  const [field] = fields as readonly [Field];
  const missing = values.filter((value) => !offers(fields, value));
  if (missing.length > 0) throw new Error(`${field.name} does not offer ${missing.join(', ')}.`);
  if (field.kind === 'tick' || field.kind === 'radio') {
    for (const one of fields) one.isOn = values.includes(one.value);
    return;
  }
  if (values.length !== 1) throw new Error(`${field.name} takes one text.`);
  field.value = values[0]!;
}

const TOKEN = /<(\/?)([a-z0-9]+)((?:"[^"]*"|[^>"])*)>|([^<]+)/gi;

/** What is open where a page is read. */
interface Place {
  forms: Form[];
  form: Form | null;
  field: Field | null;
  /** Where the text goes that comes next: into a button, an option, a label, or what several fields have in common. */
  words: { label: string } | null;
  legend: { label: string };
  labels: { id: string; label: string }[];
}

/** Reads forms off a page, element by element. */
function readForms(page: string): Form[] {
  const place: Place = { forms: [], form: null, field: null, words: null, legend: { label: '' }, labels: [] };
  for (const [, end, tag = '', attributes = '', text] of page.matchAll(TOKEN)) {
    if (text === undefined) (end === '' ? begin : leave)(place, tag.toLowerCase(), attributes);
    else if (place.words !== null) place.words.label += text;
    else if (place.field?.kind === 'text') place.field.value += text;
  }
  for (const { buttons, fields } of place.forms) {
    for (const button of buttons) button.label = plainText(button.label);
    for (const field of fields) field.label ||= plainText(place.labels.find(({ id }) => id !== '' && id === field.id)?.label ?? '');
  }
  return place.forms;
}

function begin(place: Place, tag: string, attributes: string): void {
  const of = (name: string) => attributeIn(attributes, name);
  if (tag === 'form') {
    place.form = { action: of('action') ?? '', takesFiles: of('enctype') === 'multipart/form-data', fields: [], buttons: [] };
    if (of('method') === 'post') place.forms.push(place.form);
  }
  if (tag === 'label') {
    const label = { id: of('for') ?? '', label: '' };
    place.labels.push(label);
    place.words = label;
  }
  if (tag === 'legend') place.words = place.legend;
  if (tag === 'fieldset') place.legend = { label: '' };
  if (place.form === null) return;
  if (tag === 'input' || tag === 'textarea' || tag === 'select') {
    const field = fieldOf(tag, attributes, plainText(place.legend.label));
    place.form.fields.push(field);
    if (tag !== 'input') place.field = field;
  }
  if (tag === 'option' && place.field !== null) {
    const option = { value: of('value') ?? '', label: '' };
    // Where none is chosen, the first is.
    if (place.field.options.length === 0 || isSet(attributes, 'selected')) place.field.value = option.value;
    place.field.options.push(option);
    place.words = option;
  }
  if (tag === 'button') {
    const button = { label: '', name: of('name'), value: of('value') ?? '' };
    place.form.buttons.push(button);
    place.words = button;
  }
}

function leave(place: Place, tag: string): void {
  if (tag === 'form') place.form = null;
  if (['button', 'label', 'legend', 'option'].includes(tag)) place.words = null;
  if (tag === 'fieldset') place.legend = { label: '' };
  // A browser leaves out a line break at the very beginning.
  if (tag === 'textarea' && place.field !== null) place.field.value = unescaped(place.field.value.replace(/^\n/, ''));
  if (tag === 'textarea' || tag === 'select') place.field = null;
}

const KINDS: Record<string, Field['kind']> = { checkbox: 'tick', radio: 'radio', hidden: 'hidden', file: 'file' };

function fieldOf(tag: string, attributes: string, legend: string): Field {
  const of = (name: string) => attributeIn(attributes, name) ?? '';
  const kind = tag === 'select' ? 'select' : tag === 'textarea' ? 'text' : (KINDS[of('type')] ?? 'text');
  const isChosen = kind === 'tick' || kind === 'radio';
  return {
    name: of('name'),
    kind,
    value: of('value'),
    isOn: !isChosen || isSet(attributes, 'checked'),
    id: of('id'),
    label: isChosen ? legend : '',
    options: [],
  };
}

const isSet = (attributes: string, name: string) => new RegExp(`\\s${name}(\\s|/|=|$)`).test(attributes.replaceAll(/"[^"]*"/g, '""'));

function attributeIn(attributes: string, name: string): string | null {
  const found = new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(attributes);
  return found === null ? null : unescaped(found[1]!);
}

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', '#39': "'", '#x27': "'", nbsp: '\u00A0', shy: '\u00AD' };

function unescaped(text: string): string {
  return text.replaceAll(/&(#?\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}
