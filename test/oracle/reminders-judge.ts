/** Whether a reader was reminded of what concerns it and of nothing else, each on its day: the life is walked through day by day. */
import { localTime, momentAt, shift } from '../helpers/mail-year.ts';
import type { Agendas, Item } from './agendas.ts';
import type { Reader } from './life.ts';
import { countingDay, isAssumption, type Row } from './registry.ts';
import { isOff, workingDayAfter, workingDayFrom, type Day } from './working-days.ts';

/** A reminder as it arrived. */
interface Arrival {
  id: string;
  lead: number;
}

interface Told extends Arrival {
  at: Date;
}

/** What may or must be told of an item on a day. */
interface Due extends Arrival {
  item: Item;
  isMust: boolean;
  /** Falls on this day by itself, so that what falls on the next working day goes along with it. */
  isOwn: boolean;
}

/** What a walk knows of the days before. */
interface Walk {
  agendas: Agendas;
  reader: Reader;
  /** The lead that was told last, by entry and counting day. */
  told: Map<string, number>;
  /** By which plan an entry was told of, so that a change of it shows. */
  plans: Map<string, string>;
  /** What concerned the reader when it was looked at last. */
  seen: ReadonlyMap<string, Item> | null;
  /** Leads that a change or a pause let pass: until when they may still be told. */
  late: Map<string, { leads: number[]; until: Day; isMust: boolean }>;
}

/** Walks from a day to another. Gives what is wrong, in sentences. */
export function faultsOfReminders(agendas: Agendas, reader: Reader, from: Day, to: Day): string[] {
  const walk: Walk = { agendas, reader, told: new Map(), plans: new Map(), seen: null, late: new Map() };
  const confirmedOn = dayOf(reader.confirmedAt);
  const arrivals = Map.groupBy(arrivalsOf(reader), ({ day }) => day);
  const faults: string[] = [];
  for (let day = from; day <= to; day = shift(day, 1)) {
    const arrived = arrivals.get(day) ?? [];
    if (day < confirmedOn) faults.push(...arrived.map(({ id }) => `${day} ${reader.email} is told of ${id} before it said yes`));
    else faults.push(...faultsOfDay(walk, day, arrived, day === confirmedOn));
  }
  return faults;
}

function faultsOfDay(walk: Walk, day: Day, arrived: Told[], isFirst: boolean): string[] {
  const { agendas, reader } = walk;
  const morning = momentAt(day, reader.sendHour);
  const items = agendas.itemsAt(reader, morning);
  noteChanges(walk, items, { day, before: day, isFirst });
  const due = isPaused(reader, day, morning) ? [] : dueOn(walk, items, day, morning);
  // What is said to be done at noon was open in the morning.
  const lateInMorning = isPaused(reader, day, morning) ? [] : lateOn(walk, items, day, morning);
  const evening = momentAt(day, '23:59');
  const later = agendas.itemsAt(reader, evening);
  noteChanges(walk, later, { day, before: shift(day, 1), isFirst });
  const allowed = [...due, ...lateInMorning, ...(isPaused(reader, day, evening) ? [] : lateOn(walk, later, day, evening))];
  // What the reader did not say yes to yet in the morning may be told and need not be.
  if (isFirst) for (const one of allowed) one.isMust = false;
  const along = isOff(day) ? [] : alongOn(walk, items, { day, morning, allowed, arrived });
  const faults = compare(walk, { day, items: later, due: [...allowed, ...along], arrived });
  for (const { at, id, lead } of arrived) {
    const item = agendas.itemsAt(reader, at).get(id);
    if (item) walk.told.set(placeOf(item.row), lead);
  }
  notePause(walk, later, day);
  return faults;
}

