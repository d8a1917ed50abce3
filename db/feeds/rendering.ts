/** Renders whole calendars, one after the other; an entry (VEVENT) that many calendars show is rendered once. */
import { setImmediate } from 'node:timers/promises';
import { joinEntries, renderEntry, renderHead, renderNotice, renderStep } from '../../calendars/ics/feed.ts';
import type { Deadline } from '../../calendars/deadlines/deadline.ts';
import { notesOf } from '../../calendars/agenda/item-notes.ts';
import type { FeedItem } from '../../calendars/ics/feed-item.ts';
import type { Language } from '../../calendars/terms.ts';
import { bounded } from '../store/lru.ts';
import type { FeedContents } from './contents.ts';
import { ownMemory, weightOf } from './gzip.ts';

/** Gives a calendar's bytes. Throws when something in it cannot be rendered. */
export type Render = (contents: () => FeedContents) => Promise<Buffer>;

/** Others get their turn before each calendar, and after so many new entries. */
const ENTRIES_AT_ONCE = 10;

/** Opens a renderer that keeps entries in so many bytes at most, with links to the service at `publicUrl`. */
export function openRenderer(mostBytes: number, publicUrl: string): Render {
  const entries = bounded<Buffer>(mostBytes, weightOf);

  const render: Render = async (contents) => {
    await setImmediate();
    const { head, items, notices, steps } = contents();
    const parts = notices.map(renderNotice);
    let rendered = 0;
    const add = async (key: string, renderAnew: () => Buffer) => {
      let entry = entries.get(key);
      if (!entry) {
        entry = ownMemory(renderAnew());
        entries.set(key, entry);
        rendered += 1;
        if (rendered % ENTRIES_AT_ONCE === 0) await setImmediate();
      }
      parts.push(entry);
    };
    for (const step of steps) await add(JSON.stringify(step), () => renderStep(step));
    for (const item of items) await add(entryKey(item, head.language), () => renderEntry(item, head.language, publicUrl));
    return Buffer.concat([renderHead(head), joinEntries(parts)]);
  };

  let last: Promise<unknown> = Promise.resolve();
  return async (contents) => {
    const turn = last.then(async () => render(contents));
    last = turn.catch(() => {});
    return turn;
  };
}

/** All that an entry's bytes depend on: the deadline's own words change with its sequence. */
function entryKey(item: FeedItem, language: Language): string {
  const {
    uid,
    sequence,
    changedAt,
    deadline,
    insurerName,
    as,
    arrangedBefore,
    dutyHolders,
    completedOn,
    isNotApplicable,
    alarms,
    members = [],
  } = item;
  // Names last, the free text at the very end: nothing can be taken for something else.
  const whose = dutyHolders.length === 0 ? '' : JSON.stringify(dutyHolders);
  const arranged = versionsOf(arrangedBefore);
  // How the reader stands with the insurer, and of which care it is, is no part of its numbers.
  const notes = JSON.stringify(notesOf(item, language));
  // Whom a group holds is no part of its numbers: feeds of one organisation may choose among insurers.
  const grouped = members.map((one) => [
    one.deadline.id,
    one.deadline.revision,
    one.sequence,
    one.insurerName,
    one.relation,
    versionsOf(one.arrangedBefore),
  ]);
  const group = grouped.length === 0 ? '' : JSON.stringify(grouped);
  return `${uid} ${sequence} ${changedAt.getTime()} ${deadline.revision} ${language} ${as} ${completedOn}${isNotApplicable ? '-' : ''} ${alarms.join()} ${arranged} ${notes} ${group} ${whose} ${insurerName}`;
}

const versionsOf = (deadlines: readonly Pick<Deadline, 'id' | 'revision'>[]) =>
  deadlines.map(({ id, revision }) => `${id}/${revision}`).join();
