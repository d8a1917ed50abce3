/** When somebody may ask again who asked enough. */
import { AMSTERDAM, amsterdamDay, writeLongDay } from '../../../calendars/days.ts';
import type { Language } from '../../../calendars/terms.ts';
import { wordsIn } from '../../../calendars/words.ts';

/** "om 14.35 uur", or with its day where that is another one. */
export function writeFreeAt(freeAt: Date, now: Date, language: Language): string {
  const say = wordsIn(language);
  // Not before: a minute that has begun is over only at its end.
  const minute = new Date(Math.ceil(freeAt.getTime() / MINUTE_MS) * MINUTE_MS);
  const time = CLOCK.format(minute).replace(':', language === 'nl' ? '.' : ':');
  const day = amsterdamDay(minute);
  return day === amsterdamDay(now)
    ? say('page:limited.today', { time })
    : say('page:limited.later', { day: writeLongDay(day, language), time });
}

const MINUTE_MS = 60_000;
const CLOCK = new Intl.DateTimeFormat('nl-NL', { hour: '2-digit', minute: '2-digit', timeZone: AMSTERDAM });