/** What was changed since it was looked at: leads that lie before it may be caught up on, but for those of an assumption. */
function noteChanges(walk: Walk, items: ReadonlyMap<string, Item>, { day, before, isFirst }: { day: Day; before: Day; isFirst: boolean }) {
  if (walk.seen === items) return;
  walk.seen = items;
  for (const id of walk.plans.keys()) if (!items.has(id)) walk.plans.delete(id);
  for (const [id, { concern, leads, row }] of items) {
    const plan = `${countingDay(row)} ${row.dueOn} ${concern.as} ${concern.isOnce} ${isAssumption(row)}`;
    if (walk.plans.get(id) === plan) continue;
    walk.plans.set(id, plan);
    walk.late.delete(id);
    if (isFirst || isAssumption(row)) continue;
    const missed = leads.filter(({ days }) => days.at(-1)! < before).map(({ lead }) => lead);
    const until = concern.isOnce ? countingDay(row)! : workingDayAfter(workingDayAfter(day));
    if (missed.length > 0) walk.late.set(id, { leads: concern.isOnce ? [...walk.reader.leadDays] : missed, until, isMust: false });
  }
}

/** What falls into a pause comes after it, if it is still open. */
function notePause({ late, reader }: Walk, items: ReadonlyMap<string, Item>, day: Day) {
  const pause = reader.pauses.find(({ from, until }) => dayOf(from) <= day && day === shift(until, -1));
  if (!pause) return;
  const first = workingDayFrom(pause.until);
  for (const [id, { concern, leads, row }] of items) {
    const missed = leads.filter(({ days }) => days.some((one) => one >= dayOf(pause.from) && one < pause.until)).map(({ lead }) => lead);
    if (missed.length === 0) continue;
    const isMust = concern.isSure && !isAssumption(row) && concern.as !== 'informed';
    late.set(id, { leads: missed, until: isMust ? first : workingDayAfter(workingDayAfter(first)), isMust });
  }
}

/** What falls on a day by its leads. Of several leads the nearest speaks for all. */
function dueOn(walk: Walk, items: ReadonlyMap<string, Item>, day: Day, now: Date): Due[] {
  return [...items.values()].flatMap((item): Due[] => {
    const { concern, leads, row } = item;
    const today = leads.filter((one) => one.days.includes(day) && !isTold(walk, item, one.lead));
    const nearest = today.at(-1);
    if (!nearest || !isOpen(walk, item, day, now)) return [];
    const isMust = concern.isSure && nearest.days.at(-1) === day && !isDoneByParent(walk, row, now);
    return [{ id: row.id, lead: nearest.lead, item, isMust, isOwn: true }];
  });
}

function lateOn(walk: Walk, items: ReadonlyMap<string, Item>, day: Day, now: Date): Due[] {
  return [...walk.late].flatMap(([id, { isMust, leads, until }]): Due[] => {
    const item = items.get(id);
    if (!item || day > until || !isOpen(walk, item, day, now)) return [];
    const open = leads.filter((lead) => !isTold(walk, item, lead));
    return open.map((lead) => ({ id, lead, item, isMust: isMust && day === until && lead === Math.min(...leads), isOwn: true }));
  });
}

/** What would leave on the next working day goes along where another entry of that activity and contract year is told of: never an entry's own next lead, and never what has not happened yet. */
function alongOn(
  walk: Walk,
  items: ReadonlyMap<string, Item>,
  { allowed, arrived, day, morning }: { day: Day; morning: Date; allowed: Due[]; arrived: Arrival[] },
): Due[] {
  const pulling = allowed.filter(({ id, isOwn }) => isOwn && arrived.some((one) => one.id === id));
  const tomorrow = workingDayAfter(day);
  return [...items.values()].flatMap((item): Due[] => {
    const { concern, leads, row } = item;
    const lead = leads.findLast((one) => one.days.includes(tomorrow) && !isTold(walk, item, one.lead));
    if (!lead || concern.as === 'informed' || pulling.some(({ id }) => id === row.id) || !isOpen(walk, item, day, morning)) return [];
    const isPulled = pulling.some((one) => one.item.row.activity === row.activity && one.item.row.contractYear === row.contractYear);
    if (!isPulled) return [];
    const isMust = concern.isSure && lead.days.length === 1 && !isDoneByParent(walk, row, morning);
    return [{ id: row.id, lead: lead.lead, item, isMust, isOwn: false }];
  });
}

