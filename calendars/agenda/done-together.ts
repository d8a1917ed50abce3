/** Deadlines that are done together: days of one and the same act, of which it is enough to report one. */
import type { Deadline } from '../deadlines/deadline.ts';
import type { Activity } from '../terms.ts';

/** An agreement is signed once: by the day on which signing ends, and within the term that began when it was received. */
export const SIGNING = ['signing', 'signing_term'] as const satisfies readonly Activity[];

/** As much of a deadline as tells what it is done together with. */
export type Act = Pick<Deadline, 'activity' | 'careType' | 'contractYear' | 'id' | 'insurer'>;

/** Whether there may be deadlines that are done together with it. */
export function mayBeDoneTogether({ activity, insurer }: Pick<Act, 'activity' | 'insurer'>): boolean {
  return insurer !== null && SIGNING.some((one) => one === activity);
}

/**
 * The deadlines among `all` that are done once this one is: the other day to sign the same agreement, of the same insurer, contract year and kind of
 * care. Where one of the two is of a kind of care that the others are not, they are of the same agreement.
 */
export function doneTogetherWith<T extends Act>(deadline: Act, all: readonly T[]): T[] {
  if (!mayBeDoneTogether(deadline)) return [];
  const ofContract = all.filter(
    (one) => mayBeDoneTogether(one) && one.insurer === deadline.insurer && one.contractYear === deadline.contractYear,
  );
  const others = ofContract.filter(({ activity }) => activity !== deadline.activity);
  const like = [deadline, ...ofContract.filter(({ activity, id }) => activity === deadline.activity && id !== deadline.id)];
  return sameCareAs(deadline, others).filter((other) => sameCareAs(other, like).includes(deadline));
}

/** What two acts about the same have in common: the id of the deadline, or what tells the agreement that is signed. */
export function actKey({ activity, careType, contractYear, id, insurer }: Act): string {
  return mayBeDoneTogether({ activity, insurer }) ? `${SIGNING[0]}/${insurer}/${contractYear}/${careType}` : id;
}

/** Those of the same kind of care; where there is none, all. */
export function sameCareAs<T extends Pick<Act, 'careType'>>({ careType }: Pick<Act, 'careType'>, all: readonly T[]): readonly T[] {
  const same = all.filter((one) => one.careType === careType);
  return same.length > 0 ? same : all;
}
