/** Renders a calendar with an event for each day given, in both languages, to standard output: run by a test in other time zones. */
import { calendarOn } from './feed-items.ts';

for (const language of ['nl', 'en'] as const) process.stdout.write(calendarOn(process.argv.slice(2), language));
