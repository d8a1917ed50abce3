/** How long sign-ins and sessions hold, and how many one may ask for. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** For how long a code and its link hold; a mail that would leave later never does. */
export const SIGN_IN_MS = 15 * MINUTE_MS;
/** For how long an invitation, and a question to confirm an enrolment, hold. */
export const INVITED_MS = 7 * DAY_MS;
/** For how long a change of address waits for both. */
export const ADDRESS_CHANGE_MS = DAY_MS;
/** How often a code may be typed. */
export const MOST_TRIES = 10;
/** For how long after a sign-in one may make keys and delete without another. */
export const FRESH_MS = 30 * MINUTE_MS;

/** When a session ends; that of who edits the registry sooner. */
export function sessionEnd(createdAt: Date, isEditor: boolean): Date {
  return new Date(createdAt.getTime() + (isEditor ? 12 * HOUR_MS : 30 * DAY_MS));
}

/** A limit: how many within how long. */
export interface Limit {
  most: number;
  withinMs: number;
}

/** How many sign-ins one may ask for with one address. */
export const SIGN_IN_LIMITS: readonly Limit[] = [
  { most: 5, withinMs: HOUR_MS },
  { most: 10, withinMs: DAY_MS },
];

/** How many enrolments an address, and a caller, may begin. */
export const ENROLMENT_LIMITS = {
  mailbox: [{ most: 3, withinMs: DAY_MS }],
  caller: [
    { most: 10, withinMs: HOUR_MS },
    { most: 30, withinMs: DAY_MS },
  ],
} as const satisfies Record<string, readonly Limit[]>;

/** How many invitations to become a member a mailbox gets, whatever its `+tag`, and an organisation sends. */
export const INVITATION_LIMITS = {
  mailbox: [{ most: 3, withinMs: DAY_MS }],
  organisation: [{ most: 30, withinMs: DAY_MS }],
} as const satisfies Record<string, readonly Limit[]>;

/** How many new addresses a person may ask for, and how often a mailbox is asked whether it is one. */
export const ADDRESS_CHANGE_LIMITS: readonly Limit[] = [{ most: 3, withinMs: DAY_MS }];

/** From when on one may ask again, given the moments of before; null where one may now. */
export function freeAgainAt(moments: readonly Date[], limits: readonly Limit[], now: Date): Date | null {
  const newestFirst = moments.map((moment) => moment.getTime()).sort((a, b) => b - a);
  const free = limits.flatMap(({ most, withinMs }) => {
    const decisive = newestFirst[most - 1];
    return decisive === undefined ? [] : [decisive + withinMs];
  });
  const last = Math.max(...free, -Infinity);
  return last > now.getTime() ? new Date(last) : null;
}
