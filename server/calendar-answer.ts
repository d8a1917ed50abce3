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

/** What every answer of a calendar's address carries: what protects the link, and what keeps it out of search engines. */
export function headersFor({ cache, robots }: Openness): FlatHeaders {
  const headers = ['cache-control', cache, 'referrer-policy', 'no-referrer', 'x-content-type-options', 'nosniff'];
  return robots === null ? headers : [...headers, 'x-robots-tag', robots];
}

/** The answer to a poll, decided before a byte of the calendar is made. Headers of the address itself stand before its own. */
export function answerFor(asked: IncomingHttpHeaders, edition: EditionName, address: FlatHeaders = []): CalendarAnswer {
  const encoding = encodingFor(asked);
  const headers = [...address, 'etag', entityTag(edition, encoding), 'vary', 'Accept-Encoding'];
  // What is only of use beside a body is not told again (RFC 9110, 15.4.5).
  if (isUnchanged(asked, edition)) return { status: 304, headers, body: null };
  headers.push('last-modified', edition.httpDate, 'content-type', 'text/calendar; charset=utf-8');
  if (encoding === 'gzip') headers.push('content-encoding', 'gzip');
  return { status: 200, headers, body: encoding };
}
