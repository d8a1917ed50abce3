/** The facts of a deadline: who acts and for whom, how, and what follows. What its title and first sentences say is not said again. */
import { writeLongDay } from '../../../calendars/days.ts';
import { addressLink, writeChannel } from '../../../calendars/channel-text.ts';
import type { Group } from '../../../calendars/agenda/groups.ts';
import { consequenceLabel } from '../../../calendars/deadlines/consequence.ts';
import { reportedYear } from '../../../calendars/deadlines/deadline.ts';
import type { OpenItem } from '../../../calendars/agenda/open-duties.ts';
import { handOverDay } from '../../../calendars/reminders/reminders.ts';
import type { Language } from '../../../calendars/terms.ts';
import { nameBuyer, type Buyer } from '../../../calendars/deadlines/wording/buyers.ts';
import { conflictOf, type Ground } from '../../../calendars/deadlines/wording/grounds.ts';
import { upperFirst } from '../../../calendars/letter-case.ts';
import { wordsIn, writeList } from '../../../calendars/words.ts';
import { datedTitle, writeUndoneBy, type Reading } from '../duty.ts';
import type { FactRow } from '../letter.ts';

/** The rows that a group has in common: whom its reader acts for, if for others too. */
export function factRows({ items }: Group, reading: Reading): FactRow[] {
  const [item] = items;
  const buyers = items.map(({ deadline }) => deadline);
  return items.length > 1
    ? roleRows(item, buyers, reading).filter(({ value }) => value !== roleOf(item, reading))
    : [...roleRows(item, buyers, reading), ...undoneRows(items, reading.language), ...ownRows(item, reading.language)];
}

/** Who acts, and for whom. `buyers`: at whose. */
function roleRows(item: OpenItem, buyers: readonly Buyer[], { language, organisationId }: Reading): FactRow[] {
  const say = wordsIn(language);
  const { duty } = item.deadline;
  if (item.as === 'informed')
    return rowsOf([['role', upperFirst(say('mail:informed', { who: nameBuyer('the', buyers, language) }))]], language);
  const isReaders = item.organisations.some(({ id }) => id === organisationId);
  if (!isReaders) return rowsOf([['behalf', item.organisations.map(({ name }) => name).join(', ')]], language);
  const handOverOn = handOverDay(item);
  if (handOverOn !== null)
    return rowsOf(
      [
        ['submits', say('mail:for_you_too', { who: roleNames(item, language) })],
        ['role', say('mail:hand_over', { day: writeLongDay(handOverOn, language) })],
      ],
      language,
    );
  const others = duty.onBehalfOf.filter((actor) => actor !== item.as);
  const role = roleOf(item, { language });
  const forWhom = writeList(
    others.map((actor) => (actor === 'insurer' ? nameBuyer('the', item.deadline, language) : say(`mail:members.${actor}`))),
    language,
  );
  return rowsOf([['role', others.length === 0 ? role : say('mail:behalf_too', { role, who: forWhom })]], language);
}

/** Who else has not said that it is done. */
const undoneRows = (items: Group['items'], language: Language) => rowsOf([['undone_by', writeUndoneBy(items, language)]], language);

const roleOf = ({ as }: OpenItem, { language }: Pick<Reading, 'language'>) => wordsIn(language)(`common:role.${as}`);

/** What is delivered, how and where, and what follows from it. */
function ownRows(item: OpenItem, language: Language): FactRow[] {
  const say = wordsIn(language);
  const { channel, consequence, contractYear, duty, extension } = item.deadline;
  const title = datedTitle(item.deadline, language);
  const isUnknown = duty.contractStatus !== 'any' && item.relation === 'unknown';
  const facts = rowsOf(
    [
      ['what', duty.deliverable],
      ['how', channel && writeChannel(channel, language), channel],
      ['subject_line', channel?.subject],
      ['hours', channel?.hours],
      ['status_of', isUnknown ? say(`mail:duty_status.${duty.contractStatus}`, { who: nameBuyer('this', item.deadline, language) }) : null],
      [consequence ? consequenceLabel(consequence, language) : 'note', consequence?.text],
      ['extension', extension?.text],
      ['contract_year', title.includes(String(contractYear)) ? null : String(contractYear)],
      ['reporting_year', yearBeside(title, reportedYear(item.deadline))],
    ],
    language,
  );
  return [...saidRows('warning', conflictOf(item.deadline, language), language), ...facts];
}

/** What is said in words of ours, and what somebody typed, which is Dutch and says so to who reads another language. */
export function saidRows(name: string, { ours, typed }: Ground, language: Language): FactRow[] {
  const say = wordsIn(language);
  const label = say(`mail:fact.${name}`);
  return [
    ...(typed === null ? [] : [{ label: say('common:typed', { label }), value: typed }]),
    ...(ours.length === 0 ? [] : [{ label, value: ours.join(' ') }]),
  ];
}

type Fact = [name: string, value: string | null | undefined, channel?: OpenItem['deadline']['channel']];

/** The facts that are known, each with its label; a text that begins with the word of its label has none. */
function rowsOf(facts: readonly Fact[], language: Language): FactRow[] {
  return facts.flatMap(([name, value, channel]) => {
    if (!value) return [];
    const say = wordsIn(language);
    const plain = say(`mail:fact.${name}`);
    const word = TYPED.has(name) ? say('common:typed', { label: plain }) : plain;
    const label = value.toLowerCase().startsWith(`${word.toLowerCase()} `) ? '' : word;
    return [{ label, value, link: channel ? addressLink(channel) : null }];
  });
}

/** What people typed about an entry in sentences. */
const TYPED: ReadonlySet<string> = new Set(['bonus', 'extension', 'note', 'penalty', 'possible_bonus', 'possible_penalty']);

function yearBeside(title: string, year: number | null): string | null {
  return year === null || title.includes(String(year)) ? null : String(year);
}

function roleNames({ deadline }: OpenItem, language: Language): string {
  const say = wordsIn(language);
  const names = deadline.duty.actors.map((actor) =>
    actor === 'insurer' ? nameBuyer('the', deadline, language) : say(`mail:your.${actor}`),
  );
  return names.join(', ');
}
