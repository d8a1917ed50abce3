/** One deadline in a mail: its line in the subject, its first sentence, and everything that has to be known to act. */
import { writeDay } from '../../calendars/days.ts';
import { isAssumed, isProjected } from '../../calendars/deadlines/certainty.ts';
import { consequenceLabel } from '../../calendars/deadlines/consequence.ts';
import { dutyOwner, type OpenItem } from '../../calendars/agenda/open-duties.ts';
import { notesOf } from '../../calendars/agenda/item-notes.ts';
import { isHandedOver, type AgendaItem } from '../../calendars/agenda/concern.ts';
import { countingDay, reportedYear, type Channel, type Deadline, type Duty, type Source } from '../../calendars/deadlines/deadline.ts';
import { precedentText } from '../../calendars/precedent-text.ts';
import type { Day, Language, Reader } from '../../calendars/terms.ts';
import { certaintyOf, markOf, titleOf, wordsIn } from '../../calendars/words.ts';
import { periodOf, writeDistance, writeLeft, writeLongDay, writeShortDay } from './days.ts';
import type { DeadlineLinks } from './links.ts';
import type { Block } from './letter.ts';

/** Who reads, and on which day. */
export interface Reading {
  language: Language;
  today: Day;
  organisationId: string;
}

/**
 * The fact and the date for a subject line: "Over 14 dagen (verwacht): jaarplan indienen bij Noord (ma 30 sep)". An assumption is not counted down:
 * "Aanname, niet bevestigd: jaarplan indienen bij Noord (vermoedelijk rond ma 30 sep)".
 */
export function headline(item: OpenItem, { language, today }: Reading): string {
  const say = wordsIn(language);
  const { certainty, conflict } = item.deadline;
  const counting = countingDay(item.deadline);
  const word = markOf(item.deadline, language);
  const period = periodOf(item.deadline, language);
  const when = period ? upperFirst(period) : writeDistance(counting, language, today);
  const by = say(period ? 'mail:last_day' : `mail:by.${certainty}`, { day: writeShortDay(counting, language, today) });
  const warning = conflict ? `; ${say(`mail:conflict_short.${conflict.kind}`)}` : '';
  const head = isAssumed(item.deadline) ? upperFirst(word) : `${when}${word ? ` (${word})` : ''}`;
  return `${head}: ${lowerFirst(whatOf(item, language))} (${by}${warning})`;
}

/** The first sentences: what, by which day and how sure that is; then how soon, and what contradicts it. */
function opening(item: OpenItem, { language, today }: Reading): Block {
  const say = wordsIn(language);
  const { certainty, conflict, dueOn } = item.deadline;
  const counting = countingDay(item.deadline);
  const word = markOf(item.deadline, language);
  const period = periodOf(item.deadline, language);
  const by = period || say(`mail:by.${certainty}`, { day: writeLongDay(counting, language) });
  return {
    kind: 'lead',
    text: `${whatOf(item, language)}: ${by}${word ? ` (${word})` : ''}.`,
    more: sentences([
      ...notesOf(item, language),
      period ? say('feed:period_ends', { day: writeLongDay(counting, language) }) : '',
      isAssumed(item.deadline) ? say('common:assumed') : writeLeft(counting, language, today),
      dueOn === counting ? '' : say(`mail:named_day.${namingOf(item.deadline)}`, { day: writeLongDay(dueOn, language) }),
      conflict ? say(`mail:conflict.${conflict.kind}`) : '',
      item.askedAgain === null ? '' : say('mail:asked_again', { day: writeDay(counting, language) }),
    ]),
  };
}

/** How the day is named beside the last safe one: nobody stated an expected day, and what is due before a day is not due on it. */
function namingOf(deadline: OpenItem['deadline']): 'stated' | 'expected' | 'before' {
  const { boundary, conflict } = deadline;
  if (isProjected(deadline)) return 'expected';
  return boundary === 'before' && !conflict ? 'before' : 'stated';
}

/** What to call the named day: what nobody stated is not named. */
export function namedLabel(deadline: Pick<Deadline, 'certainty'>): 'due_day' | 'expected_day' | 'assumed_day' {
  if (isAssumed(deadline)) return 'assumed_day';
  return isProjected(deadline) ? 'expected_day' : 'due_day';
}

/** Sentences after one another, as far as there are any. */
export function sentences(all: readonly string[]): string {
  return all.filter((sentence) => sentence !== '').join(' ');
}

/** A line of a list: what it is, for whom, and the word for how sure its day is. */
export function listed(item: OpenItem, language: Language): string {
  const word = markOf(item.deadline, language);
  return `${whatOf(item, language)}${word ? ` (${word})` : ''}`;
}

/** Everything that has to be known of one deadline, the first sentences foremost, and what the reader can do with it from here. */
export function dutyBlocks(item: OpenItem, reading: Reading, links: DeadlineLinks): Block[] {
  const { deadline } = item;
  const { organisationId, language } = reading;
  // A term that a member's own event started is done by that member alone.
  const deadlineLinks = dutyOwner(item, organisationId) === organisationId ? links : { ...links, doneUrl: () => null };
  return [
    opening(item, reading),
    { kind: 'facts', rows: factsOf(item, reading) },
    ...precedentBlocks(item, language),
    ...sourceBlocks(deadline.sources),
    ...policyLink(item, language),
    ...linkBlocks(deadline.id, item.as, deadlineLinks, language),
  ];
}

