/** Two editors at once: who saves on top of what another one saved meanwhile is told, and is given what the other wrote. */
import { AppError } from '../../../calendars/errors.ts';

/** `theirs`: what stands there now, to be shown beside what was to be saved; null where it was removed. */
export class StaleDraft<T> extends AppError {
  readonly theirs: T | null;

  constructor(theirs: T | null) {
    super('stale', theirs === null ? 'Somebody else removed it meanwhile.' : 'Somebody else saved it meanwhile; read it again.');
    this.name = 'StaleDraft';
    this.theirs = theirs;
  }
}
