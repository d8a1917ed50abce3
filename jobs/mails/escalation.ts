/** What is nearly due and not done, told to somebody else who can still see to it: of each organisation apart, what is equal at several insurers together. */
import { daysOf, groupsOf, type Group } from '../../calendars/agenda/groups.ts';
import { lowerFirst } from '../../calendars/letter-case.ts';
import { titleOf, wordsIn } from '../../calendars/words.ts';
import type { Draft } from '../../db/sending/composing.ts';
import type { Undone } from '../../db/sending/escalation-composing.ts';
import { writeShortDay } from './days.ts';
import { groupBlocks } from './due/group.ts';
import { listRow } from './due/list.ts';
import { countIn, whatOfGroup } from './duty.ts';
import type { MailLinks } from './links.ts';
import { cutTitle, type ShortOf } from './subjects/subject.ts';
import type { Block, Part } from './letter.ts';

/** The first `detailed` groups with everything there is to know, the others in a list; null when all is done. */
export function undonePart(draft: Draft, links: MailLinks, detailed: number): Part | null {
  const { language, organisation, undone } = draft;
  const say = wordsIn(language);
  const groups = undoneGroups(draft);
  const [first] = groups;
  if (!first) return null;
  const why = undone.every((one) => one.organisation.id === organisation.id) ? 'mail:escalation.why_second' : 'mail:escalation.why_parent';
  const sections = Map.groupBy(groups.slice(0, detailed), (one) => one.organisation.id);
  return {
    headlines: (shortOf) => headlines(first, draft, shortOf),
    count: groups.length,
    heading: say('mail:escalation.heading'),
    blocks: [...[...sections.values()].flatMap((some) => organisationBlocks(some, draft, links)), ...listOf(groups.slice(detailed), draft)],
    why: say(why, { organisation: organisation.name }),
  };
}

/** What one organisation has not done, as far as it is told of together. */
type UndoneGroup = Group & Pick<Undone, 'organisation'>;

/** By organisation, in the order of what each has first. */
function undoneGroups({ language, undone }: Draft): UndoneGroup[] {
  return [...Map.groupBy(undone, ({ organisation }) => organisation.id).values()].flatMap((its) => {
    const { organisation } = its[0]!;
    const items = its.map(({ item }) => item);
    return groupsOf(items, language).map((group) => ({ ...group, organisation }));
  });
}

/** In full first, then ever shorter. */
function headlines(group: UndoneGroup, { language, today }: Draft, shortOf: ShortOf): string[] {
  const say = wordsIn(language);
  const { items, organisation } = group;
  const title = titleOf(items[0].deadline, language);
  const what = whatOfGroup(group, language);
  const short = items.length > 1 ? [`${title}, ${countIn(items, language, true)}`] : cutTitle(what, title, language);
  const day = writeShortDay(daysOf(group).first, language, today);
  return [what, ...short, shortOf(title)].map((form) =>
    say('mail:escalation.subject', { what: lowerFirst(form), organisation: shortOf(organisation.name), day }),
  );
}

/** All that one organisation has not done. Only its own people say that it is done. */
function organisationBlocks(groups: readonly UndoneGroup[], draft: Draft, links: MailLinks): Block[] {
  const { language, today } = draft;
  const say = wordsIn(language);
  const { id, name } = groups[0]!.organisation;
  const isOwn = id === draft.organisation.id;
  const ownLinks = isOwn ? links : { ...links, doneUrl: () => null, allDoneUrl: () => null };
  // Of several insurers each has a title below that of the group.
  const below = groups.every(({ items }) => items.length === 1);
  return [
    { kind: 'lead', text: say('mail:escalation.lead', { organisation: name }) },
    ...groups.flatMap((group) => groupBlocks(group, { language, today, organisationId: id }, ownLinks, { below })),
    { kind: 'text', text: say(isOwn ? 'mail:escalation.own' : 'mail:escalation.other', { organisation: name }) },
  ];
}

function listOf(groups: readonly UndoneGroup[], draft: Draft): Block[] {
  if (groups.length === 0) return [];
  return [
    { kind: 'heading', text: wordsIn(draft.language)('mail:escalation.also') },
    { kind: 'days', rows: groups.map((group) => listRow(group, draft, group.organisation.name)) },
  ];
}
