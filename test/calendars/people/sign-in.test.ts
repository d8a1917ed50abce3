import { expect, it } from 'vitest';
import { freeAgainAt, sessionEnd, SIGN_IN_LIMITS } from '../../../calendars/people/sign-in.ts';

const NOON = new Date('2024-09-02T12:00:00Z');
const minutes = (n: number) => new Date(NOON.getTime() + n * 60_000);

it('lets one ask again when the first of so many is long enough ago', () => {
  const five = [0, 1, 2, 3, 4].map(minutes);
  expect(freeAgainAt(five.slice(1), SIGN_IN_LIMITS, minutes(5))).toBeNull();
  expect(freeAgainAt(five, SIGN_IN_LIMITS, minutes(5))).toEqual(minutes(60));
  expect(freeAgainAt(five, SIGN_IN_LIMITS, minutes(60))).toBeNull();
  const ten = [...five, ...[100, 101, 102, 103, 104].map(minutes)];
  expect(freeAgainAt(ten, SIGN_IN_LIMITS, minutes(105))).toEqual(minutes(24 * 60));
});

it('counts by moments, in whichever order they are given', () => {
  expect(freeAgainAt([4, 0, 3, 1, 2].map(minutes), SIGN_IN_LIMITS, minutes(5))).toEqual(minutes(60));
});

it('ends a session after thirty days, and that of an editor after twelve hours', () => {
  expect(sessionEnd(NOON, false)).toEqual(minutes(30 * 24 * 60));
  expect(sessionEnd(NOON, true)).toEqual(minutes(12 * 60));
});
