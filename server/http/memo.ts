/** Answers that are remembered: the bytes of a list, for as long as what it rests on is the same. Asked behind guard, limit and log. */
import type { FastifyReply } from 'fastify';
import { bounded } from '../../db/store/lru.ts';

export interface Memo {
  /**
   * The JSON of what `make` gives: as it was given last, where that rests on the same version. The query must hold everything that makes the
   * answer another one, also who asks it; what `make` throws is thrown, and nothing is remembered.
   */
  answer(query: string, version: string, make: () => object): Buffer;
}

interface Remembered {
  version: string;
  bytes: Buffer;
}

/** In bytes. An answer counts for its query and the like too, so that very many small ones find an end. */
const MOST = 32 * 1024 * 1024;
const BESIDE = 512;

/** Opens an empty memo of so many bytes. */
export function openMemo(most = MOST): Memo {
  const answers = bounded<Remembered>(most, ({ bytes }) => bytes.length + BESIDE);
  return {
    answer(query, version, make) {
      const last = answers.get(query);
      if (last?.version === version) return last.bytes;
      const bytes = Buffer.from(JSON.stringify(make()));
      answers.set(query, { version, bytes });
      return bytes;
    },
  };
}

/** Sends JSON that is in bytes already. */
export function sendJson(reply: FastifyReply, bytes: Buffer): FastifyReply {
  return reply.type('application/json; charset=utf-8').send(bytes);
}

/** Says that the asker has it already. Without a type and a length: those are of a body, and this has none (RFC 9110, 15.4.5). */
export function sendUnchanged(reply: FastifyReply): FastifyReply {
  return reply.code(304).send();
}
