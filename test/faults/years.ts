/** Eleven years, day by day: who is reminded when, beside an oracle that counts working days by another calendar. */
import Holidays from 'date-holidays';
import { planFor, type StoredReminder } from '../../calendars/reminders/reminder-plan.ts';
import type { AgendaItem } from '../../calendars/agenda/concern.ts';
import type { Day } from '../../calendars/terms.ts';

const LEADS = [42, 14, 3, 0];
const DAY_MS = 86_400_000;

export interface Years {
  days: number;
  sent: number;
  /** Reminders that went on another day than the oracle says, with both days. */
  wrong: string[];
  afterDeadline: number;
}

/** Plans each day from `from` to `to` for a deadline on every day of those years, and sends what is planned on that day. */
export function liveYears(from: Day, to: Day, makeItem: (id: string, lastSafeOn: Day) => AgendaItem): Years {
  const isOff = oracle();
  const years: Years = { days: 0, sent: 0, wrong: [], afterDeadline: 0 };
  const expected = new Map<string, Day>();
  const items = new Map<string, AgendaItem>();
  for (const day of daysBetween(from, to)) {
    items.set(day, makeItem(`deadline ${day}`, day));
    for (const lead of LEADS) {
      // Counted back on the calendar, then back to a day on which people work.
      let on = shift(day, -lead);
      while (isOff(on)) on = shift(on, -1);
      if (on >= from) expected.set(`${day} ${lead}`, on);
    }
  }
  const oracles = new Map(expected);
  const known = new Map<string, StoredReminder[]>();
  for (const today of daysBetween(from, to)) {
    years.days += 1;
    const near = [...daysBetween(today, shift(today, 60))].flatMap((day) => items.get(day) ?? []);
    const own = near.flatMap(({ deadline }) => known.get(deadline.id) ?? []);
    const question = {
      items: near,
      readerId: 'reader',
      stored: own,
      leadDays: LEADS,
      digest: 'daily' as const,
      confirmedOn: from,
      today,
      mailLeft: false,
    };
    const { missing, merged } = planFor(question);
    for (const { deadlineId, lastSafeOn, leadDays, organisationId } of missing) {
      years.sent += 1;
      if (today > lastSafeOn) years.afterDeadline += 1;
      const right = expected.get(`${lastSafeOn} ${leadDays}`);
      if (right !== today) years.wrong.push(`${lastSafeOn} ${leadDays}: ${today} instead of ${right}`);
      expected.delete(`${lastSafeOn} ${leadDays}`);
      const row = {
        id: `${deadlineId} ${leadDays}`,
        deadlineId,
        organisationId,
        lastSafeOn,
        leadDays,
        state: 'sent' as const,
        reason: null,
        leaving: true,
      };
      known.set(deadlineId, [...(known.get(deadlineId) ?? []), row]);
    }
    // Two leads that fall on one day are one reminder, of the nearer one.
    for (const { lastSafeOn, leadDays } of merged) {
      const on = oracles.get(`${lastSafeOn} ${leadDays}`);
      const nearer = LEADS.filter((lead) => lead < leadDays && oracles.get(`${lastSafeOn} ${lead}`) === on);
      if (on === undefined || on > today || nearer.length === 0) years.wrong.push(`${lastSafeOn} ${leadDays}: left out on ${today}`);
      expected.delete(`${lastSafeOn} ${leadDays}`);
    }
  }
  for (const [place, on] of expected) if (on <= to) years.wrong.push(`${place}: never instead of ${on}`);
  return years;
}

/** Whether people are off: weekends, and the holidays of the Algemene termijnenwet as another calendar knows them. */
function oracle(): (day: Day) => boolean {
  const calendar = new Holidays('NL');
  const off = new Set<string>();
  const names = [
    'Nieuwjaar',
    'Tweede paasdag',
    'Koningsdag',
    'Hemelvaartsdag',
    'Tweede pinksterdag',
    'Kerstmis',
    'Tweede kerstdag',
    'Bevrijdingsdag',
    'Goede Vrijdag',
  ];
  for (let year = 2025; year <= 2038; year += 1)
    for (const { date, name } of calendar.getHolidays(year, 'nl'))
      if (names.some((known) => name.toLowerCase().startsWith(known.toLowerCase()))) off.add(date.slice(0, 10));
  return (day) => [0, 6].includes(new Date(`${day}T12:00:00Z`).getUTCDay()) || off.has(day);
}

function shift(day: Day, days: number): Day {
  return new Date(Date.parse(`${day}T12:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

function* daysBetween(from: Day, to: Day): Generator<Day> {
  for (let day = from; day <= to; day = shift(day, 1)) yield day;
}
