/** What an entry (VEVENT) says of a deadline: its title and its description, in the reader's language. */
import { upperFirst } from '../letter-case.ts';
import { writeChannel } from '../channel-text.ts';
import { cleanText, cleanUrl } from '../clean-text.ts';
import { dayWord, isAssumed, isProjected } from '../deadlines/certainty.ts';
import { isHandedOver } from '../agenda/concern.ts';
import { notesOf } from '../agenda/item-notes.ts';
import { writeDay, yearOf } from '../days.ts';
import { countingDay, reportedYear, type Deadline, type Source } from '../deadlines/deadline.ts';
import { consequenceLabel } from '../deadlines/consequence.ts';
import { isCounted } from '../deadlines/kinds.ts';
import { isReckoned } from '../deadlines/rules.ts';
import type { Dated, FeedItem } from './feed-item.ts';
import { titleLine, type TitleParts } from './feed-title.ts';
import { precedentText } from '../deadlines/precedent-text.ts';
import type { Language } from '../terms.ts';
import { assumedOf, nameBuyer } from '../deadlines/wording/buyers.ts';
import { conflictOf, groundOf, type Ground } from '../deadlines/wording/grounds.ts';
import { certaintyOf, labelFor, type Say, wordsIn } from '../words.ts';

/** What the reader must not miss, in words: the days, how certain they are, and whether two of them compete. */
interface Warnings {
  /** The day that counts, which for an assumption is no safe one. */
  day: string;
  /** The period that is meant as a whole, where the text names no day; empty when it names one. */
  period: string;
  /** The day as the text names it, in brackets; empty when that is the last safe day itself. */
  named: string;
  /** The period, or else that day, as a title says it: alone, a day without a year that is plain. */
  inTitle: string;
  conflict: string;
}

/** The title and the description of one item, both clean text. */
export function wordItem(item: FeedItem, language: Language): { title: string; description: string } {
  const say = wordsIn(language);
  const warnings = warningsOf(item.deadline, language, say);
  return { title: titleOfItem(item, warnings, language, say), description: describe(item, warnings, language, say) };
}

/** When something is that has no last day: "in de loop van 2026". */
export function writePeriod(deadline: Dated, language: Language): string {
  const say = wordsIn(language);
  return spanOf(deadline, namedDay(deadline, language, say), language, say);
}

/** The day as the source writes it, "vóór 1 oktober 2024"; a period by its name, "juli 2022". */
export function writeNamed(deadline: Dated, language: Language): string {
  return namedDay(deadline, language, wordsIn(language));
}

function warningsOf(deadline: Dated, language: Language, say: Say): Warnings {
  const counting = countingDay(deadline);
  const meant = namedDay(deadline, language, say);
  const sameDay = deadline.dueOn === counting;
  const isDue = isCounted(deadline);
  const named = sameDay || !isDue ? '' : meant;
  const period = !isDue || (sameDay && deadline.rule.kind === 'period') ? spanOf(deadline, meant, language, say) : '';
  return {
    day: writeDay(counting, language),
    period,
    named: named && ` (${say(namingOf(deadline))}: ${named})`,
    inTitle:
      period === ''
        ? named && (deadline.rule.kind === 'period' ? meant : meant.replace(` ${yearOf(counting)}`, ''))
        : shortSpan(deadline, meant, period),
    conflict: deadline.conflict ? say(`feed:conflict.${deadline.conflict.kind}`) : '',
  };
}

/** How the other day is named: what nobody stated is not in the source, and neither is what is reckoned from another day. */
function namingOf(deadline: Dated): string {
  if (isProjected(deadline)) return 'common:certainty.expected';
  return isReckoned(deadline.rule) ? 'feed:mark.computed' : 'feed:named';
}

/** When something is that has no last day in the source: a period, a range, or the day that was aimed at. */
function spanOf({ boundary, dueOn, kind, rule }: Dated, meant: string, language: Language, say: Say): string {
  if (rule.kind === 'period' && kind === 'term') return say('feed:runs_until', { day: writeDay(dueOn, language) });
  if (rule.kind === 'period') return say(boundary === 'per' ? 'feed:from' : 'feed:in_course_of', { period: meant });
  if (rule.kind !== 'range') return meant;
  return say('feed:from_to', { from: writeDay(rule.from, language), to: writeDay(rule.to, language) });
}

