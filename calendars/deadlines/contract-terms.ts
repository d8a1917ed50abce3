/** Contract terms: for which years an insurer contracts a kind of care at once, and what that leaves to sign and to publish. */
import { yearOf } from '../days.ts';
import type { Deadline } from './deadline.ts';
import type { CareType, Role } from '../terms.ts';

/** A term that is stated, by its first and last contract year. */
export interface ContractTerm {
  careType: CareType;
  first: number;
  last: number;
}

/** The stated terms of an insurer, the newest first. What names no years is none. */
export function contractTerms(deadlines: readonly Deadline[], insurer: string | null): ContractTerm[] {
  return deadlines
    .filter((one) => one.activity === 'contract_term' && one.insurer === insurer)
    .filter(({ certainty, status }) => certainty === 'stated' && status === 'published')
    .flatMap(({ careType, rule }): ContractTerm[] => {
      if (rule.kind === 'range') return [{ careType, first: yearOf(rule.from), last: yearOf(rule.to) }];
      return rule.kind === 'period' ? [{ careType, first: rule.year, last: rule.year }] : [];
    })
    .sort((a, b) => b.last - a.last || b.first - a.first);
}

/** The term that runs on into a contract year: in its first one there is something to publish and to sign. */
export function runningTerm(terms: readonly ContractTerm[], contractYear: number, careType?: CareType): ContractTerm | null {
  return (
    terms.find(
      (term) => contractYear > term.first && contractYear <= term.last && (careType === undefined || term.careType === careType),
    ) ?? null
  );
}

/** Whether it falls away while a term runs. */
export function isBoundByTerm({ activity }: Pick<Deadline, 'activity'>): boolean {
  return activity === 'signing' || activity === 'publication';
}

/** The kind of care of which a role contracts; null for whoever contracts any. */
export function careTypeOf(role: Role): CareType | null {
  if (role === 'practice') return 'gp_care';
  return role === 'provider' ? null : 'multidisciplinary_care';
}

/** Whether a care type is that of none of the roles: what is general is everybody's, and who is only a provider contracts any. */
export function isOtherCare(careType: CareType, roles: readonly Role[]): boolean {
  return careType !== 'general' && roles.length > 0 && roles.map(careTypeOf).every((own) => own !== null && own !== careType);
}

/** A term as people read it: "2026-2027". */
export function writeTerm({ first, last }: ContractTerm): string {
  return first === last ? String(first) : `${first}-${last}`;
}
