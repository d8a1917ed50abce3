/** Asking once in a turn of the event loop: for requests off the wire, all of which were sent before their turn began. */

export interface OnceATurn<T> {
  /** The answer, asked anew in each turn. */
  get(): T;
  /** Has it asked anew at once: for what this very process changed within the turn. */
  forget(): void;
}

/** Lets a question be asked once a turn. */
export function onceATurn<T>(ask: () => T): OnceATurn<T> {
  let known: { answer: T } | undefined;
  const forget = () => (known = undefined);
  return {
    get() {
      if (!known) {
        known = { answer: ask() };
        // Runs after all requests that came with this turn.
        setImmediate(forget);
      }
      return known.answer;
    },
    forget,
  };
}
