/** The form that asks for a part of the list, the choices that are made, each with a link that takes it back, and what they hide. */
import { ACTIVITIES, DUTY_STATUSES, KINDS, type Language } from '../../../calendars/terms.ts';
import { wordsIn, writeList } from '../../../calendars/words.ts';
import { html, type SafeHtml } from '../html.ts';
import { button } from '../parts/button.ts';
import { selectField, textField, type Field } from '../parts/field.ts';
import { compareNames } from '../../../calendars/collation.ts';
import { ACTING, DEFAULT_PERIOD, insurersIn, NAMES, PERIODS, queryOf, type Choice, type Name } from './choice.ts';
import type { Outcome } from './filter.ts';

/** Where what was found begins: on a phone the form above it is as high as the screen. */
export const FOUND = '#found';

interface Option {
  value: string;
  label: string;
}

/** What can be chosen, and how it is called. */
export interface Choices {
  language: Language;
  /** Insurers' names by slug. */
  names: ReadonlyMap<string, string>;
  years: readonly string[];
}

/** Where the list is, and what was chosen of it. */
interface Asked {
  address: string;
  choice: Choice;
  faulty: ReadonlySet<Name>;
}

export function filterForm({ address, choice, faulty }: Asked, choices: Choices): SafeHtml {
  const { language } = choices;
  const say = wordsIn(language);
  const fields = new Map(filterFields(faulty, language).map((field) => [field.name, field]));
  const select = (name: Name) =>
    selectField({ ...fields.get(name)!, value: valueOf(choice, name), options: optionsWith(choice, name, choices) });
  const others = (['contractStatus', 'activity', 'contractYear', 'kind'] as const).map((name) => ({ name, isChosen: choice[name] !== '' }));
  return html`<form
    class="choice filter unprinted"
    method="get"
    action="${address}${FOUND}"
    role="search"
    aria-label="${say('page:dates.form')}"
  >
    <div class="fields">
      ${textField({ ...fields.get('words')!, value: choice.words, type: 'search' })} ${select('period')} ${select('role')}
      ${select('insurer')}
    </div>
    <details ${others.some(({ isChosen }) => isChosen) ? html`open` : ''}>
      <summary>${say('page:dates.more')}</summary>
      <div class="fields">${others.map(({ name }) => select(name))}</div>
    </details>
    ${button(say('page:dates.show'), 'primary')}
  </form>`;
}

/** The fields, each with what is wrong with it. */
export function filterFields(faulty: ReadonlySet<Name>, language: Language): Field[] {
  const say = wordsIn(language);
  return NAMES.map((name) => ({
    name,
    label: say(`page:dates.field.${name}`),
    ...(name === 'words' ? { hint: say('page:dates.words_hint') } : {}),
    error: faulty.has(name) ? say(`page:dates.error.${name}`) : undefined,
  }));
}

/** What was chosen, one by one; nothing where nothing was. */
export function chosenChips({ address, choice }: Asked, choices: Choices): SafeHtml | '' {
  const say = wordsIn(choices.language);
  const chosen = NAMES.filter((name) => choice[name] !== '' && !(name === 'period' && choice.period === DEFAULT_PERIOD));
  if (chosen.length === 0) return '';
  return html`<ul class="chips" aria-label="${say('page:dates.chosen')}">
    ${chosen.map(
      (name) =>
        html`<li>
          <a href="${address}${queryOf(choice, { [name]: '' })}${FOUND}"
            ><span class="unseen">${say('page:dates.remove')}</span> ${say(`page:dates.field.${name}`).replace(/\?$/, '')}:
            ${labelOf(choice, name, choices)} <span aria-hidden="true">×</span></a
          >
        </li>`,
    )}
    <li><a class="all" href="${address}${FOUND}">${say('page:dates.clear')}</a></li>
  </ul>`;
}

/** How many are not shown, why, and where they are. */
export function hiddenList({ hidden, hiddenTwice }: Outcome, { address, choice }: Asked, language: Language): SafeHtml | '' {
  const say = wordsIn(language);
  const total = hidden.reduce((sum, { count }) => sum + count, hiddenTwice);
  if (total === 0) return '';
  const releases: Record<(typeof hidden)[number]['reason'], Partial<Choice>> = {
    past: { period: 'past' },
    undated: { period: 'undated' },
    later: { period: '' },
    coming: { period: '' },
    kind: { kind: 'all' },
    ...RELEASED,
  };
  return html`<section aria-labelledby="hidden">
    <h2 id="hidden">${say('page:dates.hidden', { count: total })}</h2>
    <ul class="links">
      ${hidden.map(
        ({ count, reason }) =>
          html`<li>
            <a href="${address}${queryOf(choice, releases[reason])}${FOUND}" rel="nofollow"
              >${say(`page:dates.hidden_by.${reason}`, { count })}</a
            >
          </li>`,
      )}
      ${hiddenTwice === 0 ? '' : html`<li>${say('page:dates.hidden_twice', { count: hiddenTwice })}</li>`}
    </ul>
  </section>`;
}

/** A choice taken back. */
const RELEASED = {
  role: { role: '' },
  insurer: { insurer: '' },
  contractStatus: { contractStatus: '' },
  activity: { activity: '' },
  contractYear: { contractYear: '' },
  words: { words: '' },
} as const;

const valueOf = (choice: Choice, name: Name) => (name === 'period' && choice.period === '' ? DEFAULT_PERIOD : choice[name]);

/** What was chosen, in words. */
function labelOf(choice: Choice, name: Name, choices: Choices): string {
  if (name === 'words') return choice.words;
  if (name === 'insurer') return namesOf(choice, choices);
  return optionsOf(name, choices).find(({ value }) => value === choice[name])?.label ?? choice[name];
}

/** What can be chosen; what was typed and means nothing stands among it. */
function optionsWith(choice: Choice, name: Name, choices: Choices): Option[] {
  const options = optionsOf(name, choices);
  const value = valueOf(choice, name);
  const label = name === 'insurer' ? namesOf(choice, choices) : value;
  return options.some((option) => option.value === value) ? options : [...options, { value, label }];
}

/** The insurers that were chosen, by name; of one that there is not what was typed. */
function namesOf(choice: Choice, { language, names }: Choices): string {
  const chosen = insurersIn(choice).map((slug) => names.get(slug) ?? slug);
  return writeList(
    chosen.sort((a, b) => compareNames(a, b, language)),
    language,
  );
}

function optionsOf(name: Name, { language, names, years }: Choices): Option[] {
  const say = wordsIn(language);
  const option = (label: string) => (value: string) => ({ value, label: say(`${label}.${value}`) });
  const byLabel = (a: Option, b: Option) => compareNames(a.label, b.label, language);
  if (name === 'words') return [];
  if (name === 'period') return PERIODS.map(option('page:dates.period'));
  const all = { value: '', label: say(`page:dates.every.${name}`) };
  switch (name) {
    case 'role':
      return [all, ...ACTING.map(option('page:dates.role'))];
    case 'insurer':
      return [all, ...[...names].map(([value, label]) => ({ value, label })).sort(byLabel)];
    case 'contractStatus':
      return [all, ...DUTY_STATUSES.map(option('page:dates.status'))];
    case 'activity':
      return [all, ...ACTIVITIES.map(option('common:activity')).sort(byLabel)];
    case 'contractYear':
      return [all, ...years.map((value) => ({ value, label: value }))];
    default:
      name satisfies 'kind';
      return [all, { value: 'all', label: say('page:dates.every_kind') }, ...KINDS.map(option('common:kind'))];
  }
}
