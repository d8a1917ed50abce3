/** Says in the log that mail is held: when it is first seen, so at each start too, and every hour that it goes on. */
import { describeHold, readHold } from '../../db/messages/hold.ts';
import type { ReadDb } from '../../db/store/store.ts';

const HOUR_MS = 3_600_000;

export interface HoldNotice {
  /** To be called in each round. */
  check: (db: ReadDb) => Promise<void>;
}

/** `monotonic`: milliseconds that never jump. */
export function openHoldNotice(monotonic: () => number, log: { error(fields: object, message: string): void }): HoldNotice {
  let told: { since: number; at: number } | null = null;
  return {
    async check(db) {
      const hold = await readHold(db);
      const since = hold?.since.getTime();
      if (hold === null || since === undefined) told = null;
      else if (told === null || told.since !== since || monotonic() - told.at >= HOUR_MS) {
        told = { since, at: monotonic() };
        log.error({ since: hold.since, by: hold.by, why: hold.why }, describeHold(hold));
      }
    },
  };
}
