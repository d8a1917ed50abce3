/** The own dates of an organisation among the contents of its feeds; no calendar for everyone has them. */
import type { Step } from '../../calendars/agenda/step.ts';
import type { FeedChoices } from '../../calendars/ics/feed-choices.ts';
import type { StepEntry } from '../../calendars/ics/feed.ts';
import { entryOfStep } from '../../calendars/ics/step-entry.ts';
import type { Day, Language } from '../../calendars/terms.ts';
import { combineSequenceNumbers, type SequenceNumber } from '../organisations/numbering/sequence-numbers.ts';

interface Look extends Pick<FeedChoices, 'alarms' | 'showCompleted'> {
  language: Language;
}

/** The entries of own dates from a day on, by day. What was chosen among deadlines leaves none out: no insurer asks them. `raised`: what else changes how they look. */
export function stepEntries(steps: readonly Step[], from: Day, look: Look, raised: readonly SequenceNumber[]): StepEntry[] {
  return steps
    .filter(({ dueOn }) => dueOn >= from)
    .map((step) => {
      const { changedAt, sequence } = step;
      return entryOfStep(step, { ...look, ...combineSequenceNumbers([{ sequence, changedAt }, ...raised]) });
    });
}
