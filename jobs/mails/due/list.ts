/** Deadlines as a list: one line for each group, with its day, its insurers, and how sure that is. */
import { lowerFirst } from '../../../calendars/letter-case.ts';
import { daysOf, groupsOf, type Group } from '../../../calendars/agenda/groups.ts';
import type { OpenItem } from '../../../calendars/agenda/open-duties.ts';
import { isAssumed } from '../../../calendars/deadlines/certainty.ts';
import { markOf, wordsIn } from '../../../calendars/words.ts';
import type { Draft } from '../../../db/sending/composing.ts';
import { writeShortDay } from '../days.ts';
import { namesIn, whatOfGroup, writeUndoneBy } from '../duty.ts';
import type { Block, ListRow } from '../letter.ts';

/** The groups of deadlines under a heading, or nothing when there are none. `others`: how many more groups there are. */
export function listBlocks(items: readonly OpenItem[], draft: Pick<Draft, 'language' | 'today'>, heading: string, others = 0): Block[] {
  if (items.length === 0) return [];
  const rows: ListRow[] = groupsOf(items, draft.language).map((group) => listRow(group, draft));
  if (others > 0) rows.push({ day: '', what: wordsIn(draft.language)('mail:others', { count: others }) });
  return [
    { kind: 'heading', text: heading },
    { kind: 'days', rows },
  ];
}

/** One group as a line of a list. `organisation`: whose it is, where the list is of several. */
export function listRow(group: Group, { language, today }: Pick<Draft, 'language' | 'today'>, organisation?: string): ListRow {
  const say = wordsIn(language);
  const [{ deadline }] = group.items;
  const { first, last } = daysOf(group);
  const day = writeShortDay(first, language, today);
  const days = first === last ? day : say('mail:between', { first: day, last: writeShortDay(last, language, today) });
  const mark = markOf(deadline, language);
  const who = writeUndoneBy(group.items, language);
  return {
    day: isAssumed(deadline) && first === last ? say('mail:around', { day }) : days,
    what: [
      lowerFirst(whatOfGroup(group, language)),
      mark ? ` (${mark})` : '',
      organisation === undefined ? '' : ` (${organisation})`,
      writeNames(group),
      who === null ? '' : ` (${say('mail:undone_by', { who })})`,
    ].join(''),
  };
}

function writeNames(group: Group): string {
  const names = namesIn(group);
  return names.length > 1 ? `: ${names.join(', ')}` : '';
}
