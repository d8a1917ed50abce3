/**
 * What addresses lead to, when there are very many of them. A poll then costs what it takes to read memory that is in no cache of the processor: a Map
 * reads three places and more, one after the other, before it has a value. This reads one, and the value.
 */
import { randomInt } from 'node:crypto';

/** What an address leads to. */
export interface Addressed {
  /** The address. */
  readonly name: string;
  /** Its `markOf`. */
  readonly mark: number;
}

export interface Addresses<V extends Addressed> {
  get(name: string): V | undefined;
  /** Keeps a value until another one of the same name comes, or one that needs its place. */
  set(value: V): void;
  delete(name: string): void;
}

/** A power of two. With half as many values hardly one is ever in another's way. */
const PLACES = 2 ** 19;
/** A value stands at its own place, or at one of the next. */
const REACH = 8;

/** Opens an empty memory. It has room for `places` values at most, a power of two. */
export function openAddresses<V extends Addressed>(places = PLACES): Addresses<V> {
  // Where one is far from the end, its reach goes beyond.
  const held: (V | null)[] = Array.from({ length: places + REACH }, () => null);

  const placeOf = (name: string, mark: number) => {
    const own = mark & (places - 1);
    for (let place = own; place < own + REACH; place += 1) {
      const value = held[place];
      // Names are compared only of equal marks: how long that takes tells nobody how much of a secret was right.
      if (value && value.mark === mark && value.name === name) return place;
    }
    return -1;
  };
  const roomFor = (mark: number) => {
    const own = mark & (places - 1);
    for (let place = own; place < own + REACH; place += 1) if (!held[place]) return place;
    return own;
  };

  return {
    get(name) {
      const place = placeOf(name, markOf(name));
      return place < 0 ? undefined : held[place]!;
    },
    set(value) {
      const known = placeOf(value.name, value.mark);
      held[known < 0 ? roomFor(value.mark) : known] = value;
    },
    delete(name) {
      const place = placeOf(name, markOf(name));
      if (place >= 0) held[place] = null;
    },
  };
}

/** Another one in each process, so that nobody can choose addresses that get in each other's way. */
const SEED = randomInt(2 ** 31);
/** The prime of FNV-1a for 32 bits. */
const PRIME = 0x01_00_01_93;

/** A number that names hardly ever have in common. Those of feeds are random throughout: every fourth character tells them apart. */
export function markOf(name: string): number {
  let mark = SEED;
  for (let i = 0; i < name.length; i += 4) mark = Math.imul(mark ^ name.charCodeAt(i), PRIME);
  return mark;
}
