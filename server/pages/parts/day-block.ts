/** A day as a page shows it: large, with its weekday, and how many working days are left. */
import { writeLongDay, daysBetween, weekday, yearOf } from '../../../calendars/days.ts';
import { isAssumed, isProjected } from '../../../calendars/deadlines/certainty.ts';
import type { Deadline } from '../../../calendars/deadlines/deadline.ts';
import { isCounted } from '../../../calendars/deadlines/kinds.ts';
import { resolveDays } from '../../../calendars/deadlines/rules.ts';
import { workingDaysBetween } from '../../../calendars/holidays.ts';
import type { Day, Language } from '../../../calendars/terms.ts';
import { wordsIn } from '../../../calendars/words.ts';
import { html, type SafeHtml } from '../html.ts';

/** The block that leads an entry: "do 31 dec 2026". Of a day that is only assumed it says "rond". */
export function dayBlock(day: Day, language: Language, isAround = false): SafeHtml {
  const say = wordsIn(language);
  const around = isAround ? say('page:day.around') : '';
  return html`<time class="day" datetime="${day}">
    <span class="unseen">${around} ${writeLongDay(day, language)}</span>
    <span class="face" aria-hidden="true">
      <span class="weekday">${around} ${say(`page:day.short.${weekday(day)}`)}</span>
      <span class="number">${Number(day.slice(8))}</span>
      <span class="month">${monthOf(day, language)} <span class="year">${yearOf(day)}</span></span>
    </span>
  </time>`;
}

/** A day in running text: "do 31 dec", with the year where that is not this year, or no today is given. Of a day that is only assumed it says "rond". */
export function shortDay(day: Day, today: Day | null, language: Language, isAround = false): SafeHtml {
  const year = today !== null && yearOf(day) === yearOf(today) ? '' : ` ${yearOf(day)}`;
  const short = `${wordsIn(language)(`page:day.short.${weekday(day)}`)} ${Number(day.slice(8))} ${monthOf(day, language)}${year}`;
  return html`${isAround ? `${wordsIn(language)('page:day.around')} ` : ''}<time datetime="${day}">${short}</time>`;
}

/** "dec". */
export function monthOf(day: Day, language: Language): string {
  return wordsIn(language)(`page:day.month.${Number(day.slice(5, 7))}`);
}

/** How far a day is away, in working days, since that is what one has: "over 22 werkdagen". `isExpected`: nobody stated it, so that it is no safe one. */
export function timeLeft(today: Day, day: Day, language: Language, isExpected = false): string {
  const say = wordsIn(language);
  const days = daysBetween(today, day);
  if (days < 0) return say(isExpected ? 'page:day.past_expected' : 'page:day.past');
  if (days === 0) return say('page:day.today');
  const working = workingDaysBetween(today, day);
  return working === 0 ? say('page:day.no_working_days', { count: days }) : say('page:day.working_days', { count: working });
}

/**
 * The same of an entry. What nobody is held to is never counted down: of its period is said that it runs or is over, of its day that it is over.
 * Empty where nothing is to be said, as of an assumption.
 */
export function timeLeftOf(
  deadline: Pick<Deadline, 'boundary' | 'certainty' | 'kind' | 'rule'>,
  today: Day,
  day: Day,
  language: Language,
): string {
  if (isAssumed(deadline)) return '';
  if (isCounted(deadline)) return timeLeft(today, day, language, isProjected(deadline));
  const { boundary, rule } = deadline;
  const say = wordsIn(language);
  if (rule.kind !== 'period' && rule.kind !== 'range') return day < today ? say('page:date.past_assumed') : '';
  // From a period on: it has no end.
  if (boundary === 'per' || boundary === 'before') return '';
  if (day < today) return say('page:day.period_past');
  const { lastSafeOn: start } = resolveDays(rule, 'per', { contractYear: yearOf(day), slot: null, dayOf: () => null });
  return start !== null && start <= today ? say('page:day.period_runs') : '';
}
