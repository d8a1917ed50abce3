/** The questions of common planning in SQL: who may be different, and who of the others lacks a reminder that is due. */
import type { Digest } from '../calendars/reminders.ts';
import type { Day } from '../calendars/terms.ts';
import { and, eq, sql } from './drizzle.ts';
import { jsonRows, type JsonRows } from './json-rows.ts';
import { given, preparedFor } from './prepared.ts';
import type { ReadDb, Store } from './store.ts';

type Sql = ReturnType<typeof sql>;

/** Organisations by their ids: after the first, up to and including the second. */
export interface Range {
  after: string;
  until: string;
}

/** What somebody is and chose, as the columns have it: roles, lead days, digest. */
export type ChoiceText = [roles: string, leadDays: string, digest: Digest];

/** What `choices` is made of: a choice under its number. */
export type ChoiceRow = [n: string, ...ChoiceText];

/**
 * What `dues` is made of: its number; whose it is: the number of a choice, with an insurer and a contract status unless it is the sector's; what
 * is due; the number of leads that it speaks for as well, with those as `|42|14|`; and for whom, by when they confirmed.
 */
export type DueRow = [
  n: number,
  whose: string,
  deadlineId: string,
  lastSafeOn: Day,
  leadDays: number,
  merged: number,
  mergedLeads: string,
  from: number,
  before: number,
];

/** Texts of such rows. */
export interface DueTexts {
  choices: string;
  relationDues: string;
  sectorDues: string;
}

/** A due, by its number, with what is known of it, and whether something else is odd; without a number the choice is not among those given. */
type MissingRow = [recipientId: string, organisationId: string, sendHour: string, due: number | null, history: number, isOdd: 0 | 1];

/** A reminder was sent for this very lead. */
const SENT = 1000;
/** Something else is known of this lead, or of one closer to the day. */
const ODD = 1_000_000;

/** How many of the earlier leads that a due speaks for are on record; null when more is known of it than that. */
export const mergedBefore = (history: number): number | null => (history < SENT ? history : null);

/** Organisations in which somebody is not common whatever is due: with members or events of their own, or reminders that wait. */
export async function readOthers(db: ReadDb, dialect: Store['dialect'], range: Range): Promise<string[]> {
  const rows = await statements[dialect](db).others.execute({ ...range });
  return rows.map(({ id }) => id);
}

/** What somebody in a range is and chose, each once. */
export async function readChoices(db: ReadDb, dialect: Store['dialect'], range: Range): Promise<ChoiceText[]> {
  const rows = await statements[dialect](db).choices.execute({ ...range });
  return rows.map(({ roles, leadDays, digest }) => [roles, leadDays, digest]);
}

/** Who lacks something that is due, or chose what is not given. What is done, or not wanted, is not missing. */
export async function readMissing(
  db: ReadDb,
  dialect: Store['dialect'],
  range: Range,
  { choices, relationDues, sectorDues, ...day }: DueTexts & { today: Day; dayStart: Date },
): Promise<MissingRow[]> {
  const { ofRelations, ofSector } = statements[dialect](db);
  const rows: MissingRow[] = [];
  for (const [query, dues] of [
    [ofRelations, relationDues],
    [ofSector, sectorDues],
  ] as const) {
    // Most days nothing is due of the sector.
    if (query === ofSector && dues === NO_ROWS) continue;
    const [found] = await query.execute({ ...range, ...day, choices, dues });
    // Made below.
    rows.push(...(JSON.parse(found!.rows) as MissingRow[]));
  }
  return rows;
}

export const NO_ROWS = '[]';

const statements = { sqlite: statementsFor(jsonRows.sqlite), pg: statementsFor(jsonRows.pg) };

function statementsFor(json: JsonRows) {
  return preparedFor((db: ReadDb) => ({
    others: othersIn(db).prepare('common_others'),
    choices: choicesIn(db).prepare('common_choices'),
    ofRelations: missingIn(db, json, true).prepare('common_of_relations'),
    ofSector: missingIn(db, json, false).prepare('common_of_sector'),
  }));
}

function othersIn(db: ReadDb) {
  const { events, organisations, recipients, reminders } = db.tables;
  const id = sql.identifier('organisation_id');
  return db.select({ id: sql<string>`${id}` }).from(sql`(
    select ${organisations.parentId} as ${id} from ${organisations} where ${inRange(sql`${organisations.parentId}`)}
    union select ${events.organisationId} from ${events} where ${inRange(sql`${events.organisationId}`)}
    union select ${recipients.organisationId} from ${recipients}
    where ${inRange(sql`${recipients.organisationId}`)} and ${recipients.status} = 'confirmed' and (${recipients.confirmedAt} is null
      or exists (select 1 from ${reminders} where ${reminders.recipientId} = ${recipients.id} and state = 'pending'))) as others`);
}

function choicesIn(db: ReadDb) {
  const { organisations, recipients } = db.tables;
  return db
    .selectDistinct({
      roles: sql<string>`cast(${organisations.roles} as text)`,
      leadDays: sql<string>`cast(${recipients.leadDays} as text)`,
      digest: recipients.digest,
    })
    .from(recipients)
    .innerJoin(organisations, eq(organisations.id, recipients.organisationId))
    .where(and(inRange(sql`${recipients.organisationId}`), eq(recipients.status, 'confirmed')));
}

