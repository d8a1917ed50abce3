/** Calendars over HTTP: an organisation's at its secret link, and one for everyone per insurer. */
import type { FastifyReply, FastifyRequest, RouteShorthandOptions } from 'fastify';
import type { Edition } from '../db/feed-book.ts';
import { encodingFor, entityTag, isUnchanged } from './conditions.ts';
import type { App, Deps } from './deps.ts';

/** `/feeds/{token}.ics` and `/calendars/{slug}.ics`. A wildcard, so that every wrong address gets the very same answer. */
export function calendarRoutes({ feeds, clock }: Pick<Deps, 'feeds' | 'clock'>) {
  return async (app: App) => {
    const secret = { cache: 'private, no-cache', robots: 'noindex' };
    const open = { cache: 'public, no-cache', robots: null };

    answerAt(app, '/feeds/*', secret, async (name) => (/^[\w-]{43}$/.test(name) ? feeds.feedFor(name, clock()) : null));
    answerAt(app, '/calendars/*', open, async (name, { lang }) =>
      /^[a-z0-9-]{1,60}$/.test(name) ? feeds.insurerFeed(name, lang === 'en' ? 'en' : 'nl', clock()) : null,
    );
  };
}

/** Who may keep an answer, and whether a search engine may list it. */
interface Openness {
  cache: string;
  robots: string | null;
}

type Find = (name: string, query: Record<string, unknown>) => Promise<Edition | null>;

const TYPE = 'text/calendar; charset=utf-8';
const NOT_FOUND = Buffer.from('Op dit adres staat geen agenda. There is no calendar at this address.\n');
const OTHER_METHODS = ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'];
/** Calendar apps try these to find out whether they may write. */
const DAV_METHODS = ['PROPFIND', 'PROPPATCH', 'MKCOL', 'MKCALENDAR', 'COPY', 'MOVE', 'LOCK', 'UNLOCK', 'REPORT', 'SEARCH'];

function answerAt(app: App, url: string, openness: Openness, find: Find) {
  // A page's protections mean nothing to a calendar app; the headers that do are set here.
  const options = { helmet: false, logLevel: 'warn', exposeHeadRoute: false } as const satisfies RouteShorthandOptions & { helmet: false };
  const headers = {
    'cache-control': openness.cache,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    ...(openness.robots === null ? {} : { 'x-robots-tag': openness.robots }),
  };
  const answer = async (request: FastifyRequest, reply: FastifyReply) => {
    reply.headers(headers);
    try {
      const [, name] = /^(.*)\.ics$/.exec((request.params as { '*': string })['*']) ?? [];
      const query = request.query as Record<string, unknown>;
      const edition = name === undefined ? null : await find(name, query);
      if (edition?.fault) request.log.error({ err: edition.fault }, 'the last good feed is served');
      return await (edition ? answerEdition(edition, query['download'] === '1', request, reply) : answerNotFound(reply));
    } catch (error) {
      request.log.error({ err: error }, 'no feed to serve');
      return reply.code(503).header('retry-after', '300').type('text/plain; charset=utf-8').send('Try again later.\n');
    }
  };
  app.route({ method: ['GET', 'HEAD'], url, ...options, handler: answer });

  for (const method of DAV_METHODS) if (!app.supportedMethods.includes(method)) app.addHttpMethod(method, { hasBody: true });
  app.route({
    method: [...OTHER_METHODS, ...DAV_METHODS],
    url,
    ...options,
    // Before a body is read, so that it does not matter what is in it.
    onRequest: async (_request, reply) =>
      reply.headers(headers).code(405).header('allow', 'GET, HEAD').type('text/plain').send('GET, HEAD\n'),
    handler: async () => '',
  });
}

async function answerEdition(edition: Edition, download: boolean, request: FastifyRequest, reply: FastifyReply) {
  const encoding = encodingFor(request.headers);
  reply.headers({ etag: entityTag(edition, encoding), 'last-modified': edition.lastModified.toUTCString(), vary: 'Accept-Encoding' });
  if (isUnchanged(request.headers, edition)) return reply.code(304).send();
  const body = await edition.body(encoding);
  if (encoding === 'gzip') reply.header('content-encoding', 'gzip');
  if (download) reply.header('content-disposition', 'attachment; filename="inkoopkalender.ics"');
  return reply.header('content-type', TYPE).send(body);
}

/** One answer for every link that leads nowhere, byte for byte: it does not tell what was wrong with it. */
function answerNotFound(reply: FastifyReply) {
  return reply.code(404).header('cache-control', 'no-store').header('content-type', 'text/plain; charset=utf-8').send(NOT_FOUND);
}
