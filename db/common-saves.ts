/** Writing down what common planning found: the mails of a slice in one statement, and what they gather in another. */
import { amsterdamDay } from '../calendars/days.ts';
import type { Day } from '../calendars/terms.ts';
import type { CommonDue } from './common-dues.ts';
import type { CommonPlan } from './common-plans.ts';
import { and, getTableColumns, gte, lte, sql } from './drizzle.ts';
import { jsonRows, type JsonRows } from './json-rows.ts';
import { given, preparedFor } from './prepared.ts';
import { mailTime } from './reminders.ts';
import { idAt, type IdRow, type TakeIds } from './rising-ids.ts';
import type { Tables } from './schema.ts';
import type { Store, WriteDb } from './store.ts';

type Sql = ReturnType<typeof sql>;

export interface Saved {
  planned: number;
  /** The organisations of which somebody has had a mail of this day already: nothing was planned for them. */
  others: string[];
}

/** Gives every recipient a mail of today with what is missing. */
export async function saveCommonPlans(
  tx: WriteDb,
  dialect: Store['dialect'],
  plans: readonly CommonPlan[],
  { takeIds, now }: { takeIds: TakeIds; now: Date },
): Promise<Saved> {
  const { addMails, addReminders } = statements[dialect](tx);
  const mails = new Map<string, number>();
  const firsts: CommonPlan[] = [];
  for (const plan of plans) if (!mails.has(plan.recipientId)) mails.set(plan.recipientId, firsts.push(plan) - 1);
  const ids = takeIds(firsts.length);
  const rows = firsts.map((plan) => `["${plan.recipientId}","${plan.organisationId}",${mailTime(plan, now).getTime()}]`);
  await addMails.execute({ rows: arrayOf(rows), ...ids, keyEnd: `/reminder/${amsterdamDay(now)}`, now });
  const others = await findRefused(tx, firsts, ids);
  const ready = others.size === 0 ? plans : plans.filter(({ organisationId }) => !others.has(organisationId));
  const reminders = rowsOf(ready, mails);
  const values = { rows: arrayOf(reminders.rows), places: JSON.stringify(reminders.places), mailPrefix: ids.prefix, firstMail: ids.first };
  await addReminders.execute({ ...values, ...takeIds(reminders.rows.length), now });
  return { planned: ready.length, others: [...others] };
}

/** What a reminder is of, and whether another one speaks for it: then it is on record without a mail. */
type Place = [deadlineId: string, lastSafeOn: Day, leadDays: number, isMerged: 0 | 1];

/** For each reminder its mail, whose it is and its place; many have the same one. */
function rowsOf(plans: readonly CommonPlan[], mails: ReadonlyMap<string, number>): { places: Place[]; rows: string[] } {
  const places: Place[] = [];
  const known = new Map<CommonDue, number>();
  const rows: string[] = [];
  for (const { recipientId, organisationId, due, isMerged } of plans) {
    const { deadlineId, lastSafeOn, leadDays, merged } = due;
    const place = known.get(due) ?? places.length;
    if (place === places.length) {
      known.set(due, place);
      places.push([deadlineId, lastSafeOn, leadDays, 0], ...merged.map((older): Place => [deadlineId, lastSafeOn, older, 1]));
    }
    const whose = `${mails.get(recipientId)!},"${recipientId}","${organisationId}"`;
    rows.push(`[${whose},${place}]`);
    // Their places follow that of the one that speaks for them.
    if (!isMerged) for (let n = 1; n <= merged.length; n += 1) rows.push(`[${whose},${place + n}]`);
  }
  return { places, rows };
}

/** Written as JSON by hand, which takes a third of the time: identifiers and days hold nothing that has to be escaped. */
const arrayOf = (rows: readonly string[]) => `[${rows.join()}]`;

