/** What a feed says that is no date: that it holds nothing or too much, that its link was replaced, or that nobody is reminded by mail. */
import { amsterdamDay, writeDay } from '../../calendars/days.ts';
import type { FeedNotice } from '../../calendars/ics/feed.ts';
import { nameUuid } from '../../calendars/name-uuid.ts';
import type { Day, Language } from '../../calendars/terms.ts';
import { wordsIn } from '../../calendars/words.ts';
import type { SequenceNumber } from '../organisations/numbering/sequence-numbers.ts';
import type { Organisation } from '../schema/schema.ts';

/** Where a notice stands, and whose it is. */
export interface NoticePlace extends Pick<FeedNotice, 'sequence' | 'changedAt'> {
  owner: string;
  on: Day;
}

const NOTICES = '5f0c1d5e-2f6b-4c58-9d0a-3f6f3a1c7b42';

/** Says that there is nothing to show, or too much. */
export function noticeOf(kind: 'empty' | 'cap', language: Language, { owner, ...place }: NoticePlace): FeedNotice {
  const say = wordsIn(language);
  return { uid: nameUuid(NOTICES, `${owner}/${kind}`), ...place, title: say(`feed:${kind}_title`), text: say(`feed:${kind}_text`) };
}

/** Stands on the last day on which the old link works, so that it is still ahead when an app fetches it hours later. */
export function movedNotice(feedId: string, until: Date, language: Language, numbers: SequenceNumber): FeedNotice {
  const say = wordsIn(language);
  const on = amsterdamDay(until);
  const day = writeDay(on, language);
  return {
    uid: nameUuid(NOTICES, `${feedId}/moved`),
    on,
    ...numbers,
    title: say('feed:moved_title', { day }),
    text: say('feed:moved_text', { day }),
  };
}

/** Whom nobody reminds, since when, and why. */
type Unreminded = Pick<Organisation, 'id' | 'unremindedWhy'> & { unremindedSince: Date };

/** Says that nobody gets reminders by mail any more. Each time, and for each reason, it is an entry of its own. */
export function unremindedNotice(
  { id, unremindedSince, unremindedWhy }: Unreminded,
  language: Language,
  numbers: SequenceNumber,
): FeedNotice {
  const say = wordsIn(language);
  return {
    uid: nameUuid(NOTICES, `${id}/unreminded/${unremindedSince.toISOString()}`),
    on: amsterdamDay(unremindedSince),
    ...numbers,
    title: say('feed:unreminded_title'),
    text: say(unremindedWhy === 'choice' ? 'feed:unreminded_choice_text' : 'feed:unreminded_text'),
  };
}
