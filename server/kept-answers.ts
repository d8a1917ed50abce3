/** Answers of the API that are given again: to the same question under the same key, as long as what they rest on holds, and made anew when the registry changed. */
import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { amsterdamDay } from '../calendars/days.ts';
import type { Day } from '../calendars/terms.ts';
import { bounded } from '../db/bounded.ts';
import type { KnownHousehold } from '../db/memory.ts';
import type { Registry } from '../db/registry.ts';
import { digestOf } from '../db/secrets.ts';
import { matches } from './conditions.ts';
import type { App, Deps } from './deps.ts';
import { sendParts, type ReadyAnswers } from './ready-answers.ts';

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
  /** Headers of every answer to it, names and values in turn. */
  always: readonly string[];
  /** The registry that it was answered from last. */
  from: Registry['parts'];
}

/** The answer as it was given last. */
interface Given {
  parts: Registry['parts'];
  today: Day;
  tag: string | null;
  /** One piece. */
  body: readonly Buffer[];
}

/** A question is about a kilobyte; answers go by bytes. */
const MOST = { questions: 20_000, answers: 32 * 1024 * 1024 };
const PREFIX = '/api/v1/';
const TYPE = 'application/json; charset=utf-8';

/** Opens an empty memory of answers for a service. */
export function keepAnswers(app: App, { memory, clock }: Pick<Deps, 'memory' | 'clock'>): KeptAnswers {
  const questions = bounded<Asked>(MOST.questions);
  const answers = bounded<Given>(MOST.answers, ({ body }) => body[0]!.length);
  const dayAt = rememberDay();

  /** The answer as it is now: its body is null for who has it already. */
  const answer = (request: IncomingMessage, name: string, asked: Asked): { tag: string | null; body: readonly Buffer[] | null } => {
    const { parts } = memory.registry();
    const today = dayAt(clock());
    const last = answers.get(name);
    if (last?.parts === parts && last.today === today) return isKnown(request, last.tag) ? { tag: last.tag, body: null } : last;
    const { tag, body } = asked.make(memory.registry(), today);
    if (isKnown(request, tag)) return { tag, body: null };
    const again = asked.from === parts;
    asked.from = parts;
    // Who asks twice may ask again; after a change everybody asks once, and joining the pieces would be the most of it.
    if (!again) return { tag, body: body() };
    const given = { parts, today, tag, body: [Buffer.concat(body())] };
    answers.set(name, given);
    return given;
  };

  const kept: KeptAnswers = {
    send(request, reply, household, make) {
      const name = nameOf(request.raw);
      // What the limit says of this call, it says of no other.
      const headers = Object.entries(reply.getHeaders()).filter(([header]) => !/^(x-)?ratelimit|^retry-after$/.test(header));
      const always = headers.flatMap(([header, value]) => [header, String(value)]);
      const asked: Asked = { household, make, always, from: memory.registry().parts };
      answers.delete(name);
      const { tag, body } = answer(request.raw, name, asked);
      if (request.method === 'GET') questions.set(name, asked);
      if (tag !== null) reply.header('etag', weak(tag));
      return body === null ? reply.code(304).send(null) : reply.header('content-type', TYPE).send(Buffer.concat(body));
    },
    again(request, response) {
      if (request.method !== 'GET' || !request.url?.startsWith(PREFIX)) return false;
      const name = nameOf(request);
      const asked = questions.get(name);
      if (!asked || asked.household?.ground.holds === false || !memory.isFreshThisTurn()) return false;
      const { tag, body } = answer(request, name, asked);
      const headers = tag === null ? [...asked.always] : [...asked.always, 'etag', weak(tag)];
      if (body === null) response.writeHead(304, headers).end();
      else sendParts(response, [...headers, 'content-type', TYPE], body);
      return true;
    },
  };
  app.decorate('kept', kept);
  return kept;
}

const weak = (tag: string) => `W/"${tag}"`;
const isKnown = ({ headers }: IncomingMessage, tag: string | null) => tag !== null && matches(headers['if-none-match'] ?? '', { tag });

/** The question and who asks it, as a digest: keys are not kept. */
function nameOf({ url, headers }: IncomingMessage): string {
  return digestOf(`${headers.authorization ?? ''}\n${url ?? ''}`);
}

/** The day in Amsterdam, worked out once a minute: every answer asks for it. */
function rememberDay(): (now: Date) => Day {
  let [day, minute]: [Day, number] = ['', NaN];
  return (now) => {
    const current = Math.floor(now.getTime() / 60_000);
    if (current !== minute) [day, minute] = [amsterdamDay(now), current];
    return day;
  };
}
