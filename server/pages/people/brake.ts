/** A brake on who asks very often, whatever the address: the form mails whom one likes, and nobody is to be able to mail very many. */
import { freeAgainAt, type Limit } from '../../../calendars/people/sign-in.ts';
import { bounded } from '../../../db/store/lru.ts';

/** For all that one network asks of this process: an office of many people asks far less, and all do where a proxy stands that nobody named. */
const LIMITS: readonly Limit[] = [
  { most: 200, withinMs: 3_600_000 },
  { most: 1000, withinMs: 86_400_000 },
];
const MOST_MOMENTS = Math.max(...LIMITS.map(({ most }) => most));
const MOST_CALLERS = 10_000;

/** Counts a call, and gives from when on that caller may call again; null where it may now. One that was refused is not counted. */
export type Brake = (caller: string, now: Date) => Date | null;

export function openBrake(): Brake {
  const calls = bounded<readonly Date[]>(MOST_CALLERS);
  return (caller, now) => {
    const earlier = calls.get(caller) ?? [];
    const freeAt = freeAgainAt(earlier, LIMITS, now);
    if (freeAt === null) calls.set(caller, [...earlier, now].slice(-MOST_MOMENTS));
    return freeAt;
  };
}