function compare(
  walk: Walk,
  { arrived, day, due, items }: { day: Day; items: ReadonlyMap<string, Item>; due: Due[]; arrived: Arrival[] },
): string[] {
  const { email } = walk.reader;
  const faults: string[] = [];
  const seen = new Set<string>();
  for (const { id, lead } of arrived) {
    const own = due.filter((one) => one.id === id);
    const isRight = own.some((one) => one.lead === lead || one.item.concern.as === 'informed');
    const item = own[0]?.item ?? items.get(id);
    if (seen.has(id)) faults.push(`${day} ${email} is told twice of ${nameOf(item?.row, id)}`);
    else if (!isRight) faults.push(`${day} ${email} is told ${lead} days before of ${nameOf(item?.row, id)}: ${whyNot(walk, item, own)}`);
    seen.add(id);
  }
  for (const { id, isMust, item, lead } of due)
    if (isMust && !seen.has(id)) faults.push(`${day} ${email} is not told ${lead} days before of ${nameOf(item.row, id)}`);
  return faults;
}

function whyNot({ reader, told, agendas }: Walk, item: Item | undefined, due: Due[]): string {
  if (!item) return 'it does not concern it';
  if (due.length > 0) return `due is ${due.map(({ lead }) => lead).join(' or ')}`;
  const before = told.get(placeOf(item.row));
  const days = item.leads.map(({ days, lead }) => `${lead} on ${days.join(' or ')}`).join(', ');
  const isDone = agendas.isDone(reader.organisation, item.row, new Date(8.64e15)) ? ' (done)' : '';
  return `as ${item.concern.as} it comes ${days || 'never'}${before === undefined ? '' : `, told before at ${before}`}${isDone}`;
}

/** Whether it is still to be done, and not waved away. What an insurer does itself is told of after its day. */
function isOpen({ agendas, reader }: Walk, { concern, row }: Item, day: Day, now: Date): boolean {
  if (agendas.isMuted(reader, row, now) || concern.holders.every((holder) => agendas.isDone(holder, row, now))) return false;
  return concern.as === 'informed' || countingDay(row)! >= day;
}

/** An RO that handed in: whether its members are reminded of their part is not said. */
function isDoneByParent({ agendas, reader: { organisation } }: Walk, row: Row, now: Date): boolean {
  return organisation.parent !== null && agendas.isDone(organisation.parent, row, now);
}

/** A reminder speaks for those that it comes after. What is told once is told of whatever day. */
function isTold({ told }: Walk, { concern, row }: Item, lead: number): boolean {
  if (concern.isOnce && [...told.keys()].some((place) => place.startsWith(row.id))) return true;
  const before = told.get(placeOf(row));
  return before !== undefined && (before <= lead || concern.as === 'informed');
}

function isPaused({ pauses }: Reader, day: Day, now: Date): boolean {
  return pauses.some(({ from, until }) => from <= now && day < until);
}

function arrivalsOf({ mails }: Reader): (Told & { day: Day })[] {
  return mails.flatMap(({ at, told }) =>
    told.flatMap(({ id, kind, lead }) => (kind === 'reminder' ? [{ at, day: dayOf(at), id, lead: lead ?? -1 }] : [])),
  );
}

const placeOf = (row: Row) => `${row.id} ${countingDay(row)}`;
const dayOf = (moment: Date): Day => localTime(moment).slice(0, 10);
const nameOf = (row: Row | undefined, id: string) =>
  row ? `${row.activity} ${row.contractYear} of ${row.insurer} (${row.certainty} ${countingDay(row)})` : id;
