/** The one line that says which reminders the rules of a new release took away. */
import { compareNames } from '../../calendars/collation.ts';
import { lowerFirst } from '../../calendars/letter-case.ts';
import { titleOf, wordsIn } from '../../calendars/words.ts';
import type { Draft } from '../../db/sending/composing.ts';
import type { Block } from './letter.ts';

/** How many they are and which, equal ones of several insurers together; nothing where none was taken away. */
export function takenAwayBlocks({ language, takenAway }: Draft): Block[] {
  if (takenAway.length === 0) return [];
  const say = wordsIn(language);
  const alike = Map.groupBy(takenAway, ({ deadline }) => `${lowerFirst(titleOf(deadline, language))} ${deadline.contractYear}`);
  const list = [...alike.values()].map((some) => {
    const [{ deadline }] = some as [Draft['takenAway'][number]];
    const title = lowerFirst(titleOf(deadline, language));
    const year = title.includes(String(deadline.contractYear)) ? '' : ` ${deadline.contractYear}`;
    const names = some.map(({ insurerName }) => insurerName ?? say('common:sector')).sort((a, b) => compareNames(a, b, language));
    return `${title}${year} (${[...new Set(names)].join(', ')})`;
  });
  return [
    {
      kind: 'small',
      text: say('mail:taken_away', { count: takenAway.length, list: list.sort((a, b) => compareNames(a, b, language)).join('; ') }),
    },
  ];
}
