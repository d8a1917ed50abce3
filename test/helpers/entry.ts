/** An entry of the registry as the pure rules see it. */
import type { Deadline } from '../../calendars/deadlines/deadline.ts';
import { contentOf } from './cast.ts';

/** A stated signing without a day, of an insurer and a contract year, or what is given instead. */
export function entry(contractYear: number, over: Partial<Deadline> = {}): Deadline {
  return {
    id: 'x',
    insurer: 'noord',
    contractYear,
    careType: 'general',
    activity: 'signing',
    slot: null,
    key: null,
    ...contentOf(),
    dueOn: null,
    lastSafeOn: null,
    revision: 1,
    revisedAt: new Date(0),
    status: 'published',
    checkedOn: null,
    checkedBy: null,
    precedent: null,
    ...over,
  };
}
