/** What a poll is answered: status and headers, from what was asked and the calendar's newest edition. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Answer, Wants } from '../../db/feeds/cache.ts';
import { encodingFor, entityTag, isUnchanged } from '../http/conditions.ts';

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

/** How the asker wants a calendar's bytes; not at all when it has this edition already. */
export const wantedBy =
  (requestHeaders: IncomingHttpHeaders): Wants =>
  (edition) =>
    isUnchanged(requestHeaders, edition) ? null : encodingFor(requestHeaders);

/** What every answer with a body carries: what protects the link, and what keeps it out of search engines. */
export function headersFor({ cache, robots }: Openness): FlatHeaders {
  const headers = ['cache-control', cache, 'referrer-policy', 'no-referrer', 'x-content-type-options', 'nosniff'];
  return robots === null ? headers : [...headers, 'x-robots-tag', robots];
}

/** The status and the headers of answers to polls of calendars that are as open as that; what `wantedBy` did not want is a 304. */
export function answersFor(
  openness: Openness,
): (requestHeaders: IncomingHttpHeaders, answer: Answer) => { status: 200 | 304; headers: FlatHeaders } {
  const always = headersFor(openness);
  const { cache } = openness;
  return (requestHeaders, { tag, lastModified, bytes }) => {
    const encoding = encodingFor(requestHeaders);
    const name = ['etag', entityTag({ tag }, encoding), 'vary', 'Accept-Encoding'];
    // What is only of use beside a body is not told again (RFC 9110, 15.4.5).
    if (bytes === null) return { status: 304, headers: ['cache-control', cache, ...name] };
    const headers = [...always, ...name, 'last-modified', new Date(lastModified).toUTCString(), ...TYPE];
    if (encoding === 'gzip') headers.push('content-encoding', 'gzip');
    return { status: 200, headers };
  };
}

const TYPE = ['content-type', 'text/calendar; charset=utf-8'];
