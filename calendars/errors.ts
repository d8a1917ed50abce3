/** The errors that are expected: each has a kind, so that every edge (HTTP, command line, file) can word it its own way. */

export type ErrorKind = 'invalid' | 'unauthorized' | 'forbidden' | 'not_found' | 'gone' | 'conflict' | 'stale' | 'limited' | 'unavailable';

/** One thing wrong with an input: where, and what is allowed instead. */
export interface Fault {
  /** A path like `sources.0.quote`, or an empty string for the whole input. */
  field: string;
  message: string;
}

/** An error that a caller can act on. `faults` lists everything wrong with the input, together. */
export class AppError extends Error {
  readonly kind: ErrorKind;
  readonly faults: readonly Fault[];

  constructor(kind: ErrorKind, message: string, faults: readonly Fault[] = [], options?: ErrorOptions) {
    super(message, options);
    this.name = 'AppError';
    this.kind = kind;
    this.faults = faults;
  }
}
