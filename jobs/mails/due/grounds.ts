/** What a day rests on where it is not the insurer's own sentence, and what its reader can do about that. */
import { isAssumed, isOfParty, isProjected } from '../../../calendars/deadlines/certainty.ts';
import type { Group } from '../../../calendars/agenda/groups.ts';
import type { Language } from '../../../calendars/terms.ts';
import { wordsIn, writeList } from '../../../calendars/words.ts';
import type { FactRow } from '../letter.ts';

/** What all of a group rest on, and of what is assumed where the real day may be found. Empty for what an insurer or a public rule says. */
export function groundText(group: Group, language: Language): string {
  const [{ deadline }] = group.items;
  if (!isProjected(deadline)) return '';
  const isParty = group.items.every((item) => isOfParty(item.deadline));
  const where = `mail:check.${deadline.activity === 'signing' ? 'signing' : 'other'}${isParty ? '_of_party' : ''}`;
  return [...sharedSentences(group), ...(isAssumed(deadline) ? [wordsIn(language)(where)] : [])].join(' ');
}

/** The same of a public rule and of what was computed or said by another, and what is said of some of a group alone, with their names. */
export function groundRows(group: Group, language: Language): FactRow[] {
  const shared = isProjected(group.items[0].deadline) ? [] : sharedSentences(group);
  const own = ownSentences(group);
  return [
    ...(shared.length > 0 ? [{ label: wordsIn(language)('mail:fact.basis'), value: shared.join(' ') }] : []),
    ...[...Map.groupBy(own, ({ said }) => said)].map(([value, those]) => ({
      label: writeList(
        those.map(({ name }) => name),
        language,
      ),
      value,
    })),
  ];
}

function sharedSentences({ items }: Group): string[] {
  const [first, ...others] = items.map(sentencesOf);
  return first!.filter((sentence) => others.every((said) => said.includes(sentence)));
}

/** Of each that has more said of it, what that means for the reader: the last sentence. */
function ownSentences(group: Group): { name: string; said: string }[] {
  const shared = sharedSentences(group);
  return group.items.flatMap((item) => {
    const said = sentencesOf(item)
      .filter((sentence) => !shared.includes(sentence))
      .at(-1);
    return said === undefined ? [] : [{ name: item.insurerName ?? '', said }];
  });
}

function sentencesOf({ deadline }: Group['items'][number]): string[] {
  const text = deadline.basis?.text ?? '';
  const all = Array.from(SEGMENTER.segment(text), ({ segment }) => segment.trim());
  return all.filter((sentence) => sentence !== '' && !(isAssumed(deadline) && NO_DAY.test(sentence)));
}

/** What the first sentences about an assumption say themselves. */
const NO_DAY = /noemde geen datum\.$/;

/** The registry's own texts are Dutch. */
const SEGMENTER = new Intl.Segmenter('nl', { granularity: 'sentence' });
