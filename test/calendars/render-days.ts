/** Renders an event for each day given, to standard output: run by a test in other time zones. */
import { renderEvent } from '../../calendars/feed.ts';
import { itemOf } from './feed-items.ts';

for (const day of process.argv.slice(2)) {
  process.stdout.write(renderEvent(itemOf({ conflict: null, dueOn: day, lastSafeOn: day }), 'nl'));
}
