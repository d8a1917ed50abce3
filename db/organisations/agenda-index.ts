/** The deadlines of an agenda by what is asked of them: beside each stands what else its insurer has. */
import type { Party } from '../../calendars/agenda/concern.ts';
import { mayBeDoneTogether } from '../../calendars/agenda/done-together.ts';
import { contractTerms } from '../../calendars/deadlines/contract-terms.ts';
import { countingDay } from '../../calendars/deadlines/deadline.ts';
import { ARRANGED_BEFORE } from '../../calendars/deadlines/precedent.ts';
import type { Day } from '../../calendars/terms.ts';
import type { Revision } from '../registry/revisions.ts';

export interface AgendaIndex {
  deadlines: readonly Revision[];
  /** The signing deadlines that bind beside a signing term, by insurer and contract year. */
  signings: ReadonlyMap<string, readonly Revision[]>;
  /** What is done together, by insurer and contract year. */
  signed: ReadonlyMap<string, readonly Revision[]>;
  /** Those of one insurer, contract year and activity: for several kinds of care. */
  siblings: ReadonlyMap<string, readonly Revision[]>;
  /** The last day on which an insurer takes requests for a contract, where it has one, by insurer and contract year. */
  requests: ReadonlyMap<string, Day | null>;
  terms: Party['terms'];
  /** What is arranged before other deadlines, of every contract year, by insurer. */
  arranged: ReadonlyMap<string | null, readonly Revision[]>;
}

/** Withdrawn ones too. What runs on from earlier years counts whatever the first year is. */
export function indexDeadlines(all: readonly Revision[], fromContractYear: number): AgendaIndex {
  const deadlines = all.filter(({ contractYear }) => contractYear >= fromContractYear);
  return {
    deadlines,
    signings: Map.groupBy(
      deadlines.filter(({ activity }) => activity === 'signing'),
      contractKey,
    ),
    signed: Map.groupBy(deadlines.filter(mayBeDoneTogether), contractKey),
    siblings: Map.groupBy(deadlines, activityKey),
    requests: requestDays(deadlines),
    terms: termsByInsurer(all),
    arranged: Map.groupBy(
      all.filter(({ activity }) => ARRANGED_BEFORE.has(activity)),
      ({ insurer }) => insurer,
    ),
  };
}

export const contractKey = ({ insurer, contractYear }: Pick<Revision, 'insurer' | 'contractYear'>) => `${insurer}/${contractYear}`;

export const activityKey = ({ activity, key, ...contract }: Pick<Revision, 'activity' | 'contractYear' | 'insurer' | 'key'>) =>
  `${contractKey(contract)}/${activity}/${key ?? ''}`;

function termsByInsurer(deadlines: readonly Revision[]): Party['terms'] {
  const insurers = new Set(deadlines.filter(({ activity }) => activity === 'contract_term').map(({ insurer }) => insurer));
  return new Map([...insurers].map((insurer) => [insurer, contractTerms(deadlines, insurer)]));
}

function requestDays(deadlines: readonly Revision[]): AgendaIndex['requests'] {
  const requests = deadlines.filter(({ activity, status }) => activity === 'contract_request' && status === 'published');
  const days = Map.groupBy(requests, contractKey);
  return new Map([...days].map(([key, all]) => [key, latest(all.map(countingDay))]));
}

const latest = (days: readonly (Day | null)[]): Day | null =>
  days.reduce((last, day) => (last === null || (day !== null && day > last) ? day : last), null);
