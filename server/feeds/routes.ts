/** Calendars over HTTP: an organisation's at its secret link, and for everyone one per insurer and one per choice. */
import type { FastifyReply, FastifyRequest, RouteShorthandOptions } from 'fastify';
import { readSelection, RESERVED_SLUG } from '../../calendars/agenda/selection.ts';
import { AppError } from '../../calendars/errors.ts';
import { DATED_KINDS, type DatedKind } from '../../calendars/terms.ts';
import type { Answer } from '../../db/feeds/cache.ts';
import { answersFor, headersFor, OPEN, SECRET, wantedBy, type Openness } from './calendar-answer.ts';
import type { App, Deps } from '../deps.ts';
import { METHODS } from '../http/http.ts';
import { openWrongLinks } from './wrong-links.ts';

/** `/feeds/{token}.ics`, `/calendars/{slug}.ics` and `/calendars/selection.ics`. A wildcard, so that every wrong address gets the very same answer. */
export function calendarRoutes({ feeds, clock }: Pick<Deps, 'feeds' | 'clock'>) {
  return async (app: App) => {
    const wrongLinks = openWrongLinks();

    answerAt(app, '/feeds/*', SECRET, async (name, request) => {
      const now = clock();
      const { headers } = request;
      const look = async () => (/^[\w-]{43}$/.test(name) ? feeds.poll(name, now, wantedBy(headers), headers['user-agent']) : null);
      const answer = await wrongLinks.find(() => request.ip, now, look);
      return answer && { answer, file: 'inkoopkalender.ics' };
    });
    answerAt(app, '/calendars/*', OPEN, async (name, { headers, query }) => {
      if (name === RESERVED_SLUG) {
        const answer = await feeds.pollSelection(readSelection(query as Record<string, unknown>), clock(), wantedBy(headers));
        return { answer, file: 'inkoopkalender.ics' };
      }
      const { kind, lang } = query as Record<string, unknown>;
      if (!/^[a-z0-9-]{1,60}$/.test(name)) return null;
      const view = { language: lang === 'en' ? 'en' : 'nl', kinds: kindsIn(kind) } as const;
      const answer = await feeds.pollInsurer(name, view, clock(), wantedBy(headers));
      return answer && { answer, file: `inkoopkalender-${name}.ics` };
    });
  };
}

/** Answers an address of feeds that cannot even be decoded as any other that leads nowhere; null when it is none of them. */
export function answerWrongLink({ url, method }: FastifyRequest, reply: FastifyReply): FastifyReply | null {
  if (!url.startsWith('/feeds/')) return null;
  setHeaders(reply, headersFor(SECRET));
  return method === 'GET' || method === 'HEAD' ? answerNotFound(reply) : refuseMethod(reply);
}

/** The kinds that a query names, once or several times, with commas between them; null where it names none. Throws `not_found` for another word. */
function kindsIn(query: unknown): DatedKind[] | null {
  if (query === undefined) return null;
  const words = [query].flat().flatMap((text) => (typeof text === 'string' ? text.split(',') : ['?']));
  const others = words.filter((word) => word !== 'all' && !DATED_KINDS.some((kind) => kind === word));
  if (others.length > 0)
    throw new AppError(
      'not_found',
      `No calendar shows kind ${JSON.stringify(others.join().slice(0, 100))}. It may be all, or: ${DATED_KINDS.join(', ')}.`,
    );
  return DATED_KINDS.filter((kind) => words.includes('all') || words.includes(kind));
}

/** What the cache answers, and what it is called when somebody wants to keep it as a file. */
interface CalendarFile {
  answer: Answer;
  file: string;
}

type Find = (name: string, request: FastifyRequest) => Promise<CalendarFile | null>;

const NOT_FOUND = Buffer.from('Op dit adres staat geen agenda. There is no calendar at this address.\n');
const GONE = Buffer.from(
  'Deze agendalink is ingetrokken. Vraag een nieuwe aan wie de agenda met u deelde. ' +
    'This calendar link has ended. Ask whoever shared the calendar with you for a new one.\n',
);
/** All that Node can read: calendar apps try those of WebDAV to find out whether they may write. CONNECT never gets to a route. */
const OTHER_METHODS = METHODS.filter((method) => !['GET', 'HEAD', 'CONNECT'].includes(method));

function answerAt(app: App, url: string, openness: Openness, find: Find) {
  // A page's protections mean nothing to a calendar app; the headers that do are set here.
  const options = { helmet: false, logLevel: 'warn', exposeHeadRoute: false } as const satisfies RouteShorthandOptions & { helmet: false };
  const always = headersFor(openness);
  const answerFor = answersFor(openness);
  const answer = async (request: FastifyRequest, reply: FastifyReply) => {
    try {
      const [, name] = /^(.*)\.ics$/.exec((request.params as { '*': string })['*']) ?? [];
      const calendar = await find(name ?? '', request);
      if (!calendar) return answerNotFound(setHeaders(reply, always));
      const { fault, bytes } = calendar.answer;
      if (fault !== null) request.log.error({ err: fault }, 'the last good feed is served');
      const { status, headers } = answerFor(request.headers, calendar.answer);
      setHeaders(reply.code(status), headers);
      const { download } = request.query as Record<string, unknown>;
      if (download === '1' && bytes !== null) reply.header('content-disposition', `attachment; filename="${calendar.file}"`);
      return reply.send(bytes ?? undefined);
    } catch (error) {
      setHeaders(reply, always);
      if (error instanceof AppError && error.kind === 'gone') return answerGone(reply);
      if (openness === OPEN && error instanceof AppError && error.kind === 'not_found') return answerNotFound(reply, `${error.message}\n`);
      request.log.error({ err: error }, 'no feed to serve');
      return reply.code(503).header('retry-after', '300').type('text/plain; charset=utf-8').send('Try again later.\n');
    }
  };
  app.route({ method: ['GET', 'HEAD'], url, ...options, handler: answer });

  for (const method of OTHER_METHODS) if (!app.supportedMethods.includes(method)) app.addHttpMethod(method, { hasBody: true });
  app.route({
    method: OTHER_METHODS,
    url,
    ...options,
    // Before a body is read, so that it does not matter what is in it.
    onRequest: async (_request, reply) => refuseMethod(setHeaders(reply, always)),
    handler: async () => '',
  });
}

/** Names and values in turn. */
function setHeaders(reply: FastifyReply, headers: readonly string[]): FastifyReply {
  for (let i = 0; i < headers.length; i += 2) reply.header(headers[i]!, headers[i + 1]);
  return reply;
}

/** One answer for every link that leads nowhere, byte for byte: of a secret one it does not tell what was wrong with it. */
function answerNotFound(reply: FastifyReply, text: Buffer | string = NOT_FOUND) {
  return reply.code(404).header('cache-control', 'no-store').header('content-type', 'text/plain; charset=utf-8').send(text);
}

function refuseMethod(reply: FastifyReply) {
  return reply.code(405).header('allow', 'GET, HEAD').type('text/plain').send('GET, HEAD\n');
}

/** For a link that ended not long ago: Thunderbird then stops asking, and says so. */
function answerGone(reply: FastifyReply) {
  return reply.code(410).header('cache-control', 'no-store').header('content-type', 'text/plain; charset=utf-8').send(GONE);
}
