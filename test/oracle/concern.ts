/** Whom an entry concerns, and as whom: the rules of concern in words, one after the other. */
import { isInsurersAct, type Organisation, type Registry, type Relation, type Role, type Row } from './registry.ts';

/** As whom it is told: who does it, whose part another hands in, or who is only to know. */
type As = 'acts' | 'hands_over' | 'informed';

export interface Concern {
  as: As;
  /** Whose duty it is: the organisation itself, or members that its RO looks after. */
  holders: Organisation[];
  /** Of signing, for who has no contract and got none: one mail, and no other. */
  isOnce: boolean;
  /** Whether the words decide that it is told; where they do not, both are right. */
  isSure: boolean;
}

/** What organisations said: whether one received a contract of an insurer for a year. */
export type Received = (organisation: Organisation, insurer: string, contractYear: number) => boolean;

/** How an entry concerns an organisation, or null. */
export function concernOf(row: Row, organisation: Organisation, registry: Registry, received: Received): Concern | null {
  const own = ownConcern(row, organisation, registry, received);
  if (own) return own;
  const theirs = organisation.members.flatMap((member) => ownConcern(row, member, registry, received) ?? []);
  const [first] = theirs;
  if (!first) return null;
  // An RO sees its members' duties. Whether that goes for what they only know of, or hand in through another, is not said.
  const isSure = theirs.every((one) => one.as === 'acts' && one.isSure && !one.isOnce);
  return { ...first, holders: theirs.flatMap(({ holders }) => holders), isSure };
}

function ownConcern(row: Row, organisation: Organisation, registry: Registry, received: Received): Concern | null {
  const as = readerOf(row, organisation.role);
  if (as === null) return null;
  const concern = { as, holders: [organisation], isOnce: false, isSure: true };
  if (row.insurer === null) return concern;
  const relation = organisation.relations.get(row.insurer);
  if (!relation) return null;
  const { contractStatus } = relation;
  const asked = row.duty.contractStatus;
  if (asked !== 'any' && contractStatus !== 'unknown' && asked !== contractStatus) return null;
  if (isPlanOrAccounts(row) && isProjected(row) && !isForLeading(row, organisation, contractStatus)) return null;
  const term = termOver(row, organisation.role, registry);
  if (term === 'all' && isProjected(row)) return null;
  const hasContract = contractStatus !== 'uncontracted' || received(organisation, row.insurer, row.contractYear);
  return { ...concern, isOnce: row.activity === 'signing' && !hasContract, isSure: term === null };
}

function readerOf(row: Row, role: Role): As | null {
  const { actors, onBehalfOf } = row.duty;
  if (actors.includes(role) || actors.includes('provider')) return 'acts';
  if (onBehalfOf.includes(role)) return 'hands_over';
  return isInsurersAct(row) ? 'informed' : null;
}

/** Made by the job, not read in a document. */
function isProjected({ certainty }: Row): boolean {
  return ['expected', 'sector_rule', 'template'].includes(certainty);
}

function isPlanOrAccounts({ activity }: Row): boolean {
  return activity === 'annual_plan' || activity === 'accounts';
}

/** Plans and accounts go to the leading insurer: as the organisation names it, else its RO; where neither names any, to each. */
function isForLeading(row: Row, organisation: Organisation, contractStatus: Relation['contractStatus']): boolean {
  if (contractStatus === 'uncontracted') return false;
  const own = leadingOf(organisation);
  const leading = own.length > 0 ? own : leadingOf(organisation.parent);
  return leading.length === 0 || leading.includes(row.insurer!);
}

/** With whom there is no contract does not lead, whatever was said of it. */
function leadingOf(organisation: Organisation | null): string[] {
  return [...(organisation?.relations ?? [])].flatMap(([insurer, { contractStatus, preferred }]) =>
    preferred && contractStatus !== 'uncontracted' ? [insurer] : [],
  );
}

const CARE: Readonly<Record<Role, string | null>> = {
  ro: 'multidisciplinary_care',
  wsv: 'multidisciplinary_care',
  practice: 'gp_care',
  provider: null,
};

/**
 * Whether nothing is to be signed or published this year, because a contract of an earlier year runs on: `all` of the entry's kind of care, or for
 * what holds for every kind the reader's own; `own` where the reader's runs on and the entry is of another one, which the words leave open.
 */
function termOver(row: Row, role: Role, { terms }: Registry): 'all' | 'own' | null {
  if (!['signing', 'publication'].includes(row.activity)) return null;
  const running = terms.filter(({ insurer, rule }) => {
    const years = yearsOf(rule);
    return insurer === row.insurer && years !== null && years.first < row.contractYear && row.contractYear <= years.last;
  });
  const isOf = (careType: string | null) => running.some((term) => term.careType === careType);
  if (isOf('general') || isOf(row.careType)) return 'all';
  if (!isOf(CARE[role])) return null;
  return row.careType === 'general' ? 'all' : 'own';
}

function yearsOf(rule: Row['rule']): { first: number; last: number } | null {
  if (rule.kind === 'range') return { first: Number(String(rule.from).slice(0, 4)), last: Number(String(rule.to).slice(0, 4)) };
  return rule.kind === 'period' ? { first: Number(rule.year), last: Number(rule.year) } : null;
}
