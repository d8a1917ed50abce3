/** What proves an entry, as fields of a form: for each sentence a document of the insurer's list, or another one, its place, and the words. */
import type { Source } from '../../../../../calendars/deadlines/deadline.ts';
import { withScheme } from '../../../../../calendars/clean-text.ts';
import { textIn, textOrNull } from './field-text.ts';

/** A document that can be chosen. */
export interface OfferedDocument {
  title: string;
  url: string | null;
}

export const MOST_SOURCES = 20;
/** What is chosen for a document that is not on the list. */
export const OTHER = 'other';

/** How a document of the list is chosen. */
export const choiceOf = ({ title, url }: OfferedDocument) => `${title}|${url ?? ''}`;

export function sourceFields(sources: readonly Source[], documents: readonly OfferedDocument[]): [string, string][] {
  return sources.flatMap(({ document, quote, section, url }, at): [string, string][] => {
    const name = (part: string) => `sources.${at}.${part}`;
    const offered = documents.find((one) => one.title === document && one.url === url);
    return [
      [name('choice'), offered ? choiceOf(offered) : OTHER],
      ...(offered
        ? []
        : ([
            [name('document'), document ?? ''],
            [name('url'), url ?? ''],
          ] as [string, string][])),
      [name('section'), section ?? ''],
      [name('quote'), quote ?? ''],
    ];
  });
}

/** Those in which something stands. A document that is taken off the list meanwhile is named as it was chosen. */
export function sourcesIn(fields: URLSearchParams): Source[] {
  return Array.from({ length: MOST_SOURCES }, (_, at) => {
    const name = (part: string) => `sources.${at}.${part}`;
    const choice = textIn(fields, name('choice'));
    const split = choice.lastIndexOf('|');
    const listed = split === -1 ? null : { document: choice.slice(0, split), url: choice.slice(split + 1) || null };
    const named = listed ?? { document: textIn(fields, name('document')), url: withScheme(textIn(fields, name('url'))) || null };
    return {
      document: named.document,
      section: textOrNull(fields, name('section')),
      quote: textOrNull(fields, name('quote')),
      url: named.url,
      isGone: fields.get(name('remove')) !== null,
    };
  }).flatMap(({ isGone, ...source }) => (isGone || Object.values(source).every((part) => part === null || part === '') ? [] : [source]));
}
