/** The timeline of a contract year that an insurer has not published yet: five deadlines, each marked with how it is known. */
import { addMonths, yearOf } from '../days.ts';
import { UNSAID } from './content.ts';
import { contractTerms, isBoundByTerm, runningTerm, type ContractTerm } from './contract-terms.ts';
import type { Basis, Content, Deadline, Days, Duty, Precedent } from './deadline.ts';
import { KIND_OF } from './kinds.ts';
import { nameUuid } from '../name-uuid.ts';
import { RHYTHM, type Activity, type CareType, type InsurerKind, type RhythmActivity } from '../terms.ts';
import { projectedGround } from './wording/grounds.ts';

export interface ProjectionInput {
  insurer: { slug: string; kind: InsurerKind };
  contractYear: number;
  /** What is known of this insurer; only its published stated deadlines of earlier contract years count. */
  earlier: readonly Deadline[];
}

/** A projected deadline. Its days are given, not to be computed again: the earlier year's safe day may lie before the day its rule names. */
export interface Projected {
  id: string;
  careType: CareType;
  activity: RhythmActivity;
  content: Content;
  days: Days;
}

/**
 * The five deadlines of the yearly rhythm, in its order, without what falls away while a contract term of the same kind of care runs. The same input
 * gives the same answer, ids included.
 */
export function projectTimeline(input: ProjectionInput): Projected[] {
  const terms = contractTerms(input.earlier, input.insurer.slug);
  return RHYTHM.map((activity) => projectDeadline(input, activity, terms)).filter(
    (projected) => !isBoundByTerm(projected) || runningTerm(terms, input.contractYear, projected.careType) === null,
  );
}

/** Drawn once, and never to change: from it follow the ids under which calendars know the projected deadlines. */
const NAMESPACE = '3b79d073-95ba-4304-a075-2975c6c0d2da';

function projectDeadline(input: ProjectionInput, activity: RhythmActivity, terms: readonly ContractTerm[]): Projected {
  const { insurer, contractYear } = input;
  const { title, duty } = COMMON[activity];
  const { careType, dueOn, lastSafeOn, certainty, ground, duty: earlierDuty, precedent, reportingYear } = projectDay(input, activity);
  const rule = { kind: 'fixed', on: dueOn } as const;
  const term = termBeside(activity, contractYear, terms);
  const basis = { ...ground, ...(term && { term: { first: term.first, last: term.last } }) };
  const said = projectedGround({ activity, contractYear, insurerKind: insurer.kind, rule, precedent, basis }, 'nl');
  return {
    id: nameUuid(NAMESPACE, `${insurer.slug}/${contractYear}/${activity}`),
    careType,
    activity,
    content: {
      kind: KIND_OF[activity],
      title: title(contractYear, reportingYear),
      rule,
      // What nobody named bounds nothing.
      boundary: lastSafeOn === null ? null : 'by',
      certainty,
      basis: { ...basis, text: said!.join(' ') },
      reportingYear,
      duty: { ...(earlierDuty ?? duty), deliverable: null },
      ...UNSAID,
    },
    days: { dueOn, lastSafeOn },
  };
}

/** The contract term that says something of what is projected: of a request the one that runs, of signing one for several years that is over. */
function termBeside(activity: RhythmActivity, contractYear: number, terms: readonly ContractTerm[]): ContractTerm | null {
  if (activity === 'contract_request') return runningTerm(terms, contractYear);
  if (activity !== 'signing') return null;
  return terms.find(({ first, last }) => last > first && last < contractYear) ?? null;
}

interface ProjectedDay extends Pick<Content, 'certainty'> {
  ground: Pick<Basis, 'kind' | 'deadlineId' | 'successorSeen'>;
  /** The day that it is taken from; null where it is none of the insurer's own. */
  precedent: Pick<Precedent, 'contractYear' | 'dueOn' | 'lastSafeOn'> | null;
  careType: CareType;
  dueOn: string;
  /** Null for an assumption. */
  lastSafeOn: string | null;
  duty?: Duty;
  /** Of all but accounts nobody is told of it. */
  reportingYear: number;
}

