/** What a poll is answered: status and headers, from what was asked and the calendar's newest edition. */
import type { IncomingHttpHeaders } from 'node:http';
import type { EditionName, Encoding } from '../db/feed-book.ts';
import { encodingFor, entityTag, isUnchanged } from './conditions.ts';

/** Who may keep an answer, and whether a search engine may list it. */
export interface Openness {
  cache: string;
  robots: string | null;
}

/** An organisation's calendar, at its secret link. */
export const SECRET: Openness = { cache: 'private, no-cache', robots: 'noindex' };
/** A calendar for everyone. */
export const OPEN: Openness = { cache: 'public, no-cache', robots: null };

/** Names and values in turn, as Node writes them fastest. */
type FlatHeaders = string[];

export interface CalendarAnswer {
  status: 200 | 304;
  headers: FlatHeaders;
  /** How the body is to be encoded; null when there is none. */
  body: Encoding | null;
}

/** What every answer with a body carries: what protects the link, and what keeps it out of search engines. */
export function headersFor({ cache, robots }: Openness): FlatHeaders {
  const headers = ['cache-control', cache, 'referrer-policy', 'no-referrer', 'x-content-type-options', 'nosniff'];
  return robots === null ? headers : [...headers, 'x-robots-tag', robots];
}

/** How polls of calendars that are as open as that are answered: decided before its events are rendered. */
export function answersFor(openness: Openness): (asked: IncomingHttpHeaders, edition: EditionName) => CalendarAnswer {
  const always = headersFor(openness);
  const { cache } = openness;
  return (asked, edition) => {
    const encoding = encodingFor(asked);
    const tag = entityTag(edition, encoding);
    // What is only of use beside a body is not told again (RFC 9110, 15.4.5).
    if (asked['if-none-match'] === tag || isUnchanged(asked, edition))
      return { status: 304, headers: ['cache-control', cache, 'etag', tag, 'vary', 'Accept-Encoding'], body: null };
    const headers = [...always, 'etag', tag, 'vary', 'Accept-Encoding', 'last-modified', httpDateOf(edition.lastModified), ...TYPE];
    if (encoding === 'gzip') headers.push('content-encoding', 'gzip');
    return { status: 200, headers, body: encoding };
  };
}

const TYPE = ['content-type', 'text/calendar; charset=utf-8'];

/** After a change most calendars have the same moment: it is written out once (RFC 9110, 5.6.7). */
let written = { at: NaN, text: '' };

function httpDateOf(moment: number): string {
  if (moment !== written.at) written = { at: moment, text: new Date(moment).toUTCString() };
  return written.text;
}
