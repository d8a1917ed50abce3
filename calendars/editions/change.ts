/** The way back from what a deadline is to say to the change that makes it say so. */
import { sameText } from '../canonical.ts';
import type { Content, Deadline } from '../deadlines/deadline.ts';
import { amendedContent } from './amended.ts';

/**
 * What has to be given so that `amendedContent` of the same deadline says `whole`: what differs, and of what a new date drops all that is to stay.
 * Nothing where it says so already.
 */
export function changeOf(base: Content & Pick<Deadline, 'activity'>, whole: Partial<Content>): Partial<Content> {
  const change = differing(base, whole);
  return { ...change, ...differing(amendedContent(base, change), whole) };
}

function differing(base: Content, whole: Partial<Content>): Partial<Content> {
  const entries = Object.entries(whole) as [keyof Content, unknown][];
  return Object.fromEntries(entries.filter(([field, value]) => !sameText(value, base[field])));
}
