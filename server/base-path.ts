/** The path of PUBLIC_URL: the service is reached below it, whether a proxy takes it off before it passes a request on or not. */

/** The pages behind secret links, most of them in mails: the first part of their path. */
export const LINK_PAGES = [
  'confirm',
  'unsubscribe',
  'resubscribe',
  'deputy',
  'leave',
  'done',
  'step',
  'reopen',
  'undo',
  'mute',
  'unmute',
  'decline',
  'allow',
  'inloggen',
  'uitnodiging',
  'adres',
  'inkoper',
];

/** The first part of every path that the service answers at. */
export const OWN_PARTS = [
  '.well-known',
  'aanmelden',
  'agenda',
  'api',
  'assets',
  'calendars',
  'datums',
  'docs',
  'en',
  'favicon.ico',
  'feeds',
  'geen-contract',
  'health',
  'metrics',
  'open-data',
  'outbox',
  'mijn',
  'o',
  'privacy',
  'redactie',
  'robots.txt',
  'sitemap.xml',
  'toegankelijkheid',
  'uitloggen',
  'verzekeraars',
  'wijzigingen',
  'wijzigingen.atom',
  'wijzigingen.json',
  ...LINK_PAGES,
];

/** The path of an address without a slash at its end, as `/zorg/kalender`; empty when it has none. */
export function basePathOf(publicUrl: string): string {
  const [, path = ''] = /^https?:\/\/[^/]*(.*?)\/*$/i.exec(publicUrl) ?? [];
  return path;
}

/** What is wrong with a base path, after the word "must"; null when nothing is. */
export function faultOfBasePath(basePath: string): string | null {
  if (basePath === '') return null;
  const parts = basePath.split('/').slice(1);
  // A proxy may encode all other characters anew, and browsers leave dots and empty parts out: such a path is not the same everywhere.
  if (!parts.every((part) => /^[\w.~-]+$/.test(part) && part !== '.' && part !== '..'))
    return 'have a path of letters, digits and . _ ~ - alone, with one slash between its parts, as https://example.org/zorg/kalender';
  // Behind a proxy that takes it off, /feeds/x could be x below the path, or a feed.
  if (OWN_PARTS.includes(parts[0]!))
    return `have a path that does not begin with /${parts[0]}, where the service itself answers (/zorg/${parts[0]} will do)`;
  return null;
}

/** What takes the base path off the address that a request is for, where that is below it, however its letters are encoded; others stay as they are. */
export function withoutBasePath(basePath: string): (url: string) => string {
  // To an address as `http://host/path` a proxy may ask too (RFC 9112, section 3.2.2).
  const below = new RegExp(`^(https?://[^/?]*)?${Array.from(basePath, anyFormOf).join('')}(?=[/?]|$)/?`, 'u');
  return (url) => url.replace(below, (_, origin = '') => `${origin}/`);
}

/** A character of a path, which is the same one when it is encoded (RFC 3986, section 6.2.2.2). */
function anyFormOf(character: string): string {
  if (character === '/') return '/';
  const [high, low] = character.charCodeAt(0).toString(16);
  return `(?:${character === '.' ? '\\.' : character}|%${high}[${low}${low!.toUpperCase()}])`;
}
