/** Which entries a choice shows, and why it does not show the others. */
import { fittingReader, kindsFor, type DeadlineFilter } from '../../../calendars/deadlines/listing.ts';
import type { Deadline } from '../../../calendars/deadlines/deadline.ts';
import { matching } from '../../../calendars/deadlines/search.ts';
import { KINDS, type Day } from '../../../calendars/terms.ts';
import { filterOf, insurersIn, type Choice, type Name } from './choice.ts';

/** What hides entries, in the order in which it is told: their day first. */
const REASONS = [
  'past',
  'later',
  'coming',
  'undated',
  'kind',
  'role',
  'insurer',
  'contractStatus',
  'activity',
  'contractYear',
  'words',
] as const;

/** Why some are not shown, and how many: those that this alone hides. */
interface Hidden {
  reason: (typeof REASONS)[number];
  count: number;
}

export interface Outcome {
  shown: Deadline[];
  hidden: Hidden[];
  /** Those that more than one thing hides. */
  hiddenTwice: number;
}

type Fits = (deadline: Deadline) => boolean;

/** Parts all that is published into what a choice shows and what it hides. `namesOf`: an insurer's names. */
export function applyChoice(
  all: readonly Deadline[],
  choice: Choice,
  today: Day,
  namesOf: (insurer: string) => readonly string[],
): Outcome {
  const parts = partsOf(choice, today, namesOf);
  const failing = all.map((deadline) => ({ deadline, reasons: [...parts].filter(([, fits]) => !fits(deadline)).map(([name]) => name) }));
  const shown = failing.filter(({ reasons }) => reasons.length === 0).map(({ deadline }) => deadline);
  const single = failing.flatMap(({ deadline, reasons: [first, ...others] }) =>
    first === undefined || others.length > 0 ? [] : [first === 'period' ? whenOf(deadline, choice, today) : first],
  );
  const hidden = REASONS.map((reason) => ({ reason, count: single.filter((one) => one === reason).length })).filter(
    ({ count }) => count > 0,
  );
  return { shown, hidden, hiddenTwice: all.length - shown.length - single.length };
}

/** Each thing that was chosen by itself, with what fits it; together they are the whole choice. */
function partsOf(choice: Choice, today: Day, namesOf: (insurer: string) => readonly string[]): Map<Name, Fits> {
  const { activity, contractStatus, contractYear, kinds, role, ...period } = filterOf(choice, today);
  const insurers = insurersIn(choice);
  const alone = (filter: DeadlineFilter) => fittingReader({ kinds: KINDS, includeUndated: true, ...filter }, today);
  const isInPeriod = fittingReader({ kinds: KINDS, ...period }, today);
  return new Map<Name, Fits>([
    ['period', choice.period === 'undated' ? ({ dueOn }) => dueOn === null : isInPeriod],
    ['kind', alone({ kinds: kindsFor({ ...(activity && { activity }), ...(kinds && { kinds }) }) ?? KINDS })],
    ...(role === undefined ? [] : [['role', alone({ role })] as const]),
    ...(insurers.length === 0 ? [] : [['insurer', anyOf(insurers.map((insurer) => alone({ insurer })))] as const]),
    ...(contractStatus === undefined ? [] : [['contractStatus', alone({ contractStatus })] as const]),
    ...(activity === undefined ? [] : [['activity', alone({ activity })] as const]),
    ...(contractYear === undefined ? [] : [['contractYear', alone({ contractYear })] as const]),
    ...(choice.words === '' ? [] : [['words', matching(choice.words, namesOf)] as const]),
  ]);
}

const anyOf =
  (some: readonly Fits[]): Fits =>
  (deadline) =>
    some.some((fits) => fits(deadline));

/** In which period it would stand. */
function whenOf({ dueOn }: Deadline, { period }: Choice, today: Day): Hidden['reason'] {
  if (dueOn === null) return 'undated';
  if (dueOn < today) return 'past';
  return period === '2weeks' ? 'later' : 'coming';
}
