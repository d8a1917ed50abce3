/** What is due on a day for all who chose alike: the planner is asked once for each kind of organisation, and most have nothing. */
import { setImmediate } from 'node:timers/promises';
import type { AgendaItem } from '../calendars/concern.ts';
import { addDays, amsterdamMoment } from '../calendars/days.ts';
import { isOpen } from '../calendars/open-duties.ts';
import { planFor } from '../calendars/reminder-plan.ts';
import { digestDay, remindOn, type Digest } from '../calendars/reminders.ts';
import { RELATION_STATUSES, type Day, type RelationStatus, type Role } from '../calendars/terms.ts';
import { agendaFrom } from './agendas.ts';
import type { Registry } from './registry.ts';
import type { Organisation } from './schema.ts';

/** Who an organisation is, and what its recipient chose. */
export interface Choice {
  roles: Role[];
  leadDays: number[];
  digest: Digest;
}

/** A reminder that is due for whoever has a relation of this kind, if nothing was planned for it yet. */
export interface CommonDue {
  /** Null for a duty of the whole sector, which needs no relation. */
  relation: { insurer: string; status: RelationStatus } | null;
  deadlineId: string;
  lastSafeOn: Day;
  leadDays: number;
  /** The leads that it speaks for as well. */
  merged: number[];
  /** For who confirmed from this moment on, and before that one: since when decides what is due. In milliseconds. */
  confirmed: { from: number; before: number };
}

const LONG_AGO = '0000-01-01';
const NEVER = Date.UTC(9999, 0);

/** Tells what is due for a choice on a day, by one state of the registry. */
export function openCommonDues(registry: Registry, today: Day): (choice: Choice) => Promise<CommonDue[]> {
  /** By roles and insurer: many choices go with them. */
  const known = new Map<string, { relation: CommonDue['relation']; items: AgendaItem[] }[]>();
  const openFor = (roles: Role[], insurer: string | null) => {
    const key = `${roles.join(' ')}/${insurer}`;
    const relations = insurer === null ? [null] : RELATION_STATUSES.map((status) => ({ insurer, status }));
    const open = known.get(key) ?? relations.map((relation) => ({ relation, items: openItems(registry, roles, relation, today) }));
    known.set(key, open);
    return open;
  };
  return async (choice) => {
    const dues: CommonDue[] = [];
    for (const insurer of [null, ...registry.names.keys()]) {
      for (const { relation, items } of openFor(choice.roles, insurer))
        for (const item of items) dues.push(...duesOf(item, choice, today).map((due) => ({ relation, ...due })));
      // Others get their turn in between.
      await setImmediate();
    }
    return dues;
  };
}

/** What an organisation with this one relation has to do; without one, what the sector asks of it. */
function openItems(registry: Registry, roles: Role[], relation: CommonDue['relation'], today: Day): AgendaItem[] {
  const dealings = relation ? [{ insurerSlug: relation.insurer, contractStatus: relation.status, preferred: false }] : [];
  const nothing = { events: [], ownTerms: [], marks: new Map(), completions: new Map(), steps: new Map() };
  const items = agendaFrom(registry, { members: [{ ...SOMEBODY, roles, dealings }], ...nothing });
  return items.filter((item) => item.deadline.insurer === (relation?.insurer ?? null) && isOpen(item, today));
}

const SOMEBODY: Organisation = {
  id: '',
  name: '',
  language: 'nl',
  roles: [],
  parentId: null,
  version: 0,
  changedAt: null,
  createdAt: new Date(0),
  unremindedSince: null,
};

/** What is due of one deadline, by when the recipient confirmed. */
function duesOf(item: AgendaItem, { leadDays, digest }: Choice, today: Day): Omit<CommonDue, 'relation'>[] {
  const ask = (confirmedOn: Day) =>
    planFor({ items: [item], readerId: SOMEBODY.id, known: [], leadDays, digest, confirmedOn, today, mailLeft: false });
  const all = ask(LONG_AGO);
  const sendDays = [...all.missing, ...all.merged].map((due) => digestDay(remindOn(due.lastSafeOn, due.leadDays), due.lastSafeOn, digest));
  const days = [...new Set(sendDays)].sort();
  return days.flatMap((day, n) => {
    const { merged, missing } = ask(day);
    const confirmed = { from: n === 0 ? 0 : endOf(days[n - 1]!), before: day === today ? NEVER : endOf(day) };
    return missing.map(({ deadlineId, lastSafeOn, leadDays }) => ({
      deadlineId,
      lastSafeOn,
      leadDays,
      merged: merged.map((older) => older.leadDays),
      confirmed,
    }));
  });
}

const endOf = (day: Day) => amsterdamMoment(addDays(day, 1), '00:00').getTime();