/** The same in few words: a period by its name alone. */
function shortSpan({ boundary, rule }: Dated, meant: string, period: string): string {
  return rule.kind === 'period' && boundary !== 'per' ? meant : period;
}

function namedDay({ dueOn, boundary, rule }: Dated, language: Language, say: Say): string {
  const day = writeDay(dueOn, language);
  if (rule.kind === 'period' && rule.unit === 'month') return day.replace(/^\S+ /, '');
  if (rule.kind === 'period' && rule.unit === 'quarter') return say('feed:quarter', { number: rule.number ?? '', year: rule.year });
  if (rule.kind === 'period') return String(rule.year);
  return boundary === 'before' ? `${say('feed:named_before')} ${day}` : day;
}

/** One line. The entry stands on the day that counts, so that only another one is named. */
function titleOfItem(item: FeedItem, { inTitle, conflict }: Warnings, language: Language, say: Say): string {
  const { deadline, insurerName } = item;
  return titleLine(
    {
      state: stateOf(item),
      deadline,
      whose: insurerName ?? say('feed:whole_sector'),
      days: inTitle,
      conflict,
    },
    language,
  );
}

/** What became of it, if anything. */
function stateOf({ deadline, completedOn, isNotApplicable }: FeedItem): TitleParts['state'] {
  if (deadline.status === 'withdrawn') return 'withdrawn';
  if (completedOn === null) return null;
  return isNotApplicable ? 'not_applicable' : 'completed';
}

/** First what must not be missed, then what to do, then the proof. */
function describe(item: FeedItem, warnings: Warnings, language: Language, say: Say): string {
  const { deadline, completedOn, isNotApplicable } = item;
  const doneText = isNotApplicable ? 'feed:not_applicable_text' : 'feed:completed_text';
  const blocks = [
    [
      deadline.status === 'withdrawn' && say('feed:withdrawn_text'),
      completedOn !== null && say(doneText, { day: writeDay(completedOn, language) }),
      firstLine(deadline, warnings, language, say),
      ...notesOf(item, language),
      ...conflictLines(deadline, language, say),
    ],
    [...dutyLines(item, language, say), ...outcomeLines(deadline, language, say), yearLine(deadline, say)],
    ...precedentBlocks(item, language, say),
    [...groundLines(groundOf(deadline, language), say('feed:basis'), say), ...deadline.sources.map((source) => sourceLine(source, say))],
  ];
  const texts = blocks.map((lines) => lines.filter(Boolean).join('\n')).filter(Boolean);
  return cleanText(texts.join('\n\n'));
}

function firstLine(deadline: Dated, { day, period, named, conflict }: Warnings, language: Language, say: Say): string {
  const { dueOn, lastSafeOn, rule } = deadline;
  const ends = rule.kind === 'period' && dueOn === lastSafeOn ? ` ${say('feed:period_ends', { day })}` : '';
  const days = period ? `${upperFirst(period)}.${ends}` : `${upperFirst(say(`feed:by_start.${dayWord(deadline)}`, { day }))}${named}.`;
  const kind = isCounted(deadline) ? '' : `${labelled(say('feed:kind'), say(`common:kind.${deadline.kind}`))}.`;
  const assumed = isAssumed(deadline) ? assumedOf(deadline, language) : '';
  const sure = `${labelled(say('feed:certainty'), certaintyOf(deadline, language))}.`;
  return [kind, days, assumed, sure, conflict && `${upperFirst(conflict)}.`].filter(Boolean).join(' ');
}

/** What is to be done, by whom and how, a line each. */
export function dutyLines(item: FeedItem, language: Language, say: Say) {
  const { duty, channel, insurer } = item.deadline;
  const status = `${duty.contractStatus}${insurer === null ? '_sector' : ''}`;
  const where = channel && writeChannel(channel, language);
  return [
    duty.deliverable && labelled(say('feed:what'), duty.deliverable),
    labelled(say('feed:who'), whoLine(item, language, say)),
    duty.contractStatus !== 'any' &&
      labelled(say('feed:holds_for'), say(`feed:status.${status}`, { who: nameBuyer('this', item.deadline, language) })),
    where && labelled(say('feed:where'), where),
    channel?.subject && labelled(say('feed:subject'), channel.subject),
    channel?.hours && labelled(say('feed:hours'), channel.hours),
  ];
}

