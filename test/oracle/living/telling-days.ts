/** On which days, by the words, somebody may be told something: so that a life need not stop at each day. */
import { openAgendas } from '../agendas.ts';
import type { Life } from '../life.ts';
import { workingDayAfter, workingDayFrom, type Day } from '../working-days.ts';
import { localTime, momentAt } from '../../helpers/mail-year.ts';

/** Says of a day and an hour whether readers of that hour may be told something then, as far as the life has come. */
export function tellingDays(life: Life): (day: Day, hour: string) => boolean {
  const agendas = openAgendas(life);
  let state = '';
  let days = new Map<string, Set<Day>>();
  return (day, hour) => {
    const { changes, readers, received, registries } = life;
    const paused = readers.reduce((count, { pauses }) => count + pauses.length, 0);
    const now = [changes, readers, received, registries].map(({ length }) => length).join(' ') + ` ${paused}`;
    if (now !== state) {
      const byHour = Map.groupBy(readers, ({ sendHour }) => sendHour);
      // What a change let pass, and news that waits for the morning.
      const after = changes.slice(-1).map(({ at }) => workingDayAfter(localTime(at).slice(0, 10)));
      days = new Map([...byHour].map(([one, some]) => [one, new Set([...some.flatMap((reader) => daysOf(reader, day)), ...after])]));
      state = now;
    }
    return days.get(hour)?.has(day) ?? false;
  };

  function daysOf(reader: Life['readers'][number], day: Day): Day[] {
    const items = [...agendas.itemsAt(reader, momentAt(day, '04:40')).values()];
    const ends = reader.pauses.map(({ until }) => workingDayFrom(until));
    return [...items.flatMap(({ leads }) => leads.flatMap((lead) => lead.days)), ...ends];
  }
}
