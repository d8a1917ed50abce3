/**
 * What addresses lead to, when there are very many of them. A poll then costs what it takes to read memory that is in no cache of the processor: a Map
 * reads three places and more, one after the other, before it has a value. This reads one, and the value.
 */
import { randomInt } from 'node:crypto';

/** What an address leads to. */
export interface Keyed {
  /** The address. */
  readonly name: string;
  /** Its `hashOf`. */
  readonly hash: number;
  /** Whether it was asked for since all around it were. */
  used: boolean;
}

export interface Addresses<V extends Keyed> {
  /** The value, which counts as used from now. */
  get(name: string): V | undefined;
  /** Keeps a value until another one of the same name comes, or one that needs its place: those that nobody asks for any more go first. */
  set(value: V): void;
  delete(name: string): void;
}

/** So many at most. Up to a fifth of it, hardly one in a hundred thousand has to go for another; at half, one in a hundred. */
const PLACES = 2 ** 19;
/** A value stands at the place that its hash names, or at one of the next. */
const REACH = 8;

/** Opens an empty memory with so many places: a power of two. */
export function openAddresses<V extends Keyed>(places = PLACES): Addresses<V> {
  // From the last places one reaches beyond them.
  const held: (V | null)[] = Array.from({ length: places + REACH }, () => null);

  const placeOf = (name: string, hash: number) => {
    const first = hash & (places - 1);
    for (let place = first; place < first + REACH; place += 1) {
      const value = held[place];
      // As a rule only the right name is compared: otherwise the time it takes would tell how much of a secret was guessed.
      if (value && value.hash === hash && value.name === name) return place;
    }
    return -1;
  };
  /** An empty place, or one of a value that was not used of late. */
  const roomFor = (hash: number) => {
    const first = hash & (places - 1);
    const reach = held.slice(first, first + REACH);
    const free = reach.indexOf(null);
    if (free >= 0) return first + free;
    const idle = reach.findIndex((value) => !value!.used);
    if (idle >= 0) return first + idle;
    for (const value of reach) value!.used = false;
    return first;
  };

  return {
    get(name) {
      const place = placeOf(name, hashOf(name));
      if (place < 0) return undefined;
      const value = held[place]!;
      // What is only read need not be written back to memory.
      if (!value.used) value.used = true;
      return value;
    },
    set(value) {
      const known = placeOf(value.name, value.hash);
      held[known < 0 ? roomFor(value.hash) : known] = value;
    },
    delete(name) {
      const place = placeOf(name, hashOf(name));
      if (place >= 0) held[place] = null;
    },
  };
}

/** Another one in each process: nobody can work out which addresses get in each other's way. */
const SEED = randomInt(2 ** 31);
/** The prime of FNV-1a for 32 bits. */
const PRIME = 0x01_00_01_93;

/** A number for a name. The tokens of feeds are random throughout, and only those that exist are kept: every fourth character tells them apart. */
export function hashOf(name: string): number {
  let hash = SEED;
  for (let i = 0; i < name.length; i += 4) hash = Math.imul(hash ^ name.charCodeAt(i), PRIME);
  return hash;
}