/** The organisations of mails that were not added, since their key was taken: by a mail that was cancelled, or by another process just now. */
async function findRefused(tx: WriteDb, mails: readonly CommonPlan[], row: IdRow): Promise<Set<string>> {
  if (mails.length === 0) return new Set();
  const { messages } = tx.tables;
  const added = and(gte(messages.id, idAt(row, 0)), lte(messages.id, idAt(row, mails.length - 1)));
  if ((await tx.$count(messages, added)) === mails.length) return new Set();
  const ids = new Set((await tx.select({ id: messages.id }).from(messages).where(added)).map(({ id }) => id));
  return new Set(mails.filter((_, n) => !ids.has(idAt(row, n))).map(({ organisationId }) => organisationId));
}

const statements = { sqlite: statementsFor(jsonRows.sqlite), pg: statementsFor(jsonRows.pg) };

function statementsFor(json: JsonRows) {
  return preparedFor((tx: WriteDb) => ({
    addMails: mailsInto(tx, json).onConflictDoNothing().prepare('common_mails'),
    addReminders: remindersInto(tx, json).onConflictDoNothing().prepare('common_reminders'),
  }));
}

function mailsInto(tx: WriteDb, json: JsonRows) {
  const { messages } = tx.tables;
  const rows = json.table('rows', { recipient_id: 'text', organisation_id: 'text', due_at: 'moment', place: 'place' });
  const values: Values<typeof messages> = {
    id: idOf('prefix', 'first', sql`place`),
    key: sql`recipient_id || cast(${sql.placeholder('keyEnd')} as text)`,
    organisationId: sql`organisation_id`,
    recipientId: sql`recipient_id`,
    kind: sql`'reminder'`,
    dueAt: sql`due_at`,
    state: sql`'pending'`,
    claim: sql`0`,
    attempts: sql`0`,
    copies: sql`0`,
    createdAt: given('now', messages.createdAt),
  };
  return tx.insert(messages).select(selectInto(messages, values, rows));
}

function remindersInto(tx: WriteDb, json: JsonRows) {
  const { reminders } = tx.tables;
  const rows = json.table('rows', { mail: 'int', recipient_id: 'text', organisation_id: 'text', what: 'int', place: 'place' });
  const places = json.table('places', { deadline_id: 'text', last_safe_on: 'day', lead_days: 'int', merged: 'int', what: 'place' });
  // A cross join has SQLite read the rows first, and each once.
  const joined = sql`with places as materialized (${places}), given as (${rows})
    select given.*, places.deadline_id, places.last_safe_on, places.lead_days, places.merged
    from given cross join places where places.what = given.what`;
  const values: Values<typeof reminders> = {
    id: idOf('prefix', 'first', sql`place`),
    recipientId: sql`recipient_id`,
    deadlineId: sql`deadline_id`,
    organisationId: sql`organisation_id`,
    lastSafeOn: sql`last_safe_on`,
    leadDays: sql`lead_days`,
    messageId: sql`case when merged = 0 then ${idOf('mailPrefix', 'firstMail', sql`mail`)} end`,
    state: sql`case when merged = 0 then 'pending' else 'cancelled' end`,
    reason: sql`case when merged = 1 then 'merged' end`,
    createdAt: given('now', reminders.createdAt),
  };
  return tx.insert(reminders).select(selectInto(reminders, values, joined));
}

/** The identifier of this number in a row of them. */
const idOf = (prefix: string, first: string, n: Sql) =>
  sql`cast(${sql.placeholder(prefix)} as text) || (cast(${sql.placeholder(first)} as bigint) + ${n})`;

type Table = Tables['messages'] | Tables['reminders'];
/** By column. What is not named is null. */
type Values<T extends Table> = Partial<Record<keyof T['$inferInsert'], Sql>>;

/** Rows for all columns of a table, in their order. The condition is for SQLite, which would take a following `on conflict` for one of a join. */
function selectInto<T extends Table>(table: T, values: Values<T>, rows: Sql): Sql {
  const byColumn: Record<string, Sql | undefined> = values;
  const list = Object.keys(getTableColumns(table)).map((name) => byColumn[name] ?? sql`null`);
  return sql`select ${sql.join(list, sql`, `)} from (${rows}) as given where true`;
}
