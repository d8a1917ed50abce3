/** What is wrong with an entry, as editors read it: beside which field of the form it stands, and how it is put right. */
import type { Fault } from '../../../../../calendars/errors.ts';
import { isYearless } from '../../../../../calendars/typed-day.ts';
import { writeList } from '../../../../../calendars/words.ts';
import { say } from '../../frame.ts';

export interface FormFault {
  /** The field of the form; empty for the whole entry. */
  name: string;
  text: string;
}

/** Each fault in Dutch, one for each field. `content`: in which they are. `rule`: the kind of rule that was chosen. */
export function wordFaults(faults: readonly Fault[], content: object, rule: string | undefined): FormFault[] {
  const worded = faults.map((fault) => {
    const name = fieldOf(fault.field, rule);
    return { name, text: textOf(name, fault.message, valueAt(content, fault.field)) };
  });
  return worded.filter(({ name }, at) => worded.findIndex((one) => one.name === name) === at);
}

/** The name of a field in the words: "sources_quote". */
export function wordOf(name: string): string {
  return name.replaceAll(/\.\d+/g, '').replaceAll('.', '_');
}

/** What a field is called. */
export function labelOf(name: string): string {
  return name === '' ? '' : say(`edition:field.${wordOf(name)}`);
}

/** Parts of a content that are no field of their own lead to the first field that says them. */
const LEADS: Readonly<Record<string, string>> = {
  key: 'requirementKey',
  baseRevision: 'seen',
  sources: 'sources.0.quote',
  rule: 'rule',
  'rule.kind': 'rule',
  duty: 'duty.actors',
  channel: 'channel.kind',
  basis: 'basis.kind',
  'basis.deadlineId': 'basis.kind',
  consequence: 'consequence.kind',
  extension: 'extension.possible',
  conflict: 'conflict.kind',
  'conflict.days': 'conflict.days.0',
};

/** The part of the form in which a field of a rule stands, and its name there. */
const RULE_FIELDS: Readonly<Record<string, string>> = { 'period.unit': 'period.of', 'period.number': 'period.of' };

function fieldOf(field: string, rule: string | undefined): string {
  if (/^duty\.(actors|onBehalfOf)/.test(field)) return field.split('.').slice(0, 2).join('.');
  const lead = LEADS[field];
  if (lead !== undefined) return lead;
  const [part, first = ''] = field.split('.');
  if (part !== 'rule') return field;
  const name = `${rule ?? 'fixed'}.${first === 'lead' ? (field.split('.')[2] ?? 'amount') : first}`;
  return RULE_FIELDS[name] ?? name;
}

/** By what the fault says; the first that fits. What stands in brackets there stands in the sentence as `a` and `b`. */
const TEXTS: readonly (readonly [RegExp, string])[] = [
  [/^must hold at least one literal quote/, 'quote'],
  [/^must stand in a quote: they name (.*); not/, 'unquoted'],
  [/^must not name a day when certainty is unknown/, 'unknown_day'],
  [/^must be unknown when there is no date rule/, 'no_rule'],
  [/^must say what a/, 'basis'],
  [/^must be 1, 2, 3 or 4 when rule is a slot/, 'slot'],
  [/^must be null unless rule is a slot/, 'no_slot'],
  [/^must be by or null when rule is a slot/, 'slot_boundary'],
  [/^must not hold the same day twice/, 'twice'],
  [/^may be requirement for the activity/, 'no_requirement'],
  [/^must be requirement for the activity/, 'kind'],
  [/^must be null unless the activity is contract_requirement or other/, 'key_only'],
  [/^must be null unless the activity is contract_requirement/, 'requirement_only'],
  [/^is required for a requirement: small letters/, 'key'],
  [/^is required for the activity other: small letters/, 'key_other'],
  [/^must not be other/, 'from_other'],
  [/^is required for a requirement: hard/, 'choose'],
  [/^must be none for a requirement/, 'requirement_rule'],
  [/^must be null for a requirement/, 'requirement_boundary'],
  [/^must be stated for a requirement/, 'requirement_certainty'],
  [/^must not be before rule.from/, 'range'],
  [/^must be (null for a year|1 to)/, 'choose'],
  [/^must be given when the other/, 'both'],
  [/^must be the only entry.*; so is "(.*)"$/s, 'only_named'],
  [/^must be the only entry/, 'only'],
  [/^must name the deadline/, 'gone'],
  [/^must be of a deadline that can be compared/, 'uncheckable'],
  [/^must be of a deadline that is not withdrawn/, 'withdrawn'],
  [/^has an entry already/, 'taken'],
  [/^must be (\d+), the revision/, 'revised'],
  [/^must be the id of a deadline/, 'gone'],
  [/^must be a day that exists/, 'day'],
  [/^must be a full web address/, 'address'],
  [/^must be one of|^must be an object whose kind|^must be equal to one of/, 'choose'],
  [/^must match/, 'key'],
  [/^must NOT have more than (\d+) characters/, 'long'],
  [/^must NOT have more than (\d+) items/, 'many'],
  [/^must NOT have fewer than 2 items/, 'two'],
  [/^must be (integer|<=|>=)/, 'number'],
];

/** Fields in which one chooses: nothing is filled in there. */
const CHOSEN =
  /^(activity|kind|rule|certainty|boundary|strictness|slot|period\.of|[\w]+\.(unit|direction|kind|modality|possible|contractStatus|actors)|offset\.from)$/;

function textOf(name: string, message: string, value: unknown): string {
  for (const [pattern, key] of TEXTS) {
    const match = pattern.exec(message);
    if (match && key === 'day') return dayFault(value);
    if (match)
      return say(`edition:fault.${key}`, { label: labelOf(name), a: key === 'unquoted' ? inDutch(match[1] ?? '') : (match[1] ?? '') });
  }
  return say(`edition:fault.${CHOSEN.test(name) ? 'choose' : 'fill'}`, { label: labelOf(name) });
}

/** Why what was typed is no day: its year is missing, or there is none such. */
export function dayFault(typed: unknown): string {
  return typeof typed === 'string' && isYearless(typed) ? say('edition:fault.yearless', { a: typed.trim() }) : say('edition:fault.day');
}

const valueAt = (content: object, field: string): unknown =>
  field.split('.').reduce<unknown>((part, name) => (part as Record<string, unknown> | null | undefined)?.[name], content);

const NAMED: readonly (readonly [RegExp, (...parts: string[]) => string])[] = [
  [/^no date$/, () => say('edition:named.none')],
  [/^(.+) without a year$/, (_, day = '') => say('edition:named.yearless', { day })],
  [/^month (\d+) of (\d+)$/, (_, month = '', year = '') => `${say(`edition:month.${month}`)} ${year}`],
  [/^quarter (\d) of (\d+)$/, (_, number = '', year = '') => `${say(`edition:quarter.${number}`)} ${year}`],
  [/^(\d+) (day|week|month|working_day|year)$/, (_, count = '', unit = '') => say(`edition:named.${unit}`, { count: Number(count) })],
  [/^every (\w+)$/, () => say('edition:named.every')],
];

/** What quotes name, of which days are in Dutch already. */
function inDutch(named: string): string {
  const parts = named.split(', ').map((part) => {
    for (const [pattern, words] of NAMED) {
      const match = pattern.exec(part);
      if (match) return words(...match);
    }
    return part;
  });
  return writeList(parts, 'nl');
}
