/** This process among those that may send. On SQLite there is one place; on PostgreSQL there is room for all. */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { releaseSender, renewSender, takeSender, type HeldSender, type Sender } from '../db/senders.ts';
import type { Store } from '../db/store.ts';

export interface SendersPlace {
  /** Takes the place, or gives who has it. */
  take: () => Promise<HeldSender | null>;
  /** Keeps the place, if it was taken. */
  renew: () => Promise<void>;
  leave: () => Promise<void>;
}

export function openSendersPlace(store: Store, clock: () => Date, me: Sender = thisProcess()): SendersPlace {
  let taken = false;
  return {
    async take() {
      const other = await store.write(async (tx) => {
        if (store.dialect === 'sqlite') return takeSender(tx, me, clock(), isRunning);
        await renewSender(tx, me, clock());
        return null;
      });
      taken = other === null;
      return other;
    },
    async renew() {
      if (taken) await store.write((tx) => renewSender(tx, me, clock()));
    },
    async leave() {
      if (taken) await store.write((tx) => releaseSender(tx, me));
      taken = false;
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
