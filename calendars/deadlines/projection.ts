/** The timeline of a contract year that an insurer has not published yet: five deadlines, each marked with how it is known. */
import { upperFirst } from '../letter-case.ts';
import { addMonths, writeDay } from '../days.ts';
import { UNSAID } from './content.ts';
import { contractTerms, isBoundByTerm, runningTerm, writeTerm, type ContractTerm } from './contract-terms.ts';
import type { Content, Deadline, Days, Duty } from './deadline.ts';
import { KIND_OF } from './kinds.ts';
import { nameUuid } from '../name-uuid.ts';
import { RHYTHM, type Activity, type CareType, type RhythmActivity } from '../terms.ts';

/** A health insurer is bound by the sector's rules; a party that buys care for others is not. */
export const INSURER_KINDS = ['health_insurer', 'purchasing_party'] as const;
type InsurerKind = (typeof INSURER_KINDS)[number];

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
  const { careType, dueOn, lastSafeOn, certainty, basis, duty: earlierDuty } = projectDay(input, activity);
  return {
    id: nameUuid(NAMESPACE, `${insurer.slug}/${contractYear}/${activity}`),
    careType,
    activity,
    content: {
      kind: KIND_OF[activity],
      title: title(contractYear),
      rule: { kind: 'fixed', on: dueOn },
      // What nobody named bounds nothing.
      boundary: lastSafeOn === null ? null : 'by',
      certainty,
      basis: basis && { ...basis, text: [basis.text, ...termRemarks(activity, contractYear, terms)].join(' ') },
      reportingYear: contractYear - 2,
      duty: { ...(earlierDuty ?? duty), deliverable: null },
      ...UNSAID,
    },
    days: { dueOn, lastSafeOn },
  };
}

/** What a contract term says of what is projected beside it: a request may wait for its end, and there may be nothing to sign. */
function termRemarks(activity: RhythmActivity, contractYear: number, terms: readonly ContractTerm[]): string[] {
  const running = runningTerm(terms, contractYear);
  if (activity === 'contract_request' && running)
    return [`Er loopt een overeenkomst ${writeTerm(running)}; of u tussentijds kunt instappen, staat er niet.`];
  const before = terms.find(({ first, last }) => last > first && last < contractYear);
  if (activity !== 'signing' || !before) return [];
  return [`Voor ${writeTerm(before)} gold een overeenkomst voor meer jaren. Mogelijk hoeft u dit jaar niets te tekenen.`];
}

interface ProjectedDay extends Pick<Content, 'certainty' | 'basis'> {
  careType: CareType;
  dueOn: string;
  /** Null for an assumption. */
  lastSafeOn: string | null;
  duty?: Duty;
}

function projectDay({ insurer, contractYear, earlier }: ProjectionInput, activity: RhythmActivity): ProjectedDay {
  const bound = insurer.kind === 'health_insurer';
  const commonDay = `${contractYear - 1}-${COMMON[activity].day}`;
  const common = { careType: 'general', dueOn: commonDay, lastSafeOn: commonDay } as const;
  if (activity === 'publication' && bound) {
    return { ...common, certainty: 'sector_rule', basis: { kind: 'sector_rule', deadlineId: null, text: SECTOR_RULE } };
  }
  const who = bound ? 'deze verzekeraar' : 'deze inkooppartij';
  const stated = newestStated(earlier, { insurer: insurer.slug, contractYear, activity });
  if (!stated) {
    const text = `Aanname op basis van de planning van Zorg en Zekerheid voor 2025. ${upperFirst(who)} noemde geen datum.`;
    return { ...common, lastSafeOn: null, certainty: 'template', basis: { kind: 'common_rhythm', deadlineId: null, text } };
  }
  const months = 12 * (contractYear - stated.contractYear);
  const text = `Voor contractjaar ${stated.contractYear} was het bij ${who} ${writeDays(stated)}. Voor ${contractYear} is dit nog niet bevestigd.`;
  return {
    careType: stated.careType,
    dueOn: addMonths(stated.dueOn, months),
    lastSafeOn: addMonths(stated.lastSafeOn ?? stated.dueOn, months),
    duty: stated.duty,
    certainty: 'expected',
    basis: { kind: 'earlier_year', deadlineId: stated.id, text },
  };
}

function writeDays({ dueOn, lastSafeOn }: Stated): string {
  const day = writeDay(dueOn, 'nl');
  return lastSafeOn === null || lastSafeOn === dueOn ? day : `${day} (laatste veilige dag ${writeDay(lastSafeOn, 'nl')})`;
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

const SECTOR_RULE =
  'Regel van de NZa voor alle zorgverzekeraars: het inkoopbeleid is uiterlijk op 1 april bekend, in het jaar vóór het jaar of de jaren waarvoor ' +
  'zij zorg inkopen. Loopt er een overeenkomst voor meer jaren, dan komt er dit jaar mogelijk geen nieuw beleid. Bron: Regeling Transparantie ' +
  'zorginkoopproces Zvw (TH/NR-021), artikel 4, geldig tot en met 27 maart 2024; opvolger niet ingezien.';

interface Common {
  /** Month and day in the calendar year before the contract year. */
  day: string;
  title: (contractYear: number) => string;
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
    title: (year) => `Verantwoording over ${year - 2} indienen (financiën en kwaliteit)`,
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
