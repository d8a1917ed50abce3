/** Links to pages of the site. */
import { titleOf } from '../../../calendars/words.ts';
import type { Deadline } from '../../../calendars/deadlines/deadline.ts';
import { addressAt } from '../../http/paths.ts';
import { html, type SafeHtml } from '../html.ts';
import { pathIn } from '../language.ts';
import type { PageAsk } from '../page.ts';

/** Where a page stands for who reads in this language. */
export function pageAddress({ language, reply }: Pick<PageAsk, 'language' | 'reply'>, path: string): string {
  return addressAt(reply, pathIn(language, path));
}

/** An entry's title, which leads to its page. In English it is the activity's name, unless its Dutch words are what is to be read. */
export function entryLink(
  ask: Pick<PageAsk, 'language' | 'reply'>,
  deadline: Pick<Deadline, 'activity' | 'id' | 'title'>,
  shows: 'title' | 'dutch' = 'title',
): SafeHtml {
  const { language } = ask;
  const isDutch = shows === 'dutch' && language !== 'nl';
  const words = isDutch ? html`<span lang="nl">${deadline.title}</span>` : titleOf(deadline, language);
  return html`<a href="${pageAddress(ask, `/datums/${deadline.id}`)}">${words}</a>`;
}
