/** The rule of a date as a sentence says it, for who decides whether it is read well. */
import { writeDay } from '../../../calendars/days.ts';
import { countingDay, type DateRule, type Deadline } from '../../../calendars/deadlines/deadline.ts';
import { isCounted } from '../../../calendars/deadlines/kinds.ts';
import type { Proposal } from '../../../calendars/extraction/proposal.ts';
import { say } from './frame.ts';

/** "uiterlijk 1 oktober 2026"; of what has no day, why it has none. */
export function ruleWords({ boundary, lack, rule }: Pick<Proposal, 'boundary' | 'lack' | 'rule'>): string {
  if (rule.kind === 'none') return say(`papers:lack.${lack ?? 'none'}`);
  const when = whenIn(rule);
  return boundary === null ? when : say(`papers:boundary.${boundary}`, { when });
}

/** When an entry is: its day, both its days, or the term that it is; of what has none, that. */
export function whenWords(deadline: Pick<Deadline, 'boundary' | 'dueOn' | 'kind' | 'lastSafeOn' | 'rule'>): string {
  const day = countingDay(deadline);
  const isSpan = deadline.rule.kind === 'range' || !isCounted(deadline);
  return day === null || isSpan ? ruleWords({ ...deadline, lack: null }) : writeDay(day, 'nl');
}

function whenIn(rule: Exclude<DateRule, { kind: 'none' }>): string {
  switch (rule.kind) {
    case 'fixed':
      return writeDay(rule.on, 'nl');
    case 'range':
      return say('papers:rule.range', { from: writeDay(rule.from, 'nl'), to: writeDay(rule.to, 'nl') });
    case 'period':
      return periodWords(rule);
    case 'offset': {
      const anchor = 'activity' in rule.from ? say(`common:activity.${rule.from.activity}`) : say(`papers:rule.event.${rule.from.event}`);
      const long = rule.amount === null || rule.unit === null ? '' : say(`papers:rule.unit.${rule.unit}`, { count: rule.amount });
      return say(`papers:rule.${rule.direction}`, { long, anchor }).trim();
    }
    case 'slot':
      return say('papers:rule.slot', { long: say(`papers:rule.unit.${rule.lead.unit}`, { count: rule.lead.amount }) });
    default:
      return rule.text;
  }
}

function periodWords({ number, unit, year }: Extract<DateRule, { kind: 'period' }>): string {
  if (number === null || unit === 'year') return String(year);
  if (unit === 'quarter') return say('papers:rule.quarter', { number, year });
  return writeDay(`${year}-${String(number).padStart(2, '0')}-01`, 'nl').replace(/^\d+ /, '');
}
