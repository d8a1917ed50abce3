/** The mail that somebody asked for to see that reminders arrive: it says that it is a trial, and what comes next. */
import { writeLongDay } from '../../../calendars/days.ts';
import { writeFirstOf } from '../../../calendars/reminders/lead-text.ts';
import { wordsIn } from '../../../calendars/words.ts';
import type { Draft } from '../../../db/sending/composing.ts';
import { listBlocks } from '../due/list.ts';
import { sentences } from '../duty.ts';
import { footer } from '../footer.ts';
import type { MailLinks } from '../links.ts';
import type { Letter } from '../letter.ts';
import { fitSubject, namesAround } from '../subjects/subject.ts';

export function trialMail(draft: Draft, links: MailLinks): Letter {
  const { firstOf, firstOn, language, organisation } = draft;
  const say = wordsIn(language);
  const values = { organisation: organisation.name };
  const next = listBlocks(draft.next, draft, say('mail:trial.next'), draft.others);
  return {
    language,
    subject: fitSubject(namesAround(draft), (shortOf) => [say('mail:trial.subject', { organisation: shortOf(organisation.name) })]),
    blocks: [
      { kind: 'lead', text: say('mail:trial.lead'), more: say('mail:trial.text', values) },
      {
        kind: 'text',
        text:
          firstOn === null
            ? say('mail:trial.no_first')
            : sentences([say('mail:trial.first', { day: writeLongDay(firstOn, language) }), writeFirstOf(firstOf, language)]),
      },
      ...(next.length > 0 ? next : [{ kind: 'text' as const, text: say('mail:welcome.none') }]),
      ...footer(draft, links),
    ],
  };
}