/** How it went before, and what has to be arranged before. */
function precedentBlocks({ arrangedBefore, deadline }: OpenItem, language: Language): Block[] {
  return precedentText(deadline, arrangedBefore, language).flatMap(({ heading, rows, source }): Block[] => [
    ...(heading === null ? [] : [{ kind: 'text' as const, text: `${heading}:` }]),
    { kind: 'facts', rows },
    ...(source === null ? [] : sourceBlocks([source])),
  ]);
}

/** The quotes that prove it, each with where it stands. */
export function sourceBlocks(sources: readonly Source[]): Block[] {
  return sources.map(({ document, section, quote, url }): Block => {
    const from = [document, section, url].filter((part) => part !== null).join(', ');
    return quote === null ? { kind: 'small', text: from } : { kind: 'quote', text: quote, from };
  });
}

/** Where the policy of the insurer stands, of what it does itself. */
function policyLink({ policyUrl }: OpenItem, language: Language): Block[] {
  return policyUrl ? [{ kind: 'link', label: wordsIn(language)('mail:policy'), url: policyUrl }] : [];
}

/** Done, and no more mail about it, as far as the reader may say so. Who only has to know of it has nothing to do. */
export function linkBlocks(deadlineId: string, as: Reader, { doneUrl, muteUrl }: DeadlineLinks, language: Language): Block[] {
  const say = wordsIn(language);
  const done = as === 'informed' ? null : doneUrl(deadlineId);
  const mute = muteUrl(deadlineId);
  return [
    ...(done === null ? [] : [{ kind: 'button' as const, label: say('mail:done'), url: done }]),
    ...(mute === null ? [] : [{ kind: 'link' as const, label: say('mail:mute'), url: mute }]),
  ];
}

function factsOf(item: OpenItem, { language, organisationId }: Reading) {
  const say = wordsIn(language);
  const { deadline } = item;
  const { basis, channel, conflict, consequence, contractYear, dueOn, duty, extension } = deadline;
  const counting = countingDay(deadline);
  const isReaders = item.organisations.some(({ id }) => id === organisationId);
  const names = item.organisations.map(({ name }) => name).join(', ');
  const otherActors = duty.onBehalfOf.filter((actor) => actor !== item.as);
  const handsOver = isReaders && isHandedOver(duty, item.as);
  const facts: [name: string, value: string | null | undefined][] = [
    ['what', duty.deliverable ?? titleOf(deadline, language)],
    ['period', periodOf(deadline, language) || null],
    [dayLabel(deadline, language), writeLongDay(counting, language)],
    [namedLabel(deadline), dueOn === counting ? null : writeNamedDay(deadline, language)],
    ['warning', conflict?.text],
    ['how', channel && writeChannel(channel, language)],
    ['subject_line', channel?.subject],
    ['hours', channel?.hours],
    ['for', isReaders ? `${names} (${say(`common:role.${item.as}`)})` : null],
    ['who', handsOver ? say('mail:for_you_too', { who: roleNames(duty.actors, language) }) : null],
    [isReaders ? 'behalf_too' : 'behalf', isReaders ? (handsOver ? null : roleNames(otherActors, language)) : names],
    ['status_of', duty.contractStatus === 'any' ? null : say(`mail:duty_status.${duty.contractStatus}`)],
    [consequence ? consequenceLabel(consequence, language) : 'note', consequence?.text],
    ['extension', extension?.text],
    ['certainty', certaintyOf(deadline, language)],
    ['basis', basis?.text],
    ['contract_year', String(contractYear)],
    ['reporting_year', reportedYear(deadline)?.toString()],
    ['role', item.as === 'informed' ? say('mail:informed') : handsOver ? say('mail:hand_over') : null],
  ];
  return facts.flatMap(([name, value]) => (value ? [{ label: say(`mail:fact.${name}`), value }] : []));
}

/** What to call the day that counts: of what is assumed no day is safe. */
function dayLabel(deadline: OpenItem['deadline'], language: Language): 'last_day' | 'safe_day' | 'assumed_day' {
  if (isAssumed(deadline)) return 'assumed_day';
  return periodOf(deadline, language) ? 'last_day' : 'safe_day';
}

function roleNames(actors: Duty['actors'], language: Language): string {
  return actors.map((actor) => wordsIn(language)(`common:role.${actor}`)).join(', ');
}

function writeNamedDay(deadline: OpenItem['deadline'], language: Language): string {
  const day = writeLongDay(deadline.dueOn, language);
  return namingOf(deadline) === 'before' ? wordsIn(language)('mail:before_day', { day }) : day;
}

/** How to hand in, and where: "E-mail: inkoop@noord.example". */
export function writeChannel({ kind, address }: Channel, language: Language): string {
  return [wordsIn(language)(`mail:channel.${kind}`), address].filter((part) => part !== null).join(': ');
}

/** What is due, and at whose: "Jaarplan indienen bij Noord". */
export function whatOf(item: Pick<AgendaItem, 'deadline' | 'insurerName' | 'as'>, language: Language): string {
  const what = titleOf(item.deadline, language);
  const say = wordsIn(language);
  if (item.insurerName === null) return say('mail:what.sector', { what });
  return say(item.as === 'informed' ? 'mail:what.insurer' : 'mail:what.duty', { what, insurer: item.insurerName });
}

/** "Jaarplan" becomes "jaarplan"; "VECOZO" and "XIS-keurmerk" stay. */
export function lowerFirst(text: string): string {
  return /^\p{Lu}\p{Ll}/u.test(text) ? text[0]!.toLowerCase() + text.slice(1) : text;
}

function upperFirst(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
