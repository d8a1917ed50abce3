/** What a day rests on where it is not the insurer's own sentence, and what its reader can do about that. */
import { isAssumed, isProjected } from '../../../calendars/deadlines/certainty.ts';
import { nameBuyer } from '../../../calendars/deadlines/wording/buyers.ts';
import { groundOf, noDaySentence } from '../../../calendars/deadlines/wording/grounds.ts';
import type { Group } from '../../../calendars/agenda/groups.ts';
import type { Language } from '../../../calendars/terms.ts';
import { wordsIn, writeList } from '../../../calendars/words.ts';
import type { FactRow } from '../letter.ts';

/** What all of a group rest on, and of what is assumed where the real day may be found. Empty for what an insurer or a public rule says. */
export function groundText(group: Group, language: Language): string {
  const [{ deadline }] = group.items;
  if (!isProjected(deadline)) return '';
  const buyers = group.items.map((item) => item.deadline);
  const where = `mail:check.${deadline.activity === 'signing' ? 'signing' : 'other'}`;
  const said = sharedSentences(group, language).filter(({ isTyped }) => !isTyped || language === 'nl');
  return [
    ...said.map(({ text }) => text),
    ...(isAssumed(deadline) ? [wordsIn(language)(where, { who: nameBuyer('the', buyers, language) })] : []),
  ].join(' ');
}

/** The same of a public rule and of what was computed or said by another, and what is said of some of a group alone, with their names. */
export function groundRows(group: Group, language: Language): FactRow[] {
  const say = wordsIn(language);
  const isSaid = isProjected(group.items[0].deadline);
  // What is said above is not said again: words of another language stand here, by their name.
  const shared = sharedSentences(group, language).filter(({ isTyped }) => !isSaid || (isTyped && language !== 'nl'));
  const rowsOf = (sentences: readonly Sentence[], label: string) =>
    [...Map.groupBy(sentences, ({ isTyped }) => isTyped)].map(([isTyped, those]) => ({
      label: isTyped ? say('common:typed', { label }) : label,
      value: those.map(({ text }) => text).join(' '),
    }));
  const own = Map.groupBy(ownSentences(group, language), ({ said }) => `${said.isTyped} ${said.text}`);
  return [
    ...rowsOf(shared, say('mail:fact.basis')),
    ...[...own.values()].flatMap((those) =>
      rowsOf(
        [those[0]!.said],
        writeList(
          those.map(({ name }) => name),
          language,
        ),
      ),
    ),
  ];
}

/** One sentence of what a day rests on; `isTyped`: in words of whoever entered it, which are Dutch. */
interface Sentence {
  text: string;
  isTyped: boolean;
}

function sharedSentences({ items }: Group, language: Language): Sentence[] {
  const [first, ...others] = items.map((item) => sentencesOf(item, language));
  return first!.filter(({ text }) => others.every((said) => said.some((one) => one.text === text)));
}

/** Of each that has more said of it, what that means for the reader: the last sentence. */
function ownSentences(group: Group, language: Language): { name: string; said: Sentence }[] {
  const shared = new Set(sharedSentences(group, language).map(({ text }) => text));
  return group.items.flatMap((item) => {
    const said = sentencesOf(item, language).findLast(({ text }) => !shared.has(text));
    return said === undefined ? [] : [{ name: item.insurerName ?? '', said }];
  });
}

/** Without what the first sentences about an assumption say themselves. */
function sentencesOf({ deadline }: Group['items'][number], language: Language): Sentence[] {
  const { ours, typed } = groundOf(deadline, language);
  const all = Array.from(SEGMENTER.segment(typed ?? ''), ({ segment }) => ({ text: segment.trim(), isTyped: true }));
  const noDay = isAssumed(deadline) ? noDaySentence(deadline, language) : null;
  return [...all.filter(({ text }) => text !== ''), ...ours.filter((text) => text !== noDay).map((text) => ({ text, isTyped: false }))];
}

/** What is typed is Dutch. */
const SEGMENTER = new Intl.Segmenter('nl', { granularity: 'sentence' });
