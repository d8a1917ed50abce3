/** Why an entry stands in a list that somebody chose: one sentence. */
import type { Deadline } from '../../../calendars/deadlines/deadline.ts';
import { isInsurersAct } from '../../../calendars/deadlines/listing.ts';
import type { Language } from '../../../calendars/terms.ts';
import { wordsIn, writeList } from '../../../calendars/words.ts';
import type { Choice } from './choice.ts';

/** Empty where neither a role, an insurer nor a contract status was chosen. Of several insurers it names the entry's own. `names`: by slug. */
export function writeWhy(
  { duty, insurer }: Pick<Deadline, 'duty' | 'insurer'>,
  choice: Choice,
  names: ReadonlyMap<string, string>,
  language: Language,
): string {
  const say = wordsIn(language);
  const because = (name: string) => say(`page:dates.because.${name}`, { insurer: names.get(insurer ?? choice.insurer) ?? '' });
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
