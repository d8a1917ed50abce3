/** What those who buy care are called, by what the registry says of each: insurers, purchasing parties, which are none, or both. */
import type { Deadline } from '../deadline.ts';
import { upperFirst } from '../../letter-case.ts';
import type { Language } from '../../terms.ts';
import { wordsIn } from '../../words.ts';

/** What is known of one: a duty of the whole sector is the insurers'. */
export type Buyer = Pick<Deadline, 'insurerKind'>;

/** `the`, `this` and `each` of one; `these` and `they` of several; `plural` and `role` without an article. */
type Form = 'each' | 'plural' | 'role' | 'the' | 'these' | 'they' | 'this';

/** "deze verzekeraar", "deze inkooppartij"; of several "deze verzekeraars", or where not all are "deze verzekeraars en inkooppartijen". */
export function nameBuyer(form: Form, of: Buyer | readonly Buyer[], language: Language): string {
  return wordsIn(language)(`common:buyer.${buyersOf(isSeveral(of) ? of : [of])}.${form}`);
}

/** "9 zorgverzekeraars", "2 inkooppartijen", "9 partijen". `short`: for where room is scarce. */
export function countBuyers(of: readonly Buyer[], language: Language, short = false): string {
  return wordsIn(language)(`common:buyer.${short ? 'count_short' : 'count'}.${buyersOf(of)}`, { count: of.length });
}

/** What has to stand beside a day that is only assumed: who named none. */
export function assumedOf(deadline: Buyer, language: Language): string {
  return wordsIn(language)('common:assumed', { who: upperFirst(nameBuyer('this', deadline, language)) });
}

function buyersOf(of: readonly Buyer[]): 'insurer' | 'party' | 'both' {
  if (of.length > 0 && of.every(isOfParty)) return 'party';
  return of.some(isOfParty) ? 'both' : 'insurer';
}

const isOfParty = ({ insurerKind }: Buyer) => insurerKind === 'purchasing_party';
const isSeveral = (of: Buyer | readonly Buyer[]): of is readonly Buyer[] => Array.isArray(of);
