/** A memory with a limit: what was used longest ago goes first. */

export interface Bounded<V> {
  /** The value, which counts as used from now. */
  get(key: string): V | undefined;
  set(key: string, value: V): void;
  delete(key: string): void;
}

/** A bounded memory. `weigh` gives what a value counts for: bytes, or one each. A value heavier than the limit is not kept. */
export function bounded<V>(limit: number, weigh: (value: V) => number = () => 1): Bounded<V> {
  // A Map keeps the order in which keys were set: the first is the one used longest ago.
  const values = new Map<string, V>();
  let weight = 0;
  const remove = (key: string) => {
    const value = values.get(key);
    if (value === undefined) return;
    values.delete(key);
    weight -= weigh(value);
  };
  return {
    get(key) {
      const value = values.get(key);
      if (value === undefined) return undefined;
      values.delete(key);
      values.set(key, value);
      return value;
    },
    set(key, value) {
      remove(key);
      values.set(key, value);
      weight += weigh(value);
      for (const oldest of values.keys()) {
        if (weight <= limit) break;
        remove(oldest);
      }
    },
    delete: remove,
  };
}
