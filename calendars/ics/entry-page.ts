/** The page of the site that tells all of an entry (VEVENT): its own, or the list of those that it stands for. */
import type { Language } from '../terms.ts';
import type { FeedItem } from './feed-item.ts';

/** Its whole address, in the calendar's language. `publicUrl`: where the service is reached, without a slash at the end. */
export function pageOf({ deadline, members }: Pick<FeedItem, 'deadline' | 'members'>, language: Language, publicUrl: string): string {
  const dates = `${siteIn(language, publicUrl)}/datums`;
  // A group of one reads as that one does by itself.
  const [first, ...others] = members ?? [{ deadline }];
  if (others.length === 0) return `${dates}/${first.deadline.id}`;
  return `${dates}?activity=${deadline.activity}&contractYear=${deadline.contractYear}`;
}

/** The whole address of the page of a change. */
export function changePageOf(changeId: string, language: Language, publicUrl: string): string {
  return `${siteIn(language, publicUrl)}/wijzigingen/${changeId}`;
}

const siteIn = (language: Language, publicUrl: string) => `${publicUrl}${language === 'nl' ? '' : `/${language}`}`;
