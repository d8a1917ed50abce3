/** What an entry (VEVENT) says of a group of assumptions: one activity of one contract year, of which several insurers named no day. */
import { upperFirst } from '../letter-case.ts';
import { mayLackOffer } from '../agenda/concern.ts';
import { cleanText } from '../clean-text.ts';
import { writeDay } from '../days.ts';
import type { FeedItem, GroupMember } from './feed-item.ts';
import { dutyLines, groundLines, labelled, outcomeLines, precedentBlocks, sourceLine, wordItem, yearLine } from './feed-text.ts';
import { titleLine } from './feed-title.ts';
import type { Language } from '../terms.ts';
import { countBuyers, nameBuyer } from '../deadlines/wording/buyers.ts';
import { groundOf } from '../deadlines/wording/grounds.ts';
import { certaintyOf, wordsIn, writeList, type Say } from '../words.ts';

type Members = readonly [GroupMember, ...GroupMember[]];

/** The title and the description of a group, both clean text. A group of one reads as that one does by itself. */
export function wordGroup(item: FeedItem, members: Members, language: Language): { title: string; description: string } {
  const [only, ...others] = members;
  if (others.length === 0) {
    const { arrangedBefore, deadline, insurerName, relation } = only;
    return wordItem({ ...item, arrangedBefore, deadline, insurerName, relation }, language);
  }
  const say = wordsIn(language);
  const { deadline } = item;
  const whose = countBuyers(
    members.map((one) => one.deadline),
    language,
    true,
  );
  const title = titleLine({ state: null, deadline, whose, days: '', conflict: '' }, language);
  return { title, description: describe(item, members, language, say) };
}

/** First that it is assumed, of whom and around which day, then what to do, then what each knew before, then why we think so. */
function describe(item: FeedItem, members: Members, language: Language, say: Say): string {
  const buyers = members.map(({ deadline }) => deadline);
  const blocks = [
    [
      daysLine(members, language, say),
      labelled(
        upperFirst(nameBuyer('plural', buyers, language)),
        `${writeList(
          members.map((one) => nameOf(one, say)),
          language,
        )}.`,
      ),
    ],
    [offerLine(item, members, language, say), say('feed:group.check', { who: nameBuyer('each', buyers, language) })],
    [
      ...inAll(
        members.map(({ deadline }) => [...dutyLines({ ...item, deadline }, language, say), ...outcomeLines(deadline, language, say)]),
      ),
      yearLine(item.deadline, say),
    ],
    ...members.flatMap((member) => {
      const [first, ...rest] = precedentBlocks(member, language, say);
      return first ? [[`${nameOf(member, say)}:`, ...first], ...rest] : [];
    }),
    [
      ...basisLines(members, language, say),
      ...new Set(members.flatMap(({ deadline }) => deadline.sources.map((source) => sourceLine(source, say)))),
    ],
  ];
  const texts = blocks.map((lines) => lines.filter(Boolean).join('\n')).filter(Boolean);
  return cleanText(texts.join('\n\n'));
}

function daysLine(members: Members, language: Language, say: Say): string {
  const days = members.map(({ deadline }) => deadline.dueOn).sort();
  const [first, last] = [writeDay(days[0]!, language), writeDay(days.at(-1)!, language)];
  const when = first === last ? say('feed:by_start.template', { day: first }) : say('feed:group.between', { first, last });
  const sure = labelled(say('feed:certainty'), certaintyOf(members[0].deadline, language));
  const those = nameBuyer(
    'these',
    members.map(({ deadline }) => deadline),
    language,
  );
  const assumed = say('feed:group.assumed', { who: upperFirst(those) });
  return `${upperFirst(when)}. ${assumed} ${sure}.`;
}

/** Of whom nobody knows whether they offered an agreement: there may be nothing to sign. */
function offerLine({ as }: FeedItem, members: Members, language: Language, say: Say): string {
  const asked = members.filter(({ deadline, relation }) => as !== null && mayLackOffer({ as, deadline, relation }));
  if (asked.length === 0) return '';
  if (asked.length === members.length) return say('feed:group.offer');
  return say('feed:group.offer_of', {
    names: writeList(
      asked.map((one) => nameOf(one, say)),
      language,
    ),
  });
}

/** The lines that hold for all of them. */
function inAll(lists: readonly (readonly unknown[])[]): unknown[] {
  const [first = [], ...rest] = lists;
  return first.filter((line) => rest.every((list) => list.includes(line)));
}

/** Why we think so: once where it is the same for all, else with the insurers for whom it holds. */
function basisLines(members: Members, language: Language, say: Say): string[] {
  const grounds = members.map((member) => ({ member, ...groundOf(member.deadline, language) }));
  const byText = Map.groupBy(
    grounds.filter(({ ours, typed }) => ours.length > 0 || typed !== null),
    ({ ours, typed }) => JSON.stringify([typed, ours]),
  );
  return [...byText.values()].flatMap((some) => {
    const all = some.map(({ member }) => member);
    const whose =
      all.length === members.length
        ? ''
        : ` (${writeList(
            all.map((one) => nameOf(one, say)),
            language,
          )})`;
    return groundLines(some[0]!, `${say('feed:basis')}${whose}`, say);
  });
}

const nameOf = ({ insurerName }: GroupMember, say: Say) => insurerName ?? say('feed:whole_sector');
