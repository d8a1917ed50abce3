/** Whether a reader heard of each change that concerns it, of no other, in its time and by its name; and of a move before it is reminded of the new day. */
import { localTime, momentAt, shift } from '../helpers/mail-year.ts';
import type { Agendas } from './agendas.ts';
import type { Concern } from './concern.ts';
import type { Change, Life, Reader, ReadMail } from './life.ts';
import { countingDay, isCounted, type Row } from './registry.ts';
import { isOff, workingDayAfter, type Day } from './working-days.ts';

/** A change as a reader is to hear of it. */
interface News extends Change {
  isMust: boolean;
  /** From when on it may leave, and until when it must have left. */
  from: Date;
  until: Date;
  /** What it may be called. */
  names: readonly NewsName[];
}

type NewsName = keyof typeof NAMES;

/** As the words call it, and as English does beside it. */
const NAMES = {
  new: /Nieuw\b|New\b/,
  confirmed: /Bevestigd|Confirmed/,
  known: /Datum bekend|Date known/,
  moved: /Verschoven|Moved/,
  gone: /Vervallen|Geldt niet meer voor u|Withdrawn|No longer applies/,
  altered: /Gegevens gewijzigd|Details changed/,
};

const GRACE_MS = 10 * 60_000;
/** A round may come a little later. */
const SLACK_MS = 15 * 60_000;
const LONG_AGO_DAYS = 31;
const URGENT_DAYS = 3;

/** What is wrong with the news that a reader got, in sentences. */
export function faultsOfNews(life: Life, agendas: Agendas, reader: Reader): string[] {
  const news = life.changes.flatMap((change) => newsFor(life, agendas, reader, change) ?? []);
  const arrivals = reader.mails.flatMap((mail) => mail.told.filter(({ kind }) => kind === 'change').map(({ id }) => ({ id, mail })));
  const faults: string[] = [];
  const heard = new Set<News>();
  for (const { id, mail } of arrivals) {
    const one = news.find((other) => other.id === id && other.from <= mail.at && mail.at <= other.until && !heard.has(other));
    if (!one) faults.push(`${localTime(mail.at)} ${reader.email} hears of a change of ${nameIn(life, id)}: it has none then`);
    else {
      heard.add(one);
      faults.push(...faultsOfName(reader, one, mail));
    }
  }
  for (const one of news) {
    if (one.isMust && !heard.has(one))
      faults.push(`${localTime(one.until)} ${reader.email} did not hear by then of ${nameOf(one)}, due from ${localTime(one.from)}`);
  }
  return [...faults, ...faultsOfOrder(reader, news, arrivals)];
}

/** How a reader is to hear of a change; null where it concerns it neither before nor after, and where it is of no use. */
function newsFor(life: Life, agendas: Agendas, reader: Reader, change: Change): News | null {
  const { after, at, before } = change;
  const from = new Date(
    Math.min(at.getTime(), ...life.changes.filter((one) => isJustBefore(one.at, at)).map((one) => one.at.getTime())) + GRACE_MS,
  );
  const until = dueAt(reader, change, from);
  if (reader.confirmedAt > at) return null;
  const registries = { before: agendas.registryAt(new Date(at.getTime() - 1)), after: agendas.registryAt(at) };
  const concernIn = (when: 'before' | 'after') => {
    const row = change[when];
    return row && isCounted(row) ? agendas.concernAt(row, reader.organisation, registries[when], at) : null;
  };
  const [was, is] = [concernIn('before'), concernIn('after')];
  const told = [was, is].filter((concern) => concern !== null);
  // Of signing, who has no contract is asked once and told nothing else.
  if (told.every(({ isOnce }) => isOnce)) return null;
  const today = localTime(at).slice(0, 10);
  const days = [before, after].flatMap((row) => (row && countingDay(row)) ?? []);
  if (days.every((day) => day < shift(today, -LONG_AGO_DAYS))) return null;
  const latest = after ?? before!;
  if (agendas.isMuted(reader, latest, at)) return null;
  const pausedUntil = reader.pauses.find((pause) => pause.from <= until && localTime(from).slice(0, 10) < pause.until)?.until;
  return {
    ...change,
    isMust: pausedUntil === undefined && !change.isFollowing && isOfUse(reader, change) && told.some(({ isSure }) => isSure),
    from: pausedUntil === undefined ? from : momentAt(pausedUntil, '00:00'),
    until: pausedUntil === undefined ? new Date(until.getTime() + SLACK_MS) : new Date(momentAt(shift(pausedUntil, 4), '23:59')),
    names: namesOf(change, was, is),
  };
}

