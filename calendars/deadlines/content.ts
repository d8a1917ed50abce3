/** What a revision says, and what it may not say beyond the shape of its fields: the rules that keep dates honest. */
import { proofFor } from './certainty.ts';
import type { Content, Identity } from './deadline.ts';
import type { Fault } from '../errors.ts';
import { isKeyed } from './kinds.ts';
import { checkRule } from './rules.ts';
import { KEYED_ACTIVITIES } from '../terms.ts';

/** What a content holds of which nothing is said. */
export const UNSAID = {
  channel: null,
  consequence: null,
  extension: null,
  sources: [],
  conflict: null,
  strictness: null,
} satisfies Partial<Content>;

/** What is said of a deadline alone, without who it is, its days and its history. */
export function contentIn(said: Content): Content {
  const {
    kind,
    title,
    rule,
    boundary,
    certainty,
    basis,
    reportingYear,
    duty,
    channel,
    consequence,
    extension,
    sources,
    conflict,
    strictness,
  } = said;
  return {
    kind,
    title,
    rule,
    boundary,
    certainty,
    basis,
    reportingYear,
    duty,
    channel,
    consequence,
    extension,
    sources,
    conflict,
    strictness,
  };
}

/** Every contradiction in a content, together. A `stated` date needs a literal quote; an `unknown` one has no day. */
export function checkContent(content: Content, identity: Pick<Identity, 'activity' | 'slot' | 'key'>): Fault[] {
  const { basis, certainty, conflict, kind, rule, sources, boundary } = content;
  const { slot } = identity;
  const faults = [...checkRule(rule), ...checkRequirement(content, identity)];
  if (proofFor(certainty) === 'quote' && !sources.some((source) => source.quote !== null)) {
    faults.push({ field: 'sources', message: `must hold at least one literal quote when certainty is ${certainty}` });
  }
  if (certainty === 'unknown' && namesADay(content)) {
    faults.push({ field: 'rule', message: 'must not name a day when certainty is unknown' });
  }
  // What is no date may be stated without one: its certainty then speaks of the sentence.
  if (certainty !== 'unknown' && rule.kind === 'none' && HAVE_DAYS.has(kind)) {
    faults.push({ field: 'certainty', message: 'must be unknown when there is no date rule' });
  }
  if (proofFor(certainty) === 'basis' && basis === null) {
    faults.push({ field: 'basis', message: `must say what a ${certainty} date rests on` });
  }
  if (basis && basis.kind !== 'sector_rule' && basis.successorSeen !== undefined) {
    faults.push({ field: 'basis.successorSeen', message: 'must not be given unless kind is sector_rule' });
  }
  if (rule.kind === 'slot' && slot === null) faults.push({ field: 'slot', message: 'must be 1, 2, 3 or 4 when rule is a slot' });
  if (rule.kind !== 'slot' && slot !== null) faults.push({ field: 'slot', message: 'must be null unless rule is a slot' });
  if (rule.kind === 'slot' && boundary !== null && boundary !== 'by')
    faults.push({ field: 'boundary', message: 'must be by or null when rule is a slot' });
  if (conflict !== null && new Set(conflict.days).size < conflict.days.length)
    faults.push({ field: 'conflict.days', message: 'must not hold the same day twice' });
  return faults;
}

/** The kinds of which no day means that it is not known. */
export const HAVE_DAYS: ReadonlySet<Content['kind']> = new Set(['deadline', 'window', 'period']);

/** What a requirement must have, and nothing else may: how strict it is; and which one it is, which what has no activity of its own must say too. */
export function checkRequirement(
  {
    boundary = null,
    certainty,
    kind,
    rule,
    strictness,
  }: Pick<Content, 'certainty' | 'kind' | 'rule' | 'strictness'> & Partial<Pick<Content, 'boundary'>>,
  { activity, key }: Pick<Identity, 'activity' | 'key'>,
): Fault[] {
  const isRequirement = activity === 'contract_requirement';
  if (!isRequirement)
    return [
      ...(kind === 'requirement' ? [{ field: 'kind', message: 'may be requirement for the activity contract_requirement only' }] : []),
      ...checkKey(activity, key),
      ...(strictness === null ? [] : [{ field: 'strictness', message: 'must be null unless the activity is contract_requirement' }]),
    ];
  return [
    ...(kind === 'requirement' ? [] : [{ field: 'kind', message: 'must be requirement for the activity contract_requirement' }]),
    ...checkKey(activity, key),
    ...(strictness === null ? [{ field: 'strictness', message: 'is required for a requirement: hard or soft' }] : []),
    ...(rule.kind === 'none' ? [] : [{ field: 'rule.kind', message: 'must be none for a requirement' }]),
    ...(boundary === null ? [] : [{ field: 'boundary', message: 'must be null for a requirement: it has no day' }]),
    ...(certainty === 'stated' ? [] : [{ field: 'certainty', message: 'must be stated for a requirement' }]),
  ];
}

function checkKey(activity: Identity['activity'], key: string | null): Fault[] {
  if (isKeyed(activity) === (key !== null)) return [];
  const [which, what] = activity === 'other' ? ['the activity other', ', to tell it from the others'] : ['a requirement', ''];
  const message =
    key === null
      ? `is required for ${which}: small letters, digits and hyphens${what}`
      : `must be null unless the activity is ${KEYED_ACTIVITIES.join(' or ')}`;
  return [{ field: 'key', message }];
}

function namesADay({ rule }: Content): boolean {
  if (rule.kind === 'offset') return rule.amount !== null && 'activity' in rule.from;
  return rule.kind !== 'none' && rule.kind !== 'event';
}
