/** What each certainty means: whether its day is projected, and what has to prove it. */
import type { Content, Deadline, Source } from './deadline.ts';
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

/** Whether a deadline's day is that of one insurer, assumed for another that said nothing: it is safe on no day, and never called so. */
export function isAssumed({ certainty }: { certainty: Certainty }): boolean {
  return certainty === 'template';
}

/** Whether an entry was taken back: the service did it and nobody withdrew it, so that it goes without being called withdrawn, and may be entered again. */
export function isTakenBack({ origin, status }: Pick<Deadline, 'origin' | 'status'>): boolean {
  return status === 'withdrawn' && origin === 'projection';
}

/** Whether what a document says takes the place of what was only projected for it: also where it names no day. */
export function retiresProjected({ certainty }: { certainty: Certainty }): boolean {
  return certainty === 'stated' || certainty === 'unknown';
}

/** Whether nobody said it of this insurer: it goes once somebody does. */
export function isUnstated({ certainty }: { certainty: Certainty }): boolean {
  return isProjected({ certainty }) || certainty === 'sector_rule';
}

/** What a date of this certainty must come with; null for none. */
export function proofFor(certainty: Certainty): Meaning['proof'] {
  return MEANINGS[certainty].proof;
}

/** How sure a date is, as people read it: the name of its word in `common:certainty`. What is stated says by whom. */
export function certaintyWord({
  basis,
  certainty,
  rule,
  sources,
}: Pick<Content, 'basis' | 'certainty' | 'rule' | 'sources'>): Certainty | 'rule_unseen' | 'computed' | 'by_memo' | 'by_another' {
  if (isOfUnseenRule({ basis, certainty })) return 'rule_unseen';
  if (certainty !== 'stated') return certainty;
  if (basis?.kind === 'computation' || (basis === null && isCounted(rule))) return 'computed';
  if (basis?.kind !== 'secondary_source') return certainty;
  return sources.some(isOfMemo) ? 'by_memo' : 'by_another';
}

/** Whether a day is counted from that of another deadline, so that no source names it. */
function isCounted(rule: Content['rule']): boolean {
  return rule.kind === 'offset' && rule.amount !== null && 'activity' in rule.from;
}

/** Whether entries are all known from a memo of InEen alone, so that one word may say it of them together. */
export function areByMemo(entries: readonly Parameters<typeof certaintyWord>[0][]): boolean {
  return entries.every((one) => certaintyWord(one) === 'by_memo');
}

/** Whether a source is a memo of InEen, by the title of its document. */
export function isOfMemo({ document }: Pick<Source, 'document'>): boolean {
  return /\bInEen\b/i.test(document);
}

/** Whether a day is that of a rule whose text held until before it, and nobody has seen what took its place. */
export function isOfUnseenRule({ basis, certainty }: Pick<Content, 'basis' | 'certainty'>): boolean {
  return certainty === 'sector_rule' && basis?.successorSeen === false;
}

/** By which word a day is named, as in `mail:by`: by its certainty, and by a rule whose successor nobody has seen less firmly. */
export function dayWord(content: Pick<Content, 'basis' | 'certainty'>): Certainty | 'rule_unseen' {
  return isOfUnseenRule(content) ? 'rule_unseen' : content.certainty;
}

/** Which contract years have projected dates alone: no insurer's policy for them is in the registry. */
export function yearsWithoutPolicy(deadlines: readonly Pick<Deadline, 'certainty' | 'contractYear' | 'insurer' | 'status'>[]): number[] {
  const published = deadlines.filter(({ insurer, status }) => insurer !== null && status === 'published');
  const stated = new Set(published.filter(({ certainty }) => certainty === 'stated').map(({ contractYear }) => contractYear));
  const projected = published.filter((deadline) => isProjected(deadline)).map(({ contractYear }) => contractYear);
  return [...new Set(projected)].filter((year) => !stated.has(year)).sort((a, b) => a - b);
}
