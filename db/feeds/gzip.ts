/** The cache of calendars' bytes: gzipped of many, plain of the few that are asked for so, each kind within a limit in bytes. */
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { bounded } from '../store/lru.ts';

export type Encoding = 'identity' | 'gzip';

/** One content of a calendar. */
export interface Edition {
  /** Names the content: another content has another tag. Known before anything is rendered. */
  readonly tag: string;
  /** In milliseconds, a whole second; later for every edition that follows. */
  readonly lastModified: number;
}

export interface Bodies {
  /** The newest edition of a calendar of which there are bytes in the cache. */
  last(key: string): Edition | undefined;
  /** An edition's bytes, when they are in the cache. */
  find(key: string, edition: Edition, encoding: Encoding): Buffer | undefined;
  /** An edition's bytes, which `render` makes when they are not in the cache: plain, or null for none. Who asks for the same meanwhile gets the same. */
  bytesOf(key: string, edition: Edition, encoding: Encoding, render: () => Promise<Buffer | null>): Promise<Buffer | null>;
}

interface Body {
  edition: Edition;
  bytes: Buffer;
}

const pack = promisify<Buffer, Buffer>(gzip);
const unpack = promisify<Buffer, Buffer>(gunzip);

/** Opens an empty cache, with the most bytes that it holds of each kind. */
export function openBodies(most: Record<Encoding, number>): Bodies {
  const bodies = {
    identity: bounded<Body>(most.identity, ({ bytes }) => weightOf(bytes)),
    gzip: bounded<Body>(most.gzip, ({ bytes }) => weightOf(bytes)),
  };
  const making = new Map<string, Promise<Buffer | null>>();

  const find = (key: string, { tag }: Edition, encoding: Encoding) => {
    const body = bodies[encoding].get(key);
    return body?.edition.tag === tag ? body.bytes : undefined;
  };
  const make = async (key: string, edition: Edition, encoding: Encoding, render: () => Promise<Buffer | null>) => {
    const packed = encoding === 'identity' ? find(key, edition, 'gzip') : undefined;
    const plain = packed ? await unpack(packed) : (find(key, edition, 'identity') ?? (await render()));
    if (!plain) return null;
    const bytes = ownMemory(encoding === 'gzip' ? await pack(plain) : plain);
    bodies[encoding].set(key, { edition, bytes });
    return bytes;
  };
  return {
    find,
    last(key) {
      const [plain, packed] = [bodies.identity.get(key)?.edition, bodies.gzip.get(key)?.edition];
      return plain && packed && packed.lastModified > plain.lastModified ? packed : (plain ?? packed);
    },
    async bytesOf(key, edition, encoding, render) {
      const bytes = find(key, edition, encoding);
      if (bytes) return bytes;
      const name = `${key} ${edition.tag} ${encoding}`;
      const shared = await making.get(name);
      if (shared) return shared;
      const promise = make(key, edition, encoding, render).finally(() => making.delete(name));
      making.set(name, promise);
      return promise;
    },
  };
}

/** What V8 and a Map take for bytes and their key, about. */
const OBJECTS = 500;

/** What bytes weigh that have memory of their own. */
export const weightOf = (bytes: Buffer) => bytes.length + OBJECTS;

/** The same bytes in memory of their own: zlib and small buffers give pieces of larger ones, and a piece keeps the whole. */
export function ownMemory(bytes: Buffer): Buffer {
  if (bytes.buffer.byteLength === bytes.length) return bytes;
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(copy);
  return copy;
}
