/** Notes: what has to be read beside an item, because its day alone would say more to its reader than is known. */
import { mayLackOffer, type AgendaItem } from './concern.ts';
import { writeDay, writeLongDay, yearOf } from '../days.ts';
import { isAssumed, isProjected } from '../deadlines/certainty.ts';
import { countingDay, type Deadline } from '../deadlines/deadline.ts';
import { nameBuyer } from '../deadlines/wording/buyers.ts';
import { isCounted } from '../deadlines/kinds.ts';
import type { CareType, Day, Language, Reader } from '../terms.ts';
import { wordsIn, writeList } from '../words.ts';

/** An item as far as its notes go by it; `as` is null for everybody. */
export type NotedItem = Pick<AgendaItem, 'otherCare'> &
  Partial<Pick<AgendaItem, 'handOverOn' | 'relation'>> & {
    as: Reader | null;
    deadline: Pick<Deadline, 'activity' | 'careType' | 'certainty' | 'dueOn' | 'duty' | 'insurerKind' | 'lastSafeOn'>;
  };

/**
 * The sentences beside an item, in their order: whether there is anything to sign at all, by when the reader had best hand its part over, and for whose
 * care the day holds. Mostly none.
 */
export function notesOf(item: NotedItem, language: Language): string[] {
  const { deadline, handOverOn = null } = item;
  const handOver = handOverOn === null ? null : handOverNote(deadline, handOverOn, language);
  return [offerNote(item, language), handOver, careNote(item, language)].filter((note) => note !== null);
}

/** "Lever uw deel liefst uiterlijk maandag 16 september 2024 aan bij uw regio-organisatie. Dat is ons advies: …" */
export function handOverNote(deadline: NotedItem['deadline'], on: Day, language: Language): string {
  const name = isProjected(deadline) ? 'hand_over_projected' : 'hand_over';
  return wordsIn(language)(`common:note.${name}`, { day: writeLongDay(on, language), who: nameSubmitters(deadline, language) });
}

/** Who submits it, as its reader calls them: "uw regio-organisatie". */
export function nameSubmitters(deadline: Pick<Deadline, 'duty' | 'insurerKind'>, language: Language): string {
  const say = wordsIn(language);
  return deadline.duty.actors
    .map((actor) => (actor === 'insurer' ? nameBuyer('the', deadline, language) : say(`common:your.${actor}`)))
    .join(', ');
}

/**
 * What is said of requests for a contract of which the day is over, one sentence for each contract year: "De dag om een zorgovereenkomst 2027 aan te
 * vragen is voorbij: Noord (31 augustus 2026)." For who has no contract or of whom nobody knows, until the end of the year before; no reminder tells it.
 */
export function requestNotes(items: readonly AgendaItem[], today: Day, language: Language): string[] {
  const say = wordsIn(language);
  const byYear = Map.groupBy(requestsPassed(items, today), ({ deadline }) => deadline.contractYear);
  return [...byYear]
    .sort(([a], [b]) => a - b)
    .map(([year, passed]) => {
      const list = passed.map(({ deadline, insurerName }) => {
        const day = writeDay(countingDay(deadline), language);
        const sure = isProjected(deadline) ? say(`common:note.${isAssumed(deadline) ? 'around' : 'expected'}`, { day }) : day;
        return `${insurerName ?? say('common:sector')} (${sure})`;
      });
      const isSure = !passed.some(({ deadline }) => isProjected(deadline));
      return say(`common:note.${isSure ? 'request_passed' : 'request_passed_projected'}`, { year, list: writeList(list, language) });
    });
}

/** Whether a deadline is a request for a contract of which the day is over, in the years before the contract year. */
export function isRequestOver(deadline: Deadline, today: Day): boolean {
  if (deadline.activity !== 'contract_request' || deadline.status !== 'published' || !isCounted(deadline)) return false;
  const day = countingDay(deadline);
  return day !== null && day < today && yearOf(today) < deadline.contractYear;
}

/** "Kreeg u een overeenkomst aangeboden? Teken die uiterlijk 31 december 2026." Null where one was offered, or there is nothing to sign. */
function offerNote({ as, deadline, relation = null }: NotedItem, language: Language): string | null {
  if (as === null || !mayLackOffer({ as, deadline, relation })) return null;
  const say = wordsIn(language);
  const day = deadline.lastSafeOn !== null && deadline.certainty === 'stated' ? writeDay(deadline.lastSafeOn, language) : null;
  const when = day === null ? say('common:note.in_time') : say('common:note.by_day', { day });
  return say(`common:note.offer.${relation}`, { when });
}

/** "Geldt voor huisartsenzorg; voor uw zorgsoort noemde deze verzekeraar nog geen datum." */
function careNote({ deadline, otherCare }: NotedItem, language: Language): string | null {
  if (!otherCare) return null;
  const say = wordsIn(language);
  const care = say(`common:care_type.${deadline.careType satisfies CareType}`);
  return say(`common:note.care.${otherCare}`, { care, who: nameBuyer('this', deadline, language) });
}

/** An item of which the day is over. */
type DatedItem = AgendaItem & { deadline: { dueOn: Day } };

function requestsPassed(items: readonly AgendaItem[], today: Day): DatedItem[] {
  return items.filter((item): item is DatedItem => hasRequestPassed(item, today));
}

function hasRequestPassed({ as, completion, deadline, relation }: AgendaItem, today: Day): boolean {
  return as !== 'informed' && completion === null && relation !== null && relation !== 'contracted' && isRequestOver(deadline, today);
}
