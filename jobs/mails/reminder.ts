/** The mail of a day: what is due, the most urgent first, then what others left undone, then what changed. */
import { wordsIn } from '../../calendars/words.ts';
import type { Draft } from '../../db/sending/composing.ts';
import { changedPart } from './change.ts';
import { dutyBlocks, headline, type Reading } from './duty.ts';
import { undonePart } from './escalation.ts';
import { footer, listBlocks, requirementBlocks, whyReminded } from './footer.ts';
import type { MailLinks } from './links.ts';
import { inDutch, type Letter, type Part } from './letter.ts';

/** The first `detailed` deadlines of each part with everything there is to know, the others in a list. Throws when there is nothing to tell. */
export function dayMail(draft: Draft, links: MailLinks, detailed: number): Letter {
  const { language } = draft;
  const say = wordsIn(language);
  const parts = [duePart, undonePart, changedPart].flatMap((part) => part(draft, links, detailed) ?? []);
  const [first, ...others] = parts;
  if (!first) throw new Error('a mail with nothing to tell');
  const count = parts.reduce((sum, part) => sum + part.count, 0) - 1;
  return {
    language,
    subject: count === 0 ? first.subject : say('mail:and_more', { subject: first.subject, count }),
    blocks: [
      ...first.blocks,
      ...others.flatMap(({ blocks, heading }) => [{ kind: 'part' as const, text: heading }, ...blocks]),
      ...requirementBlocks(draft),
      ...inDutch(language),
      ...listBlocks(draft.next, draft, say('mail:next')),
      ...footer(
        draft,
        links,
        parts.map(({ why }) => why),
      ),
    ],
  };
}

function duePart(draft: Draft, links: MailLinks, detailed: number): Part | null {
  const { due, language, organisation, today } = draft;
  const say = wordsIn(language);
  const [first] = due;
  if (!first) return null;
  const reading: Reading = { language, today, organisationId: organisation.id };
  const rest = due.slice(detailed).map(({ item }) => item);
  return {
    subject: headline(first.item, reading),
    count: due.length,
    heading: '',
    blocks: [
      ...due.slice(0, detailed).flatMap(({ item }) => dutyBlocks(item, reading, links)),
      ...listBlocks(rest, draft, say('mail:also_due')),
    ],
    why: whyReminded(draft),
  };
}
