/** What each certainty means: whether its day is projected, and what has to prove it. */
import type { Certainty } from '../terms.ts';

interface Meaning {
  /** Nobody stated the day: it follows from an earlier year or from the yearly rhythm. */
  isProjected: boolean;
  /** A literal quote, or a basis in words; null for what has no day. */
  proof: 'quote' | 'basis' | null;
}

const MEANINGS: Record<Certainty, Meaning> = {
  stated: { isProjected: false, proof: 'quote' },
  sector_rule: { isProjected: false, proof: 'basis' },
  expected: { isProjected: true, proof: 'basis' },
  template: { isProjected: true, proof: 'basis' },
  unknown: { isProjected: false, proof: null },
};

/** Whether a deadline's day is projected: what nobody stated must not be shown as if somebody had. */
export function isProjected({ certainty }: { certainty: Certainty }): boolean {
  return MEANINGS[certainty].isProjected;
}

/** What a date of this certainty must come with; null for none. */
export function proofFor(certainty: Certainty): Meaning['proof'] {
  return MEANINGS[certainty].proof;
}
