/** The form of an own date: what it is, by which day, who sees to it and before which deadline; as it is shown, as it comes back, and what is wrong with it. */
import type { AgendaItem } from '../../../../calendars/agenda/concern.ts';
import type { Step } from '../../../../calendars/agenda/step.ts';
import { cleanLine, isSeen } from '../../../../calendars/clean-text.ts';
import { isDay, writeDay } from '../../../../calendars/days.ts';
import { isAssumed } from '../../../../calendars/deadlines/certainty.ts';
import { countingDay } from '../../../../calendars/deadlines/deadline.ts';
import type { Day, Language } from '../../../../calendars/terms.ts';
import { readDay } from '../../../../calendars/typed-day.ts';
import { titleOf, wordsIn } from '../../../../calendars/words.ts';
import type { StepInput } from '../../../../db/organisations/steps/steps.ts';
import type { FormAsk } from '../../forms.ts';
import { html, type SafeHtml } from '../../html.ts';
import { selectField, textField, type Field } from '../../parts/field.ts';

/** As the API has it. */
const MOST_CHARACTERS = 200;

const NAMES = ['what', 'on', 'owner', 'before'] as const;
/** `owner`, `before`: the id of a recipient, and of a deadline; empty for none. */
export type Typed = Record<(typeof NAMES)[number], string>;
export type Faults = Partial<Typed>;

/** What may be chosen in the form. */
export interface Choices {
  recipients: readonly { id: string; email: string }[];
  /** The deadlines that it may be before. */
  items: readonly AgendaItem[];
  today: Day;
}

export const BLANK: Typed = { what: '', on: '', owner: '', before: '' };

export function typedBy({ deadlineId, dueOn, ownerId, title }: Step): Typed {
  return { what: title, on: dueOn, owner: ownerId ?? '', before: deadlineId ?? '' };
}

export function typedIn({ fields }: FormAsk): Typed {
  const typed = (name: string) => (fields.get(name) ?? '').trim();
  return { what: cleanLine(typed('what')), on: readDay(typed('on')) ?? typed('on'), owner: typed('owner'), before: typed('before') };
}

/** What was typed without a fault, as it is kept. */
export function inputOf({ before, on, owner, what }: Typed): StepInput {
  return { title: what, dueOn: on, ownerId: owner || null, deadlineId: before || null };
}

/** What was typed that does not fit. `step`: what is changed; what stands in it already stays as it is. */
export function faultsOf(typed: Typed, { items, recipients, today }: Choices, step: Step | null, language: Language): Faults {
  const say = wordsIn(language);
  const stood = step && typedBy(step);
  const { before, on, owner, what } = typed;
  const isOwner = owner === '' || owner === stood?.owner || recipients.some(({ id }) => id === owner);
  const isBefore = before === '' || before === stood?.before || items.some(({ deadline }) => deadline.id === before);
  const faults: Record<keyof Faults, string | false> = {
    what:
      (!isSeen(what) && say('room:steps.error.what')) ||
      (what.length > MOST_CHARACTERS && say('room:error.long', { most: MOST_CHARACTERS, count: what.length })),
    on: (!isDay(on) && say('room:error.day')) || (on < today && on !== stood?.on && say('room:steps.error.past')),
    owner: !isOwner && say('room:steps.error.owner'),
    before: !isBefore && say('room:steps.error.before'),
  };
  return Object.fromEntries(Object.entries(faults).filter(([, fault]) => fault !== false));
}

/** The fields of the form, with what stands in them. */
export function stepFields({ items, recipients }: Choices, typed: Typed, faults: Faults, language: Language): SafeHtml {
  const say = wordsIn(language);
  const [what, on, owner, before] = fieldsOf(faults, language) as [Field, Field, Field, Field];
  const owners = recipients.map(({ email, id }) => ({ value: id, label: email }));
  const deadlines = items.map(({ deadline, insurerName }) => ({
    value: deadline.id,
    label: [titleOf(deadline, language), insurerName ?? say('common:sector'), dayOf(deadline, language)].filter(Boolean).join(' – '),
  }));
  return html`${textField({ ...what, value: typed.what })} ${textField({ ...on, value: typed.on, type: 'date' })}
  ${selectField({ ...owner, value: typed.owner, options: [{ value: '', label: say('room:steps.everybody') }, ...owners] })}
  ${selectField({ ...before, value: typed.before, options: [{ value: '', label: say('room:steps.by_itself') }, ...deadlines] })}`;
}

function dayOf(deadline: AgendaItem['deadline'], language: Language): string {
  const day = countingDay(deadline);
  if (day === null) return '';
  const written = writeDay(day, language);
  return isAssumed(deadline) ? `${wordsIn(language)('page:day.around')} ${written}` : written;
}

/** The fields in their order, each with what is wrong with it. */
export function fieldsOf(faults: Faults, language: Language): Field[] {
  const say = wordsIn(language);
  const hinted = new Set<string>(['what', 'on', 'owner']);
  return NAMES.map((name) => ({
    name,
    label: say(`room:steps.field.${name}`),
    ...(hinted.has(name) ? { hint: say(`room:steps.hint.${name}`) } : {}),
    error: faults[name],
  }));
}
