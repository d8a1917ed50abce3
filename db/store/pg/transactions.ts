/** Write transactions on PostgreSQL, over connections that may break at any moment. */
import type { Pool, PoolClient } from 'pg';
import { isUnavailable } from '../unavailable.ts';

/**
 * Runs each work in a transaction of its own. What it rejects with is the first error, never what came of it; a connection that broke, or on
 * which something may still run, is given to nobody else. `queriesOn` gives what writes on a connection; it is asked once for each.
 */
export function pgTransactions<Q>(pool: Pool, queriesOn: (client: PoolClient) => Q) {
  const queriesOf = new WeakMap<PoolClient, Q>();
  const txOn = (client: PoolClient): Q => {
    const tx = queriesOf.get(client) ?? queriesOn(client);
    queriesOf.set(client, tx);
    return tx;
  };
  return async <T>(work: (tx: Q) => Promise<T>): Promise<T> => {
    const client = await pool.connect();
    let isSound = false;
    try {
      await client.query('begin');
      const result = await work(txOn(client));
      const { command } = await client.query('commit');
      // Where a statement failed and the work went on all the same, this is how PostgreSQL tells.
      if (command !== 'COMMIT') throw new Error('the transaction was rolled back: one of its statements had failed');
      isSound = true;
      return result;
    } catch (error) {
      isSound = await rollBack(client, error);
      throw error;
    } finally {
      client.release(!isSound);
    }
  };
}

/** Whether the connection is of use after that. Where it is closed instead, the server rolls back by itself. */
async function rollBack(client: PoolClient, error: unknown): Promise<boolean> {
  if (isUnavailable(error)) return false;
  try {
    await client.query('rollback');
    return true;
  } catch {
    return false;
  }
}