/** Read on the recipients' index, so in the order of organisations. */
function missingIn(db: ReadDb, json: JsonRows, ofRelations: boolean) {
  const { attempts, completions, messages, mutes, organisations, recipients, relations, reminders } = db.tables;
  const today = given('today', recipients.pausedUntil);
  const dayStart = given('dayStart', messages.claimedAt);
  const join = ofRelations
    ? sql`left join ${relations} on ${relations.organisationId} = ${recipients.organisationId} and choices.n is not null
        left join dues on dues.whose = choices.n || ' ' || ${relations.insurerSlug} || ' ' || ${relations.contractStatus}`
    : sql`left join dues on dues.whose = choices.n`;
  const history = sql`
    select coalesce(sum(case
      when ${reminders.leadDays} > dues.lead_days
        then case when dues.merged_leads like '%|' || ${reminders.leadDays} || '|%' then 1 else 0 end
      when ${reminders.leadDays} = dues.lead_days and ${reminders.state} = 'sent' then ${sql.raw(String(SENT))}
      else ${sql.raw(String(ODD))} end), 0)
    from ${reminders}
    where ${reminders.recipientId} = ${recipients.id} and ${reminders.deadlineId} = dues.deadline_id
      and ${reminders.organisationId} = ${recipients.organisationId} and ${reminders.lastSafeOn} = dues.last_safe_on`;
  const found = sql`
    select ${recipients.id} as recipient_id, ${recipients.organisationId} as organisation_id, ${recipients.sendHour} as send_hour,
      ${recipients.pausedUntil} as paused_until, dues.n as n, dues.merged as merged, (${history}) as history
    from ${recipients} join ${organisations} on ${organisations.id} = ${recipients.organisationId}
      left join choices on ${isChoiceOf(db)} ${join}
    where ${inRange(sql`${recipients.organisationId}`)}
      and ${recipients.status} = 'confirmed'
      and (choices.n is null or (dues.n is not null
      and ${recipients.confirmedAt} >= dues.confirmed_from and ${recipients.confirmedAt} < dues.confirmed_before
      and cast(${recipients.declined} as text) not like '%"reminder"%'
      and (${recipients.pausedUntil} is null or ${recipients.pausedUntil} <= ${today} or ${recipients.deputyConfirmedAt} is not null)
      and not exists (select 1 from ${completions}
        where ${completions.organisationId} = ${recipients.organisationId} and ${completions.deadlineId} = dues.deadline_id)
      and not exists (select 1 from ${mutes} where ${mutes.recipientId} = ${recipients.id} and ${mutes.deadlineId} = dues.deadline_id)))
    order by ${recipients.organisationId}, ${recipients.email}
    ${ONE_BY_ONE}`;
  // A mail that is open takes in what is due, and one that left today puts it off.
  const isOdd = sql`case when found.paused_until > ${today}
    or exists (select 1 from ${messages} where ${messages.recipientId} = found.recipient_id
      and ${messages.state} || '' in ('pending', 'sending') and ${messages.kind} = 'reminder')
    or (exists (select 1 from ${attempts} where ${attempts.endedAt} >= ${dayStart})
      and exists (select 1 from ${messages} where ${messages.recipientId} = found.recipient_id
        and ${messages.kind} = 'reminder' and ${messages.claimedAt} >= ${dayStart}))
    then 1 else 0 end`;
  const columns = ['recipient_id', 'organisation_id', 'send_hour', 'n', 'history'].map((name) => sql`found.${sql.identifier(name)}`);
  return db.select({ rows: sql<string>`found_rows` }).from(sql`(
    with choices as materialized (${choicesGiven(json)}), dues as materialized (${duesGiven(json)}), found as (${found})
    select ${json.text([...columns, isOdd])} as found_rows from found where found.n is null or found.history <> ${sql.raw(String(SENT))} + found.merged) as found`);
}

/** No limit at all: it keeps both databases from asking for the history twice, without gathering all rows first. */
const ONE_BY_ONE = sql.raw(`limit ${2n ** 63n - 1n}`);

const inRange = (id: Sql) => sql`${id} > ${sql.placeholder('after')} and ${id} <= ${sql.placeholder('until')}`;

function isChoiceOf({ tables: { organisations, recipients } }: ReadDb) {
  return sql`choices.roles = cast(${organisations.roles} as text) and choices.lead_days = cast(${recipients.leadDays} as text)
    and choices.digest = ${recipients.digest}`;
}

function choicesGiven(json: JsonRows) {
  return json.table('choices', { n: 'text', roles: 'text', lead_days: 'text', digest: 'text' });
}

function duesGiven(json: JsonRows) {
  return json.table('dues', {
    n: 'int',
    whose: 'text',
    deadline_id: 'text',
    last_safe_on: 'day',
    lead_days: 'int',
    merged: 'int',
    merged_leads: 'text',
    confirmed_from: 'moment',
    confirmed_before: 'moment',
  });
}
