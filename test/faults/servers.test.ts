/** The short form; `npm run faults` sends thousands. */
import { expect, it } from 'vitest';
import { dropAfterBody, dropBeforeMail, greylist, hangAfterBody, leaveAndDawdle, outage, poison, refuseAll } from './servers.ts';

const TIME = 120_000;
const allSentOnce = { lost: [], extra: 0, different: [], states: { sent: 30 } };

it('keeps everything through hours without a server, charges nobody for it, and drains at once after', { timeout: TIME }, async () => {
  const { connections, drainedAfter, ...course } = await outage(30, 2);
  expect(course).toMatchObject({ ...allSentOnce, openMinutes: 120, mostAttempts: 1 });
  expect(drainedAfter).toBeLessThanOrEqual(10);
  expect(connections).toBeLessThanOrEqual(10);
});

it('doubles only what a server dropped after the body, and the very same', { timeout: TIME }, async () => {
  expect(await dropAfterBody(30)).toMatchObject({ lost: [], different: [], states: { sent: 30 }, extra: 3, results: { uncertain: 3 } });
});

it('offers at once again what a server dropped before the body', { timeout: TIME }, async () => {
  expect(await dropBeforeMail(30)).toMatchObject({ ...allSentOnce, minutes: 1, openMinutes: 0 });
});

it('sends to all others while a server hangs after a body', { timeout: TIME }, async () => {
  const course = await hangAfterBody(60);
  expect(course).toMatchObject({ lost: [], different: [], states: { sent: 60 }, extra: 1, results: { uncertain: 1 } });
});

it('waits as long as a greylisting server asks', { timeout: TIME }, async () => {
  expect(await greylist(30)).toMatchObject({ ...allSentOnce, mostAttempts: 2, openMinutes: 0 });
});

it('buries nobody when a server refuses everybody', { timeout: TIME }, async () => {
  const course = await refuseAll(30);
  expect(course).toMatchObject(allSentOnce);
  expect(course.openMinutes).toBeGreaterThan(50);
});

it('lets an address that is no more hold up nobody', { timeout: TIME }, async () => {
  const { lost, extra, minutes, states } = await poison(120);
  expect([lost, extra, minutes, states['dead']]).toEqual([['r00000@example.org', 'r00100@example.org'], 0, 1, 2]);
});

it('goes on when a server leaves after fifty mails and answers byte by byte', { timeout: TIME }, async () => {
  expect(await leaveAndDawdle(30)).toMatchObject({ ...allSentOnce, minutes: 1 });
});
