/** The reminder: every deadline that is due today in one mail, the most urgent first. */
import { wordsIn } from '../../calendars/words.ts';
import type { Draft } from '../../db/sending/composing.ts';
import { dutyBlocks, headline, type Reading } from './duty.ts';
import { footer, listBlocks } from './footer.ts';
import type { MailLinks } from './links.ts';
import { inDutch, type Letter } from './letter.ts';

/** The first `detailed` deadlines with everything there is to know, the others in a list. Throws when nothing is due: there is no such mail. */
export function reminderMail(draft: Draft, links: MailLinks, detailed = draft.due.length): Letter {
  const { due, language, organisation, today } = draft;
  const say = wordsIn(language);
  const [first, ...others] = due;
  if (!first) throw new Error('a reminder with nothing due');
  const reading: Reading = { language, today, organisationId: organisation.id };
  const subject = headline(first.item, reading);
  return {
    language,
    subject: others.length === 0 ? subject : say('mail:and_more', { subject, count: others.length }),
    blocks: [
      ...due.slice(0, detailed).flatMap(({ item }) => dutyBlocks(item, reading, links)),
      ...listBlocks(
        due.slice(detailed).map(({ item }) => item),
        draft,
        say('mail:also_due'),
      ),
      ...inDutch(language),
      ...listBlocks(draft.next, draft, say('mail:next')),
      ...footer(draft, links),
    ],
  };
}
