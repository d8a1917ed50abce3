/** Answers of the API that are given again: to the same question under the same key, while nothing changed that they rest on. */
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
import type { ReadyAnswers } from './ready-answers.ts';

declare module 'fastify' {
  interface FastifyInstance {
    kept: KeptAnswers;
  }
}

/** What an answer rests on. It is not given again without. */
interface Basis {
  registry: Registry;
  /** Null where everyone gets the same. */
  household: KnownHousehold | null;
  /** The day in Amsterdam. */
  today: Day;
}

export interface KeptAnswers {
  /** Sends a JSON body, and keeps it. An answer that has a weak tag is not sent again to who has it. */
  send(request: FastifyRequest, reply: FastifyReply, body: Buffer, basis: Basis, tag?: string): FastifyReply;
  /** Gives an answer again. It counts for no limit: it costs less than counting. */
  again: ReadyAnswers;
}

interface Kept extends Basis {
  headers: string[];
  body: Buffer;
  tag: string | undefined;
}

const MOST = 32 * 1024 * 1024;
const PREFIX = '/api/v1/';
const TYPE = 'application/json; charset=utf-8';

/** Opens an empty memory of answers for a service. */
export function keepAnswers(app: App, { memory, clock }: Pick<Deps, 'memory' | 'clock'>): KeptAnswers {
  const answers = bounded<Kept>(MOST, ({ body }) => body.length + 2000);
  const today = rememberDay();
  const kept: KeptAnswers = {
    send(request, reply, body, basis, tag) {
      // What the limit says of this call, it says of no other.
      const headers = Object.entries(reply.getHeaders()).filter(([name]) => !/^(x-)?ratelimit|^retry-after$/.test(name));
      const flat = headers.flatMap(([name, value]) => [name, String(value)]);
      if (request.method === 'GET') answers.set(nameOf(request.raw), { ...basis, headers: flat, body, tag });
      return reply.header('content-type', TYPE).send(body);
    },
    again(request, response) {
      if (request.method !== 'GET' || !request.url?.startsWith(PREFIX)) return false;
      const answer = answers.get(nameOf(request));
      if (!answer || !memory.isFreshThisTurn()) return false;
      const { registry, household, headers, body, tag } = answer;
      if (registry.parts !== memory.registry().parts || household?.holds === false || answer.today !== today(clock())) return false;
      if (tag !== undefined && matches(request.headers['if-none-match'] ?? '', { tag })) response.writeHead(304, headers).end();
      else response.writeHead(200, [...headers, 'content-type', TYPE, 'content-length', String(body.length)]).end(body);
      return true;
    },
  };
  app.decorate('kept', kept);
  return kept;
}

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
