/** How a calendar shows an organisation's own date: what it typed, and nothing of who sees to it. */
import { cleanLine } from '../clean-text.ts';
import type { Step } from '../agenda/step.ts';
import { writeDay } from '../days.ts';
import type { Language } from '../terms.ts';
import { wordsIn } from '../words.ts';
import type { FeedChoices } from './feed-choices.ts';
import type { StepEntry } from './feed.ts';

/** What of an own date's entry hangs on the calendar's choices, and its numbers. */
interface StepPlace extends Pick<StepEntry, 'sequence' | 'changedAt'>, Pick<FeedChoices, 'alarms' | 'showCompleted'> {
  language: Language;
}

/** An own date as an entry of a calendar of its organisation; marked as done where the calendar shows so, and then without an alarm. */
export function entryOfStep({ completion, dueOn, id, title }: Step, { alarms, language, showCompleted, ...numbers }: StepPlace): StepEntry {
  const say = wordsIn(language);
  const done = showCompleted ? completion : null;
  const told = [done && say('feed:completed_text', { day: writeDay(done.completedOn, language) }), say('feed:own_date_text')];
  return {
    uid: id,
    ...numbers,
    on: dueOn,
    title: done ? `${say('feed:completed')}: ${cleanLine(title)}` : title,
    text: told.filter((line) => line !== null).join('\n\n'),
    categories: [say('feed:own_date')],
    alarms: done ? [] : alarms,
  };
}
