/** Pages that are remembered: those that say what the registry says on a day, until either changes. Each is made and packed once, for all who ask. */
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { FastifyReply } from 'fastify';
import { rememberDay } from '../../calendars/days.ts';
import { bounded } from '../../db/store/lru.ts';
import type { Deps } from '../deps.ts';
import { matches } from '../http/conditions.ts';
import { sendUnchanged } from '../http/memo.ts';
import { answerPageNotFound } from './not-found.ts';

interface Remembered {
  version: string;
  tag: string;
  bytes: Buffer;
  packed: Partial<Record<'br' | 'gzip', Promise<Buffer>>>;
}

/** In bytes, packed ones not counted: those are a few percent more. */
const MOST = 16 * 1024 * 1024;
const BESIDE = 512;
const pack = {
  br: async (bytes: Buffer) => promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  gzip: async (bytes: Buffer) => promisify(gzip)(bytes),
};

/**
 * Answers with a page: as it was made last for that address, where the registry and the day are the same; else as `make` gives it, once for all who ask
 * meanwhile. What `make` throws is thrown to all of them, and who asks later makes it anew.
 */
export type PageMemo = (reply: FastifyReply, make: () => Promise<string | null>) => Promise<FastifyReply>;

/** Opens an empty memo of so many bytes. */
export function openPageMemo({ cache, clock }: Pick<Deps, 'cache' | 'clock'>, most = MOST): PageMemo {
  const pages = bounded<Remembered>(most, ({ bytes }) => bytes.length + BESIDE);
  const making = new Map<string, Promise<Remembered | null>>();
  const dayAt = rememberDay();
  return async (reply, make) => {
    const { url } = reply.request;
    const { counters } = await cache.refresh();
    const version = `${counters.registry} ${dayAt(clock())}`;
    const last = pages.get(url);
    if (last?.version === version) return send(reply, last);
    const key = `${version} ${url}`;
    const begun = making.get(key);
    const theirs = begun && (await begun);
    if (theirs) return send(reply, theirs);
    let text: string | null = null;
    const makePage = async (): Promise<Remembered | null> => {
      text = await make();
      // What is not there or not right is no page of the registry, and each asker's own.
      if (text === null || reply.statusCode !== 200) return null;
      const page = rememberedOf(text, version);
      pages.set(url, page);
      return page;
    };
    const made = makePage().finally(() => making.delete(key));
    making.set(key, made);
    const page = await made;
    if (page !== null) return send(reply, page);
    return text === null ? answerPageNotFound(reply.request, reply) : reply.send(Buffer.from(text));
  };
}

function rememberedOf(text: string, version: string): Remembered {
  const bytes = Buffer.from(text);
  const tag = createHash('sha256').update(bytes).digest('base64url').slice(0, 22);
  return { version, tag, bytes, packed: {} };
}

/** The tag is a weak one: packed or not, it is the same page. */
async function send(reply: FastifyReply, page: Remembered): Promise<FastifyReply> {
  const { headers } = reply.request;
  reply.header('etag', `W/"${page.tag}"`);
  if (headers['if-none-match'] !== undefined && matches(headers['if-none-match'], page))
    return sendUnchanged(reply.removeHeader('content-type'));
  const accepted = reply.request.encodings();
  const coding = (['br', 'gzip'] as const).find((one) => accepted.includes(one));
  if (coding === undefined) return reply.send(page.bytes);
  page.packed[coding] ??= pack[coding](page.bytes);
  return reply.header('content-encoding', coding).send(await page.packed[coding]);
}
