/** Conditional requests (RFC 9110, section 13) and the choice of an encoding (section 12.5.3), for answers that have a tag. */
import type { IncomingMessage } from 'node:http';
import type { EditionName, Encoding } from '../db/feed-book.ts';

/** What a poll's answer hangs on. */
export interface AskedHeaders {
  /** If-None-Match. */
  tags: string | undefined;
  /** If-Modified-Since. */
  since: string | undefined;
  /** Accept-Encoding. */
  accepted: string | undefined;
  userAgent: string | undefined;
}

/** Reads them off the wire: Node's own object of all headers would cost a twentieth of the answer. */
export function askedOf(request: IncomingMessage): AskedHeaders {
  const { rawHeaders } = request;
  const asked: AskedHeaders = { tags: undefined, since: undefined, accepted: undefined, userAgent: undefined };
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const field = FIELDS[rawHeaders[i]!.length];
    if (field === undefined || rawHeaders[i]!.toLowerCase() !== field.name) continue;
    // How to read one that comes twice, Node knows.
    if (asked[field.as] !== undefined) return askedAmong(request);
    asked[field.as] = rawHeaders[i + 1];
  }
  return asked;
}

function askedAmong({ headers }: IncomingMessage): AskedHeaders {
  return {
    tags: headers['if-none-match'],
    since: headers['if-modified-since'],
    accepted: headers['accept-encoding'],
    userAgent: headers['user-agent'],
  };
}

/** By the length of the name, which no two have in common. */
const FIELDS: readonly ({ name: string; as: keyof AskedHeaders } | undefined)[] = (() => {
  const fields: { name: string; as: keyof AskedHeaders }[] = [
    { name: 'if-none-match', as: 'tags' },
    { name: 'if-modified-since', as: 'since' },
    { name: 'accept-encoding', as: 'accepted' },
    { name: 'user-agent', as: 'userAgent' },
  ];
  return Array.from({ length: 20 }, (_, length) => fields.find(({ name }) => name.length === length));
})();

/** The encoding that the asker takes: gzip where it says so. */
export function encodingFor({ accepted }: Pick<AskedHeaders, 'accepted'>): Encoding {
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
export function entityTag({ tag }: Pick<EditionName, 'tag'>, encoding: Encoding): string {
  return encoding === 'gzip' ? `"${tag}-gz"` : `"${tag}"`;
}

/** Whether the asker has this edition already, in whichever encoding. If-Modified-Since counts only where no tag is given (RFC 9110, 13.1.3). */
export function isUnchanged(
  { tags, since }: Pick<AskedHeaders, 'tags' | 'since'>,
  edition: Pick<EditionName, 'tag' | 'lastModified'>,
): boolean {
  if (tags !== undefined) return matches(tags, edition);
  if (since === undefined) return false;
  // Other notations than an HTTP date are ignored (RFC 9110, 13.1.3).
  return since.endsWith(' GMT') && edition.lastModified.getTime() <= Date.parse(since);
}

/** Whether an If-None-Match names this tag: weak comparison (RFC 9110, 8.8.3.2), with the plain cases first. */
export function matches(tags: string, { tag }: Pick<EditionName, 'tag'>): boolean {
  if (tags === `"${tag}"` || tags === `"${tag}-gz"` || tags.trim() === '*') return true;
  const listed = tags.match(/"[^"]*"/g) ?? [];
  return listed.some((one) => one === `"${tag}"` || one === `"${tag}-gz"`);
}
