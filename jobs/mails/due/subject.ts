/** The subject of a mail: the first of what it tells, by which day, and how many others there are. */
import { lowerFirst, upperFirst } from '../../../calendars/letter-case.ts';
import { daysOf, type Group } from '../../../calendars/agenda/groups.ts';
import { isAssumed, isProjected } from '../../../calendars/deadlines/certainty.ts';
import { titleOf, markOf, wordsIn } from '../../../calendars/words.ts';
import { periodOf, writeDistance, writeShortDay } from '../days.ts';
import { whatOfGroup, type Reading } from '../duty.ts';

/** Mail programs show some 75; a few more are better than a subject without the insurer. */
const MOST_CHARACTERS = 90;

/** What may stand beside the sentence about the first: whom it is for, and how many others there are. */
export type Wrap = (headline: string) => string;

/** The first of the headlines, which lose ever more, that fits with what stands beside it; the shortest where none does. */
export function fitSubject(headlines: readonly string[], wrap: Wrap): string {
  const subjects = headlines.map(wrap);
  return subjects.find(({ length }) => length <= MOST_CHARACTERS) ?? subjects.toSorted((a, b) => a.length - b.length)[0]!;
}

/**
 * The fact and the date, in full first and then ever shorter, never without the activity and the day: "Over 14 dagen (verwacht): jaarplan indienen bij
 * Noord (ma 30 sep)". An assumption is not counted down: "Aanname, niet bevestigd: jaarplan indienen bij Noord (vermoedelijk rond ma 30 sep)".
 */
export function headlines(group: Group, { language, today }: Reading): string[] {
  const say = wordsIn(language);
  const [{ deadline }] = group.items;
  const { first } = daysOf(group);
  const day = writeShortDay(first, language, today);
  const period = periodOf(deadline, language);
  const mark = markOf(deadline, language);
  const when = period ? upperFirst(period) : writeDistance(first, language, today);
  const warning = deadline.conflict ? `; ${say(`mail:conflict_short.${deadline.conflict.kind}`)}` : '';
  const by = say(period ? 'mail:last_day' : `mail:by.${deadline.certainty}`, { day });
  const around = isAssumed(deadline) ? say('mail:around', { day }) : day;
  const head = isAssumed(deadline) ? upperFirst(mark) : `${when}${mark ? ` (${mark})` : ''}`;
  // Never without the word where nobody stated the day.
  const shortHead = isAssumed(deadline) ? say('mail:assumption') : isProjected(deadline) ? head : when;
  const what = lowerFirst(whatOfGroup(group, language));
  const activity = lowerFirst(titleOf(deadline, language));
  const { length } = group.items;
  return [
    `${head}: ${what} (${by}${warning})`,
    `${head}: ${what} (${by})`,
    `${shortHead}: ${what} (${around})`,
    ...(length > 1 ? [`${shortHead}: ${activity}, ${say('mail:insurers_short', { count: length })} (${around})`] : []),
    `${shortHead}: ${activity} (${around})`,
  ];
}
