/** What a revision may not say, beyond the shape of its fields: the rules that keep dates honest. */
import { proofFor } from './certainty.ts';
import type { Content } from './deadline.ts';
import type { Fault } from '../errors.ts';
import { checkRule } from './rules.ts';

/** Every contradiction in a content, together. A `stated` date needs a literal quote; an `unknown` one has no day. */
export function checkContent(content: Content, slot: number | null): Fault[] {
  const { certainty, rule, sources, boundary } = content;
  const faults = checkRule(rule);
  if (proofFor(certainty) === 'quote' && !sources.some((source) => source.quote !== null)) {
    faults.push({ field: 'sources', message: `must hold at least one literal quote when certainty is ${certainty}` });
  }
  if (certainty === 'unknown' && namesADay(content)) {
    faults.push({ field: 'rule', message: 'must not name a day when certainty is unknown' });
  }
  if (certainty !== 'unknown' && rule.kind === 'none') {
    faults.push({ field: 'certainty', message: 'must be unknown when there is no date rule' });
  }
  if (proofFor(certainty) === 'basis' && content.basis === null) {
    faults.push({ field: 'basis', message: `must say what a ${certainty} date rests on` });
  }
  if (rule.kind === 'slot' && slot === null) faults.push({ field: 'slot', message: 'must be 1, 2, 3 or 4 when rule is a slot' });
  if (rule.kind !== 'slot' && slot !== null) faults.push({ field: 'slot', message: 'must be null unless rule is a slot' });
  if (rule.kind === 'slot' && boundary !== null && boundary !== 'by')
    faults.push({ field: 'boundary', message: 'must be by or null when rule is a slot' });
  return faults;
}

function namesADay({ rule }: Content): boolean {
  if (rule.kind === 'offset') return rule.amount !== null && 'activity' in rule.from;
  return rule.kind !== 'none' && rule.kind !== 'event';
}