/** That something is withdrawn is of use to who heard of it; of others the words say nothing. */
function isOfUse({ mails }: Reader, { after, at, id }: Change): boolean {
  return after !== null || mails.some((mail) => mail.at <= at && mail.told.some((told) => told.id === id));
}

function isJustBefore(one: Date, at: Date): boolean {
  return one < at && at.getTime() - one.getTime() < GRACE_MS;
}

/** Ten minutes later, if people are at work then or it is urgent; else with the mail of the next working day. */
function dueAt({ sendHour }: Reader, { after, at, before }: Change, from: Date): Date {
  const [day, time] = localTime(from).split(' ') as [Day, string];
  const today = localTime(at).slice(0, 10);
  const isNear = [before, after].some((row) => {
    const counting = row && countingDay(row);
    return counting != null && counting >= shift(today, -URGENT_DAYS) && counting <= shift(today, URGENT_DAYS);
  });
  if (isNear || (!isOff(day) && time >= '07:00' && time < '19:00')) return from;
  return momentAt(!isOff(day) && time < '07:00' ? day : workingDayAfter(day), sendHour);
}

/** What it is: by whom it concerned before, and by how sure and on which day it was and is. */
function namesOf({ after, before }: Change, was: Concern | null, is: Concern | null): NewsName[] {
  if (!is || !after) return ['gone'];
  if (!was || !before) return ['new'];
  const isSame = countingDay(before) === countingDay(after);
  if (before.certainty !== 'stated' && after.certainty === 'stated') {
    if (isSame) return ['confirmed'];
    // Of an expected day that turns out to be another one, both are true.
    return before.certainty === 'template' ? ['known'] : ['known', 'moved'];
  }
  return isSame ? ['altered'] : ['moved'];
}

/** The subject names what comes first, a heading the rest. */
function faultsOfName(reader: Reader, news: News, { at, subject, text }: ReadMail): string[] {
  const isNamed = news.names.some((name) => NAMES[name].test(subject) || NAMES[name].test(text));
  return isNamed ? [] : [`${localTime(at)} ${reader.email} is not told that ${nameOf(news)} is ${news.names.join(' or ')}: ${subject}`];
}

/** A reminder of a day that moved leaves in or after the mail that tells of it. */
function faultsOfOrder(reader: Reader, news: readonly News[], arrivals: readonly { id: string; mail: ReadMail }[]): string[] {
  const moved = news.filter(({ after, before, isMust }) => isMust && before && after && countingDay(before) !== countingDay(after));
  return moved.flatMap((one) => {
    const heard = arrivals.find(({ id, mail }) => id === one.id && mail.at >= one.from && mail.at <= one.until);
    const early = reader.mails.find(
      ({ at, told }) =>
        at > one.at &&
        (!heard || at < heard.mail.at) &&
        at <= one.until &&
        told.some(({ id, kind }) => id === one.id && kind === 'reminder'),
    );
    return early ? [`${localTime(early.at)} ${reader.email} is reminded of ${nameOf(one)} before it hears that it moved`] : [];
  });
}

function nameIn({ registries }: Life, id: string): string {
  const row = registries.findLast(({ rows }) => rows.has(id))?.rows.get(id);
  return row ? titleOf(row) : id;
}

const nameOf = ({ after, before }: Change) => `${titleOf((after ?? before)!)}, ${stateOf(before)} to ${stateOf(after)},`;
const stateOf = (row: Row | null) => (row ? `${row.certainty} ${countingDay(row)}` : 'none');
const titleOf = ({ activity, contractYear, insurer }: Row) => `${activity} ${contractYear} of ${insurer}`;
