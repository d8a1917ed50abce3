/**
 * The audit of planning: a query of its own, which knows nothing of how planning works, looks for reminders that should exist and do not.
 * It asks for what most recipients have: duties that they see to themselves, with a safe day in the registry, and a mail a day. Of plans and accounts that nobody
 * stated it asks only for those whom their insurer leads for.
 */
import { setImmediate } from 'node:timers/promises';
import { SIGNING } from '../../calendars/agenda/done-together.ts';
import { addDays, amsterdamDay, amsterdamMoment } from '../../calendars/days.ts';
import { COUNTED_KINDS } from '../../calendars/deadlines/kinds.ts';
import { previousWorkingDay } from '../../calendars/holidays.ts';
import { remindOn } from '../../calendars/reminders/reminders.ts';
import type { Day } from '../../calendars/terms.ts';
import { aliasedTable, and, eq, exists, gt, gte, inArray, isNull, lt, lte, not, notExists, or, sql } from '../store/drizzle.ts';
import { isLeading } from '../organisations/agenda-input.ts';
import type { ReadDb, WriteDb } from '../store/store.ts';
import { readSetting, saveSetting } from '../store/settings.ts';

/** How many days back reminders are looked for. */
const DAYS_BACK = 7;
const MOST_FOUND = 100;

export interface Audit {
  /** Reminders that should exist, at most a hundred of them. */
  missing: { organisationId: string; recipientId: string; deadlineId: string; lastSafeOn: Day; leadDays: number }[];
  /** Reminders that wait for a mail that will never leave. */
  stranded: number;
}

/** Looks for what should have been planned by now. What changed since the last working day is left out: it may wait for its mail. */
export async function auditReminders(db: ReadDb, now: Date): Promise<Audit> {
  const today = amsterdamDay(now);
  const missing: Audit['missing'] = [];
  const ranges = await organisationRanges(db);
  for (const { lastSafeOn, leadDays } of await placesDue(db, ranges, today)) {
    if (missing.length >= MOST_FOUND) break;
    for (const range of ranges) {
      const rows = await missingAt(db, { lastSafeOn, leadDays, range }, today);
      missing.push(...rows.map((row) => ({ ...row, lastSafeOn, leadDays })));
      // Whoever waits for an answer goes first.
      await setImmediate();
    }
  }
  return { missing: missing.slice(0, MOST_FOUND), stranded: await countStranded(db) };
}

const NAME = 'audited';

/** What the last audit found, and when. */
export interface AuditRecord {
  at: string;
  missing: number;
  stranded: number;
}

export async function readAudit(db: ReadDb): Promise<AuditRecord | null> {
  const text = await readSetting(db, NAME);
  // Written below, by nobody else.
  return text === undefined ? null : (JSON.parse(text) as AuditRecord);
}

export async function saveAudit(tx: WriteDb, { missing, stranded }: Audit, now: Date): Promise<void> {
  await saveSetting(tx, NAME, JSON.stringify({ at: now.toISOString(), missing: missing.length, stranded } satisfies AuditRecord));
}

/** Every last safe day with every lead that was due in the last week. */
async function placesDue(db: ReadDb, ranges: readonly IdRange[], today: Day) {
  const { revisions } = db.tables;
  const days = await db
    .selectDistinct({ lastSafeOn: revisions.lastSafeOn })
    .from(revisions)
    .where(and(gte(revisions.lastSafeOn, today), lte(revisions.lastSafeOn, addDays(today, 380))));
  const leads = await leadsChosen(db, ranges);
  const from = addDays(today, -DAYS_BACK);
  return days.flatMap(({ lastSafeOn }) =>
    leads
      .filter((leadDays) => {
        const on = remindOn(lastSafeOn!, leadDays);
        return on >= from && on <= today;
      })
      .map((leadDays) => ({ lastSafeOn: lastSafeOn!, leadDays })),
  );
}

/** All leads that anybody chose. */
async function leadsChosen(db: ReadDb, ranges: readonly IdRange[]): Promise<number[]> {
  const { recipients } = db.tables;
  const leads = new Set<number>();
  for (const { after, until } of ranges) {
    const rows = await db
      .selectDistinct({ leadDays: sql<string>`cast(${recipients.leadDays} as text)` })
      .from(recipients)
      .where(and(gt(recipients.organisationId, after), lte(recipients.organisationId, until)));
    // Written as the column's type says.
    for (const { leadDays } of rows) for (const lead of JSON.parse(leadDays) as number[]) leads.add(lead);
    await setImmediate();
  }
  return [...leads];
}

/** How many organisations, or reminders that wait, are looked at in one go. */
const SLICE = 500;

/** Ids after the first, up to and including the second. */
interface IdRange {
  after: string;
  until: string;
}

/** All organisations in ranges of ids. */
async function organisationRanges(db: ReadDb): Promise<IdRange[]> {
  const { organisations } = db.tables;
  const ranges: IdRange[] = [];
  for (let after = ''; ;) {
    const [last] = await db
      .select({ id: sql<string | null>`max(id)` })
      .from(
        db
          .select({ id: organisations.id })
          .from(organisations)
          .where(gt(organisations.id, after))
          .orderBy(organisations.id)
          .limit(SLICE)
          .as('some'),
      );
    if (!last?.id) return ranges;
    ranges.push({ after, until: last.id });
    after = last.id;
    await setImmediate();
  }
}

interface Place {
  lastSafeOn: Day;
  leadDays: number;
  range: IdRange;
}

