/** What a mail's subject says of what is due: what, and by which day. */
import { lowerFirst, upperFirst } from '../../../calendars/letter-case.ts';
import { mayLackOffer } from '../../../calendars/agenda/concern.ts';
import { daysOf, type Group } from '../../../calendars/agenda/groups.ts';
import { dayWord, isAssumed, isProjected } from '../../../calendars/deadlines/certainty.ts';
import { titleOf, markOf, wordsIn } from '../../../calendars/words.ts';
import { cutTitle, type ShortOf } from '../subjects/subject.ts';
import { periodOf, writeDistance, writeShortDay } from '../days.ts';
import { countIn, whatOfGroup, type Reading } from '../duty.ts';

/**
 * The fact and the date, in full first and then ever shorter, never without the activity and the day: "Over 14 dagen (verwacht): jaarplan indienen bij
 * Noord (ma 30 sep)". An assumption is not counted down: "Aanname, niet bevestigd: jaarplan indienen bij Noord (vermoedelijk rond ma 30 sep)".
 */
export function headlines(group: Group, { language, today }: Reading, shortOf: ShortOf): string[] {
  const say = wordsIn(language);
  const [item] = group.items;
  const { length } = group.items;
  const { deadline } = item;
  const { first } = daysOf(group);
  const day = writeShortDay(first, language, today);
  const period = periodOf(deadline, language);
  const mark = markOf(deadline, language);
  const when = period ? upperFirst(period) : writeDistance(first, language, today);
  const warning = deadline.conflict ? `; ${say(`mail:conflict_short.${deadline.conflict.kind}`)}` : '';
  const by = say(period ? 'mail:last_day' : `mail:by.${dayWord(deadline)}`, { day });
  const around = isAssumed(deadline) ? say('mail:around', { day }) : day;
  const head = isAssumed(deadline) ? upperFirst(mark) : `${when}${mark ? ` (${mark})` : ''}`;
  // Never without the word where nobody stated the day.
  const shortHead = isAssumed(deadline) ? say('mail:assumption') : isProjected(deadline) ? head : when;
  const what = lowerFirst(whatOfGroup(group, language));
  const activity = lowerFirst(titleOf(deadline, language));
  // Where there may be nothing to sign that is asked, and nothing counted down.
  const asked = { year: deadline.contractYear, insurer: length > 1 ? countIn(group.items, language) : (item.insurerName ?? '') };
  const askedShort = { ...asked, insurer: shortOf(asked.insurer) };
  if (mayLackOffer(item)) return [`${say('mail:offered', asked)} (${by})`, `${say('mail:offered_short', askedShort)} (${around})`];
  return [
    `${head}: ${what} (${by}${warning})`,
    `${head}: ${what} (${by})`,
    `${shortHead}: ${what} (${around})`,
    ...(length > 1 ? [] : cutTitle(what, activity, language).map((cut) => `${shortHead}: ${cut} (${around})`)),
    ...(length > 1 ? [`${shortHead}: ${activity}, ${countIn(group.items, language, true)} (${around})`] : []),
    `${shortHead}: ${shortOf(activity)} (${around})`,
  ];
}
