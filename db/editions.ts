/** Editions of feeds in memory: what each one is called, and its bytes once somebody wanted them. */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { bounded } from './bounded.ts';
import { laterThan } from './revisions.ts';

export type Encoding = 'identity' | 'gzip';

/** One state of a feed. */
export interface Edition {
  /** Names this content: another content has another tag. Known before a byte of it is made. */
  tag: string;
  /** A whole second; later for every edition that follows. */
  lastModified: Date;
  /** The bytes, made at the first call and kept as long as there is room. */
  body(encoding: Encoding): Promise<Buffer>;
  /** Why this is not the newest edition: the error that kept a newer one from being made. Null as a rule. */
  fault: unknown;
}

export interface Editions {
  /** The edition with this tag. When the bytes of a new one cannot be made, the last good edition, with its fault. */
  renew(key: string, tag: string, build: () => Promise<Buffer>, now: Date): Promise<Edition>;
}

const compress = promisify(gzip);

/** Opens an empty memory of editions. A tag and a moment are small; bytes are kept up to a limit. */
export function openEditions({ count, bytes }: { count: number; bytes: number }): Editions {
  const editions = bounded<Edition>(count);
  const bodies = bounded<{ tag: string; bytes: Buffer }>(bytes, (body) => body.bytes.length);
  const making = new Map<string, Promise<Buffer>>();

  const bodyOf = async (key: string, tag: string, encoding: Encoding, build: () => Promise<Buffer>): Promise<Buffer> => {
    const kept = bodies.get(`${key} ${encoding}`);
    if (kept?.tag === tag) return kept.bytes;
    const make = async () => {
      const bytes = encoding === 'gzip' ? await compress(await bodyOf(key, tag, 'identity', build)) : await build();
      bodies.set(`${key} ${encoding}`, { tag, bytes });
      return bytes;
    };
    return oneAtATime(making, `${key} ${encoding} ${tag}`, make);
  };

  return {
    async renew(key, tag, build, now) {
      const last = editions.get(key);
      if (last?.tag === tag) return last;
      if (last && bodies.get(`${key} identity`)?.tag === last.tag) {
        try {
          await bodyOf(key, tag, 'identity', build);
        } catch (error) {
          return { ...last, fault: error };
        }
      }
      // Another request may have been faster.
      const raced = editions.get(key);
      if (raced?.tag === tag) return raced;
      const edition: Edition = {
        tag,
        lastModified: laterThan(raced?.lastModified ?? new Date(0), now),
        body: async (encoding) => bodyOf(key, tag, encoding, build),
        fault: null,
      };
      editions.set(key, edition);
      return edition;
    },
  };
}

/** Those who ask for the same thing while it is being made get the same one. */
async function oneAtATime<T>(making: Map<string, Promise<T>>, name: string, make: () => Promise<T>): Promise<T> {
  const current = making.get(name) ?? make().finally(() => making.delete(name));
  making.set(name, current);
  return current;
}
