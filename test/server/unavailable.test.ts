import { expect, it } from 'vitest';
import { addRecipient } from '../../db/recipients/recipients.ts';
import { signLink } from '../../db/store/secrets.ts';
import type { Store } from '../../db/store/store.ts';
import { isUnavailable, unavailableCode } from '../../db/store/unavailable.ts';
import { appFor, EDITOR_KEY } from '../helpers/app.ts';
import { addOrganisation, NOW } from '../helpers/cast.ts';
import { SETTINGS } from '../helpers/mail.ts';
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
    ['SQLITE_READONLY_DBMOVED', 503],
    // PostgreSQL's: no room, no connection left, it stops, it starts, it only follows another, it lost a deadlock, a time limit.
    ['53100', 503],
    ['53300', 503],
    ['57P01', 503],
    ['57P02', 503],
    ['57P03', 503],
    ['08006', 503],
    ['25006', 503],
    ['25P03', 503],
    ['40P01', 503],
    ['57014', 503],
    // It lets us in no more: another password, no leave, a database that was renamed or takes no connections.
    ['28P01', 503],
    ['28000', 503],
    ['3D000', 503],
    ['55000', 503],
    // The network's.
    ['ECONNREFUSED', 503],
    ['ECONNRESET', 503],
    ['EPIPE', 503],
    ['ETIMEDOUT', 503],
    ['EAI_AGAIN', 503],
    // A fault of the file, of the program, of what was given.
    ['SQLITE_CORRUPT', 500],
    ['42P01', 500],
    ['23505', 500],
    ['57P04', 500],
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

it.each([
  'Query read timeout',
  'timeout exceeded when trying to connect',
  'Connection terminated unexpectedly',
  'Client has encountered a connection error and is not queryable',
])('an error without a code that says “%s” is of the database, also as a cause', (message) => {
  expect(unavailableCode(new Error('Failed query', { cause: new Error(message) }))).toBe('no answer');
});

it('an error of something else that speaks of a timeout is none of the database', () => {
  expect(isUnavailable(new Error('Failed query: insert\nparams: Praktijk timeout'))).toBe(false);
});

it('a failure of all addresses of a server is told by the first of them', () => {
  const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
  expect(unavailableCode(new AggregateError([refused]))).toBe('ECONNREFUSED');
});

onSqlite('a page', (fresh) => {
  const accept = 'text/html,application/xhtml+xml,*/*;q=0.8';
  it.each([
    ['SQLITE_BUSY', {}, 503, '5', 'text/html; charset=utf-8', 'Het lukt nu even niet'],
    // The address alone says in which language.
    ['SQLITE_BUSY', { 'accept-language': 'en-GB' }, 503, '5', 'text/html; charset=utf-8', 'Het lukt nu even niet'],
    ['SQLITE_CORRUPT', {}, 500, undefined, 'text/html; charset=utf-8', 'Er ging iets mis'],
    // A mail program that posts at once (RFC 8058) reads no page.
    ['SQLITE_BUSY', { accept: '*/*' }, 503, '5', 'application/problem+json; charset=utf-8', 'The database cannot answer now.'],
  ])('where the database answers by %s to %j is a %i', async (code, headers, status, retry, type, text) => {
    const store = await fresh();
    const { id } = await store.write(async (tx) => {
      const { id: organisationId } = await addOrganisation(tx, { insurers: [] });
      return addRecipient(tx, organisationId, { email: 'a@example.org', leadDays: [14], digest: 'daily' }, NOW);
    });
    const fault = Object.assign(new Error('said by the database'), { code });
    const { app } = await appFor({ ...store, write: () => Promise.reject(fault) }, { secret: SETTINGS.secret });
    const url = `/unsubscribe/${signLink(SETTINGS.secret, 'unsubscribe', id)}`;
    const answer = await app.inject({ method: 'POST', url, headers: { accept, ...headers } });
    expect([answer.statusCode, answer.headers['retry-after'], answer.headers['content-type']]).toEqual([status, retry, type]);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.body).toContain(text);
    expect(answer.body).not.toContain('said by the database');
  });
});
