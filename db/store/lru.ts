/** A bounded cache: what was not used for a long time goes first (LRU, approximated by second chance). */

export interface Bounded<V> {
  /** The value, which counts as used from now. */
  get(key: string): V | undefined;
  set(key: string, value: V): void;
  delete(key: string): void;
  /** Whether there is such a value, and all there are: neither counts as using them. */
  has(key: string): boolean;
  values(): V[];
}

/** There may be very many: what a value weighs is asked again rather than kept. */
interface Entry<V> {
  value: V;
  /** Whether it was asked for since it was last passed over. */
  used: boolean;
}

/** How many values may be passed over to make room once, so that making room never takes long. */
const PASSES = 100;

/**
 * A bounded cache. `weigh` gives what a value counts for, bytes or one each, and must always give the same for a value. A value heavier than
 * the limit is not kept. `leave` hears of every value that is no longer held.
 */
export function bounded<V>(limit: number, weigh: (value: V) => number = () => 1, leave: (value: V) => void = () => {}): Bounded<V> {
  // A Map keeps the order in which keys were set. `get` only sets a flag instead of moving the key each time, which a poll would pay for.
  const all = new Map<string, Entry<V>>();
  let weight = 0;
  const remove = (key: string) => {
    const entry = all.get(key);
    if (!entry) return;
    all.delete(key);
    weight -= weigh(entry.value);
    leave(entry.value);
  };
  const makeRoomFor = (newest: string) => {
    let passes = 0;
    for (const [key, entry] of all) {
      if (weight <= limit) break;
      if ((entry.used || key === newest) && passes < PASSES) {
        passes += 1;
        entry.used = false;
        all.delete(key);
        all.set(key, entry);
      } else remove(key);
    }
  };
  return {
    get(key) {
      const entry = all.get(key);
      if (entry === undefined) return undefined;
      // What is only read need not be written back to memory.
      if (!entry.used) entry.used = true;
      return entry.value;
    },
    set(key, value) {
      const heaviness = weigh(value);
      const entry = all.get(key);
      if (heaviness > limit) {
        remove(key);
        leave(value);
      } else if (entry) {
        // It stays where it is: taking keys out and putting them back makes a Map grow.
        if (entry.value !== value) leave(entry.value);
        weight += heaviness - weigh(entry.value);
        entry.value = value;
        entry.used = true;
      } else {
        all.set(key, { value, used: false });
        weight += heaviness;
      }
      if (weight > limit) makeRoomFor(key);
    },
    delete: remove,
    has: (key) => all.has(key),
    values: () => [...all.values()].map(({ value }) => value),
  };
}
