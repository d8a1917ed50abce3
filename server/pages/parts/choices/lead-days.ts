/** When to be reminded, as boxes to tick. */
import type { Language } from '../../../../calendars/terms.ts';
import { wordsIn } from '../../../../calendars/words.ts';
import type { SafeHtml } from '../../html.ts';
import { ticks } from '../ticks.ts';

export const LEADS = 'lead';
/** What is offered; whatever else was chosen stands among it. */
const OFFERED: readonly number[] = [42, 28, 14, 7, 3, 1, 0];
const LONGEST = 365;
const MOST = 10;

/** Those that were ticked, the longest first; whatever is no number of days is left out. */
export function readLeads(fields: URLSearchParams): number[] {
  const days = fields
    .getAll(LEADS)
    .filter((text) => /^\d{1,3}$/.test(text))
    .map(Number);
  return [...new Set(days.filter((one) => one <= LONGEST))].sort((a, b) => b - a).slice(0, MOST);
}

export function leadTicks(
  chosen: readonly number[],
  { error, hint, legend }: { legend: string; hint: string; error?: string | undefined },
  language: Language,
): SafeHtml {
  const all = [...new Set([...OFFERED, ...chosen])].sort((a, b) => b - a);
  const options = all.map((days) => ({ value: String(days), label: writeLead(days, language) }));
  return ticks({ name: LEADS, legend, hint, error, options, chosen: chosen.map(String) });
}

/** "6 weken van tevoren", "3 dagen van tevoren", "op de dag zelf". */
function writeLead(days: number, language: Language): string {
  const say = wordsIn(language);
  if (days === 0) return say('page:leads.same_day');
  return days % 7 === 0 ? say('page:leads.weeks', { count: days / 7 }) : say('page:leads.days', { count: days });
}
