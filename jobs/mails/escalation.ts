/** What is nearly due and not done, told to somebody else who can still see to it. */
import { lowerFirst } from '../../calendars/letter-case.ts';
import { countingDay } from '../../calendars/deadlines/deadline.ts';
import { titleOf, wordsIn } from '../../calendars/words.ts';
import type { Draft } from '../../db/sending/composing.ts';
import type { Undone } from '../../db/sending/escalation-composing.ts';
import { writeShortDay } from './days.ts';
import { groupBlocks } from './due/group.ts';
import { whatOf } from './duty.ts';
import type { MailLinks } from './links.ts';
import type { Block, Part } from './letter.ts';

/** The first `detailed` deadlines with everything there is to know, the others in a list; null when all is done. */
export function undonePart(draft: Draft, links: MailLinks, detailed: number): Part | null {
  const { language, organisation, today, undone } = draft;
  const say = wordsIn(language);
  const [first] = undone;
  if (!first) return null;
  const why = undone.every((one) => one.organisation.id === organisation.id) ? 'mail:escalation.why_second' : 'mail:escalation.why_parent';
  return {
    headlines: [whatOf(first.item, language), titleOf(first.item.deadline, language)].map((what) =>
      say('mail:escalation.subject', {
        what: lowerFirst(what),
        organisation: first.organisation.name,
        day: writeShortDay(countingDay(first.item.deadline), language, today),
      }),
    ),
    count: undone.length,
    heading: say('mail:escalation.heading'),
    blocks: [...undone.slice(0, detailed).flatMap((one) => undoneBlocks(one, draft, links)), ...listOf(undone.slice(detailed), draft)],
    why: say(why, { organisation: organisation.name }),
  };
}

/** Only the organisation's own people say that it is done. */
function undoneBlocks({ item, organisation }: Undone, draft: Draft, links: MailLinks): Block[] {
  const { language, today } = draft;
  const say = wordsIn(language);
  const isOwn = organisation.id === draft.organisation.id;
  const reading = { language, today, organisationId: organisation.id };
  const { name } = organisation;
  return [
    { kind: 'lead', text: say('mail:escalation.lead', { organisation: name }) },
    ...groupBlocks({ items: [item], isOneBlock: true }, reading, isOwn ? links : { ...links, doneUrl: () => null }, { below: true }),
    { kind: 'text', text: say(isOwn ? 'mail:escalation.own' : 'mail:escalation.other', { organisation: name }) },
  ];
}

function listOf(undone: readonly Undone[], { language, today }: Draft): Block[] {
  if (undone.length === 0) return [];
  const rows = undone.map(({ item, organisation }) => ({
    day: writeShortDay(countingDay(item.deadline), language, today),
    what: `${whatOf(item, language)} (${organisation.name})`,
  }));
  return [
    { kind: 'heading', text: wordsIn(language)('mail:escalation.also') },
    { kind: 'days', rows },
  ];
}
