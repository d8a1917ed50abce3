/** The mail of a day: what is due, the first in the order of mails first, then the organisation's own dates, what others left undone, what changed, and what others did. */
import { groupsOf } from '../../calendars/agenda/groups.ts';
import { wordsIn } from '../../calendars/words.ts';
import type { Draft } from '../../db/sending/composing.ts';
import { actsPart } from './acts.ts';
import { changedPart } from './change.ts';
import { groupBlocks } from './due/group.ts';
import { listBlocks, listRow } from './due/list.ts';
import { stepsPart } from './due/steps.ts';
import { headlines } from './due/subject.ts';
import { fitSubject, namesAround, type ShortOf } from './subjects/subject.ts';
import type { Reading } from './duty.ts';
import { undonePart } from './escalation.ts';
import { footer, requirementBlocks, whyReminded } from './footer.ts';
import type { MailLinks } from './links.ts';
import type { Block, Letter, Part } from './letter.ts';
import { takenAwayBlocks } from './taken-away.ts';

/** The first `detailed` groups of each part with everything there is to know, the others in a list. Throws when there is nothing to tell. */
export function dayMail(draft: Draft, links: MailLinks, detailed: number): Letter {
  const { language } = draft;
  const parts = [duePart, stepsPart, undonePart, changedPart, actsPart].flatMap((part) => part(draft, links, detailed) ?? []);
  const [first, ...others] = parts;
  if (!first) throw new Error('a mail with nothing to tell');
  const isLong = besidesFirst(parts) > 0;
  const counted = besidesFirst(parts.filter((part) => part === first || part.isAside !== true));
  return {
    language,
    subject: fitSubject(namesAround(draft), (shortOf) =>
      first.headlines(shortOf).map((headline) => besides(headline, counted, draft, shortOf)),
    ),
    blocks: [
      ...first.blocks,
      ...others.flatMap(({ blocks, heading }) => [{ kind: 'part' as const, text: heading }, ...blocks]),
      ...requirementBlocks(draft, isLong),
      ...nextBlocks(draft, isLong),
      ...takenAwayBlocks(draft),
      ...footer(
        draft,
        links,
        parts.map(({ why }) => why),
      ),
    ],
  };
}

/** How many are told of beside the first. */
const besidesFirst = (parts: readonly Part[]) => parts.reduce((sum, part) => sum + part.count, 0) - 1;

/** What comes after that: in a mail that tells much only the first, and how many others. */
function nextBlocks(draft: Draft, isLong: boolean): Block[] {
  const { language, next, others } = draft;
  const say = wordsIn(language);
  if (!isLong) return listBlocks(next, draft, say('mail:next'), others);
  const groups = groupsOf(next, language);
  const [first] = groups;
  if (!first) return [];
  const { day, what } = listRow(first, draft);
  const count = groups.length - 1 + others;
  const values = { day, what, count };
  return [{ kind: 'text', text: say(count > 0 ? 'mail:next_and_others' : 'mail:next_one', values) }];
}

/** A subject with how many others there are, and for which organisation where its reader also gets mails of another. */
function besides(subject: string, count: number, { language, organisation, otherNames }: Draft, shortOf: ShortOf): string {
  const say = wordsIn(language);
  const counted = count === 0 ? subject : say('mail:and_more', { subject, count });
  return otherNames.length > 0 ? say('mail:of_organisation', { subject: counted, organisation: shortOf(organisation.name) }) : counted;
}

function duePart(draft: Draft, links: MailLinks, detailed: number): Part | null {
  const { due, language, organisation, today } = draft;
  const reading: Reading = { language, today, organisationId: organisation.id };
  const groups = groupsOf(
    due.map(({ item }) => item),
    language,
  );
  const [first] = groups;
  if (!first) return null;
  return {
    headlines: (shortOf) => headlines(first, reading, shortOf),
    count: groups.length,
    heading: '',
    blocks: [
      ...groups.slice(0, detailed).flatMap((group) => groupBlocks(group, reading, links, { brief: groups.length > 1 })),
      ...listBlocks(
        groups.slice(detailed).flatMap(({ items }) => items),
        draft,
        wordsIn(language)('mail:also_due'),
      ),
    ],
    why: whyReminded(draft),
  };
}
