/** A store with very many organisations, written straight into the tables: by the functions of the service it would take hours. */
import { addDays } from '../../calendars/days.ts';
import { remindOn } from '../../calendars/reminders/reminders.ts';
import type { Day } from '../../calendars/terms.ts';
import { loadSqlite } from '../../db/store/drizzle.ts';
import type { Revision } from '../../db/registry/revisions.ts';
import { openStore } from '../../db/store/store.ts';
import { addDeadline, addInsurer } from '../helpers/cast.ts';

const INSURERS = 20;
/** Of the deadline that is nearly due, the third was sent on the working day before, and the fourth is due on the day. */
const LEADS = [42, 14, 3, 2, 0];
const LONG_AGO = new Date('2026-01-05T12:00:00Z');

export interface Many {
  /** The deadline that concerns everybody, of which nothing is due yet. */
  deadlineId: string;
  organisations: number;
}

/**
 * Twenty insurers with two deadlines each, of which one is nearly due on `today` and done by nobody; and organisations with three insurers and a
 * feed each: of ten, one is delivered for by the one before it, and five have a second recipient. What was due in the week before has been
 * sent, and what is due on the day waits.
 */
export async function fillMany(file: string, organisations: number, today: Day): Promise<Many> {
  const store = await openStore(`file:${file}`);
  const deadlines = await store.write(async (tx) => {
    const made: Revision[] = [];
    for (let n = 0; n < INSURERS; n += 1) {
      await addInsurer(tx, `i${n}`);
      for (const days of [n === 0 ? 2 : 30 + n, 120 + n]) {
        const activity = days < 120 ? 'annual_plan' : 'accounts';
        const rule = { kind: 'fixed' as const, on: addDays(today, days) };
        made.push(await addDeadline(tx, { insurer: `i${n}`, contractYear: 2027, activity }, { rule }, LONG_AGO));
      }
    }
    return made;
  });
  await store.close();
  const { Sqlite } = loadSqlite();
  const db = new Sqlite(file);
  db.exec('begin');
  const write = writers(db);
  for (let n = 0; n < organisations; n += 1) addMember(write, n);
  for (const deadline of deadlines) for (const lead of LEADS) addReminders(db, deadline, lead, today);
  db.exec('commit');
  db.close();
  return { deadlineId: deadlines[1]!.id, organisations };
}

export const idOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
export const feedIdOf = (n: number) => idOf(n).replace('-4000-', '-4003-');

type Sqlite = InstanceType<ReturnType<typeof loadSqlite>['Sqlite']>;

function writers(db: Sqlite) {
  const moment = LONG_AGO.getTime();
  return {
    organisation: db.prepare(
      `insert into organisations (id, name, language, roles, parent_id, version, created_at) values (?, ?, 'nl', ?, ?, 0, ${moment})`,
    ),
    relation: db.prepare(
      `insert into relations (organisation_id, insurer_slug, contract_status, preferred) values (?, ?, 'contracted', 0)`,
    ),
    recipient: db.prepare(
      `insert into recipients (id, organisation_id, email, lead_days, digest, status, created_at, confirmed_at, position)
       values (?, ?, ?, '${JSON.stringify(LEADS)}', 'daily', 'confirmed', ${moment}, ${moment}, ?)`,
    ),
    feed: db.prepare(`insert into feeds (id, organisation_id, label, hash, created_at) values (?, ?, 'Agenda', ?, ${moment})`),
  };
}

function addMember(write: ReturnType<typeof writers>, n: number) {
  const id = idOf(n);
  const isDelivered = n % 10 === 1;
  write.organisation.run(id, `Regio ${n}`, isDelivered ? '["wsv"]' : '["ro"]', isDelivered ? idOf(n - 1) : null);
  const others = [n * 7 + (n >> 5), n * 7 + 3 + (n >> 5)].map((k) => 1 + (k % (INSURERS - 1)));
  for (const k of new Set([0, ...others])) write.relation.run(id, `i${k}`);
  write.recipient.run(id.replace('-4000-', '-4001-'), id, `r${n}@example.org`, 0);
  if (n % 2 === 0) write.recipient.run(id.replace('-4000-', '-4002-'), id, `s${n}@example.org`, 1);
  write.feed.run(feedIdOf(n), id, `hash ${n}`);
}

/** One reminder of one deadline to all whom it concerns, if it was due within the last week: sent, or of the day itself waiting. */
function addReminders(db: Sqlite, { id: deadlineId, insurer, lastSafeOn }: Revision, lead: number, today: Day) {
  const on = remindOn(lastSafeOn!, lead);
  if (on > today || on < addDays(today, -8)) return;
  const state = on === today ? 'pending' : 'sent';
  const at = Date.parse(`${on}T06:30:00Z`);
  const sentAt = on === today ? 'null' : at;
  const whose = `from recipients r join relations d on d.organisation_id = r.organisation_id where d.insurer_slug = '${insurer}'`;
  db.exec(
    `insert or ignore into messages (id, key, organisation_id, recipient_id, kind, due_at, state, claim, claimed_at, attempts, sent_at, created_at)
     select 'mail-' || r.id || '-${on}', r.id || '/reminder/${on}', r.organisation_id, r.id, 'reminder', ${at}, '${state}', 1, ${sentAt}, 1, ${sentAt}, ${at} ${whose}`,
  );
  db.exec(
    `insert into reminders (id, recipient_id, deadline_id, organisation_id, last_safe_on, lead_days, message_id, state, created_at)
     select 'told-' || r.id || '-${deadlineId}-${lead}', r.id, '${deadlineId}', r.organisation_id, '${lastSafeOn}', ${lead}, 'mail-' || r.id || '-${on}', '${state}', ${at} ${whose}`,
  );
}
