/** How much of an insurer's purchasing policy is known: of which contract year, and by whose word. */
import { isOfMemo } from './certainty.ts';
import type { Deadline } from './deadline.ts';

/** `policy`: the insurer's own document. `memo`: one of InEen alone. `other`: somebody else's word alone. */
export interface Knowledge {
  year: number;
  from: 'policy' | 'memo' | 'other';
}

/** The newest contract year of which a document says something; null where none does. */
export function newestKnown(deadlines: readonly Deadline[]): Knowledge | null {
  const years = deadlines.filter(isDocumented).map(({ contractYear }) => contractYear);
  return years.length === 0 ? null : knowledgeOf(deadlines, Math.max(...years));
}

/** What is known of a contract year; null where nothing is. */
export function knowledgeOf(deadlines: readonly Deadline[], year: number): Knowledge | null {
  const documented = deadlines.filter((one) => one.contractYear === year && isDocumented(one));
  if (documented.length === 0) return null;
  const isAll = (test: (one: Deadline) => boolean) => documented.every(test);
  if (isAll(({ sources }) => sources.length > 0 && sources.every(isOfMemo))) return { year, from: 'memo' };
  return { year, from: isAll(({ basis }) => basis?.kind === 'secondary_source') ? 'other' : 'policy' };
}

/** What there is of the newest contract year up to a given one: what is of a later year holds for none before. */
export function newestUpTo<D extends Pick<Deadline, 'contractYear'>>(entries: readonly D[], year: number): D[] {
  const years = entries.map(({ contractYear }) => contractYear).filter((one) => one <= year);
  return entries.filter(({ contractYear }) => contractYear === Math.max(...years));
}

/** Whether it was written down which of the insurers a line of the memo is about, or concluded from its place. */
export function isColumnInferred({ basis }: Pick<Deadline, 'basis'>): boolean {
  return /\bkolom\b[^.]*\bafgeleid\b/i.test(basis?.text ?? '');
}

/** What an insurer only intends or promises looks ahead, and makes no year known. */
function isDocumented({ certainty, kind, status }: Deadline): boolean {
  const isRead = certainty === 'stated' || certainty === 'unknown';
  return status === 'published' && isRead && kind !== 'intention' && kind !== 'commitment';
}
