/** What is counted: so long after or before something, by the sentence that says so. */
import type { DateRule } from '../../deadlines/deadline.ts';
import { activityOf } from '../activities.ts';
import type { Dates } from './dates.ts';

/** So long after an own event or another deadline; what waits for anything else says so in its own words. */
export function offsetOf(quote: string, { amounts }: Dates): DateRule | null {
  for (const { from, named, to } of amounts) {
    if (named.kind !== 'amount' || named.unit === 'year') continue;
    const [before, after] = [quote.slice(0, from), quote.slice(to)];
    const direction = directionOf(after);
    const isSoLong = /\bbinnen\s+(?:de\s+)?$/iu.test(before) || /^\s+(?:(?:de )?tijd\b(?!\s+nodig)|om\b)/iu.test(after);
    if (direction === null && !isSoLong) continue;
    const next = anchorIn(after);
    const since = next === '' ? SINCE.exec(before) : null;
    const anchor = since?.groups?.['anchor'] ?? next;
    const { amount, unit } = named;
    if (/ontvang|aanbieding|aangeboden|aanbod/iu.test(anchor) && /overeenkomst|contract|aanbod/iu.test(quote))
      return { kind: 'offset', from: { event: 'contract_received' }, amount, unit, direction: direction ?? 'after' };
    const activity = activityOf(anchor);
    // What counts from itself counts from nothing: it only seems to name another one.
    if (activity !== null && activity !== activityOf(quote.replace(anchor, '')) && direction !== null)
      return { kind: 'offset', from: { activity }, amount, unit, direction };
    const start = since?.index ?? /\bbinnen\s+(?:de\s+)?$/iu.exec(before)?.index ?? from;
    const end = to + (next === '' ? 0 : after.indexOf(next) + next.length);
    return { kind: 'event', text: quote.slice(start, end).trim().slice(0, 500) };
  }
  return null;
}

/** Whether what follows an amount counts on from something, or back. */
export function directionOf(after: string): 'after' | 'before' | null {
  if (/^\s+(?:\p{L}+\s+)?(?:na|nadat|vanaf|volgend op|te rekenen)\b/iu.test(after)) return 'after';
  return /^\s+(?:v[oó]{2}r|voorafgaande?|voordat|eerder|van tevoren)(?!\p{L})/iu.test(after) ? 'before' : null;
}

/** "Vanaf de datum van aanbieding vier weken de tijd". */
const SINCE = /\b(?:vanaf|na|gerekend vanaf)\s+(?<anchor>[^,.;]{3,80}?)\s+(?:(?:heeft|hebt|krijgt)\s+(?:u\s+)?)?$/iu;

/** What is counted from: up to the verb of what is to be done. */
function anchorIn(after: string): string {
  const words =
    /^\s+(?:\p{L}+\s+)?(?:na|nadat|vanaf|volgend op|v[oó]{2}r|voorafgaand(?:e)? aan|voordat)\s+(?<anchor>[^,.;]{3,120})/iu.exec(after)
      ?.groups?.['anchor'] ?? '';
  return words.split(
    /\s(?:levert?|leveren|dient?|dienen|stuurt?|sturen|moet|moeten|kunt|kan|is|zijn|wordt|worden|u|wij|door|bij ons|aan ons|een|(?:in|aan|op|over)?\s?te)(?:\s|$)/iu,
  )[0]!;
}
