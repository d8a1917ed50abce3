/** What a reader of the front page chose to see: whose duties, and of which insurer. */
import { fittingReader } from '../../../calendars/deadlines/listing.ts';
import type { Deadline } from '../../../calendars/deadlines/deadline.ts';
import { ROLES, type Day, type Language, type Role } from '../../../calendars/terms.ts';
import { wordsIn } from '../../../calendars/words.ts';
import { html, type SafeHtml } from '../html.ts';
import { button } from '../parts/button.ts';
import { selectField } from '../parts/field.ts';
import { compareNames } from '../../../calendars/collation.ts';

/** Undefined: all. */
export interface Choice {
  role?: Role;
  insurer?: string;
  /** Whether something was asked for that there is not: an insurer that is gone, a link with a slip. */
  isOdd: boolean;
}

export function readChoice(query: unknown, names: ReadonlyMap<string, string>): Choice {
  const { role: askedRole, insurer: askedInsurer } = query as { role?: unknown; insurer?: unknown };
  const role = ROLES.find((one) => one === askedRole);
  const insurer = typeof askedInsurer === 'string' && names.has(askedInsurer) ? askedInsurer : undefined;
  const isOdd = isMissed(askedRole, role) || isMissed(askedInsurer, insurer);
  return { ...(role === undefined ? {} : { role }), ...(insurer === undefined ? {} : { insurer }), isOdd };
}

/** Keeps what was chosen. */
export function chosen(deadlines: readonly Deadline[], { isOdd: _, ...choice }: Choice, today: Day): Deadline[] {
  return deadlines.filter(fittingReader({ includeUndated: true, ...choice }, today));
}

/** The form that asks. It leads to the list of all dates. */
export function choiceForm(
  choice: Choice,
  names: ReadonlyMap<string, string>,
  { home, list }: { home: string; list: string },
  language: Language,
): SafeHtml {
  const [role, insurer] = [choice.role ?? '', choice.insurer ?? ''];
  const say = wordsIn(language);
  const sorted = [...names].sort(([, a], [, b]) => compareNames(a, b, language));
  return html`<form class="choice unprinted" method="get" action="${list}" aria-label="${say('page:choice.label')}">
    ${selectField({
      name: 'role',
      label: say('page:choice.role'),
      value: role,
      options: [
        { value: '', label: say('page:choice.all_roles') },
        ...ROLES.map((one) => ({ value: one, label: say(`page:choice.roles.${one}`) })),
      ],
    })}
    ${selectField({
      name: 'insurer',
      label: say('page:choice.insurer'),
      value: insurer,
      options: [{ value: '', label: say('page:choice.all_insurers') }, ...sorted.map(([value, label]) => ({ value, label }))],
    })}
    ${button(say('page:choice.show'), 'primary')}
    ${role === '' && insurer === '' ? '' : html`<a class="undo" href="${home}">${say('page:choice.undo')}</a>`}
  </form>`;
}

const isMissed = (asked: unknown, taken: string | undefined) => asked !== undefined && asked !== '' && taken === undefined;
