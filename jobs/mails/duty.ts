/** One deadline in a mail: its line in the subject, its first sentence, and everything that has to be known to act. */
import { daysBetween } from '../../calendars/days.ts';
import { workingDaysBetween } from '../../calendars/holidays.ts';
import type { OpenItem } from '../../calendars/open-duties.ts';
import type { Day, Language } from '../../calendars/terms.ts';
import { titleOf, wordsIn } from '../../calendars/words.ts';
import { writeLongDay, writeShortDay } from './days.ts';
import type { Block } from './letter.ts';

/** Who reads, and on which day. */
export interface Reading {
  language: Language;
  today: Day;
  organisationId: string;
}

/** The fact and the date for a subject line: "Over 14 dagen (verwacht): jaarplan indienen bij Noord (uiterlijk ma 30 sep)". */
export function headline(item: OpenItem, { language, today }: Reading): string {
  const say = wordsIn(language);
  const { certainty, conflict, lastSafeOn } = item.deadline;
  const word = say(`mail:certainty_short.${certainty}`);
  const when = say('mail:when', { count: daysBetween(today, lastSafeOn) });
  const by = say('mail:by', { day: writeShortDay(lastSafeOn, language, today) });
  const warning = conflict ? `; ${say(`mail:conflict_short.${conflict.kind}`)}` : '';
  return `${when}${word ? ` (${word})` : ''}: ${lowerFirst(whatOf(item, language))} (${by}${warning})`;
}

/** The first sentences: what, by which day, how sure that is, how soon, and what contradicts it. */
function opening(item: OpenItem, { language, today }: Reading): string {
  const say = wordsIn(language);
  const { certainty, conflict, dueOn, lastSafeOn } = item.deadline;
  const word = say(`common:certainty.${certainty}`);
  const by = say('mail:by', { day: writeLongDay(lastSafeOn, language) });
  const count = daysBetween(today, lastSafeOn);
  const working = say('mail:working_days', { count: workingDaysBetween(today, lastSafeOn) });
  return [
    `${whatOf(item, language)}: ${by}${word ? ` (${word})` : ''}.`,
    say('mail:left', { count, working }),
    dueOn === lastSafeOn ? '' : say('mail:named_day', { day: writeLongDay(dueOn, language) }),
    conflict ? say(`mail:conflict.${conflict.kind}`) : '',
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

/** A line of a list: what it is, for whom, and the word for how sure its day is. */
export function listed(item: OpenItem, language: Language): string {
  const word = wordsIn(language)(`common:certainty.${item.deadline.certainty}`);
  return `${whatOf(item, language)}${word ? ` (${word})` : ''}`;
}

/** Everything that has to be known of one deadline, the first sentences foremost. */
export function dutyBlocks(item: OpenItem, reading: Reading): Block[] {
  const { sources } = item.deadline;
  return [
    { kind: 'lead', text: opening(item, reading) },
    { kind: 'facts', rows: factsOf(item, reading) },
    ...sources.map(({ document, section, quote, url }): Block => {
      const from = [document, section, url].filter((part) => part !== null).join(', ');
      return quote === null ? { kind: 'small', text: from } : { kind: 'quote', text: quote, from };
    }),
  ];
}

function factsOf(item: OpenItem, { language, organisationId }: Reading) {
  const say = wordsIn(language);
  const { deadline } = item;
  const { basis, certainty, channel, conflict, consequence, contractYear, dueOn, duty, extension, lastSafeOn, reportingYear } = deadline;
  const own = item.organisations.some(({ id }) => id === organisationId);
  const names = item.organisations.map(({ name }) => name).join(', ');
  const others = duty.onBehalfOf.filter((actor) => actor !== item.as).map((actor) => say(`common:role.${actor}`));
  const word = say(`common:certainty.${certainty}`);
  const facts: [name: string, value: string | null | undefined][] = [
    ['what', duty.deliverable ?? titleOf(deadline, language)],
    ['safe_day', writeLongDay(lastSafeOn, language)],
    ['due_day', dueOn === lastSafeOn ? null : writeLongDay(dueOn, language)],
    ['warning', conflict?.text],
    ['how', channel && [say(`mail:channel.${channel.kind}`), channel.address].filter((part) => part !== null).join(': ')],
    ['subject_line', channel?.subject],
    ['hours', channel?.hours],
    ['for', own ? `${names} (${say(`common:role.${item.as}`)})` : null],
    [own ? 'behalf_too' : 'behalf', own ? others.join(', ') : names],
    [consequence?.modality === 'possible' ? 'possible_consequence' : 'consequence', consequence?.text],
    ['extension', extension?.text],
    ['certainty', word || null],
    ['basis', basis?.text],
    ['contract_year', String(contractYear)],
    ['reporting_year', reportingYear === null ? null : String(reportingYear)],
    ['note', item.as === 'informed' ? say('mail:informed') : null],
  ];
  return facts.flatMap(([name, value]) => (value ? [{ label: say(`mail:fact.${name}`), value }] : []));
}

function whatOf(item: OpenItem, language: Language): string {
  const what = titleOf(item.deadline, language);
  const say = wordsIn(language);
  if (item.insurerName === null) return say('mail:what.sector', { what });
  return say(item.as === 'informed' ? 'mail:what.insurer' : 'mail:what.duty', { what, insurer: item.insurerName });
}

/** "Jaarplan" becomes "jaarplan"; "VECOZO" and "XIS-keurmerk" stay. */
function lowerFirst(text: string): string {
  return /^\p{Lu}\p{Ll}/u.test(text) ? text[0]!.toLowerCase() + text.slice(1) : text;
}
