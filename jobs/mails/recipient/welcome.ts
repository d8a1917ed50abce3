/** The first mail to a confirmed address: what it will be reminded of, from when, and which deadlines come next. */
import { writeLongDay } from '../../../calendars/days.ts';
import { isAssumed } from '../../../calendars/deadlines/certainty.ts';
import { writeAssumptionLead, writeFirstOf, writeLeads } from '../../../calendars/reminders/lead-text.ts';
import { wordsIn } from '../../../calendars/words.ts';
import type { Draft } from '../../../db/sending/composing.ts';
import { listBlocks } from '../due/list.ts';
import { sentences } from '../duty.ts';
import { footer, policyBlocks, requirementBlocks } from '../footer.ts';
import type { MailLinks } from '../links.ts';
import type { Letter } from '../letter.ts';
import { fitSubject, namesAround } from '../subjects/subject.ts';

export function welcomeMail(draft: Draft, links: MailLinks): Letter {
  const { firstOf, firstOn, language, organisation, recipient } = draft;
  const say = wordsIn(language);
  const next = listBlocks(draft.next, draft, say('mail:welcome.next'), draft.others);
  // Who wants no reminders is promised none.
  const isPromised = draft.next.some(({ deadline }) => isAssumed(deadline)) && !recipient.declined.includes('reminder');
  const once = isPromised ? writeAssumptionLead(recipient.leadDays, language) : '';
  return {
    language,
    subject: fitSubject(namesAround(draft), (shortOf) => [say('mail:welcome.subject', { organisation: shortOf(organisation.name) })]),
    blocks: [
      {
        kind: 'lead',
        text: say('mail:welcome.lead', { organisation: organisation.name, leads: writeLeads(recipient, language) }),
        more:
          firstOn === null
            ? ''
            : sentences([say('mail:welcome.first', { day: writeLongDay(firstOn, language) }), writeFirstOf(firstOf, language)]),
      },
      { kind: 'text', text: sentences([say('mail:welcome.days_off'), once, say('mail:welcome.also'), say('mail:welcome.calendar')]) },
      ...(next.length > 0 ? next : [{ kind: 'text' as const, text: say('mail:welcome.none') }]),
      ...draft.requestNotes.map((text) => ({ kind: 'text' as const, text })),
      ...policyBlocks(draft),
      ...requirementBlocks(draft),
      ...footer(draft, links),
    ],
  };
}
