/** Planning asks which reminders should exist by now and adds what is missing. It may run at any time, any number of times. */
import { amsterdamDay, amsterdamMoment } from '../calendars/days.ts';
import type { OpenItem } from '../calendars/open-duties.ts';
import { planFor, type KnownReminder, type ReminderPlan } from '../calendars/reminder-plan.ts';
import type { Day } from '../calendars/terms.ts';
import { readAgenda } from './agenda.ts';
import { and, asc, eq, gte, inArray, or } from './drizzle.ts';
import { findOpenMail, mailTime, savePlan } from './reminders.ts';
import type { Organisation, Recipient } from './schema.ts';
import type { ReadDb, Store, WriteDb } from './store.ts';

/** What one run of planning did. */
export interface Planned {
  planned: number;
  cancelled: number;
}

/** A mail that would go to somebody, and what it would remind of. */
export interface PreviewedMail {
  organisation: Pick<Organisation, 'id' | 'name' | 'language'>;
  recipient: Pick<Recipient, 'id' | 'email'>;
  dueAt: Date;
  /** The most urgent first. */
  reminders: { item: OpenItem; leadDays: number }[];
}

/**
 * Plans for every organisation that has a confirmed recipient, each in a transaction of its own, and only where something is to change.
 * What fails for one holds up no other: it is thrown at the end.
 */
export async function planReminders(store: Store, now: Date): Promise<Planned> {
  const total = { planned: 0, cancelled: 0 };
  const errors: unknown[] = [];
  for (const { id } of await organisationsToRemind(store.read)) {
    try {
      const plans = await readPlans(store.read, id, now);
      if (!plans.some(({ plan }) => changesAnything(plan))) continue;
      const { planned, cancelled } = await store.write((tx) => planOrganisation(tx, id, now));
      total.planned += planned;
      total.cancelled += cancelled;
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw new AggregateError(errors, `Planning failed for ${errors.length} organisations`);
  return total;
}

/** Plans for one organisation, inside the transaction of the caller. */
async function planOrganisation(tx: WriteDb, organisationId: string, now: Date): Promise<Planned> {
  const total = { planned: 0, cancelled: 0 };
  for (const { recipient, plan } of await readPlans(tx, organisationId, now)) {
    await savePlan(tx, recipient, plan, now);
    total.planned += plan.missing.length;
    total.cancelled += plan.drop.length;
  }
  return total;
}

/** Exactly who would be reminded of what if planning and sending ran now; writes nothing. */
export async function previewReminders(db: ReadDb, now: Date): Promise<PreviewedMail[]> {
  const mails: PreviewedMail[] = [];
  for (const { id, name, language } of await organisationsToRemind(db)) {
    for (const { recipient, plan } of await readPlans(db, id, now)) {
      const reminders = [...plan.waiting, ...plan.missing].map(({ item, leadDays }) => ({ item, leadDays }));
      const dueAt = (await findOpenMail(db, recipient.id))?.dueAt ?? mailTime(now);
      const { email } = recipient;
      if (reminders.length > 0)
        mails.push({ organisation: { id, name, language }, recipient: { id: recipient.id, email }, dueAt, reminders });
    }
  }
  return mails;
}

async function organisationsToRemind(db: ReadDb): Promise<Organisation[]> {
  const { organisations, recipients } = db.tables;
  const reminded = db.select({ id: recipients.organisationId }).from(recipients).where(eq(recipients.status, 'confirmed'));
  return db.select().from(organisations).where(inArray(organisations.id, reminded)).orderBy(asc(organisations.name), asc(organisations.id));
}

/** What should change for each confirmed recipient of an organisation. */
async function readPlans(db: ReadDb, organisationId: string, now: Date): Promise<{ recipient: Recipient; plan: ReminderPlan }[]> {
  const { recipients } = db.tables;
  const confirmed = await db
    .select()
    .from(recipients)
    .where(and(eq(recipients.organisationId, organisationId), eq(recipients.status, 'confirmed')))
    .orderBy(asc(recipients.email));
  if (confirmed.length === 0) return [];
  const today = amsterdamDay(now);
  const items = await readAgenda(db, organisationId, { withdrawnToo: true });
  const plans: { recipient: Recipient; plan: ReminderPlan }[] = [];
  for (const recipient of confirmed) {
    const { leadDays, digest } = recipient;
    const known = await readKnown(db, recipient.id, today);
    const mailLeft = await leftToday(db, recipient.id, today);
    const confirmedOn = confirmedBy(recipient, today);
    plans.push({ recipient, plan: planFor({ items, readerId: organisationId, known, leadDays, digest, confirmedOn, today, mailLeft }) });
  }
  return plans;
}

/** A run for a day before the confirmation is a rehearsal: there the recipient counts as confirmed since that day. */
function confirmedBy({ confirmedAt }: Recipient, today: Day): Day {
  const day = confirmedAt === null ? today : amsterdamDay(confirmedAt);
  return day < today ? day : today;
}

/** A recipient's reminders that can still matter: for days to come, or not sent yet. */
async function readKnown(db: ReadDb, recipientId: string, today: Day): Promise<KnownReminder[]> {
  const { messages, reminders } = db.tables;
  const rows = await db
    .select({ reminder: reminders, messageState: messages.state })
    .from(reminders)
    .leftJoin(messages, eq(messages.id, reminders.messageId))
    .where(and(eq(reminders.recipientId, recipientId), or(gte(reminders.lastSafeOn, today), eq(reminders.state, 'pending'))));
  return rows.map(({ reminder, messageState }) => ({ ...reminder, leaving: messageState !== null && messageState !== 'pending' }));
}

async function leftToday(db: ReadDb, recipientId: string, today: Day): Promise<boolean> {
  const { messages } = db.tables;
  const rows = await db
    .select({ claimedAt: messages.claimedAt })
    .from(messages)
    .where(
      and(
        eq(messages.recipientId, recipientId),
        eq(messages.kind, 'reminder'),
        inArray(messages.state, ['sending', 'sent']),
        gte(messages.claimedAt, amsterdamMoment(today, '00:00')),
      ),
    );
  return rows.some(({ claimedAt }) => claimedAt !== null && amsterdamDay(claimedAt) === today);
}

const changesAnything = ({ drop, merged, missing }: ReminderPlan) => drop.length + merged.length + missing.length > 0;
