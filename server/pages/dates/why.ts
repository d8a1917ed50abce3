/** Why an entry stands in a list that somebody chose: one sentence. */
import type { Deadline } from '../../../calendars/deadlines/deadline.ts';
import { isInsurersAct } from '../../../calendars/deadlines/listing.ts';
import { nameBuyer, type Buyer } from '../../../calendars/deadlines/wording/buyers.ts';
import type { Language } from '../../../calendars/terms.ts';
import { wordsIn, writeList } from '../../../calendars/words.ts';
import type { Choice } from './choice.ts';

/** An entry as far as it says for whom it is. */
type Whose = Pick<Deadline, 'duty' | 'insurer'> & Buyer;

/** Empty where neither a role, an insurer nor a contract status was chosen. Of several insurers it names the entry's own. `names`: by slug. */
export function writeWhy(
  deadlines: readonly [Whose, ...Whose[]],
  choice: Choice,
  names: ReadonlyMap<string, string>,
  language: Language,
): string {
  const say = wordsIn(language);
  const [{ duty, insurer }] = deadlines;
  const who = nameBuyer('plural', deadlines, language);
  const because = (name: string) => say(`page:dates.because.${name}`, { insurer: names.get(insurer ?? choice.insurer) ?? '', who });
  const { contractStatus, role } = choice;
  const reasons = [
    role === '' ? [] : because(roleReason({ duty }, role)),
    choice.insurer === '' ? [] : because(insurer === null ? 'sector' : 'insurer'),
    contractStatus === '' ? [] : because(duty.contractStatus === 'any' ? 'any_status' : `${duty.contractStatus}_status`),
  ].flat();
  return reasons.length === 0 ? '' : say('page:dates.why', { reasons: writeList(reasons, language) });
}

function roleReason({ duty }: Pick<Deadline, 'duty'>, role: string): string {
  if (isInsurersAct({ duty })) return 'insurers_act';
  if (duty.actors.some((actor) => actor === role)) return `actor.${role}`;
  return duty.actors.includes('provider') || duty.onBehalfOf.includes('provider') ? 'every_provider' : `on_behalf.${role}`;
}
