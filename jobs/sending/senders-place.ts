/** This process among those that may send. On SQLite there is one place; on PostgreSQL there is room for all. */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { takeBackUnmarked } from '../../db/sending/claims.ts';
import { liveSenders, releaseSender, renewSender, takeSender, type HeldSender, type Sender } from '../../db/sending/senders.ts';
import type { Store } from '../../db/store/store.ts';

export interface SendersPlace {
  /** This process's own name. */
  holder: string;
  /**
   * Takes the place, with what was claimed, not marked, and is nobody's: senders that ended left it, or this one could not learn that it had it.
   * `underWay`: what it knows to have. Or gives who has the place.
   */
  take: (underWay?: ReadonlySet<string>) => Promise<HeldSender | null>;
  /** Keeps the place, if it was taken. */
  renew: () => Promise<void>;
  leave: () => Promise<void>;
}

export function openSendersPlace(store: Store, clock: () => Date, me: Sender = thisProcess()): SendersPlace {
  let isOurs = false;
  return {
    holder: me.holder,
    async take(underWay = new Set()) {
      const other = await store.write(async (tx) => {
        const now = clock();
        if (store.dialect === 'sqlite') {
          const held = await takeSender(tx, me, now, isRunning);
          if (held) return held;
          await takeBackUnmarked(tx, { holders: [], underWay }, now);
        } else {
          await renewSender(tx, me, now);
          const live = await liveSenders(tx, now, me.host, isRunning);
          await takeBackUnmarked(tx, { holders: live.filter((holder) => holder !== me.holder), underWay }, now);
        }
        return null;
      });
      isOurs = other === null;
      return other;
    },
    async renew() {
      if (isOurs) await store.write((tx) => renewSender(tx, me, clock()));
    },
    async leave() {
      if (isOurs) await store.write((tx) => releaseSender(tx, me));
      isOurs = false;
    },
  };
}

/** This process under a name that no other ever has. */
export function thisProcess(): Sender {
  return { holder: randomUUID(), host: hostname(), pid: process.pid };
}

/** Whether a process of this host runs; one of another user does too. */
export function isRunning(pid: number): boolean {
  try {
    // Signal 0 asks, and does nothing.
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
