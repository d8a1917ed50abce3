/** The uses of keys: in which hour each was used last. They are buffered, and written once an hour for each key, every minute at most. */
import { and, inArray, isNull, lt, or } from '../store/drizzle.ts';
import { bounded } from '../store/lru.ts';
import { readSetting, saveSetting } from '../store/settings.ts';
import type { ReadDb, Store, WriteDb } from '../store/store.ts';
import { openWriteBuffer } from '../store/write-buffer.ts';

/** Stands for the key in `EDITOR_KEY`, which has no row. */
export const ENVIRONMENT = 'environment';

export interface KeyUses {
  /** Remembers that a key, by its id, was used. Costs next to nothing, and never fails. */
  note(keyId: string, now: Date): void;
  /** Writes down what was remembered, unless it did so a minute ago; with `atOnce` in any case. Says how many keys it wrote. */
  record(store: Store, now: Date, options?: { atOnce?: boolean }): Promise<number>;
}

const HOUR = 3600 * 1000;
const BETWEEN = 60 * 1000;
const MOST = 200_000;
const ENVIRONMENT_USED_AT = 'environment_key_used_at';

/** Opens an empty record of uses. */
export function openKeyUses(): KeyUses {
  /** By key: the hour that was noted last, in milliseconds. */
  const hours = bounded<number>(MOST);
  const buffer = openWriteBuffer<number>({ everyMs: BETWEEN, write: writeDown });
  return {
    note(keyId, now) {
      const hour = Math.floor(now.getTime() / HOUR) * HOUR;
      if (hours.get(keyId) !== hour && buffer.note(keyId, hour)) hours.set(keyId, hour);
    },
    record: async (store, now, options) => buffer.flush(store, now, options),
  };
}

/** The beginning of the hour in which a key from `EDITOR_KEY` was used last, whichever stood there; null when none was. */
export async function environmentUsedAt(db: ReadDb): Promise<Date | null> {
  const moment = await readSetting(db, ENVIRONMENT_USED_AT);
  return moment === undefined ? null : new Date(moment);
}

/** Another instance may have written a later hour. */
async function writeDown(tx: WriteDb, noted: readonly [keyId: string, hour: number][]): Promise<void> {
  const { keys } = tx.tables;
  for (const [hour, some] of Map.groupBy(noted, ([, at]) => at)) {
    const usedAt = new Date(hour);
    const ids = some.map(([id]) => id);
    await tx
      .update(keys)
      .set({ lastUsedAt: usedAt })
      .where(and(inArray(keys.id, ids), or(isNull(keys.lastUsedAt), lt(keys.lastUsedAt, usedAt))));
    if (!ids.includes(ENVIRONMENT)) continue;
    const before = await environmentUsedAt(tx);
    if (!before || before < usedAt) await saveSetting(tx, ENVIRONMENT_USED_AT, usedAt.toISOString());
  }
}
