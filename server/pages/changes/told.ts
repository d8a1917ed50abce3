/** A change of the registry in words: what became of an entry, of whom it is, and what was and is. */
import { writeLongDay } from '../../../calendars/days.ts';
import { isAssumed } from '../../../calendars/deadlines/certainty.ts';
import { countingDay } from '../../../calendars/deadlines/deadline.ts';
import { isCounted } from '../../../calendars/deadlines/kinds.ts';
import { writePeriod } from '../../../calendars/ics/feed-text.ts';
import type { Language } from '../../../calendars/terms.ts';
import { wordsIn } from '../../../calendars/words.ts';
import { kindOfChange, type PublicChange } from '../../../db/registry/public/changes.ts';
import type { Revision } from '../../../db/registry/revisions.ts';
import { differences, factRows } from '../dates/history.ts';
import type { Row } from '../parts/rows.ts';

/** "Noord, contractjaar 2025". */
export function placeOfChange({ after }: Pick<PublicChange, 'after'>, names: ReadonlyMap<string, string>, language: Language): string {
  const { contractYear: year, insurer } = after;
  const say = wordsIn(language);
  if (insurer === null) return say('page:date.sector_place', { year });
  return say('page:date.place', { insurer: names.get(insurer) ?? insurer, year });
}

/** What of it a line can say: the day, before and after. Empty where no day tells of it. */
export function daysOfChange(change: Pick<PublicChange, 'after' | 'before'>, language: Language): string {
  const say = wordsIn(language);
  const { after, before } = change;
  const write = (revision: Revision) => {
    const day = countingDay(revision);
    if (day === null || revision.dueOn === null) return say('changes:no_day');
    if (!isCounted(revision) || isLoosePeriod(revision)) return writePeriod({ ...revision, dueOn: revision.dueOn }, language);
    return `${isAssumed(revision) ? `${say('page:day.around')} ` : ''}${writeLongDay(day, language)}`;
  };
  const kind = kindOfChange(change);
  if (kind === 'moved' || kind === 'dated') return say('changes:from_to', { was: before ? write(before) : '', is: write(after) });
  return countingDay(after) === null ? '' : write(after);
}

/** A period in which something happens, not one at whose end it is due. */
const isLoosePeriod = ({ boundary, rule }: Revision) => rule.kind === 'period' && boundary !== 'by';

/** All that differs; of what is new all that is said of it. */
export function rowsOfChange({ after, before }: Pick<PublicChange, 'after' | 'before'>, language: Language): Row[] {
  return before === null ? factRows(after, language) : differences(before, after, language);
}
