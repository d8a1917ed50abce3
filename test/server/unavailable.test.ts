import { expect, it } from 'vitest';
import type { Store } from '../../db/store.ts';
import { appFor, EDITOR_KEY } from '../helpers/app.ts';
import { onSqlite } from '../helpers/stores.ts';

const body = { name: 'Regio Zuid', roles: ['ro'], insurers: [] };

onSqlite('a change', (fresh) => {
  it.each([
    // SQLite's words for a lock, a full disk, and a disk without room for its log or its index of that.
    ['SQLITE_BUSY', 503],
    ['SQLITE_BUSY_SNAPSHOT', 503],
    ['SQLITE_FULL', 503],
    ['SQLITE_IOERR_WRITE', 503],
    ['SQLITE_IOERR_SHMSIZE', 503],
    // PostgreSQL's: no room, no connection left, it restarts, it lost a deadlock.
    ['53100', 503],
    ['53300', 503],
    ['57P01', 503],
    ['40P01', 503],
    ['SQLITE_CORRUPT', 500],
  ])('that the database answers by %s gets a %i', async (code, status) => {
    const store = await fresh();
    const fault = Object.assign(new Error('said by the database'), { code });
    const failing: Store = { ...store, write: () => Promise.reject(fault) };
    const { app } = await appFor(failing);
    const headers = { authorization: `Bearer ${EDITOR_KEY}` };
    const answer = await app.inject({ method: 'POST', url: '/api/v1/organisations', headers, payload: body });
    expect([answer.statusCode, answer.headers['retry-after'], answer.json().detail]).toEqual(
      status === 503 ? [503, '5', 'The database cannot answer now. Try again in a moment.'] : [500, undefined, 'Internal error.'],
    );
  });
});
