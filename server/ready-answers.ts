/** Polls whose answer stands ready: it leaves before the service asks anything else. What is not as plain as that goes the ordinary way. */
import type { IncomingMessage, RequestListener, Server, ServerOptions, ServerResponse } from 'node:http';
import type { Part } from '../db/feed-book.ts';
import { answersFor, SECRET } from './calendar-answer.ts';
import type { Deps } from './deps.ts';
import { createServer } from './http.ts';
import { keepSocketShape, keepTickShape } from './node-shapes.ts';

/** Answers a request, or leaves it alone and says so. */
export type ReadyAnswers = (request: IncomingMessage, response: ServerResponse) => boolean;

/** How many requests were answered so, by status. */
export type ReadyCounts = Record<200 | 304, number>;

/** Of an address at which a feed may be. */
const LENGTH = '/feeds/.ics'.length + 43;
const answerFor = answersFor(SECRET);

/** The shortest way to a feed: `GET /feeds/{token}.ics`, while its newest edition is in memory. */
export function readyAnswers({ feeds, clock }: Pick<Deps, 'feeds' | 'clock'>, counts: ReadyCounts): ReadyAnswers {
  return (request, response) => {
    const { url = '', method, headers: asked } = request;
    if (url.length !== LENGTH || method !== 'GET') return false;
    const edition = feeds.ready(url, clock(), asked['user-agent']);
    if (!edition) return false;
    const { status, headers, body } = answerFor(asked, edition);
    const parts = body === null ? [] : edition.parts(body);
    if (!parts) return false;
    if (body === null) response.writeHead(status, headers).end();
    else {
      headers.push('content-length', String(parts.reduce((sum, part) => sum + part.length, 0)));
      sendParts(response, headers, parts);
    }
    counts[status] += 1;
    return true;
  };
}

/** A server that asks for a ready answer first, and Fastify where there is none. */
export function serverWith(ready: ReadyAnswers, fastify: RequestListener, timeouts: Timeouts): Server {
  keepTickShape();
  const isAnswered: ReadyAnswers = (request, response) => {
    try {
      return ready(request, response);
    } catch (error) {
      // What cannot be made here cannot be made there either, but there it is told and logged; here it would end the process.
      if (response.headersSent) throw error;
      return false;
    }
  };
  const server = createServer({ ...timeouts, ...EMPTY }, (request, response) => {
    if (!isAnswered(request, response)) fastify(request, response);
  });
  return server.on('connection', keepSocketShape);
}

/** Polls have no body, and a stream for it costs a tenth of the answer. */
const EMPTY = { optimizeEmptyRequests: true };

type Timeouts = Pick<ServerOptions, 'keepAliveTimeout' | 'requestTimeout'>;

/** Sends a body in its parts: joining them would cost more than all the rest. Its length stands in the headers. */
export function sendParts(response: ServerResponse, headers: string[], parts: readonly Part[]) {
  response.writeHead(200, headers);
  // Held until the last one, so that all of it leaves in one write.
  if (parts.length > 1) response.cork();
  for (let i = 0; i < parts.length - 1; i += 1) response.write(parts[i], 'latin1');
  response.end(parts.at(-1), 'latin1');
}
