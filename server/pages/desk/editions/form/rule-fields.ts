/** When something is due, as fields of a form: the choice of rule, and what each rule has to know. */
import type { Content, DateRule } from '../../../../../calendars/deadlines/deadline.ts';
import { dayIn, numberIn, textIn, textOrNull, written } from './field-text.ts';

/** The rules in the order in which they are offered. */
export const RULES = ['fixed', 'range', 'period', 'offset', 'slot', 'event', 'none'] as const satisfies readonly DateRule['kind'][];

/** The rules of which a day can follow, so that it bounds. */
export const BOUNDED: ReadonlySet<string> = new Set(['fixed', 'range', 'period', 'offset', 'slot']);

type Loose = { [name: string]: unknown };

export function ruleFields(rule: DateRule | undefined): [string, string][] {
  if (rule === undefined) return [];
  const { kind, ...said } = rule as Loose & { kind: string };
  const chosen: [string, string] = ['rule', kind];
  switch (kind) {
    case 'period':
      return [
        chosen,
        ['period.of', [said['unit'], said['number']].map(written).filter(Boolean).join('-')],
        ['period.year', written(said['year'])],
      ];
    case 'offset':
      return [chosen, ['offset.from', fromText(said['from'])], ...fieldsIn(said, 'offset', ['amount', 'unit', 'direction'])];
    case 'slot':
      return [chosen, ...fieldsIn((said['lead'] ?? {}) as Loose, 'slot', ['amount', 'unit'])];
    default:
      return [chosen, ...fieldsIn(said, kind, ['on', 'from', 'to', 'text'])];
  }
}

const fieldsIn = (said: Loose, kind: string, names: readonly string[]): [string, string][] =>
  names.flatMap((name) => (said[name] == null ? [] : [[`${kind}.${name}`, written(said[name])] as [string, string]]));

/** "activity:annual_plan" or "event:contract_received". */
function fromText(from: unknown): string {
  const [entry] = Object.entries((from ?? {}) as Loose);
  return entry === undefined ? '' : entry.map(String).join(':');
}

/** Undefined where no rule was chosen. What was typed for another rule than the chosen one says nothing. */
export function ruleIn(fields: URLSearchParams): Content['rule'] | undefined {
  const kind = RULES.find((one) => one === textIn(fields, 'rule'));
  return kind && (looseRule(kind, fields) as Content['rule']);
}

function looseRule(kind: DateRule['kind'], fields: URLSearchParams): Loose {
  switch (kind) {
    case 'fixed':
      return { kind, on: dayIn(fields, 'fixed.on') };
    case 'range':
      return { kind, from: dayIn(fields, 'range.from'), to: dayIn(fields, 'range.to') };
    case 'period': {
      const [unit = '', number] = textIn(fields, 'period.of').split('-');
      const year = numberIn(fields, 'period.year');
      return { kind, ...(unit === '' ? {} : { unit, number: number === undefined ? null : Number(number) }), year };
    }
    case 'offset': {
      const [what = '', name = ''] = textIn(fields, 'offset.from').split(':');
      const from = what === '' ? {} : { from: { [what]: name } };
      return {
        kind,
        ...from,
        amount: numberIn(fields, 'offset.amount'),
        unit: textOrNull(fields, 'offset.unit'),
        direction: textIn(fields, 'offset.direction'),
      };
    }
    case 'slot':
      return { kind, every: 'quarter', lead: { amount: numberIn(fields, 'slot.amount'), unit: textIn(fields, 'slot.unit') } };
    case 'event':
      return { kind, text: textIn(fields, 'event.text') };
    default:
      kind satisfies 'none';
      return { kind };
  }
}
