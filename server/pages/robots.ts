/** What robots and researchers look for at a host: what they may read, where every page stands, and whom to tell of a hole. */
import { LANGUAGES } from '../../calendars/terms.ts';
import type { Snapshot } from '../../db/registry/snapshot.ts';
import { LINK_PAGES } from '../base-path.ts';
import type { App, Deps } from '../deps.ts';
import { answerNotFound } from '../http/errors.ts';
import { addressAt } from '../http/paths.ts';
import { pathIn } from './language.ts';
import { escapeXml } from './xml.ts';

/** What stands in the place of the last part of a page's path: an entry of the registry. By the path before it. */
const PLACES: Record<string, (registry: Snapshot) => readonly string[]> = {
  '/verzekeraars': ({ names }) => [...names.keys()],
  '/wijzigingen': ({ parts }) => [
    ...new Set([...parts.values()].flatMap(({ deadlines }) => deadlines.flatMap(({ changeId }) => changeId ?? []))),
  ],
  '/datums': ({ parts }) =>
    [...parts.values()].flatMap(({ deadlines }) => deadlines.filter(({ status }) => status === 'published').map(({ id }) => id)),
};
/** Pages that nobody looks for: of who signs in, or is signed in, or enrolled; with all below them. */
const PRIVATE = ['/mijn', '/o', '/uitloggen', '/inloggen/code', '/aanmelden/verstuurd', '/outbox', '/redactie'];
/** For how many days what security.txt says may be taken as true (RFC 9116, 2.5.5: less than a year). */
const TRUE_FOR_DAYS = 90;
const DAY_MS = 86_400_000;

export function robotRoutes(deps: Deps) {
  const { cache, clock, contact = {}, publicUrl } = deps;
  return async (app: App) => {
    // Calendar services obey robots.txt: a feed that it disallows is never fetched.
    app.get('/robots.txt', async (_request, reply) =>
      reply
        .type('text/plain; charset=utf-8')
        .send(
          `User-agent: *\n${LINK_PAGES.map((page) => `Disallow: ${addressAt(reply, `/${page}/`)}\n`).join('')}\nSitemap: ${publicUrl}/sitemap.xml\n`,
        ),
    );
    app.get('/sitemap.xml', async (_request, reply) =>
      reply.type('application/xml; charset=utf-8').send(siteMap(publicPaths(app.paths.keys(), await cache.refresh()), publicUrl)),
    );
    app.get('/.well-known/security.txt', async (request, reply) => {
      const contacts = contactsIn(contact);
      if (contacts.length === 0) return answerNotFound(request, reply);
      const expires = new Date(Math.floor(clock().getTime() / DAY_MS + TRUE_FOR_DAYS) * DAY_MS).toISOString();
      // A whole address there is one of https (RFC 9116, 2.5.2).
      const canonical = publicUrl.startsWith('https:') ? [`Canonical: ${publicUrl}/.well-known/security.txt`] : [];
      const lines = [...contacts.map((one) => `Contact: ${one}`), `Expires: ${expires}`, 'Preferred-Languages: nl, en', ...canonical];
      return reply.type('text/plain; charset=utf-8').send(`${lines.join('\n')}\n`);
    });
  };
}

/** Every page of the site, by its Dutch path: what is served in English too. What asks for something beside a registry's entry is left out, and so are files. */
export function publicPaths(patterns: Iterable<string>, registry: Snapshot): string[] {
  const all = new Set(patterns);
  return [...all]
    .filter(
      (pattern) => all.has(pathIn('en', pattern)) && !/\.\w+$/.test(pattern) && !PRIVATE.some((one) => `${pattern}/`.startsWith(`${one}/`)),
    )
    .flatMap((pattern) => {
      const [before, parameter, ...more] = pattern.split('/:');
      if (parameter === undefined) return [pattern];
      if (more.length > 0 || parameter.includes('/')) return [];
      return (PLACES[before!]?.(registry) ?? []).toSorted().map((place) => `${before}/${place}`);
    });
}

/** The protocol of sitemaps.org, with each page's other languages as search engines take them. */
function siteMap(paths: readonly string[], publicUrl: string): string {
  const urls = paths.flatMap((path) => {
    const places = LANGUAGES.map((language) => ({ language, address: escapeXml(publicUrl + pathIn(language, path)) }));
    const links = places.map(({ address, language }) => `<xhtml:link rel="alternate" hreflang="${language}" href="${address}"/>`).join('');
    return places.map(({ address }) => `<url><loc>${address}</loc>${links}</url>`);
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">',
    ...urls,
    '</urlset>',
    '',
  ].join('\n');
}

function contactsIn({ email, url }: NonNullable<Deps['contact']>): string[] {
  return [...(email === undefined ? [] : [`mailto:${email}`]), ...(url?.startsWith('https:') ? [url] : [])];
}
