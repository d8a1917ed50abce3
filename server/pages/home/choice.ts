/** What a reader of the front page chose to see: whose duties, and of which insurer. */
import { fittingReader } from '../../../calendars/deadlines/listing.ts';
import type { Deadline } from '../../../calendars/deadlines/deadline.ts';
import { ROLES, type Day, type Language, type Role } from '../../../calendars/terms.ts';
import { wordsIn } from '../../../calendars/words.ts';
import { html, type SafeHtml } from '../html.ts';
import { button } from '../parts/button.ts';
import { selectField, type Field } from '../parts/field.ts';
import { compareNames } from '../../../calendars/collation.ts';

/** Undefined: all. */
export interface Choice {
  role?: Role;
  insurer?: string;
  /** What was asked for that there is not, as it was: an insurer that is gone, a link with a slip. */
  odd: Readonly<Partial<Record<Name, string>>>;
}

const NAMES = ['role', 'insurer'] as const;
type Name = (typeof NAMES)[number];

export function readChoice(query: unknown, names: ReadonlyMap<string, string>): Choice {
  const askedFor = (name: Name) => [(query as Record<string, string | string[] | undefined>)[name] ?? ''].flat().join(',');
  const [askedRole, insurer] = [askedFor('role'), askedFor('insurer')];
  const role = ROLES.find((one) => one === askedRole);
  const isOdd = { role: askedRole !== '' && role === undefined, insurer: insurer !== '' && !names.has(insurer) };
  return {
    ...(role === undefined ? {} : { role }),
    ...(insurer === '' || isOdd.insurer ? {} : { insurer }),
    odd: { ...(isOdd.role ? { role: askedRole } : {}), ...(isOdd.insurer ? { insurer } : {}) },
  };
}

/** Keeps what was chosen. */
export function chosen(deadlines: readonly Deadline[], { odd: _, ...choice }: Choice, today: Day): Deadline[] {
  return deadlines.filter(fittingReader({ includeUndated: true, ...choice }, today));
}

/** The form that asks. It leads to the list of all dates. */
export function choiceForm(
  choice: Choice,
  names: ReadonlyMap<string, string>,
  { home, list }: { home: string; list: string },
  language: Language,
): SafeHtml {
  const { odd } = choice;
  const [role, insurer] = [choice.role ?? odd.role ?? '', choice.insurer ?? odd.insurer ?? ''];
  const say = wordsIn(language);
  const fields = new Map(choiceFields(choice, language).map((field) => [field.name, field]));
  const sorted = [...names].sort(([, a], [, b]) => compareNames(a, b, language));
  return html`<form class="choice unprinted" method="get" action="${list}" aria-label="${say('page:choice.label')}">
    ${selectField({
      ...fields.get('role')!,
      value: role,
      options: [
        { value: '', label: say('page:choice.all_roles') },
        ...ROLES.map((one) => ({ value: one, label: say(`page:choice.roles.${one}`) })),
        ...typedOption(odd.role),
      ],
    })}
    ${selectField({
      ...fields.get('insurer')!,
      value: insurer,
      options: [
        { value: '', label: say('page:choice.all_insurers') },
        ...sorted.map(([value, label]) => ({ value, label })),
        ...typedOption(odd.insurer),
      ],
    })}
    ${button(say('page:choice.show'), 'primary')}
    ${role === '' && insurer === '' ? '' : html`<a class="undo" href="${home}">${say('page:choice.undo')}</a>`}
  </form>`;
}

/** Its fields, each with what is wrong with it. */
export function choiceFields({ odd }: Choice, language: Language): Field[] {
  const say = wordsIn(language);
  return NAMES.map((name) => ({
    name,
    label: say(`page:choice.${name}`),
    error: odd[name] === undefined ? undefined : say(`page:dates.error.${name}`),
  }));
}

/** What was asked for stays in the field. */
const typedOption = (odd: string | undefined) => (odd === undefined ? [] : [{ value: odd, label: odd.slice(0, 60) }]);
