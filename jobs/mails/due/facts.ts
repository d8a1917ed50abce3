/** The facts of a deadline: who acts and for whom, how, and what follows. What its title and first sentences say is not said again. */
import { writeLongDay } from '../../../calendars/days.ts';
import { isOfParty } from '../../../calendars/deadlines/certainty.ts';
import { addressLink, writeChannel } from '../../../calendars/channel-text.ts';
import type { Group } from '../../../calendars/agenda/groups.ts';
import { consequenceLabel } from '../../../calendars/deadlines/consequence.ts';
import { reportedYear, type Duty } from '../../../calendars/deadlines/deadline.ts';
import type { OpenItem } from '../../../calendars/agenda/open-duties.ts';
import { handOverDay } from '../../../calendars/reminders/reminders.ts';
import type { Language } from '../../../calendars/terms.ts';
import { wordsIn, writeList } from '../../../calendars/words.ts';
import { datedTitle, type Reading } from '../duty.ts';
import type { FactRow } from '../letter.ts';

/** The rows that a group has in common: whom its reader acts for, if for others too. */
export function factRows({ items }: Group, reading: Reading): FactRow[] {
  const [item] = items;
  return items.length > 1
    ? roleRows(item, reading).filter(({ value }) => value !== roleOf(item, reading))
    : [...roleRows(item, reading), ...ownRows(item, reading.language)];
}

/** Who acts, and for whom. */
function roleRows(item: OpenItem, { language, organisationId }: Reading): FactRow[] {
  const say = wordsIn(language);
  const { duty } = item.deadline;
  if (item.as === 'informed')
    return rowsOf([['role', say(isOfParty(item.deadline) ? 'mail:informed_of_party' : 'mail:informed')]], language);
  const isReaders = item.organisations.some(({ id }) => id === organisationId);
  if (!isReaders) return rowsOf([['behalf', item.organisations.map(({ name }) => name).join(', ')]], language);
  const handOverOn = handOverDay(item);
  if (handOverOn !== null)
    return rowsOf(
      [
        ['submits', say('mail:for_you_too', { who: roleNames(duty.actors, language) })],
        ['role', say('mail:hand_over', { day: writeLongDay(handOverOn, language) })],
      ],
      language,
    );
  const others = duty.onBehalfOf.filter((actor) => actor !== item.as);
  const role = roleOf(item, { language });
  const forWhom = writeList(
    others.map((actor) => say(`mail:members.${actor}`)),
    language,
  );
  return rowsOf([['role', others.length === 0 ? role : say('mail:behalf_too', { role, who: forWhom })]], language);
}

const roleOf = ({ as }: OpenItem, { language }: Pick<Reading, 'language'>) => wordsIn(language)(`common:role.${as}`);

/** What is delivered, how and where, and what follows from it. */
function ownRows(item: OpenItem, language: Language): FactRow[] {
  const say = wordsIn(language);
  const { channel, conflict, consequence, contractYear, duty, extension } = item.deadline;
  const title = datedTitle(item.deadline, language);
  const isUnknown = duty.contractStatus !== 'any' && item.relation === 'unknown';
  return rowsOf(
    [
      ['warning', conflict?.text],
      ['what', duty.deliverable],
      ['how', channel && writeChannel(channel, language), channel],
      ['subject_line', channel?.subject],
      ['hours', channel?.hours],
      ['status_of', isUnknown ? say(`mail:duty_status.${duty.contractStatus}`) : null],
      [consequence ? consequenceLabel(consequence, language) : 'note', consequence?.text],
      ['extension', extension?.text],
      ['contract_year', title.includes(String(contractYear)) ? null : String(contractYear)],
      ['reporting_year', yearBeside(title, reportedYear(item.deadline))],
    ],
    language,
  );
}

type Fact = [name: string, value: string | null | undefined, channel?: OpenItem['deadline']['channel']];

/** The facts that are known, each with its label; a text that begins with the word of its label has none. */
function rowsOf(facts: readonly Fact[], language: Language): FactRow[] {
  return facts.flatMap(([name, value, channel]) => {
    if (!value) return [];
    const word = wordsIn(language)(`mail:fact.${name}`);
    const label = value.toLowerCase().startsWith(`${word.toLowerCase()} `) ? '' : word;
    return [{ label, value, link: channel ? addressLink(channel) : null }];
  });
}

function yearBeside(title: string, year: number | null): string | null {
  return year === null || title.includes(String(year)) ? null : String(year);
}

function roleNames(actors: Duty['actors'], language: Language): string {
  return actors.map((actor) => wordsIn(language)(`mail:your.${actor}`)).join(', ');
}
