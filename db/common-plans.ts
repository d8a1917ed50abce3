/**
 * Planning for what most organisations are: duties of their own by the registry, and nothing in their history that changes them. What is due for a
 * choice is asked of the planner once; who made it is found by one query for very many. Whoever may be different is left to the exact planner.
 */
import { amsterdamMoment } from '../calendars/days.ts';
import type { Day, Role } from '../calendars/terms.ts';
import { openCommonDues, type CommonDue } from './common-dues.ts';
import {
  mergedBefore,
  NO_ROWS,
  readChoices,
  readMissing,
  readOthers,
  type ChoiceRow,
  type ChoiceText,
  type DueRow,
  type Range,
} from './common-queries.ts';
import type { Registry } from './registry.ts';
import type { ReadDb, Store } from './store.ts';

/** A reminder that is missing. */
export interface CommonPlan {
  recipientId: string;
  organisationId: string;
  sendHour: string;
  due: CommonDue;
  /** Whether all the leads that it speaks for as well are on record. */
  isMerged: boolean;
}

export interface CommonPlans {
  missing: CommonPlan[];
  /** The organisations that are to be planned exactly: nothing of theirs is among the missing. */
  others: Set<string>;
}

export interface CommonPlanner {
  /** What is missing in a range of organisations. */
  plan(db: ReadDb, range: Range): Promise<CommonPlans>;
}

/** Who chose like nobody else is planned exactly: the query is given every choice, with all that is due for it. */
const MOST_CHOICES = 60;

/** A planner of what is common, for one day and one state of the registry. */
export function openCommonPlanner(dialect: Store['dialect'], registry: Registry, today: Day): CommonPlanner {
  const duesFor = openCommonDues(registry, today);
  const known = new Set<string>();
  const choices: ChoiceRow[] = [];
  const dues: CommonDue[] = [];
  const rows = { relation: [] as DueRow[], sector: [] as DueRow[] };
  const asked = { choices: NO_ROWS, relationDues: NO_ROWS, sectorDues: NO_ROWS, today, dayStart: amsterdamMoment(today, '00:00') };

  const learn = async (choice: ChoiceText) => {
    known.add(choice.join(' '));
    const n = String(known.size);
    const [roles, leadDays, digest] = choice;
    // As the columns hold them.
    for (const due of await duesFor({ roles: JSON.parse(roles) as Role[], leadDays: JSON.parse(leadDays) as number[], digest })) {
      (due.relation === null ? rows.sector : rows.relation).push(rowOf(due, dues.length, n));
      dues.push(due);
    }
    choices.push([n, ...choice]);
    asked.choices = JSON.stringify(choices);
    asked.relationDues = JSON.stringify(rows.relation);
    asked.sectorDues = JSON.stringify(rows.sector);
  };

  const findMissing = async (db: ReadDb, range: Range) => {
    for (;;) {
      const found = await readMissing(db, dialect, range, asked);
      if (known.size === MOST_CHOICES || found.every(([, , , n]) => n !== null)) return found;
      const unknown = (await readChoices(db, dialect, range)).filter((choice) => !known.has(choice.join(' ')));
      if (unknown.length === 0) return found;
      for (const choice of unknown.slice(0, MOST_CHOICES - known.size)) await learn(choice);
    }
  };

  return {
    async plan(db, range) {
      const found = await findMissing(db, range);
      const others = new Set(await readOthers(db, dialect, range));
      for (const [, organisationId, , n, history, isOdd] of found)
        if (n === null || isOdd || mergedBefore(history) === null) others.add(organisationId);
      const missing: CommonPlan[] = [];
      for (const [recipientId, organisationId, sendHour, n, history] of found) {
        if (n === null || others.has(organisationId)) continue;
        const due = dues[n]!;
        missing.push({ recipientId, organisationId, sendHour, due, isMerged: mergedBefore(history) === due.merged.length });
      }
      return { missing, others };
    },
  };
}

function rowOf({ relation, deadlineId, lastSafeOn, leadDays, merged, confirmed }: CommonDue, n: number, choice: string): DueRow {
  const whose = relation === null ? choice : `${choice} ${relation.insurer} ${relation.status}`;
  return [n, whose, deadlineId, lastSafeOn, leadDays, merged.length, `|${merged.join('|')}|`, confirmed.from, confirmed.before];
}
