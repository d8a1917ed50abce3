/** The short form; `npm run faults` does it a hundred times. */
import { afterAll, describe, expect, it } from 'vitest';
import { newestPostgres, startPostgres, type Postgres } from '../helpers/global-setup.ts';
import { cuts, restarts, stalls, terminations } from './postgres.ts';

const TIME = 600_000;
const MAILS = 60;
const bin = newestPostgres();

/** A server of its own: to stop that of all tests would fail them. */
describe.skipIf(bin === undefined)('PostgreSQL that goes away while mails are sent', () => {
  let server: Postgres | undefined;
  afterAll(async () => server?.stop());
  const ownServer = async () => (server ??= await startPostgres(bin!));

  it.each([
    ['is stopped and started again', restarts],
    ['ends every connection', terminations],
    ['ends transactions in which nothing was asked for too long', stalls],
    ['is behind a network that is cut', cuts],
  ])('because it %s ends no process, loses and doubles no mail, and leaves the feeds as they are', { timeout: TIME }, async (_, run) => {
    const { counts, midway, ...figures } = await run(MAILS, 4, await ownServer());
    expect(figures).toEqual({
      lost: [],
      extra: 0,
      most: 1,
      different: [],
      states: expect.objectContaining({ sent: expect.any(Number) }),
      endedWell: true,
      broken: [],
    });
    expect(Object.keys(figures.states)).toEqual(['sent']);
    expect(midway).toBeGreaterThan(0);
    expect(counts['change']![201]).toBeGreaterThan(0);
  });
});
