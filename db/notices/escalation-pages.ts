/** The organisations for which an escalation may be due, a page of some hundreds at a time. */
import type { AnyColumn, SQL } from 'drizzle-orm';
import { addDays } from '../../calendars/days.ts';
import { and, asc, count, eq, gt, gte, inArray, lte, sql } from '../store/drizzle.ts';
import { preparedFor } from '../store/statements.ts';
import type { ReadDb } from '../store/store.ts';
import type { Urgent } from './urgency.ts';
import { organisationsChangedAfter } from '../store/counters.ts';

/** How many organisations are looked at in one go. */
const PAGE = 200;

/**
 * Those that something may be nearly due for, and for which there is somebody to tell: by id, for each page that was looked at. `changedAfter`: only
 * those of which something changed after that number of `readCounters`; null for all.
 */
export async function* mayHaveToHear(db: ReadDb, urgent: Urgent, changedAfter: number | null): AsyncGenerator<string[]> {
  for await (const some of changedAfter === null ? candidates(db) : changedCandidates(db, changedAfter))
    yield some.length === 0 ? [] : await mayBeUrgent(db, urgent, some);
}

/** The organisations with somebody to tell, by id: those of each page. */
async function* candidates(db: ReadDb) {
  const { page, several, delivered } = statementsOf(db);
  for (let after = ''; ;) {
    const last = (await page.execute({ after })).at(-1)?.id;
    if (last === undefined) return;
    const range = { after, last };
    yield idsOf([...(await several.execute(range)), ...(await delivered.execute(range))]);
    after = last;
  }
}

/** The same of those that changed, with those that they deliver for: of these an RO's recipients hear too. */
async function* changedCandidates(db: ReadDb, number: number) {
  const { organisations } = db.tables;
  const changedIds = await organisationsChangedAfter(db, number);
  const visitedIds = new Set<string>();
  for (let n = 0; n < changedIds.length; n += PAGE) {
    const ids = changedIds.slice(n, n + PAGE);
    const members = await db.select({ id: organisations.id }).from(organisations).where(inArray(organisations.parentId, ids));
    const fresh = [...ids, ...members.map(({ id }) => id)].filter((id) => !visitedIds.has(id));
    for (let k = 0; k < fresh.length; k += PAGE) {
      const some = fresh.slice(k, k + PAGE);
      const { several, delivered } = candidatesIn(db, (id) => inArray(id, some));
      yield idsOf([...(await several), ...(await delivered)]);
    }
    for (const id of fresh) visitedIds.add(id);
  }
}

/** Which organisations have a second recipient, and which are delivered for by one that has a recipient. `among` limits which are looked at. */
function candidatesIn(db: ReadDb, among: (id: AnyColumn) => SQL | undefined) {
  const { organisations, recipients } = db.tables;
  return {
    several: db
      .select({ id: recipients.organisationId })
      .from(recipients)
      .where(and(among(recipients.organisationId), eq(recipients.status, 'confirmed')))
      .groupBy(recipients.organisationId)
      .having(gt(count(), 1)),
    delivered: db
      .selectDistinct({ id: organisations.id })
      .from(organisations)
      .innerJoin(recipients, and(eq(recipients.organisationId, organisations.parentId), eq(recipients.status, 'confirmed')))
      .where(among(organisations.id)),
  };
}

const statementsOf = preparedFor((db: ReadDb) => {
  const { organisations } = db.tables;
  const [after, last] = [sql.placeholder('after'), sql.placeholder('last')];
  const { several, delivered } = candidatesIn(db, (id) => and(gt(id, after), lte(id, last)));
  return {
    page: db
      .select({ id: organisations.id })
      .from(organisations)
      .where(gt(organisations.id, after))
      .orderBy(asc(organisations.id))
      .limit(PAGE)
      .prepare('escalation_page'),
    several: several.prepare('escalation_several'),
    delivered: delivered.prepare('escalation_delivered'),
  };
});

/** By id, each once. */
const idsOf = (rows: readonly { id: string }[]) => [...new Set(rows.map(({ id }) => id))].sort();

/** Those of them that something may be nearly due for. */
async function mayBeUrgent(db: ReadDb, { insurers, mayBeOwn, today }: Urgent, some: string[]): Promise<string[]> {
  const { events, relations } = db.tables;
  if (insurers.has(null)) return some;
  const relation = await db
    .selectDistinct({ id: relations.organisationId })
    .from(relations)
    .where(
      and(
        inArray(relations.organisationId, some),
        inArray(
          relations.insurerSlug,
          [...insurers].filter((slug) => slug !== null),
        ),
      ),
    );
  // Own terms start with an own event of the last year.
  const dated = mayBeOwn
    ? await db
        .selectDistinct({ id: events.organisationId })
        .from(events)
        .where(and(inArray(events.organisationId, some), gte(events.occurredOn, addDays(today, -366))))
    : [];
  return idsOf([...relation, ...dated]);
}
