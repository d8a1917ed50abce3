/** Ends what is kept of people for a while only: mails to a sign-in that is over at once, the rest within the hour. */
import { cancelLateSignIns, lateSignIns } from '../../db/messages/personal-mails.ts';
import { forgetPast } from '../../db/people/retention.ts';
import type { Store } from '../../db/store/store.ts';

export interface Forgetting {
  /** Does what is due. A second run does nothing. */
  check: (now: Date) => Promise<void>;
}

export function watchForgetting(store: Store): Forgetting {
  let seenTo = -Infinity;
  return {
    async check(now) {
      if ((await lateSignIns(store.read, now)).length > 0) await store.write((tx) => cancelLateSignIns(tx, now));
      const hour = Math.floor(now.getTime() / HOUR_MS);
      if (hour === seenTo) return;
      if ((await store.write((tx) => forgetPast(tx, now))) > 0) await store.emptyLog();
      seenTo = hour;
    },
  };
}

const HOUR_MS = 3_600_000;
