/** The short form; `npm run faults` holds the lock for ten seconds. */
import { expect, it } from 'vitest';
import { IDENTITY } from '../helpers/app.ts';
import { diskFull, lockedElsewhere } from './database.ts';

const TIME = 120_000;
const allSentOnce = { lost: [], extra: 0, different: [], states: { sent: 40 } };

it('waits or says that it is busy while another process holds the database, and sends nothing meanwhile', { timeout: TIME }, async () => {
  const { answers, leftMeanwhile, readMeanwhile, ...figures } = await lockedElsewhere(40, 1500);
  expect(figures).toMatchObject(allSentOnce);
  // Of each lane the leaving of one mail was committed before.
  expect(leftMeanwhile).toBeLessThanOrEqual(2);
  expect(new Set(answers).difference(new Set([201, 503]))).toEqual(new Set());
  expect(answers.at(-1)).toBe(201);
  // Who only reads need not wait.
  expect(readMeanwhile).toBeGreaterThan(0);
});

it(
  'sends nothing that it could not write down while the disk is full, is not ready then, and recovers by itself',
  { timeout: TIME },
  async ({ skip }) => {
    const figures = await diskFull(40, 500);
    skip(figures === null, 'no leave to mount a small file system');
    const { answers, leftMeanwhile, readMeanwhile, readyWhileFull, readyAfterwards, ...rest } = figures!;
    expect(rest).toMatchObject(allSentOnce);
    expect(JSON.parse(readyWhileFull)).toEqual({
      ...IDENTITY,
      status: 'not_ready',
      reasons: [expect.stringMatching(/^The database takes no changes since 2026-11-23T.*Z: SQLITE_(FULL|IOERR_\w+)\.$/)],
    });
    expect(JSON.parse(readyAfterwards)).toEqual({ ...IDENTITY, status: 'ready', reasons: [] });
    expect(leftMeanwhile).toBeLessThanOrEqual(2);
    expect(readMeanwhile).toBeGreaterThan(0);
    expect([answers[0], answers.at(-1)]).toEqual([503, 201]);
    expect(new Set(answers)).toEqual(new Set([503, 201]));
  },
);
