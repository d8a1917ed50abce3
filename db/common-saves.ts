/** Writing down what common planning found: the mails of a slice in one statement, and what they gather in another. */
import { amsterdamDay } from '../calendars/days.ts';
import type { CommonPlan } from './common-plans.ts';
import { and, getTableColumns, gte, lte, sql } from './drizzle.ts';
import { jsonRows, type JsonRows } from './json-rows.ts';
import { given, preparedFor } from './prepared.ts';
import { mailTime } from './reminders.ts';
import type { Tables } from './schema.ts';
import type { Store, WriteDb } from './store.ts';

type Sql = ReturnType<typeof sql>;

export interface Saved {
  planned: number;
  /** The organisations of which somebody has had a mail of this day already: nothing was planned for them. */
  others: string[];
}

/** Gives every recipient a mail of today with what is missing. `newId`: for mails and reminders, each after the one before. */
export async function saveCommonPlans(
  tx: WriteDb,
  dialect: Store['dialect'],
  plans: readonly CommonPlan[],
  { newId, now }: { newId: () => string; now: Date },
): Promise<Saved> {
  const { addMails, addReminders } = statements[dialect](tx);
  const mails = new Map<string, Mail>();
  let text = '';
  for (const plan of plans) {
    const { organisationId, recipientId } = plan;
    if (mails.has(recipientId)) continue;
    const id = newId();
    mails.set(recipientId, { id, organisationId });
    text += `,["${id}","${recipientId}","${organisationId}",${mailTime(plan, now).getTime()}]`;
  }
  await addMails.execute({ rows: arrayOf(text), keyEnd: `/reminder/${amsterdamDay(now)}`, now });
  const others = await findRefused(tx, [...mails.values()]);
  const ready = others.size === 0 ? plans : plans.filter(({ organisationId }) => !others.has(organisationId));
  text = '';
  for (const { recipientId, organisationId, due, isMerged } of ready) {
    const place = `"${recipientId}","${due.deadlineId}","${organisationId}","${due.lastSafeOn}"`;
    text += `,["${newId()}","${mails.get(recipientId)!.id}",${place},${due.leadDays}]`;
    if (!isMerged) for (const leadDays of due.merged) text += `,["${newId()}","",${place},${leadDays}]`;
  }
  await addReminders.execute({ rows: arrayOf(text), now });
  return { planned: ready.length, others: [...others] };
}

/** Written as JSON by hand, which takes a third of the time: identifiers and days hold nothing that has to be escaped. */
const arrayOf = (rows: string) => `[${rows.slice(1)}]`;

type Mail = Pick<CommonPlan, 'organisationId'> & { id: string };

/** The organisations of mails that were not added, since their key was taken: by a mail that was cancelled, or by another process just now. */
async function findRefused(tx: WriteDb, mails: readonly Mail[]): Promise<Set<string>> {
  const { messages } = tx.tables;
  const first = mails[0];
  if (!first) return new Set();
  const added = and(gte(messages.id, first.id), lte(messages.id, mails.at(-1)!.id));
  if ((await tx.$count(messages, added)) === mails.length) return new Set();
  const ids = new Set((await tx.select({ id: messages.id }).from(messages).where(added)).map(({ id }) => id));
  return new Set(mails.filter(({ id }) => !ids.has(id)).map(({ organisationId }) => organisationId));
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
  const rows = json.table('rows', { id: 'text', recipient_id: 'text', organisation_id: 'text', due_at: 'moment' });
  const values: Values<typeof messages> = {
    id: sql`id`,
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

/** Without a mail it is on record as said by another. */
function remindersInto(tx: WriteDb, json: JsonRows) {
  const { reminders } = tx.tables;
  const rows = json.table('rows', {
    id: 'text',
    message_id: 'text',
    recipient_id: 'text',
    deadline_id: 'text',
    organisation_id: 'text',
    last_safe_on: 'day',
    lead_days: 'int',
  });
  const values: Values<typeof reminders> = {
    id: sql`id`,
    recipientId: sql`recipient_id`,
    deadlineId: sql`deadline_id`,
    organisationId: sql`organisation_id`,
    lastSafeOn: sql`last_safe_on`,
    leadDays: sql`lead_days`,
    messageId: sql`nullif(message_id, '')`,
    state: sql`case when message_id = '' then 'cancelled' else 'pending' end`,
    reason: sql`case when message_id = '' then 'merged' end`,
    createdAt: given('now', reminders.createdAt),
  };
  return tx.insert(reminders).select(selectInto(reminders, values, rows));
}

type Table = Tables['messages'] | Tables['reminders'];
/** By column. What is not named is null. */
type Values<T extends Table> = Partial<Record<keyof T['$inferInsert'], Sql>>;

/** Rows for all columns of a table, in their order. The condition is for SQLite, which would take a following `on conflict` for one of a join. */
function selectInto<T extends Table>(table: T, values: Values<T>, rows: Sql): Sql {
  const byColumn: Record<string, Sql | undefined> = values;
  const list = Object.keys(getTableColumns(table)).map((name) => byColumn[name] ?? sql`null`);
  return sql`select ${sql.join(list, sql`, `)} from (${rows}) as given where true`;
}