function whoLine({ as, deadline, dutyHolders, insurerName, members }: FeedItem, language: Language, say: Say): string {
  const { duty } = deadline;
  if (as === 'informed' && members && members.length > 1)
    return say('feed:group.who_informed', {
      who: nameBuyer(
        'they',
        members.map((one) => one.deadline),
        language,
      ),
    });
  if (as === 'informed') return say('feed:who_informed', { who: insurerName ?? say('feed:who_sector') });
  const roles = (words: readonly string[]) =>
    words.map((word) => (word === 'insurer' ? nameBuyer('role', deadline, language) : say(`common:role.${word}`))).join(', ');
  const actor =
    as === null
      ? roles(duty.actors)
      : dutyHolders.length > 0
        ? `${dutyHolders.join(', ')}, ${say('feed:who_as')} ${roles([as])}`
        : `${say('feed:who_you')} ${roles([as])}`;
  if (as !== null && isHandedOver(duty, as)) return `${roles(duty.actors)}; ${say('feed:on_behalf')}: ${actor}`;
  const behalf = duty.onBehalfOf.filter((role) => role !== as && !duty.actors.includes(role));
  return behalf.length > 0
    ? `${actor}; ${say('feed:on_behalf')}: ${behalf.map((role) => (role === 'insurer' ? nameBuyer('the', deadline, language) : say(`feed:behalf.${role}`))).join(', ')}`
    : actor;
}

/** What follows from being late or in time. */
export function outcomeLines({ consequence, extension }: Deadline, language: Language, say: Say) {
  return [
    consequence && typedLine(say(`common:consequence.${consequenceLabel(consequence, language)}`), consequence.text, say),
    extension && typedLine(say('feed:extension'), extension.text, say),
  ];
}

/** How it went before, with one sentence that proves it. */
export function precedentBlocks({ arrangedBefore, deadline }: Pick<FeedItem, 'arrangedBefore' | 'deadline'>, language: Language, say: Say) {
  return precedentText(deadline, arrangedBefore, language).map(({ heading, rows, source }) => [
    heading !== null && `${heading}:`,
    ...rows.map(({ label, value }) => labelled(label, value)),
    source && sourceLine(source, say),
  ]);
}

/** Which year it is about. */
export function yearLine(deadline: Deadline, say: Say): string {
  const reported = reportedYear(deadline);
  const about = reported === null ? '' : `; ${say('feed:reporting_year')} ${reported}`;
  return labelled(say('feed:contract_year'), deadline.contractYear + about);
}

/** A sentence that proves it, and where it stands, with the address of the document. */
export function sourceLine({ document, section, quote, url }: Source, say: Say): string {
  const parts = [document, section === null ? null : `${/^\d/.test(section) ? '§ ' : ''}${section}`, url === null ? null : cleanUrl(url)];
  const place = parts.filter((part) => part !== null).join(', ');
  return quote === null ? labelled(say('feed:source'), place) : `“${quote}” — ${place}`;
}

/** What is said in words of ours, and what somebody typed: each with its label. */
export function groundLines({ ours, typed }: Ground, label: string, say: Say): string[] {
  return [...(typed === null ? [] : [typedLine(label, typed, say)]), ...(ours.length === 0 ? [] : [labelled(label, ours.join(' '))])];
}

/** What differs between the sources, which is said before by name. */
function conflictLines(deadline: Deadline, language: Language, say: Say): string[] {
  const { ours, typed } = conflictOf(deadline, language);
  const label = say('common:typed_alone');
  return typed === null ? [...ours] : [label === '' ? typed : labelled(label, typed)];
}

/** What somebody typed is Dutch, and says so to who reads another language. */
const typedLine = (label: string, text: string, say: Say) => labelled(say('common:typed', { label }), text);

export const labelled = (label: string, text: string) => (labelFor(label, text) === '' ? text : `${label}: ${text}`);
