/** What a mail tells of one deadline, or of several together, in the order in which its reader uses it. */
import { upperFirst } from '../../../calendars/letter-case.ts';
import { dutyOwner, type OpenItem } from '../../../calendars/agenda/open-duties.ts';
import type { Group } from '../../../calendars/agenda/groups.ts';
import { precedentText } from '../../../calendars/deadlines/precedent-text.ts';
import type { Language } from '../../../calendars/terms.ts';
import { labelFor, titleOf, wordsIn } from '../../../calendars/words.ts';
import { linkBlocks, opening, sourceBlocks, whatOfGroup, type Reading } from '../duty.ts';
import type { Block } from '../letter.ts';
import type { MailLinks } from '../links.ts';
import { groundRows } from './grounds.ts';
import { factRows } from './facts.ts';

/** How a group is told of. */
export interface Telling {
  /** It stands below a title itself. */
  below?: boolean;
  /** Others are told of in the same mail: of how it went before only what is of use today. */
  brief?: boolean;
}

/** Everything that has to be known of a group below its title: of what is told as one, and of one alone, once; else of each insurer. */
export function groupBlocks(group: Group, reading: Reading, links: MailLinks, { below = false, brief = false }: Telling = {}): Block[] {
  const { language } = reading;
  const title = { kind: 'title' as const, text: upperFirst(whatOfGroup(group, language)), below };
  if (group.isOneBlock || group.items.length === 1) return [title, ...sharedBlocks(group, reading, links, brief)];
  return [
    title,
    ...group.items.flatMap((item) => [
      { kind: 'title' as const, text: nameBelow(item, group, language), below: true },
      ...sharedBlocks({ ...group, items: [item] }, reading, links, brief),
    ]),
  ];
}

/** The insurer, with what it calls it where that is not what the first does. */
function nameBelow({ deadline, insurerName }: OpenItem, { items: [first] }: Group, language: Language): string {
  const title = titleOf(deadline, language);
  return [insurerName ?? '', title === titleOf(first.deadline, language) ? '' : title].filter(Boolean).join(': ');
}

/** By when, the reader's role, how, what it can do from here, the quote that proves it, and the others. */
function sharedBlocks(group: Group, reading: Reading, links: MailLinks, brief: boolean): Block[] {
  const { language } = reading;
  const [item] = group.items;
  const rows = [...factRows(group, reading), ...groundRows(group, language)];
  const [proof, ...others] = sourceBlocks(group.items.length === 1 ? item.deadline.sources : []);
  return [
    opening(group, reading),
    ...(rows.length > 0 ? [{ kind: 'facts' as const, rows }] : []),
    ...precedentBlocks(group, language, brief),
    ...policyBlocks(group, language),
    ...actionBlocks(group, reading, links),
    ...(proof ? [proof] : brief ? [] : precedentProof(group, language)),
    ...others,
  ];
}

/** Where the policy stands of what an insurer published. */
function policyBlocks({ items }: Group, language: Language): Block[] {
  const rows = items.flatMap(({ insurerName, policyUrl }) =>
    policyUrl ? [{ label: insurerName ?? '', value: policyUrl, link: { text: policyUrl, url: policyUrl } }] : [],
  );
  const [first] = rows;
  if (!first) return [];
  return items.length === 1 ? [{ kind: 'link', label: wordsIn(language)('mail:policy'), url: first.value }] : [{ kind: 'facts', rows }];
}

/** Done and no more mail, of all or of the one. */
function actionBlocks({ items }: Group, { language, organisationId }: Reading, links: MailLinks): Block[] {
  const [item] = items;
  // A term that a member's own event started is done by that member alone.
  const isTheirs = dutyOwner(item, organisationId) !== organisationId;
  if (items.length === 1) return linkBlocks(item.deadline.id, item.as, isTheirs ? { ...links, doneUrl: () => null } : links, language);
  const say = wordsIn(language);
  const deadlines = items.map(({ deadline }) => deadline);
  const done = item.as === 'informed' || isTheirs ? null : links.allDoneUrl(deadlines);
  const mute = links.allMuteUrl(deadlines);
  return [
    ...(done === null ? [] : [{ kind: 'button' as const, label: say('mail:all_done'), url: done }]),
    ...(mute === null ? [] : [{ kind: 'link' as const, label: say('mail:mute_all', { count: items.length }), url: mute }]),
  ];
}

/** How it went before, and what has to be arranged before; of a group that of the first of which anything is known. */
function precedentBlocks(group: Group, language: Language, brief: boolean): Block[] {
  const item = precedentItem(group);
  if (!item) return [];
  const whose = group.items.length > 1 ? ` (${item.insurerName})` : '';
  return textsOf(item, language, brief || group.items.length > 1)
    .filter(({ rows }) => rows.length > 0)
    .map(({ heading, rows }) => ({
      kind: 'facts',
      rows: rows.map(unsaid),
      ...(heading === null ? {} : { heading: `${heading}${whose}` }),
    }));
}

const unsaid = <T extends { label: string; value: string }>(row: T): T => ({ ...row, label: labelFor(row.label, row.value) });

/** The one sentence that proves how it went before; of a group none. */
function precedentProof({ items }: Group, language: Language): Block[] {
  if (items.length > 1) return [];
  return textsOf(items[0], language, false).flatMap(({ source }) => (source === null ? [] : sourceBlocks([source])));
}

const precedentItem = ({ items }: Group) => items.find(({ arrangedBefore, deadline }) => deadline.precedent || arrangedBefore.length > 0);

function textsOf({ arrangedBefore, deadline }: OpenItem, language: Language, brief: boolean) {
  return precedentText(deadline, arrangedBefore, language, brief);
}
