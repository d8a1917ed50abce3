/** What a mail tells of the organisation's own dates that are due: what, by when, before which deadline, and where to say that it is done. */
import { upperFirst } from '../../../calendars/letter-case.ts';
import { writeLongDay } from '../../../calendars/days.ts';
import { wordsIn } from '../../../calendars/words.ts';
import type { Draft, OwnDate } from '../../../db/sending/composing.ts';
import { writeDistance, writeShortDay } from '../days.ts';
import { leftUntil, sentences, whatOf } from '../duty.ts';
import type { Block, Part } from '../letter.ts';
import type { MailLinks } from '../links.ts';
import { cutTitle, type ShortOf } from '../subjects/subject.ts';

/** The first `detailed` with all there is to know, the others in a list; null when none is due. */
export function stepsPart(draft: Draft, links: MailLinks, detailed: number): Part | null {
  const { language, organisation, recipient, steps, today } = draft;
  const say = wordsIn(language);
  const [first] = steps;
  if (!first) return null;
  const rows = steps.slice(detailed).map(({ step }) => ({ day: writeShortDay(step.dueOn, language, today), what: step.title }));
  return {
    headlines: (shortOf) => headlines(first, draft, shortOf),
    count: steps.length,
    heading: say('mail:step.heading'),
    blocks: [
      ...steps.slice(0, detailed).flatMap((one) => stepBlocks(one, draft, links)),
      ...(rows.length === 0
        ? []
        : [
            { kind: 'heading' as const, text: say('mail:step.also') },
            { kind: 'days' as const, rows },
          ]),
    ],
    why: say('mail:step.why', { email: recipient.email, organisation: organisation.name }),
  };
}

/** In full first, then ever shorter: "Over 3 dagen: begroting naar bestuur (eigen datum, do 26 sep)". */
function headlines({ step: { dueOn, title } }: OwnDate, { language, today }: Draft, shortOf: ShortOf): string[] {
  const say = wordsIn(language);
  const when = writeDistance(dueOn, language, today);
  const day = writeShortDay(dueOn, language, today);
  return [title, ...cutTitle(title, title, language), shortOf(title)].map((what) => say('mail:step.subject', { when, what, day }));
}

function stepBlocks({ before, step }: OwnDate, { due, language, recipient, today }: Draft, { stepUrl }: MailLinks): Block[] {
  const say = wordsIn(language);
  const rows = before === null ? [] : [{ label: say('mail:step.before'), value: whatOf(before, language) }];
  return [
    // Where something else leads the mail, own dates stand below a heading of theirs.
    { kind: 'title', text: upperFirst(step.title), below: due.length > 0 },
    {
      kind: 'lead',
      text: say('mail:step.by', { day: writeLongDay(step.dueOn, language) }),
      more: sentences([leftUntil(step.dueOn, { language, today }), step.ownerId === recipient.id ? say('mail:step.yours') : '']),
    },
    ...(rows.length === 0 ? [] : [{ kind: 'facts' as const, rows }]),
    { kind: 'button', label: say('mail:done'), url: stepUrl(step.id) },
  ];
}
