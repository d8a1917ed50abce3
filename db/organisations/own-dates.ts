/** The days that an organisation's own event gives a deadline which counts from it. */
import { nameUuid } from '../../calendars/name-uuid.ts';
import { sameCareAs } from '../../calendars/agenda/done-together.ts';
import { earliest } from '../../calendars/days.ts';
import { besideAssumption, ownSigningTerm } from '../../calendars/deadlines/own-terms.ts';
import type { AgendaInput, Member } from './agenda-input.ts';
import type { Revision } from '../registry/revisions.ts';
import { combineSequenceNumbers } from './numbering/sequence-numbers.ts';

/**
 * The deadline with the days that the member's own event gives it, or null. Its signing term ends no later than signing
 * itself: `signings` are those of its insurer and contract year.
 */
export function ownDates(member: Member, agendaInput: AgendaInput, deadline: Revision, signings: readonly Revision[]) {
  const { rule } = deadline;
  if (rule.kind !== 'offset' || !('event' in rule.from)) return null;
  const { event: kind } = rule.from;
  const event = agendaInput.ownEvents.find(
    (e) =>
      e.organisationId === member.id && e.kind === kind && e.insurerSlug === deadline.insurer && e.contractYear === deadline.contractYear,
  );
  if (!event) return null;
  const [assumed, binding] = bindingOn(deadline, signings);
  const days = ownSigningTerm(event.occurredOn, rule, earliest(binding.map(({ lastSafeOn }) => lastSafeOn)));
  const signingAround = besideAssumption(days.dueOn, binding.length > 0 ? null : earliest(assumed.map(({ dueOn }) => dueOn)));
  const term = agendaInput.ownTerms.find((t) => t.organisationId === member.id && t.deadlineId === deadline.id);
  const numbers = combineSequenceNumbers([
    deadline,
    term ?? { sequence: 0, changedAt: event.createdAt },
    // A signing deadline counts from the moment that it is there, dated or not: what was counted once must not fall away.
    ...signings.map(({ sequence, changedAt }) => ({ sequence: sequence + 1, changedAt })),
  ]);
  return { deadline: { ...deadline, ...days, started: { signingAround } }, uid: term?.id ?? nameUuid(member.id, deadline.id), ...numbers };
}

/** The published signings that may bind beside a term: what is only assumed, and what is known. Of the same kind of care; where there is none, all. */
function bindingOn({ careType }: Revision, signings: readonly Revision[]): [assumed: Revision[], binding: Revision[]] {
  const published = signings.filter(({ status, dueOn }) => status === 'published' && dueOn !== null);
  const of = sameCareAs({ careType }, published);
  return [of.filter(({ certainty }) => certainty === 'template'), of.filter(({ certainty }) => certainty !== 'template')];
}
