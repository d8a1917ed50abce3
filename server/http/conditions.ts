/** Conditional requests (RFC 9110, section 13) and the choice of an encoding (section 12.5.3), for answers that have a tag. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Edition, Encoding } from '../../db/feeds/cache.ts';

/** The encoding that the asker takes: gzip where it says so. */
export function encodingFor({ 'accept-encoding': accepted }: IncomingHttpHeaders): Encoding {
  if (accepted === undefined || accepted === 'identity') return 'identity';
  if (accepted === 'gzip') return 'gzip';
  const offers = accepted
    .toLowerCase()
    .split(',')
    .map((offer) => offer.split(';').map((part) => part.trim()));
  const offer = offers.find(([name]) => name === 'gzip' || name === 'x-gzip') ?? offers.find(([name]) => name === '*');
  return offer && !offer.slice(1).some((parameter) => /^q=0(\.0{0,3})?$/.test(parameter)) ? 'gzip' : 'identity';
}

/** The strong tag of one encoding: other bytes, another tag. */
export function entityTag({ tag }: Pick<Edition, 'tag'>, encoding: Encoding): string {
  return encoding === 'gzip' ? `"${tag}-gz"` : `"${tag}"`;
}

/** Whether the asker has this edition already, in whichever encoding. If-Modified-Since counts only where no tag is given (RFC 9110, 13.1.3). */
export function isUnchanged(
  { 'if-none-match': tags, 'if-modified-since': since }: IncomingHttpHeaders,
  edition: Pick<Edition, 'tag' | 'lastModified'>,
): boolean {
  if (tags !== undefined) return matches(tags, edition);
  if (since === undefined) return false;
  // Other notations than an HTTP date are ignored (RFC 9110, 13.1.3).
  return since.endsWith(' GMT') && edition.lastModified <= Date.parse(since);
}

/** Whether an If-None-Match names this tag: weak comparison (RFC 9110, 8.8.3.2), with the plain cases first. */
export function matches(tags: string, { tag }: Pick<Edition, 'tag'>): boolean {
  if (tags === `"${tag}"` || tags === `"${tag}-gz"` || tags.trim() === '*') return true;
  const listed = tags.match(/"[^"]*"/g) ?? [];
  return listed.some((one) => one === `"${tag}"` || one === `"${tag}-gz"`);
}
