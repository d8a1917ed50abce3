/** An entry in one complete sentence: what, who, by when, how sure. */
import { writeLongDay } from '../../../calendars/days.ts';
import { writePeriod } from '../../../calendars/ics/feed-text.ts';
import { certaintyWord, dayWord, isProjected } from '../../../calendars/deadlines/certainty.ts';
import { countingDay, type Deadline } from '../../../calendars/deadlines/deadline.ts';
import { isCounted } from '../../../calendars/deadlines/kinds.ts';
import type { Day, Language } from '../../../calendars/terms.ts';
import { titleOf, wordsIn } from '../../../calendars/words.ts';
import { writeActors } from '../parts/entries.ts';
import { isInsurersAct } from '../../../calendars/deadlines/listing.ts';

/** "Jaarplan met begroting indienen: dat moeten regio-organisaties met contract uiterlijk op maandag 30 september 2024 bij Noord hebben gedaan, volgens de bron." */
export function entrySentence(deadline: Deadline, insurerName: string | null, today: Day, language: Language): string {
  const say = wordsIn(language);
  const insurer = insurerName ?? say('page:date.every_insurer');
  const when = whenOf(deadline, language);
  return say(`page:date.sentence.${variantOf(deadline, when, today)}`, {
    what: titleOf(deadline, language),
    who: closed(writeActors(deadline, language)),
    at: insurerName === null ? '' : say('page:date.at', { insurer }),
    insurer,
    kind: say(`common:kind.${deadline.kind}`),
    year: deadline.contractYear,
    when: when ?? '',
    sure: say(`page:date.sure.${certaintyWord(deadline)}`, { insurer }),
  });
}

/** With the comma that ends what a comma begins: "regio-organisaties, ook namens WSV’s,". */
const closed = (words: string) => (words.includes(',') ? `${words},` : words);

function variantOf(deadline: Deadline, when: string | null, today: Day): string {
  if (deadline.kind === 'requirement') return deadline.strictness ?? 'hard';
  if (!isCounted(deadline)) return when === null ? 'other_undated' : 'other';
  const whose = isInsurersAct(deadline) ? 'insurers_act' : 'duty';
  const day = countingDay(deadline);
  if (when === null) return `${whose}_undated`;
  if (day === null || day >= today) return whose;
  // Whether an insurer did what nobody said that it would, is not known.
  return whose === 'insurers_act' && isProjected(deadline) ? 'insurers_act_past_projected' : `${whose}_past`;
}

/** By when; null where that is not known. */
function whenOf(deadline: Deadline, language: Language): string | null {
  const { certainty, dueOn, rule } = deadline;
  const say = wordsIn(language);
  if (rule.kind === 'offset' && 'event' in rule.from && rule.amount !== null && rule.unit !== null)
    return say(`page:date.when.after_contract${isProjected(deadline) ? '_expected' : ''}`, {
      span: say(`page:date.span.${rule.unit}`, { count: rule.amount }),
    });
  const day = countingDay(deadline);
  if (dueOn === null || day === null || certainty === 'unknown') return null;
  if (!isCounted(deadline)) return writePeriod({ ...deadline, dueOn }, language);
  return say(`page:date.when.${dayWord(deadline)}`, { day: writeLongDay(day, language) });
}