async function missingAt(db: ReadDb, { lastSafeOn, leadDays, range }: Place, today: Day) {
  const { completions, deadlineRoles, deadlines, messages, mutes, organisations, recipients, relations, reminders, revisions } = db.tables;
  const settled = amsterdamMoment(previousWorkingDay(addDays(today, -1)), '00:00');
  const one = sql`1`;
  const acts = exists(
    db
      .select({ one })
      .from(deadlineRoles)
      .where(
        and(
          eq(deadlineRoles.deadlineId, deadlines.id),
          // Who only hands its part over hears earlier than the day tells.
          sql`cast(${revisions.actors} as text) like '%"' || ${deadlineRoles.role} || '"%'`,
          sql`(${deadlineRoles.role} = 'provider' or cast(${organisations.roles} as text) like '%"' || ${deadlineRoles.role} || '"%')`,
        ),
      ),
  );
  const reminder = db
    .select({ one })
    .from(reminders)
    .where(
      and(
        eq(reminders.recipientId, recipients.id),
        eq(reminders.deadlineId, deadlines.id),
        eq(reminders.lastSafeOn, lastSafeOn),
        lte(reminders.leadDays, leadDays),
      ),
    );
  const together = aliasedTable(deadlines, 'together');
  const completion = db
    .select({ one })
    .from(completions)
    .innerJoin(together, eq(together.id, completions.deadlineId))
    .where(
      and(
        eq(completions.organisationId, organisations.id),
        or(
          eq(together.id, deadlines.id),
          // Who signed has signed, whichever of the two was reported; whatever the kind of care, since nobody believes an alarm that is none.
          and(
            eq(completions.outcome, 'submitted'),
            inArray(deadlines.activity, [...SIGNING]),
            inArray(together.activity, [...SIGNING]),
            eq(together.insurerSlug, deadlines.insurerSlug),
            eq(together.contractYear, deadlines.contractYear),
          ),
        ),
      ),
    );
  const muted = db
    .select({ one })
    .from(mutes)
    .where(and(eq(mutes.recipientId, recipients.id), eq(mutes.deadlineId, deadlines.id)));
  const mailLeft = db
    .select({ one })
    .from(messages)
    .where(
      and(eq(messages.recipientId, recipients.id), eq(messages.kind, 'reminder'), gte(messages.claimedAt, amsterdamMoment(today, '00:00'))),
    );
  return db
    .select({ organisationId: organisations.id, recipientId: recipients.id, deadlineId: deadlines.id })
    .from(revisions)
    .innerJoin(deadlines, and(eq(deadlines.id, revisions.deadlineId), eq(deadlines.revision, revisions.number)))
    .innerJoin(relations, eq(relations.insurerSlug, deadlines.insurerSlug))
    .innerJoin(organisations, eq(organisations.id, relations.organisationId))
    .innerJoin(recipients, eq(recipients.organisationId, organisations.id))
    .where(
      and(
        eq(revisions.lastSafeOn, lastSafeOn),
        eq(revisions.status, 'published'),
        inArray(revisions.kind, [...COUNTED_KINDS]),
        lt(revisions.revisedAt, settled),
        gt(relations.organisationId, range.after),
        lte(relations.organisationId, range.until),
        or(
          inArray(revisions.contractStatus, ['any']),
          eq(relations.contractStatus, 'unknown'),
          sql`${relations.contractStatus} = ${revisions.contractStatus}`,
        ),
        acts,
        // Who has no agreement is asked once whether it was offered one.
        not(and(eq(deadlines.activity, 'signing'), eq(relations.contractStatus, 'uncontracted'))!),
        or(eq(revisions.certainty, 'stated'), not(inArray(deadlines.activity, ['accounts', 'annual_plan'])), isLeading(relations)),
        or(isNull(organisations.changedAt), lt(organisations.changedAt, settled)),
        eq(recipients.status, 'confirmed'),
        eq(recipients.digest, 'daily'),
        isNull(recipients.pausedUntil),
        lt(recipients.confirmedAt, amsterdamMoment(remindOn(lastSafeOn, leadDays), '00:00')),
        lt(recipients.confirmedAt, settled),
        sql`cast(${recipients.declined} as text) not like '%"reminder"%'`,
        sql`',' || replace(replace(replace(cast(${recipients.leadDays} as text), ' ', ''), '[', ''), ']', '') || ',' like ${`%,${leadDays},%`}`,
        notExists(reminder),
        notExists(completion),
        notExists(muted),
        notExists(mailLeft),
      ),
    )
    .limit(MOST_FOUND);
}

async function countStranded(db: ReadDb): Promise<number> {
  const { messages, reminders } = db.tables;
  let stranded = 0;
  for (let after: string | null = ''; after !== null;) {
    const rows: { recipientId: string; messageState: string | null }[] = await db
      .select({ recipientId: reminders.recipientId, messageState: messages.state })
      .from(reminders)
      .leftJoin(messages, eq(messages.id, reminders.messageId))
      // In these very words, so that SQLite knows its index of those that wait.
      .where(and(sql`${reminders.state} = 'pending'`, gt(reminders.recipientId, after)))
      .orderBy(reminders.recipientId)
      .limit(SLICE);
    const last = rows.at(-1)?.recipientId ?? null;
    // Of the last one there may be more: it is counted with the next ones, unless it is alone.
    const isWhole = rows.length < SLICE || rows[0]!.recipientId === last;
    const counted = isWhole ? rows : rows.filter(({ recipientId }) => recipientId !== last);
    stranded += counted.filter(({ messageState }) => messageState === null || ['sent', 'cancelled', 'dead'].includes(messageState)).length;
    after = rows.length < SLICE ? null : counted.at(-1)!.recipientId;
    await setImmediate();
  }
  return stranded;
}
