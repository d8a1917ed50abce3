/** Answers of the API that are given again: to the same question under the same key, as long as what they rest on holds, and made anew when the registry changed. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { rememberDay } from '../../calendars/days.ts';
import type { Day } from '../../calendars/terms.ts';
import { bounded } from '../../db/store/lru.ts';
import type { KnownHousehold } from '../../db/organisations/memory.ts';
import type { Registry } from '../../db/registry/snapshot.ts';
import { matches } from './conditions.ts';
import type { App, Deps } from '../deps.ts';
import type { ReadyAnswers } from '../feeds/ready-answers.ts';

declare module 'fastify' {
  interface FastifyInstance {
    kept: KeptAnswers;
  }
}

/** An answer: what its content is called, when it has a name, and its JSON in pieces, which is made when it is needed. */
interface Answer {
  tag: string | null;
  body: () => readonly Buffer[];
}

/** How a question is answered from the registry on a day in Amsterdam. It may throw what the caller is to be told. */
type Make = (registry: Registry, today: Day) => Answer;

export interface KeptAnswers {
  /** Answers a question, with 304 to who has that answer already, and keeps it. `household` is what else it rests on; null where everyone gets the same. */
  send(request: FastifyRequest, reply: FastifyReply, household: KnownHousehold | null, make: Make): FastifyReply;
  /** Gives an answer again. It counts for no limit: it costs less than counting. */
  again: ReadyAnswers;
}

/** A question that was asked: how to answer it, and what the answer rests on. */
interface Asked {
  household: KnownHousehold | null;
  make: Make;
  headers: CommonHeaders;
  /** The registry that it was answered from last, by its counter: to hold it would keep it in memory. */
  from: number;
}

/** Headers, names and values in turn: those of a whole answer, and those of them that a 304 repeats. Most questions share them. */
interface CommonHeaders {
  always: readonly string[];
  beside: readonly string[];
}

/** The answer as it was given last, with all its headers, for who has it already too. */
interface Given {
  from: number;
  today: Day;
  tag: string | null;
  unchanged: string[];
  whole: string[];
  body: Buffer;
}

/** What leaves: without a body for who has the answer already. */
interface Reply {
  headers: string[];
  body: readonly Buffer[] | null;
}

/** Questions go by number, answers by bytes. */
const MOST = { questions: 20_000, answers: 32 * 1024 * 1024, headers: 100 };
const PREFIX = '/api/v1/';
/** What a browser may do with a body: of no use without one (RFC 9110, 15.4.5). */
const OF_A_BODY = new Set(['content-security-policy', 'referrer-policy', 'x-content-type-options', 'x-frame-options']);
const TYPE = ['content-type', 'application/json; charset=utf-8'];

/** Opens an empty memory of answers for a service. */
export function keepAnswers(app: App, { memory, clock }: Pick<Deps, 'memory' | 'clock'>): KeptAnswers {
  const questions = bounded<Asked>(MOST.questions);
  const answers = bounded<Given>(MOST.answers, ({ body }) => body.length);
  const common = bounded<CommonHeaders>(MOST.headers);
  const dayAt = rememberDay();

  const replyTo = (request: IncomingMessage, name: string, asked: Asked): Reply => {
    const from = memory.registry().counters.registry;
    const today = dayAt(clock());
    const tags = request.headers['if-none-match'];
    const last = answers.get(name);
    if (last?.from === from && last.today === today)
      return isKnown(tags, last.tag) ? { headers: last.unchanged, body: null } : { headers: last.whole, body: [last.body] };
    const { tag, body } = asked.make(memory.registry(), today);
    const named = tag === null ? [] : ['etag', weak(tag)];
    const unchanged = [...asked.headers.beside, ...named];
    if (isKnown(tags, tag)) return { headers: unchanged, body: null };
    const again = asked.from === from;
    asked.from = from;
    const pieces = body();
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    const whole = [...asked.headers.always, ...named, ...TYPE, 'content-length', String(length)];
    // Who asks twice may ask again; after a change everybody asks once, and joining the pieces would be the most of it.
    if (!again) return { headers: whole, body: pieces };
    const joined = Buffer.concat(pieces, length);
    answers.set(name, { from, today, tag, unchanged, whole, body: joined });
    return { headers: whole, body: [joined] };
  };

  const headersOf = (reply: FastifyReply): CommonHeaders => {
    // What the limit says of this call, it says of no other.
    const all = Object.entries(reply.getHeaders()).filter(([header]) => !/^(x-)?ratelimit|^retry-after$/.test(header));
    const name = JSON.stringify(all);
    const known = common.get(name) ?? { always: flat(all), beside: flat(all.filter(([header]) => !OF_A_BODY.has(header))) };
    common.set(name, known);
    return known;
  };

  const kept: KeptAnswers = {
    send(request, reply, household, make) {
      const name = nameOf(request.raw);
      const asked: Asked = { household, make, headers: headersOf(reply), from: memory.registry().counters.registry };
      answers.delete(name);
      const { headers, body } = replyTo(request.raw, name, asked);
      if (request.method === 'GET') questions.set(name, asked);
      for (let i = 0; i < headers.length; i += 2) reply.header(headers[i]!, headers[i + 1]);
      return body === null ? reply.code(304).send(null) : reply.send(Buffer.concat(body));
    },
    again(request, response) {
      if (request.method !== 'GET' || !request.url?.startsWith(PREFIX)) return false;
      const name = nameOf(request);
      const asked = questions.get(name);
      if (!asked || asked.household?.ground.holds === false || !memory.isFreshThisTurn()) return false;
      const { headers, body } = replyTo(request, name, asked);
      if (body === null) response.writeHead(304, headers).end();
      else sendParts(response, headers, body);
      return true;
    },
  };
  app.decorate('kept', kept);
  return kept;
}

/** Sends a body in its parts: joining them would cost more than all the rest. Its length stands in the headers. */
function sendParts(response: ServerResponse, headers: string[], parts: readonly Buffer[]) {
  response.writeHead(200, headers);
  // Held until the last one, so that all of it leaves in one write.
  response.cork();
  for (const part of parts) response.write(part);
  response.end();
}

const flat = (headers: readonly (readonly [name: string, value: unknown])[]) => headers.flatMap(([name, value]) => [name, String(value)]);
const weak = (tag: string) => `W/"${tag}"`;
const isKnown = (tags: string | undefined, tag: string | null) => tags !== undefined && tag !== null && matches(tags, { tag });

/** The question and who asks it. The key is in it as it was sent: it is in memory anyway as long as its organisation asks, and a digest costs a tenth of the answer. */
function nameOf({ url = '', headers }: IncomingMessage): string {
  return `${url}\n${headers.authorization ?? ''}`;
}
