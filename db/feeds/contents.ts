/** The contents of a feed: the dated deadlines of the contract years that count, and a notice where there is nothing to show, or too much. */
import { amsterdamDay } from '../../calendars/days.ts';
import type { AgendaItem } from '../../calendars/agenda/concern.ts';
import { isAssumed, isTakenBack } from '../../calendars/deadlines/certainty.ts';
import { countingDay, type Deadline } from '../../calendars/deadlines/deadline.ts';
import { DEFAULT_CHOICES, isChosen, type FeedChoices } from '../../calendars/ics/feed-choices.ts';
import {
  groupFromAgenda,
  itemForAll,
  itemFromAgenda,
  RENDERER_VERSION,
  type CalendarHead,
  type FeedNotice,
  type StepEntry,
} from '../../calendars/ics/feed.ts';
import type { FeedItem } from '../../calendars/ics/feed-item.ts';
import type { DatedKind, Day, Language } from '../../calendars/terms.ts';
import { agendaOf, insurersOf, withArranged } from '../organisations/agenda.ts';
import { groupNumbers, groupUid, isGrouped, subjectOf } from '../organisations/numbering/group-numbers.ts';
import { combineSequenceNumbers, type SequenceNumber } from '../organisations/numbering/sequence-numbers.ts';
import type { Moved } from '../organisations/links.ts';
import type { AgendaInput } from '../organisations/agenda-input.ts';
import { movedNotice, noticeOf, unremindedNotice, type NoticePlace } from './feed-notices.ts';
import { stepEntries } from './own-dates.ts';
import { deadlinesFor, type Snapshot } from '../registry/snapshot.ts';
import { wholeSecond } from '../../calendars/ics/moments.ts';

/** Google and others give up on large calendars; a reader gives up sooner. */
export const MAX_ENTRIES = 2000;

export interface FeedContents {
  head: CalendarHead;
  /** By last safe day. */
  items: FeedItem[];
  /** An organisation's own dates, by day. */
  steps: StepEntry[];
  notices: FeedNotice[];
}

/** The first contract year that feeds show in a calendar year: the one before it. */
const firstContractYear = (year: number) => year - 1;

/** One feed of an organisation: what was chosen for it. */
export interface FeedView {
  id: string;
  choices: FeedChoices;
  /** What its own changes add to the sequence numbers of its entries. */
  sequenceNumber: SequenceNumber;
  /** Set when the link that was asked for was replaced. */
  moved: Moved | null;
}

/** When a feed is looked at. */
export interface FeedTime {
  /** The calendar year in Amsterdam. */
  year: number;
  /** Up to which day all that is only assumed has left the feed; null where none has. */
  pastOn: Day | null;
}

/** What stands in an organisation's feed: everything that concerns it, from the last calendar year on, unless something else was chosen. */
export function organisationContents(
  agendaInput: AgendaInput,
  registry: Snapshot,
  { year, pastOn }: FeedTime,
  feed: FeedView | null = null,
): FeedContents {
  const { id, name, createdAt, unremindedSince, unremindedWhy, ...organisation } = agendaInput.members[0]!;
  const language = feed?.choices.language ?? organisation.language;
  const items = agendaContents(agendaInput, registry, { year, pastOn }, feed);
  const raisedNumbers = raised([agendaInput.sequenceNumbers.get('all'), feed?.sequenceNumber]);
  const numbersFrom = (moment: Date) =>
    combineSequenceNumbers([{ sequence: 0, changedAt: wholeSecond(moment) }, RENDERER_SEQUENCE, ...raisedNumbers]);
  const notices = [
    ...(feed?.moved ? [movedNotice(feed.id, feed.moved.until, language, numbersFrom(feed.moved.at))] : []),
    ...(unremindedSince ? [unremindedNotice({ id, unremindedSince, unremindedWhy }, language, numbersFrom(unremindedSince))] : []),
  ];
  const { alarms, showCompleted } = feed?.choices ?? DEFAULT_CHOICES;
  const steps = stepEntries(agendaInput.steps, `${firstContractYear(year)}-01-01`, { alarms, language, showCompleted }, [
    RENDERER_SEQUENCE,
    ...raisedNumbers,
  ]);
  return capped(
    { name, language },
    items,
    { owner: id, on: amsterdamDay(createdAt), ...numbersFrom(createdAt) },
    { alerts: notices, steps },
  );
}

/** The entries of whoever has such an agenda. */
export function agendaContents(
  agendaInput: AgendaInput,
  registry: Snapshot,
  { year, pastOn }: FeedTime,
  feed: FeedView | null,
): FeedItem[] {
  const { id, language: ownLanguage } = agendaInput.members[0]!;
  const choices = feed?.choices ?? DEFAULT_CHOICES;
  const source = { deadlines: deadlinesFor(registry, insurersOf(agendaInput)), names: registry.names };
  const agenda = agendaOf(agendaInput, source, { fromContractYear: firstContractYear(year), withdrawnToo: true, readers: choices.roles });
  const language = choices.language ?? ownLanguage;
  const chosen = agenda.filter((item) => isChosen(item, choices) && !hasLeft(item, pastOn));
  const single = chosen.filter(({ uid, deadline }) => !isAssumed(deadline) || uid !== deadline.id);
  return [
    ...withoutGone(
      registry,
      single.map((item) => shownItem(item, id, choices, feed?.sequenceNumber ?? UNCHANGED)),
    ),
    ...groupsIn(chosen, agendaInput, groupNumbers(source.deadlines, pastOn), { choices, language, feed }),
  ];
}

export const UNCHANGED: SequenceNumber = { sequence: 0, changedAt: new Date(0) };
/** Notices have no row that could be raised when they look different. */
const RENDERER_SEQUENCE: SequenceNumber = { sequence: RENDERER_VERSION, changedAt: new Date(0) };

