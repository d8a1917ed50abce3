/** The whole of what an entry of an edition says, however far it is written. */
import type { Content, Deadline } from '../deadlines/deadline.ts';
import { amendedContent } from './amended.ts';
import { enteredContent, isWholeContent, type EntryText } from './entry-faults.ts';

type Written = Pick<EntryText, 'act' | 'activity' | 'content'>;

/** What would stand there: of what is entered as far as it is written, of what is amended with all that stays as it was. `base`: the deadline that it changes. */
export function contentOfEntry(entry: Written, base: Deadline | null): Partial<Content> {
  // What stood beside it before it was published says nothing of it.
  const { was: _, ...content } = entry.content as Partial<Content> & { was?: unknown };
  if (entry.act === 'enter') return enteredContent({ ...entry, content });
  return base === null ? content : amendedContent(base, entry.act === 'amend' ? content : {});
}

/** The same, once nothing of its shape is missing; null until then. */
export function wholeOfEntry(entry: Written, base: Deadline | null): Content | null {
  const content = contentOfEntry(entry, base);
  return isWholeContent(content) ? content : null;
}