function projectDay({ insurer, contractYear, earlier }: ProjectionInput, activity: RhythmActivity): ProjectedDay {
  const bound = insurer.kind === 'health_insurer';
  const commonDay = `${contractYear - 1}-${COMMON[activity].day}`;
  const common = {
    careType: 'general',
    dueOn: commonDay,
    lastSafeOn: commonDay,
    precedent: null,
    reportingYear: contractYear - 2,
  } as const;
  if (activity === 'publication' && bound)
    return { ...common, certainty: 'sector_rule', ground: { kind: 'sector_rule', deadlineId: null, successorSeen: false } };
  const stated = newestStated(earlier, { insurer: insurer.slug, contractYear, activity });
  if (!stated) return { ...common, lastSafeOn: null, certainty: 'template', ground: { kind: 'common_rhythm', deadlineId: null } };
  const months = 12 * (contractYear - stated.contractYear);
  return {
    careType: stated.careType,
    dueOn: addMonths(stated.dueOn, months),
    lastSafeOn: addMonths(stated.lastSafeOn ?? stated.dueOn, months),
    duty: stated.duty,
    reportingYear: activity === 'accounts' ? yearReported(stated) + contractYear - stated.contractYear : common.reportingYear,
    certainty: 'expected',
    ground: { kind: 'earlier_year', deadlineId: stated.id },
    precedent: stated,
  };
}

/** The year that accounts are about: as it is said, or the one that their title names, else the one before they are due. */
function yearReported({ dueOn, reportingYear, title }: Stated): number {
  const [named, ...others] = new Set(title.match(/\b20\d\d\b/g));
  return reportingYear ?? (named !== undefined && others.length === 0 ? Number(named) : yearOf(dueOn) - 1);
}

type Stated = Deadline & { dueOn: string };

/** The stated deadline to go by: of the newest year, and among several kinds of care the one that is safe for all. */
export function newestStated(earlier: readonly Deadline[], wanted: { insurer: string; contractYear: number; activity: Activity }) {
  return earlier
    .filter((deadline): deadline is Stated => deadline.dueOn !== null && deadline.certainty === 'stated' && deadline.status === 'published')
    .filter(({ insurer, activity }) => insurer === wanted.insurer && activity === wanted.activity)
    .filter(({ contractYear }) => contractYear < wanted.contractYear)
    .sort(
      (a, b) =>
        b.contractYear - a.contractYear || compareTexts(a.lastSafeOn ?? a.dueOn, b.lastSafeOn ?? b.dueOn) || compareTexts(a.id, b.id),
    )[0];
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

interface Common {
  /** Month and day in the calendar year before the contract year. */
  day: string;
  title: (contractYear: number, reportingYear: number) => string;
  duty: Pick<Duty, 'actors' | 'onBehalfOf' | 'contractStatus'>;
}

/** What the yearly rhythm says by itself, for every insurer. */
const COMMON: Record<RhythmActivity, Common> = {
  publication: {
    day: '04-01',
    title: (year) => `Publicatie zorginkoopbeleid ${year}`,
    duty: { actors: ['insurer'], onBehalfOf: [], contractStatus: 'any' },
  },
  accounts: {
    day: '05-01',
    title: (_, year) => `Verantwoording over ${year} indienen (financiën en kwaliteit)`,
    duty: { actors: ['ro'], onBehalfOf: ['ro', 'wsv'], contractStatus: 'any' },
  },
  contract_request: {
    day: '08-31',
    title: (year) => `Zorgovereenkomst ${year} aanvragen (zonder lopend contract)`,
    duty: { actors: ['provider'], onBehalfOf: [], contractStatus: 'uncontracted' },
  },
  annual_plan: {
    day: '10-01',
    title: (year) => `Jaarplan ${year} met begroting indienen`,
    duty: { actors: ['ro'], onBehalfOf: ['ro', 'wsv'], contractStatus: 'contracted' },
  },
  signing: {
    day: '12-31',
    title: (year) => `Zorgovereenkomst ${year} ondertekenen`,
    duty: { actors: ['provider'], onBehalfOf: [], contractStatus: 'any' },
  },
};
