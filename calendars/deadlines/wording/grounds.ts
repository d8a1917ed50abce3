/** What a day rests on, in words: of what the service projected ours, in each language; of what somebody typed theirs, which is Dutch. */
import { writeDay } from '../../days.ts';
import { upperFirst } from '../../letter-case.ts';
import type { Day, Language } from '../../terms.ts';
import { wordsIn, type Say } from '../../words.ts';
import type { Basis, Conflict, Deadline, Precedent } from '../deadline.ts';
import { nameBuyer } from './buyers.ts';

/** Sentences of ours in the reader's language, and what somebody typed; null where nobody did. */
export interface Ground {
  ours: readonly string[];
  typed: string | null;
}

/** An entry as far as its ground goes by it. */
export type Grounded = Pick<Deadline, 'activity' | 'basis' | 'contractYear' | 'insurerKind' | 'origin' | 'precedent' | 'rule' | 'started'>;

/** What a projection rests on: the facts beside its basis. */
export type Projecting = Pick<Deadline, 'activity' | 'contractYear' | 'insurerKind' | 'rule'> & {
  precedent: Pick<Precedent, 'contractYear' | 'dueOn' | 'lastSafeOn'> | null;
  basis: Pick<Basis, 'kind' | 'term'>;
};

/** What an entry rests on; both empty where the insurer's own sentence says it all. */
export function groundOf(entry: Grounded, language: Language): Ground {
  const { basis, started } = entry;
  const beside = besideSentence(started?.signingAround ?? null, language);
  const ours = basis !== null && isOurs({ ...entry, basis }) ? projectedGround({ ...entry, basis }, language) : null;
  return { ours: [...(ours ?? []), ...beside], typed: ours === null ? (basis?.text ?? null) : null };
}

/** What is said of a projection, sentence by sentence; null where it is not known from what it was taken. */
export function projectedGround(projection: Projecting, language: Language): string[] | null {
  const { basis, contractYear } = projection;
  const say = wordsIn(language);
  switch (basis.kind) {
    case 'sector_rule':
      return ['rule', 'years', 'source'].map((part) => say(`common:ground.sector_rule.${part}`));
    case 'common_rhythm':
      return [say('common:ground.common_rhythm', RHYTHM_OF), noDaySentence(projection, language), ...termSentences(projection, say)];
    case 'earlier_year': {
      const when = whenBefore(projection, language);
      if (projection.precedent === null || when === null) return null;
      const values = { year: projection.precedent.contractYear, who: nameBuyer('this', projection, language), when };
      return [
        say('common:ground.earlier_year', values),
        say('common:ground.unconfirmed', { year: contractYear }),
        ...termSentences(projection, say),
      ];
    }
    default:
      return null;
  }
}

/** What is said of an assumption, also where its first sentence says so: that nobody named a day. */
export function noDaySentence(entry: Pick<Deadline, 'insurerKind'>, language: Language): string {
  return wordsIn(language)('common:ground.no_day', { who: upperFirst(nameBuyer('this', entry, language)) });
}

/** What differs between the sources of a day. Of two terms that an own event brought together in words of ours, else as it was typed. */
export function conflictOf({ conflict, started }: Pick<Deadline, 'conflict' | 'started'>, language: Language): Ground {
  if (conflict === null) return { ours: [], typed: null };
  return started && conflict.kind === 'terms'
    ? { ours: [writeTerms(conflict.days, language)], typed: null }
    : { ours: [], typed: conflict.text };
}

/** Of two terms, by their days the first first: until when each of them is, and which one to keep to. */
export function writeTerms(days: Conflict['days'], language: Language): string {
  const [signing, term] = days.toSorted().map((day) => writeDay(day, language));
  return wordsIn(language)('common:ground.two_terms', { signing: signing ?? '', term: term ?? '' });
}

/** The basis as it is kept and shown to programs: in Dutch, with what stands beside it. */
export function storedBasis({ basis, started }: Pick<Deadline, 'basis' | 'started'>): Basis | null {
  const [note = ''] = besideSentence(started?.signingAround ?? null, 'nl');
  if (basis === null && note === '') return null;
  const { deadlineId = null, kind = 'computation', text = '', successorSeen } = basis ?? {};
  const seen = successorSeen === undefined ? {} : { successorSeen };
  return { kind, deadlineId, text: [text, note].filter(Boolean).join(' '), ...seen };
}

/** Whose planning all others are assumed to follow, and of which contract year. */
const RHYTHM_OF = { insurer: 'Zorg en Zekerheid', year: 2025 };

/** Whether a basis is in words of ours: the service projected it, or an editor left them as they were. */
function isOurs(entry: Grounded & { basis: Basis }): boolean {
  return entry.origin === 'projection' || entry.basis.text === projectedGround(entry, 'nl')?.join(' ');
}

/** An assumption shortens no term: it is told beside it. */
function besideSentence(signingAround: Day | null, language: Language): string[] {
  return signingAround === null ? [] : [wordsIn(language)('common:ground.beside', { day: writeDay(signingAround, language) })];
}

/** What a contract term says of what is projected beside it: a request may wait for its end, and there may be nothing to sign. */
function termSentences({ activity, basis: { term } }: Projecting, say: Say): string[] {
  if (!term) return [];
  const values = { term: writeYears(term) };
  if (activity === 'contract_request') return [say('common:ground.term_runs', values)];
  return activity === 'signing' ? [say('common:ground.term_before', values), say('common:ground.nothing_to_sign')] : [];
}

/** The day of the earlier year, or the length of the term that an own event started in it. */
function whenBefore({ precedent, rule }: Projecting, language: Language): string | null {
  const say = wordsIn(language);
  if (rule.kind === 'offset' && 'event' in rule.from)
    return rule.amount === null ? null : say(`mail:change.term_${rule.unit}`, { count: rule.amount });
  const { dueOn = null, lastSafeOn = null } = precedent ?? {};
  if (dueOn === null) return null;
  const day = writeDay(dueOn, language);
  return lastSafeOn === null || lastSafeOn === dueOn ? day : say('common:ground.safe', { day, safe: writeDay(lastSafeOn, language) });
}

/** "2026-2027". */
const writeYears = ({ first, last }: { first: number; last: number }) => (first === last ? String(first) : `${first}-${last}`);
