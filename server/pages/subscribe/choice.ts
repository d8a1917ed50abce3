/** What a reader of the subscription page chose, and the form that asks it. */
import type { Selection } from '../../../calendars/agenda/selection.ts';
import { RELATION_STATUSES, ROLES, type Language, type RelationStatus, type Role } from '../../../calendars/terms.ts';
import { wordsIn } from '../../../calendars/words.ts';
import { html, type SafeHtml } from '../html.ts';
import { button } from '../parts/button.ts';
import { errorSummary, selectField } from '../parts/field.ts';
import { compareNames } from '../../../calendars/collation.ts';
import { ticks } from '../parts/ticks.ts';

export interface Choice {
  role: Role | null;
  /** Those that there are, in alphabetical order; none: all. */
  insurers: readonly string[];
  status: RelationStatus;
  /** Whether the form was sent. */
  isAsked: boolean;
  /** Whether insurers were asked for of which there is none: that is not all of them. */
  isLost: boolean;
  /** Whether something was asked for that there is not: an insurer that is gone, a link with a slip. */
  isOdd: boolean;
}

/** Of the `names` of insurers there are, by slug. Several stand there as fields with one name, or with commas. */
export function readChoice(query: unknown, names: ReadonlyMap<string, string>): Choice {
  const asked = query as Record<string, unknown>;
  const role = ROLES.find((one) => one === asked['role']) ?? null;
  const status = RELATION_STATUSES.find((one) => one === asked['status']) ?? 'unknown';
  const named = [asked['insurer'] ?? []].flat().flatMap((text) => (typeof text === 'string' ? text.split(',') : []));
  const insurers = [...new Set(named)].filter((slug) => names.has(slug)).sort();
  const isMissed = (name: string, taken: string | null) => ![undefined, '', taken].includes(asked[name] as string | undefined);
  return {
    role,
    status,
    insurers,
    isAsked: asked['role'] !== undefined,
    isLost: insurers.length === 0 && named.some((slug) => slug !== ''),
    isOdd: isMissed('role', role) || isMissed('status', status) || named.some((slug) => slug !== '' && !names.has(slug)),
  };
}

/** The calendar of a choice; null while it is not said for whom, or of which insurers. All that there are stand for all, later ones too. */
export function selectionOf(
  { insurers, isLost, role, status }: Choice,
  names: ReadonlyMap<string, string>,
  language: Language,
): Selection | null {
  if (role === null || isLost) return null;
  return { role, status, language, kinds: null, insurers: insurers.length === 0 || insurers.length === names.size ? null : insurers };
}

/** Why there is no calendar yet, where the form was sent. */
export function choiceErrors({ isAsked, isLost, role }: Choice, language: Language): SafeHtml | '' {
  const insurers = { name: 'insurer', label: '', error: isLost ? wordsIn(language)('page:dates.error.insurer') : undefined };
  return isAsked ? errorSummary([roleField(role, role === null, language), insurers], language) : '';
}

/** The form that asks. It sends what it shows to the address of the page. */
export function choiceForm(choice: Choice, names: ReadonlyMap<string, string>, address: string, language: Language): SafeHtml {
  const say = wordsIn(language);
  const sorted = [...names].sort(([, a], [, b]) => compareNames(a, b, language));
  return html`<form class="choice unprinted" method="get" action="${address}" aria-label="${say('page:choice.label')}">
    ${selectField(roleField(choice.role, choice.isAsked && choice.role === null, language))}
    ${ticks({
      name: 'insurer',
      legend: say('page:agenda.insurers'),
      hint: say('page:agenda.insurers_hint'),
      options: sorted.map(([value, label]) => ({ value, label })),
      chosen: choice.insurers,
      ...(choice.isLost ? { error: say('page:dates.error.insurer') } : {}),
    })}
    ${selectField({
      name: 'status',
      label: say('page:agenda.status'),
      hint: say('page:agenda.status_hint'),
      value: choice.status,
      options: STATUSES.map((value) => ({ value, label: say(`page:agenda.statuses.${value}`) })),
    })}
    ${button(say(choice.role === null ? 'page:agenda.make' : 'page:agenda.change'), choice.role === null ? 'primary' : 'plain')}
  </form>`;
}

/** Who does not know gets what holds for either. */
const STATUSES = ['unknown', 'contracted', 'uncontracted'] as const satisfies readonly RelationStatus[];

function roleField(role: Role | null, isFaulty: boolean, language: Language) {
  const say = wordsIn(language);
  return {
    name: 'role',
    label: say('page:choice.role'),
    value: role ?? '',
    error: isFaulty ? say('page:agenda.role_error') : undefined,
    options: [
      { value: '', label: say('page:agenda.role_none') },
      ...ROLES.map((one) => ({ value: one, label: say(`page:choice.roles.${one}`) })),
    ],
  };
}
