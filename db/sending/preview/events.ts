/** What becomes of events in calendars: those of before beside those of after, as calendars for everyone render them. */
import { amsterdamDay, amsterdamYear } from '../../../calendars/days.ts';
import { countingDay } from '../../../calendars/deadlines/deadline.ts';
import { renderEntry, titleOfEntry } from '../../../calendars/ics/feed.ts';
import type { FeedItem } from '../../../calendars/ics/feed-item.ts';
import type { Day } from '../../../calendars/terms.ts';
import { itemsForAll } from '../../feeds/contents.ts';
import { lastAssumedBefore, type Snapshot } from '../../registry/snapshot.ts';
import type { Revision } from '../../registry/revisions.ts';

/** An event as calendars show it. */
export interface ShownEvent {
  title: string;
  on: Day | null;
  deadline: Pick<Revision, 'basis' | 'certainty' | 'contractYear' | 'id' | 'rule' | 'sources'>;
  isCancelled: boolean;
}

/** An event that comes, goes, or is another one than before. */
export interface ChangedEvent {
  before: ShownEvent | null;
  after: ShownEvent | null;
}

/** Of which insurer, by its slug: the sector's is empty. `now`: when calendars are asked for. */
interface Place {
  slug: string;
  publicUrl: string;
  now: Date;
}

/** By day: what is new, gone or looks otherwise; a number alone makes no other event. */
export function changedEvents(before: Snapshot, after: Snapshot, place: Place): ChangedEvent[] {
  const [was, is] = [eventsIn(before, place), eventsIn(after, place)];
  const uids = [...new Set([...was.keys(), ...is.keys()])];
  return uids
    .filter((uid) => was.get(uid)?.bytes !== is.get(uid)?.bytes)
    .map((uid) => ({ before: was.get(uid)?.shown ?? null, after: is.get(uid)?.shown ?? null }))
    .sort((a, b) => compare(placeOf(a), placeOf(b)));
}

interface Rendered {
  shown: ShownEvent;
  bytes: string;
}

function eventsIn(registry: Snapshot, { now, publicUrl, slug }: Place): Map<string, Rendered> {
  const insurerName = registry.names.get(slug) ?? null;
  const pastOn = lastAssumedBefore(registry, slug === '' ? [] : [slug], amsterdamDay(now));
  const items = itemsForAll(registry, { slug, insurerName }, { year: amsterdamYear(now), pastOn });
  return new Map(items.map((item) => [item.uid, renderedOf(item, publicUrl)]));
}

function renderedOf(item: FeedItem, publicUrl: string): Rendered {
  const { basis, certainty, contractYear, id, rule, sources, status } = item.deadline;
  const same = { sequence: 0, changedAt: new Date(0), deadline: { ...item.deadline, changeId: null } };
  const shown = {
    title: titleOfEntry(item, 'nl'),
    on: countingDay(item.deadline),
    deadline: { basis, certainty, contractYear, id, rule, sources },
    isCancelled: status === 'withdrawn',
  };
  return { shown, bytes: renderEntry({ ...item, ...same }, 'nl', publicUrl).toString() };
}

function placeOf({ after, before }: ChangedEvent): string {
  const { deadline, on } = (after ?? before)!;
  return `${on ?? '9999'} ${deadline.id}`;
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
