/** A moment as people read it: its day, and the time in Amsterdam. */
import { AMSTERDAM, amsterdamDay, writeDay } from '../../../calendars/days.ts';
import type { Language } from '../../../calendars/terms.ts';
import { wordsIn } from '../../../calendars/words.ts';

export function writeMoment(moment: Date, language: Language): string {
  return wordsIn(language)('account:moment', { day: writeDay(amsterdamDay(moment), language), time: TIME.format(moment) });
}

const TIME = new Intl.DateTimeFormat('nl', { timeZone: AMSTERDAM, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
