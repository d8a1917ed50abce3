/** A day as a page shows it: large, with its weekday, and how many working days are left. */
import { writeLongDay, daysBetween, weekday, yearOf } from '../../../calendars/days.ts';
import { workingDaysBetween } from '../../../calendars/holidays.ts';
import type { Day, Language } from '../../../calendars/terms.ts';
import { wordsIn } from '../../../calendars/words.ts';
import { html, type SafeHtml } from '../html.ts';

/** The block that leads an entry: "do 31 dec 2026". Of a day that is only assumed it says "rond". */
export function dayBlock(day: Day, language: Language, isAssumed = false): SafeHtml {
  const say = wordsIn(language);
  const around = isAssumed ? say('page:day.around') : '';
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
export function shortDay(day: Day, today: Day | null, language: Language, isAssumed = false): SafeHtml {
  const year = today !== null && yearOf(day) === yearOf(today) ? '' : ` ${yearOf(day)}`;
  const short = `${wordsIn(language)(`page:day.short.${weekday(day)}`)} ${Number(day.slice(8))} ${monthOf(day, language)}${year}`;
  return html`${isAssumed ? `${wordsIn(language)('page:day.around')} ` : ''}<time datetime="${day}">${short}</time>`;
}

/** "dec". */
export function monthOf(day: Day, language: Language): string {
  return wordsIn(language)(`page:day.month.${Number(day.slice(5, 7))}`);
}

/** How far a day is away, in working days, since that is what one has: "over 22 werkdagen". */
export function timeLeft(today: Day, day: Day, language: Language): string {
  const say = wordsIn(language);
  const days = daysBetween(today, day);
  if (days < 0) return say('page:day.past');
  if (days === 0) return say('page:day.today');
  const working = workingDaysBetween(today, day);
  return working === 0 ? say('page:day.no_working_days', { count: days }) : say('page:day.working_days', { count: working });
}
