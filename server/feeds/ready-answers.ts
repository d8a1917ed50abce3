/** Polls of feeds that are in memory: Fastify costs several times what their answers do. What is not as plain as that goes the ordinary way. */
import type { IncomingMessage, RequestListener, Server, ServerOptions, ServerResponse } from 'node:http';
import { answersFor, SECRET, wantedBy } from './calendar-answer.ts';
import type { Deps } from '../deps.ts';
import { createServer } from '../http/http.ts';
import { namesItsHost, type ProtocolFaults } from '../http/protocol-faults.ts';

/** Answers a request, or leaves it alone and says so. */
export type ReadyAnswers = (request: IncomingMessage, response: ServerResponse) => boolean;

/** How many requests were answered so, by status. */
export type ReadyCounts = Record<200 | 304, number>;

const [START, END] = ['/feeds/', '.ics'];
/** Of an address at which a feed may be. */
const LENGTH = START.length + 43 + END.length;
const answerFor = answersFor(SECRET);

/** The shortest way to a feed: `GET /feeds/{token}.ics`, while its newest edition is in memory. `pathOf` says which path of the service an address is for. */
export function readyAnswers(
  { feeds, clock }: Pick<Deps, 'feeds' | 'clock'>,
  counts: ReadyCounts,
  pathOf: (address: string) => string,
): ReadyAnswers {
  return ({ url: address = '', method, headers: requestHeaders }, response) => {
    const url = pathOf(address);
    if (method !== 'GET' || url.length !== LENGTH || !url.startsWith(START) || !url.endsWith(END)) return false;
    const answer = feeds.ready(url.slice(START.length, -END.length), clock(), wantedBy(requestHeaders), requestHeaders['user-agent']);
    if (!answer) return false;
    const { status, headers } = answerFor(requestHeaders, answer);
    if (answer.bytes !== null) headers.push('content-length', String(answer.bytes.length));
    response.writeHead(status, headers).end(answer.bytes);
    counts[status] += 1;
    return true;
  };
}

/** A server that asks for a ready answer first, and Fastify where there is none. What is no HTTP is told by `faults`. */
export function serverWith(
  ready: ReadyAnswers,
  fastify: RequestListener,
  faults: ProtocolFaults,
  { answerTimeout, ...timeouts }: Timeouts,
): Server {
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    faults.note(response);
    try {
      if (namesItsHost(request) && ready(request, response)) return;
    } catch {
      // What cannot be made here cannot be made there either, but there it is told and logged; of half an answer nothing more can be said.
      if (response.headersSent) {
        response.destroy();
        return;
      }
    }
    fastify(request, response);
  };
  // Node itself would refuse some without a word why, and a tunnel without an answer. Its other limits end with the request: who takes nothing
  // of the answer would hold its connection, and the answer, for ever.
  return createServer({ ...timeouts, requireHostHeader: false }, answer)
    .setTimeout(answerTimeout)
    .on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
      faults.note(response);
      fastify(request, response);
    })
    .on('connect', (_request, socket) => faults.refuseTunnel(socket));
}

interface Timeouts extends Pick<ServerOptions, 'connectionsCheckingInterval' | 'keepAliveTimeout' | 'requestTimeout'> {
  /** How many milliseconds a connection may be silent on both sides. */
  answerTimeout: number;
}
