/** What either dialect makes of a copy that is to be restored. */

/** A database that is to take the place of another, complete, before anything of that one is touched. */
export interface PreparedDatabase {
  /** Where it is until then. */
  url: string;
  /** Puts it in the other's place, and gives what that one is called from then on; null where there was none. */
  takePlace(): Promise<string | null>;
  /** Takes it away again. */
  discard(): Promise<void>;
}

/** A copy as its manifest describes it. */
export interface Copy {
  path: string;
  rows: Record<string, number>;
}

/** Whether a process of this host runs, by its number. */
export type IsRunning = (pid: number) => boolean;
