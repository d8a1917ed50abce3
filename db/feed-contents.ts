/** What stands in a feed: the dated deadlines of the contract years that count, and a notice where there is nothing to show, or too much. */
import { amsterdamDay } from '../calendars/days.ts';
import { itemForAll, itemFromAgenda, type CalendarHead, type FeedItem, type FeedNotice } from '../calendars/feed.ts';
import { nameUuid } from '../calendars/name-uuid.ts';
import type { Day, Language } from '../calendars/terms.ts';
import { wordsIn } from '../calendars/words.ts';
import { readAgenda } from './agenda.ts';
import { allDeadlines } from './deadlines.ts';
import { goneUntil } from './feed-upkeep.ts';
import { getInsurer } from './insurers.ts';
import { getOrganisation } from './organisations.ts';
import { wholeSecond } from './revisions.ts';
import type { ReadDb } from './store.ts';

/** Google and others give up on large calendars; a reader gives up sooner. */
export const MAX_EVENTS = 2000;

export interface FeedContents {
  head: CalendarHead;
  /** By last safe day. */
  items: FeedItem[];
  notices: FeedNotice[];
}

/** The first contract year that feeds show in a calendar year: the one before it. */
export const firstContractYear = (year: number) => year - 1;

/** What stands in an organisation's feed in a calendar year. Throws `not_found`. */
export async function organisationContents(db: ReadDb, organisationId: string, year: number): Promise<FeedContents> {
  const { id, name, language, createdAt } = await getOrganisation(db, organisationId);
  const agenda = await readAgenda(db, id, { fromContractYear: firstContractYear(year), withdrawnToo: true });
  const items = await withoutGone(
    db,
    agenda.map((item) => itemFromAgenda(item, id)),
  );
  return bounded({ name, language }, items, { owner: id, on: amsterdamDay(createdAt), sequence: 0, changedAt: wholeSecond(createdAt) });
}

/** What stands in an insurer's public feed in a calendar year. Throws `not_found`. */
export async function insurerContents(db: ReadDb, slug: string, language: Language, year: number): Promise<FeedContents> {
  const { name } = await getInsurer(db, slug);
  const deadlines = await allDeadlines(db, { insurers: [slug], fromContractYear: firstContractYear(year), withdrawnToo: true });
  const items = await withoutGone(
    db,
    deadlines.map((deadline) => itemForAll(deadline, name)),
  );
  // Nothing tells when an insurer's feed began, so that its notices move with the year.
  const newYear = { on: `${year}-01-01`, sequence: year, changedAt: new Date(Date.UTC(year, 0)) };
  return bounded({ name, language }, items, { owner: slug, ...newYear });
}

/** Withdrawn deadlines stay for a while as cancelled events, and then go. */
async function withoutGone(db: ReadDb, items: (FeedItem | null)[]): Promise<FeedItem[]> {
  const gone = await goneUntil(db);
  return items.filter((item) => item !== null).filter(({ deadline }) => deadline.status === 'published' || deadline.revisedAt > gone);
}

/** Where a notice stands, and whose it is. */
interface NoticePlace extends Pick<FeedNotice, 'sequence' | 'changedAt'> {
  owner: string;
  on: Day;
}

function bounded(head: CalendarHead, items: FeedItem[], place: NoticePlace): FeedContents {
  // The order has nothing to do with whom the reader prefers: an event's place is no part of what it says.
  const sorted = items.sort((a, b) => compare(a.deadline.lastSafeOn, b.deadline.lastSafeOn) || compare(a.uid, b.uid));
  if (sorted.length === 0) return { head, items: [], notices: [noticeOf('empty', head.language, place)] };
  if (sorted.length <= MAX_EVENTS) return { head, items: sorted, notices: [] };
  return { head, items: sorted.slice(1 - MAX_EVENTS), notices: [noticeOf('cap', head.language, place)] };
}

const NOTICES = '5f0c1d5e-2f6b-4c58-9d0a-3f6f3a1c7b42';

function noticeOf(kind: 'empty' | 'cap', language: Language, { owner, ...place }: NoticePlace): FeedNotice {
  const say = wordsIn(language);
  return { uid: nameUuid(NOTICES, `${owner}/${kind}`), ...place, title: say(`feed:${kind}_title`), text: say(`feed:${kind}_text`) };
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
