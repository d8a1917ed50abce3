/** Links that lead nowhere: who tries many of them is held back, and whoever has a right one is not. */

export interface WrongLinks {
  /**
   * What `look` finds. Those at an address from which many links were wrong wait for one another, so that guessing never keeps the database from
   * others; a right link among them is found all the same, since many people may share an address.
   */
  find<T>(address: () => string, now: Date, look: () => Promise<T | null>): Promise<T | null>;
}

/** So many wrong links from one address in a minute are nothing special: old links die slowly. */
export const WRONG_LINKS_PER_MINUTE = 60;
const MINUTE = 60_000;
const MOST_ADDRESSES = 100_000;

/** Opens an empty count of wrong links. */
export function openWrongLinks(): WrongLinks {
  const counts = new Map<string, number>();
  let minute = 0;
  let last: Promise<unknown> = Promise.resolve();

  const inTurn = <T>(look: () => Promise<T>): Promise<T> => {
    const turn = last.then(look);
    last = turn.catch(() => {});
    return turn;
  };
  return {
    async find(address, now, look) {
      const current = Math.floor(now.getTime() / MINUTE);
      if (current !== minute) counts.clear();
      minute = current;
      const isHeld = counts.size > 0 && (counts.get(address()) ?? 0) >= WRONG_LINKS_PER_MINUTE;
      const result = await (isHeld ? inTurn(look) : look());
      if (result === null && (counts.size < MOST_ADDRESSES || counts.has(address())))
        counts.set(address(), (counts.get(address()) ?? 0) + 1);
      return result;
    },
  };
}
