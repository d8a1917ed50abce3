/** The facts of a deadline: who acts and for whom, how, and what follows. What its title and first sentences say is not said again. */
import { addressLink, writeChannel } from '../../../calendars/channel-text.ts';
import type { Group } from '../../../calendars/agenda/groups.ts';
import { consequenceLabel } from '../../../calendars/deadlines/consequence.ts';
import { reportedYear } from '../../../calendars/deadlines/deadline.ts';
import { handOverNote, nameSubmitters } from '../../../calendars/agenda/item-notes.ts';
import type { OpenItem } from '../../../calendars/agenda/open-duties.ts';
import { handOverDay } from '../../../calendars/reminders/reminders.ts';
import type { Day, Language } from '../../../calendars/terms.ts';
import { nameBuyer } from '../../../calendars/deadlines/wording/buyers.ts';
import { conflictOf, type Ground } from '../../../calendars/deadlines/wording/grounds.ts';
import { upperFirst } from '../../../calendars/letter-case.ts';
import { labelFor, wordsIn, writeList } from '../../../calendars/words.ts';
import { buyersIn, datedTitle, writeUndoneBy, type Reading } from '../duty.ts';
import type { FactRow } from '../letter.ts';

/** The rows that a group has in common: whom its reader acts for, if for others too, and who of these has not done it. */
export function factRows({ items }: Group, reading: Reading): FactRow[] {
  const [item] = items;
  const roles = roleRows(items, reading);
  const undone = undoneRows(items, reading.language);
  return items.length > 1
    ? [...roles.filter(({ value }) => value !== roleOf(item, reading)), ...undone]
    : [...roles, ...undone, ...ownRows(item, reading)];
}

/** Who acts, and for whom. */
function roleRows(items: Group['items'], reading: Reading): FactRow[] {
  const { language } = reading;
  const say = wordsIn(language);
  const [item] = items;
  const { duty } = item.deadline;
  if (item.as === 'informed') return rowsOf([['role', informedText(items, language)]], language);
  if (!isReaders(item, reading)) return rowsOf([['for', item.organisations.map(({ name }) => name).join(', ')]], language);
  const handOverOn = ownHandOver(item, reading);
  if (handOverOn !== null) {
    return rowsOf(
      [
        ['submits', say('mail:for_you_too', { who: nameSubmitters(item.deadline, language) })],
        ['role', handOverNote(item.deadline, handOverOn, language)],
      ],
      language,
    );
  }
  const others = duty.onBehalfOf.filter((actor) => actor !== item.as);
  const role = roleOf(item, { language });
  const forWhom = writeList(
    others.map((actor) => (actor === 'insurer' ? nameBuyer('the', item.deadline, language) : say(`mail:members.${actor}`))),
    language,
  );
  return rowsOf([['role', others.length === 0 ? role : say('mail:behalf_too', { role, who: forWhom })]], language);
}

/** Whose act it is: one's, or that of several. */
function informedText(items: Group['items'], language: Language): string {
  const buyers = buyersIn(items);
  const [name, form] = buyers.length > 1 ? (['informed_several', 'they'] as const) : (['informed', 'the'] as const);
  return upperFirst(wordsIn(language)(`mail:${name}`, { who: nameBuyer(form, buyers, language) }));
}

const isReaders = ({ organisations }: OpenItem, { organisationId }: Reading) => organisations.some(({ id }) => id === organisationId);

/** By when the reader hands its own part to who submits it; null where it submits itself, or only hears of it. */
function ownHandOver(item: OpenItem, reading: Reading): Day | null {
  return item.as !== 'informed' && isReaders(item, reading) ? handOverDay(item) : null;
}

/** Who else has not said that it is done. */
const undoneRows = (items: Group['items'], language: Language) => rowsOf([['undone_by', writeUndoneBy(items, language)]], language);

const roleOf = ({ as }: OpenItem, { language }: Pick<Reading, 'language'>) => wordsIn(language)(`common:role.${as}`);

/** What is delivered, how and where, and what follows from it. */
function ownRows(item: OpenItem, reading: Reading): FactRow[] {
  const { language } = reading;
  const say = wordsIn(language);
  const { consequence, contractYear, duty, extension } = item.deadline;
  const title = datedTitle(item.deadline, language);
  const isUnknown = duty.contractStatus !== 'any' && item.relation === 'unknown';
  const facts = rowsOf(
    [
      ['what', duty.deliverable],
      ...channelFacts(item, reading),
      ['status_of', isUnknown ? say(`mail:duty_status.${duty.contractStatus}`, { who: nameBuyer('this', item.deadline, language) }) : null],
      [consequence ? consequenceLabel(consequence, language) : 'note', consequence?.text],
      ['extension', extension?.text],
      ['contract_year', title.includes(String(contractYear)) ? null : String(contractYear)],
      ['reporting_year', yearBeside(title, reportedYear(item.deadline))],
    ],
    language,
    nameSubmitters(item.deadline, language),
  );
  return [...saidRows('warning', conflictOf(item.deadline, language), language), ...facts];
}

/** How and where it is submitted. Where another submits it, how that one does: the reader is not to mail the insurer. */
function channelFacts(item: OpenItem, reading: Reading): Fact[] {
  const { channel } = item.deadline;
  const { language } = reading;
  const how = channel && writeChannel(channel, language);
  if (ownHandOver(item, reading) !== null)
    return [
      ['how_theirs', how],
      ['subject_line_theirs', channel?.subject],
    ];
  return [
    ['how', how, channel],
    ['subject_line', channel?.subject],
    ['hours', channel?.hours],
  ];
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

/** The facts that are known, each with its label; a text that begins with the word of its label has none. `who`: whom a label names. */
function rowsOf(facts: readonly Fact[], language: Language, who = ''): FactRow[] {
  return facts.flatMap(([name, value, channel]) => {
    if (!value) return [];
    const say = wordsIn(language);
    const plain = say(`mail:fact.${name}`, { who });
    const word = TYPED.has(name) ? say('common:typed', { label: plain }) : plain;
    return [{ label: labelFor(word, value), value, link: channel ? addressLink(channel) : null }];
  });
}

/** What people typed about an entry in sentences. */
const TYPED: ReadonlySet<string> = new Set(['bonus', 'extension', 'note', 'penalty', 'possible_bonus', 'possible_penalty']);

function yearBeside(title: string, year: number | null): string | null {
  return year === null || title.includes(String(year)) ? null : String(year);
}
