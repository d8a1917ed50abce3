/** The short form; `npm run faults` sends thousands. */
import { expect, inject, it } from 'vitest';
import { takeOverOnSqlite, twoOnPostgres, twoOnSqlite } from './instances.ts';

const TIME = 120_000;
const postgres = inject('postgres');

it.skipIf('missing' in postgres)(
  'shares the work of one PostgreSQL between two processes, and doubles nothing',
  { timeout: TIME },
  async () => {
    const { lost, extra, states } = await twoOnPostgres(60, 0, 'url' in postgres ? postgres.url : '');
    expect({ lost, extra, states }).toEqual({ lost: [], extra: 0, states: { sent: 60 } });
  },
);

it.skipIf('missing' in postgres)('goes on with one when the other is killed', { timeout: TIME }, async () => {
  const { lost, different, extra, kills, states } = await twoOnPostgres(60, 2, 'url' in postgres ? postgres.url : '');
  expect({ lost, different, states }).toEqual({ lost: [], different: [], states: { sent: 60 } });
  expect(extra).toBeLessThanOrEqual(2 * kills);
});

it('leaves sending to the first of two processes at one SQLite database', { timeout: TIME }, async () => {
  expect(await twoOnSqlite(60)).toMatchObject({ lost: [], extra: 0, refused: true, secondSent: 0 });
});

it('lets the second go on when the first of two at one SQLite database is killed', { timeout: TIME }, async () => {
  expect(await takeOverOnSqlite(30)).toMatchObject({ lost: [], extra: 0, firstSent: 4, secondSent: 26 });
});
