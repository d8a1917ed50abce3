/** A value that is cached for one turn of the event loop, which is as new as requests off the wire need: all were sent before their turn began. */

export interface OnceATurn<T> {
  /** The value, read anew in each turn. */
  get(): T;
  /** Drops the value at once: for what this very process changed within the turn. */
  forget(): void;
}

/** Caches what `read` gives for a turn. */
export function onceATurn<T>(read: () => T): OnceATurn<T> {
  let cached: { value: T } | undefined;
  const forget = () => (cached = undefined);
  return {
    get() {
      if (!cached) {
        cached = { value: read() };
        // Runs after all requests that came with this turn.
        setImmediate(forget);
      }
      return cached.value;
    },
    forget,
  };
}
