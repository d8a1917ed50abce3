/** An editor who writes entries: what was proposed is put right, and what was not is written, in the fields of the form as they stand on the page. */
import { fieldsOf } from '../../../server/pages/desk/editions/form/content-fields.ts';
import { formsIn, plainText, type PageForm } from '../../helpers/forms.ts';
import { INSURER, nameOf, type Entry } from './entries.ts';
import type { Visitor } from './visitor.ts';

/** What an editor had to do for an entry. */
export interface Written {
  name: string;
  /** How many of its quotes a proposal brought along; null where it was written by hand. */
  proposed: number | null;
  /** Fields in which the proposal said something else, and in which it said nothing, by their labels. */
  changed: string[];
  added: string[];
}

interface Proposal {
  id: string;
  quotes: string[];
}

/** What is open on the page of a document. */
export function proposalsOn(page: string): Proposal[] {
  return page
    .split('<li class="proposal" id="kaart-')
    .slice(1)
    .filter((part) => part.includes('value="adjust"'))
    .map((part) => ({
      id: /^\w+/.exec(part)![0],
      quotes: [...part.matchAll(/<blockquote[^>]*>(.*?)<\/blockquote>/gs)].map(([, quote]) => plainText(quote!)),
    }));
}

/** The proposal that has an entry's first quote, or else most of the others; null where none has any. */
export function proposalFor(entry: Entry, proposals: readonly Proposal[]): Proposal | null {
  const parts = entry.sources.map(({ quote }) => (quote ?? '').split('(…)').map(fold));
  const [first = [], ...others] = parts;
  const has = (quotes: readonly string[], some: readonly string[]) =>
    quotes.filter((quote) => some.some((part) => overlap(quote, part))).length;
  const rank = ({ quotes }: Proposal) => has(quotes.map(fold), first) * parts.length + has(quotes.map(fold), others.flat());
  const [best] = proposals.toSorted((a, b) => rank(b) - rank(a));
  return best === undefined || rank(best) === 0 ? null : best;
}

const overlap = (one: string, other: string) => one.includes(other) || other.includes(one);
const fold = (text: string) => text.replaceAll(/\s+/g, ' ').trim();

/** Accepts a proposal, so that its form is open. */
export async function adjust(editor: Visitor, { id }: Proposal): Promise<void> {
  const button = /^Pas eerst aan/;
  await editor.press(
    editor.form(button, (form) => form.valuesOf('card')[0] === id),
    button,
  );
}

/** Writes an entry in the form that is open, as often as it takes until it says what it is to say. `document`: from which it quotes. */
export async function write(
  editor: Visitor,
  entry: Entry,
  { document, proposed }: { document: string; proposed: number | null },
): Promise<Written> {
  const wanted = wantedFields(entry, document);
  const written: Written = { name: nameOf(entry), proposed, changed: [], added: [] };
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const form = editor.form('Bewaar');
    if (round === 0 && proposed !== null) note(form, wanted, written);
    fillIn(form, wanted);
    await editor.press(form, 'Bewaar');
    if (/ontbreekt niets meer/.test(editor.text()) && isSaid(editor.form('Bewaar'), wanted)) return written;
  }
  throw new Error(`${nameOf(entry)} could not be written: ${editor.text()}`);
}

const MOST_ROUNDS = 30;
/** What an amendment leaves as it is, so that its form does not ask for it. */
const OF_NEW = new Set(['activity', 'requirementKey', 'slot']);

/** What is to stand in each field. */
function wantedFields(entry: Entry, document: string): URLSearchParams {
  const sources = entry.sources.map((source) => ({ ...source, document, url: null }));
  const fields = fieldsOf({ ...entry, sources }, [{ title: document, url: null }]);
  fields.set('activity', entry.activity);
  if (entry.key !== null) fields.set('requirementKey', entry.key);
  if (entry.reason !== null) fields.set('reason', entry.reason);
  return fields;
}

const isSource = (name: string) => /^sources\.\d+\./.test(name);
const isOf = (name: string) => !['seen'].includes(name) && !name.startsWith('take.');

/** What is to stand in a field; what is not said is left empty, or as it is where it cannot be. */
function wantedIn(form: PageForm, wanted: URLSearchParams, name: string): string[] {
  const values = wanted.getAll(name);
  if (values.length > 0 || name === 'duty.actors' || name === 'duty.onBehalfOf') return values;
  if (name.endsWith('.remove')) return [];
  return form.offers(name, '') ? [''] : form.valuesOf(name);
}

function fillIn(form: PageForm, wanted: URLSearchParams): void {
  const surplus = (name: string) => isSource(name) && !wanted.has(name.replace(/\w+$/, 'choice'));
  for (const name of form.names.filter(isOf)) {
    if (name.endsWith('.remove')) {
      if (surplus(name)) form.fill(name, 'yes');
    } else form.fill(name, ...wantedIn(form, wanted, name));
  }
}

function isSaid(form: PageForm, wanted: URLSearchParams): boolean {
  const names = new Set(form.names);
  return (
    [...wanted.keys()].every((name) => names.has(name) || OF_NEW.has(name)) &&
    form.names.filter(isOf).every((name) => same(form.valuesOf(name), wantedIn(form, wanted, name)))
  );
}

const same = (a: readonly string[], b: readonly string[]) => a.map(fold).join('\n') === b.map(fold).join('\n');

/** Notes in which fields a proposal was not what it was to be. */
function note(form: PageForm, wanted: URLSearchParams, written: Written): void {
  const names = new Set([...form.names.filter(isOf), ...wanted.keys()]);
  for (const name of names) {
    if (name === 'reason' || name.endsWith('.remove') || name.endsWith('.choice')) continue;
    const isThere = form.names.includes(name);
    if (!isThere && OF_NEW.has(name)) continue;
    const [stands, wants] = [isThere ? form.valuesOf(name) : [], isThere ? wantedIn(form, wanted, name) : wanted.getAll(name)];
    if (same(stands, wants)) continue;
    const label = isThere ? form.labelOf(name) : labelLike(form, name);
    (stands.every((value) => value === '') ? written.added : written.changed).push(label);
  }
}

/** What a field of a later source is called: as that of the first, with its number. */
const labelLike = (form: PageForm, name: string) => {
  const [, at, part] = /^sources\.(\d+)\.(\w+)$/.exec(name) ?? [];
  const first = `sources.0.${part}`;
  return at !== undefined && form.names.includes(first) ? form.labelOf(first).replace('(1)', `(${Number(at) + 1})`) : name;
};

/** Opens the draft of the policy. */
export async function openDraft(editor: Visitor): Promise<void> {
  await editor.open('/redactie/edities');
  await editor.send('Open de editie', (form) => {
    form.fill('insurer', INSURER);
    form.fill('care', 'multidisciplinary_care');
    form.fill('year', '2025');
  });
  if (formsIn(editor.page()).length === 0) throw new Error(`${editor.path()} is no draft.`);
}
