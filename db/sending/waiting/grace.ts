/** Grace: no mail tells of a deadline that an edition changed within its last ten minutes. A mail that would waits until they are over. */
import type { Deadline } from '../../../calendars/deadlines/deadline.ts';
import type { Activity } from '../../../calendars/terms.ts';
import type { HeldDeadline } from '../../registry/editions/held.ts';

/** What a mail was queued to tell of. */
interface Told {
  deadlineId: string | null;
}

/** Of what a draft tells, as far as it has that part. */
interface Telling {
  due?: readonly Item[];
  undone?: readonly Item[];
  next?: readonly Item['item'][];
  steps?: readonly { before: Item['item'] | null }[];
  changes?: readonly { after: Named }[];
  acts?: readonly { deadline: Named | null }[];
  takenAway?: readonly { deadline: Named }[];
  requirements?: readonly unknown[];
  requestNotes?: readonly string[];
}

type Named = Pick<Deadline, 'activity' | 'contractYear' | 'id' | 'insurer' | 'key' | 'precedent'>;
interface Item {
  item: { deadline: Named; arrangedBefore: readonly Named[] };
}

/**
 * Until when a mail waits: as long as something that it is to tell of has its grace time, also where that no longer holds by the edition, which may be
 * taken back. Null where it need not. `told`: what it was queued for. `draft`: what it would say; null where nothing.
 */
export function graceEnd(held: ReadonlyMap<string, HeldDeadline>, told: readonly Told[], draft: Telling | null, now: Date): Date | null {
  if (held.size === 0) return null;
  const named = draft === null ? [] : namedIn(draft);
  const ids = new Set([...told.map(({ deadlineId }) => deadlineId), ...named.flatMap(idsOf)]);
  const isToldOf = (id: string, one: HeldDeadline) =>
    ids.has(id) || named.some((other) => restsOn(other, one)) || (draft !== null && isCountedIn(draft, one.activity));
  const ends = [...held].filter(([id, one]) => isToldOf(id, one)).map(([, { until }]) => until.getTime());
  return ends.length === 0 ? null : new Date(Math.max(...ends, now.getTime() + AGAIN_MS));
}

/** When it is over and the change is still to be made public, that is asked again after so long. */
const AGAIN_MS = 15_000;

/** All deadlines that a draft names, with what had to be arranged before them. */
function namedIn({ acts = [], changes = [], due = [], next = [], steps = [], takenAway = [], undone = [] }: Telling): Named[] {
  const items = [...due, ...undone]
    .map(({ item }) => item)
    .concat(
      next,
      steps.flatMap(({ before }) => before ?? []),
    );
  const others = [...takenAway, ...acts].flatMap(({ deadline }) => deadline ?? []).concat(changes.map(({ after }) => after));
  return [...items.flatMap(({ arrangedBefore, deadline }) => [deadline, ...arrangedBefore]), ...others];
}

/** A deadline, and the one that it is taken from. */
const idsOf = ({ id, precedent }: Named) => (precedent === null ? [id] : [id, precedent.deadlineId]);

/**
 * Whether what is said of a deadline depends on another of the same insurer and contract year: a term that an own event started ends with signing,
 * beside signing stands until when requests were taken, and of several of one activity each says for whose care it holds.
 */
function restsOn({ activity, contractYear, insurer, key }: Named, other: HeldDeadline): boolean {
  if (insurer !== other.insurer || contractYear !== other.contractYear) return false;
  return (activity === other.activity && key === other.key) || RESTS_ON[activity] === other.activity;
}

const RESTS_ON: Partial<Record<Activity, Activity>> = { signing_term: 'signing', signing: 'contract_request' };

/** What a draft tells of by a number or in a sentence, without naming it. */
function isCountedIn({ requestNotes = [], requirements = [] }: Telling, activity: Activity): boolean {
  return (activity === 'contract_requirement' && requirements.length > 0) || (activity === 'contract_request' && requestNotes.length > 0);
}