/** Those that were ever raised. */
const raised = (numbers: (SequenceNumber | null | undefined)[]) =>
  numbers.filter((number) => number != null).filter(({ sequence }) => sequence > 0);

/** An item as the feed's choices show it, with their part in its sequence number. */
function shownItem(
  item: AgendaItem,
  organisationId: string,
  { alarms, showCompleted }: FeedChoices,
  sequenceNumber: SequenceNumber,
): FeedItem | null {
  const completion = showCompleted ? item.completion : null;
  const isNotApplicable = completion?.notApplicable !== undefined;
  const display = { alarms, completedOn: completion?.completedOn ?? null, ...(isNotApplicable ? { isNotApplicable } : {}) };
  const shown = itemFromAgenda(item, organisationId, display);
  return (
    shown && { ...shown, ...combineSequenceNumbers([shown, ...raised([showCompleted ? item.doneSequenceNumber : null, sequenceNumber])]) }
  );
}

/** What was chosen for a public feed. */
export interface PublicView {
  language: Language;
  /** Null or none: deadlines and the ends of windows. */
  kinds?: readonly DatedKind[] | null;
}

/** What stands in an insurer's public feed. */
export function insurerContents(
  registry: Snapshot,
  slug: string,
  { language, kinds = null }: PublicView,
  { year, pastOn }: FeedTime,
): FeedContents {
  const name = registry.names.get(slug)!;
  const items = itemsForAll(registry, { slug, insurerName: name, kinds }, { year, pastOn });
  return capped({ name, language, isPublic: true }, items, newYearPlace(slug, year));
}

/** What of an insurer calendars for everyone show, or of the sector, whose slug is empty. */
export function itemsForAll(
  registry: Snapshot,
  { insurerName, kinds = null, slug }: { slug: string; insurerName: string | null } & Pick<PublicView, 'kinds'>,
  { year, pastOn }: FeedTime,
): FeedItem[] {
  const all = registry.parts.get(slug)!.deadlines;
  const choices = { ...DEFAULT_CHOICES, kinds: kinds && [...kinds] };
  const deadlines = all.filter(
    (one) =>
      one.contractYear >= firstContractYear(year) &&
      isChosen({ deadline: one }, choices) &&
      !isTakenBack(one) &&
      !hasLeft({ uid: one.id, deadline: one }, pastOn),
  );
  return withoutGone(
    registry,
    deadlines.map((deadline) => itemForAll(deadline, { insurerName, ...withArranged(deadline, all) })),
  );
}

/** Nothing tells when a public feed began, so that its notices move with the year. */
export function newYearPlace(owner: string, year: number): NoticePlace {
  const numbers = combineSequenceNumbers([{ sequence: year, changedAt: new Date(Date.UTC(year, 0)) }, RENDERER_SEQUENCE]);
  return { owner, on: `${year}-01-01`, ...numbers };
}

/** Whether it was only assumed, and that day is over: nobody can do anything with it any more. What an own event dated stays. */
function hasLeft({ uid, deadline }: { uid: string; deadline: Deadline }, pastOn: Day | null): boolean {
  return pastOn !== null && isAssumed(deadline) && uid === deadline.id && deadline.dueOn !== null && deadline.dueOn <= pastOn;
}

/** What is only assumed, together with what else is of the same activity, contract year and reader. */
function groupsIn(
  items: readonly AgendaItem[],
  { members: [owner], sequenceNumbers }: AgendaInput,
  numbers: ReadonlyMap<string, SequenceNumber>,
  { choices: { alarms }, feed, language }: { choices: FeedChoices; feed: FeedView | null; language: Language },
): FeedItem[] {
  const { id } = owner!;
  const groups = Map.groupBy(items.filter(isGrouped), (item) => groupUid(id, item));
  return [...groups].flatMap(([uid, members]) => {
    const number = combineSequenceNumbers([
      numbers.get(subjectOf(members[0]!.deadline))!,
      sequenceNumbers.get('groups') ?? UNCHANGED,
      ...raised([sequenceNumbers.get('all'), feed && sequenceNumbers.get(`groups:${feed.id}`)]),
    ]);
    return (
      groupFromAgenda(members, id, { uid, ...combineSequenceNumbers([number, ...raised([feed?.sequenceNumber])]), alarms, language }) ?? []
    );
  });
}

/** Withdrawn deadlines stay for a while as cancelled entries, and then go. */
function withoutGone({ counters }: Snapshot, items: (FeedItem | null)[]): FeedItem[] {
  const goneUntil = new Date(counters.goneUntil || 0);
  return items.filter((item) => item !== null).filter(({ deadline }) => deadline.status === 'published' || deadline.revisedAt > goneUntil);
}

/** Entries in their order, with a notice where there are none, or too many. */
export function capped(
  head: CalendarHead,
  items: FeedItem[],
  place: NoticePlace,
  { alerts = [], steps = [] }: { alerts?: FeedNotice[]; steps?: StepEntry[] } = {},
): FeedContents {
  // The order has nothing to do with whom the reader prefers: an entry's place is no part of what it says.
  const sorted = items.sort((a, b) => compare(countingDay(a.deadline), countingDay(b.deadline)) || compare(a.uid, b.uid));
  if (sorted.length === 0) return { head, items: [], steps, notices: [...alerts, noticeOf('empty', head.language, place)] };
  if (sorted.length + steps.length + alerts.length <= MAX_ENTRIES) return { head, items: sorted, steps, notices: alerts };
  const notices = [...alerts, noticeOf('cap', head.language, place)];
  return { head, items: sorted.slice(notices.length + steps.length - MAX_ENTRIES), steps, notices };
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
