/** Deadlines as a list: one line for each group, with its day, its insurers, and how sure that is. */
import { lowerFirst } from '../../../calendars/letter-case.ts';
import { daysOf, groupsOf, type Group } from '../../../calendars/agenda/groups.ts';
import type { OpenItem } from '../../../calendars/agenda/open-duties.ts';
import { writeDay } from '../../../calendars/days.ts';
import { isAssumed } from '../../../calendars/deadlines/certainty.ts';
import { countingDay } from '../../../calendars/deadlines/deadline.ts';
import type { Language } from '../../../calendars/terms.ts';
import { markOf, wordsIn, writeList } from '../../../calendars/words.ts';
import type { Draft } from '../../../db/sending/composing.ts';
import { writeShortDay } from '../days.ts';
import { namesIn, whatOfGroup, writeUndoneBy } from '../duty.ts';
import type { Block, ListRow } from '../letter.ts';

/** Who reads a list, on which day, and of which deadlines no mail comes any more. */
type ListReader = Pick<Draft, 'language' | 'today'> & Partial<Pick<Draft, 'silentIds'>>;

/** The groups of deadlines under a heading, or nothing when there are none. `others`: how many more groups there are. */
export function listBlocks(items: readonly OpenItem[], draft: ListReader, heading: string, others = 0): Block[] {
  if (items.length === 0) return [];
  const rows: ListRow[] = groupsOf(items, draft.language).map((group) => listRow(group, draft));
  if (others > 0) rows.push({ day: '', what: wordsIn(draft.language)('mail:others', { count: others }) });
  return [
    { kind: 'heading', text: heading },
    { kind: 'days', rows },
  ];
}

/** One group as a line of a list. `organisation`: whose it is, where the list is of several. */
export function listRow(group: Group, { language, silentIds = [], today }: ListReader, organisation?: string): ListRow {
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
      writeSilence(group, silentIds, language),
    ].join(''),
  };
}

/** That no mail comes any more of a group, or of which of its insurers, and around which day to look oneself. */
function writeSilence({ items }: Group, silentIds: readonly string[], language: Language): string {
  const silent = items.filter(({ deadline }) => silentIds.includes(deadline.id));
  if (silent.length === 0) return '';
  const [day] = silent.map(({ deadline }) => countingDay(deadline)).sort();
  const names = writeList(
    silent.map(({ insurerName }) => insurerName ?? ''),
    language,
  );
  const kind = isAssumed(items[0].deadline) ? 'assumption' : 'date';
  const name = silent.length === items.length ? kind : `${kind}_of`;
  return `. ${wordsIn(language)(`mail:silent.${name}`, { day: writeDay(day!, language), names })}`;
}

function writeNames(group: Group): string {
  const names = namesIn(group);
  return names.length > 1 ? `: ${names.join(', ')}` : '';
}
