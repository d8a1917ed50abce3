/** Why a date is another than it was: of what the service does by itself in words of ours, else as an editor typed it, which is Dutch. */
import type { Language } from '../../terms.ts';
import { titleOf, wordsIn } from '../../words.ts';
import type { Deadline } from '../deadline.ts';
import type { Ground } from './grounds.ts';

/** A deadline that another one follows. */
export type Followed = Pick<Deadline, 'activity' | 'status' | 'title'>;

/** The reason that is kept with what the service projects. */
export const PROJECTED_REASON = wordsIn('nl')('common:reason.projected');

/** The reason that is kept with what says again what it said before an edition that was taken back. */
export const TAKEN_BACK_REASON = wordsIn('nl')('common:reason.taken_back');

/** Why a day moved that follows from another deadline. */
export function followReason(followed: Followed, language: Language): string {
  const name = followed.status === 'withdrawn' ? 'follows_gone' : 'follows';
  return wordsIn(language)(`common:reason.${name}`, { title: titleOf(followed, language) });
}

/** A reason as its reader gets it. `followed`: which deadline this one moved along with, if it did. */
export function reasonOf(reason: string | null, followed: Followed | null, language: Language): Ground {
  if (followed !== null) return { ours: [followReason(followed, language)], typed: null };
  const name = reason === PROJECTED_REASON ? 'projected' : reason === TAKEN_BACK_REASON ? 'taken_back' : null;
  return name === null ? { ours: [], typed: reason } : { ours: [wordsIn(language)(`common:reason.${name}`)], typed: null };
}
