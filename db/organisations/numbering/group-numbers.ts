/** Groups of assumptions in an organisation's calendars: who belongs together, under which identity, and how its sequence numbers rise. */
import type { AgendaItem } from '../../../calendars/agenda/concern.ts';
import { addDays, amsterdamMoment } from '../../../calendars/days.ts';
import { isAssumed } from '../../../calendars/deadlines/certainty.ts';
import { isBoundByTerm } from '../../../calendars/deadlines/contract-terms.ts';
import { mayComeBefore } from '../../../calendars/deadlines/precedent.ts';
import { nameUuid } from '../../../calendars/name-uuid.ts';
import type { Day } from '../../../calendars/terms.ts';
import type { Revision } from '../../registry/revisions.ts';
import type { SequenceNumber } from './sequence-numbers.ts';

/** What groups are made of: an activity of a contract year. */
type Subject = Pick<Revision, 'activity' | 'contractYear'>;

/** Whether an item stands in a group: what is only assumed, unless an own event dated it. What was withdrawn is in none. */
export function isGrouped({ deadline, uid }: Pick<AgendaItem, 'deadline' | 'uid'>): boolean {
  return isAssumed(deadline) && deadline.status === 'published' && deadline.dueOn !== null && uid === deadline.id;
}

/** A group's identity in the calendars of an organisation: of what it is and as whom it is read, never of whom it holds. */
export function groupUid(organisationId: string, { deadline, as }: Pick<AgendaItem, 'deadline' | 'as'>): string {
  return nameUuid(organisationId, `${subjectOf(deadline)}/${as}`);
}

export function subjectOf({ activity, contractYear }: Subject): string {
  return `${contractYear}/${activity}`;
}

/**
 * The numbers of groups by subject, from all deadlines of an organisation's insurers: whatever their certainty, withdrawn ones too, so that a member
 * that is stated, or assumed again, goes on to count. Only an insurer that leaves takes its part along. `pastOn`: up to which day assumptions are over.
 */
export function groupNumbers(deadlines: readonly Revision[], pastOn: Day | null): Map<string, SequenceNumber> {
  const ofInsurers = Map.groupBy(deadlines, ({ insurer }) => insurer);
  const bySubject = Map.groupBy(deadlines, subjectOf);
  return new Map(
    [...bySubject].map(([subject, members]) => [
      subject,
      sumOf(members.flatMap((member) => numbersOf(member, ofInsurers.get(member.insurer) ?? [], pastOn))),
    ]),
  );
}

/** What one deadline adds: with the day that it leaves on it counts once more, and a revision counts for more than that day. */
function numbersOf(deadline: Revision, ofInsurer: readonly Revision[], pastOn: Day | null): SequenceNumber[] {
  const { changedAt, dueOn, sequence } = deadline;
  // A term of contract takes members out, and its end brings them back.
  const before = ofInsurer.filter((one) => mayComeBefore(one, deadline) || (isBoundByTerm(deadline) && one.activity === 'contract_term'));
  const hasLeft = pastOn !== null && isAssumed(deadline) && dueOn !== null && dueOn <= pastOn;
  return [
    { sequence: 2 * (sequence + 1), changedAt },
    ...before.map((one) => ({ sequence: one.sequence + 1, changedAt: one.changedAt })),
    ...(hasLeft ? [{ sequence: 1, changedAt: amsterdamMoment(addDays(dueOn, 1), '00:00') }] : []),
  ];
}

function sumOf(numbers: readonly SequenceNumber[]): SequenceNumber {
  return {
    sequence: numbers.reduce((sum, { sequence }) => sum + sequence, 0),
    changedAt: new Date(Math.max(...numbers.map(({ changedAt }) => changedAt.getTime()))),
  };
}
