/** The service watches itself: once an hour it looks for reminders that nobody planned, once a day it tells who runs it how yesterday went. */
import { setImmediate } from 'node:timers/promises';
import { cleanLine } from '../calendars/clean-text.ts';
import { addDays, amsterdamDay, amsterdamMoment } from '../calendars/days.ts';
import { readBackupRecord } from '../db/backup/records.ts';
import { forgetEndedKeys } from '../db/organisations/keys.ts';
import { auditReminders, readAudit, saveAudit, type Audit } from '../db/reminders/audit.ts';
import { countDueBetween, readDelivery } from '../db/sending/health.ts';
import { describeHold, readHold } from '../db/messages/hold.ts';
import { countReports, forgetCallers } from '../db/registry/reports.ts';
import { listDeadLetters } from '../db/messages/dead-letters.ts';
import { forgetQuestions } from '../db/recipients/questions.ts';
import type { Store } from '../db/store/store.ts';
import { listUnreminded, type RecipientReason, type Unreminded } from '../db/recipients/reminded.ts';
import { repeatQuestions } from '../db/recipients/repeated-questions.ts';
import { countUnreminded, reviewChoices } from '../db/recipients/unreminded.ts';
import { deadSummaries, hasSummary, queueSummary } from '../db/sending/summaries.ts';
import { noteOrganisation } from '../db/store/counters.ts';

/** What is watched; the secret keys the digests of addresses. */
interface Watched {
  store: Store;
  secret: string;
}

/** So many organisations are noted in one transaction. */
const AT_ONCE = 20;
/** When the operator's summary leaves, by the clocks of Amsterdam: after the mails of most people. */
const SUMMARY_HOUR = '08:30';

/**
 * Audits once an hour; what is missing is planned anew in the next round. Null when it was done already. Once an hour also looks at pauses that
 * ended, repeats questions without an answer, and forgets old ones, where reports came from, and keys that have ended.
 */
export async function auditNow({ store, secret }: Watched, now: Date): Promise<Audit | null> {
  const last = await readAudit(store.read);
  if (last && last.at.slice(0, 13) === now.toISOString().slice(0, 13)) return null;
  const audit = await auditReminders(store.read, now);
  const concerned = [...new Set(audit.missing.map(({ organisationId }) => organisationId))];
  for (let n = 0; n < concerned.length; n += AT_ONCE) {
    await store.write(async (tx) => {
      for (const id of concerned.slice(n, n + AT_ONCE)) await noteOrganisation(tx, id);
    });
    // Whoever waits for an answer goes first.
    await setImmediate();
  }
  await store.write((tx) => saveAudit(tx, audit, now));
  await reviewChoices(store, now);
  await repeatQuestions(store, secret, now);
  await store.write((tx) => forgetQuestions(tx, now));
  await store.write((tx) => forgetCallers(tx, now));
  await store.write((tx) => forgetEndedKeys(tx, now));
  return audit;
}

/** Queues what the operator, an address, is told of the day before, once a day. False when it is too early, or done. */
export async function tellOperator({ store, secret }: Watched, operator: string, now: Date): Promise<boolean> {
  const today = amsterdamDay(now);
  if (now < amsterdamMoment(today, SUMMARY_HOUR) || (await hasSummary(store.read, today))) return false;
  const summary = await summarise({ store, secret }, today, now);
  return store.write((tx) => queueSummary(tx, today, { to: operator, ...summary }, now));
}

async function summarise({ store, secret }: Watched, today: string, now: Date): Promise<{ subject: string; text: string }> {
  const { read } = store;
  const yesterday = addDays(today, -1);
  const counts = await countDueBetween(read, amsterdamMoment(yesterday, '00:00'), amsterdamMoment(today, '00:00'));
  const expected = Object.values(counts).reduce((sum, n) => sum + n, 0);
  const waiting = counts.pending + counts.sending;
  const delivery = await readDelivery(read, now);
  const dead = await listDeadLetters(read, { page: 1, pageSize: 20 });
  // They go when this one is queued: told of, and not among what a person has to see to.
  const unheard = await deadSummaries(read);
  const audit = await readAudit(read);
  const hold = await readHold(read);
  const backups = await readBackupRecord(read);
  // Who stopped being reminded since the summary before this one; those of longer ago, and who never was, are listed below.
  const lately = await countUnreminded(read, amsterdamMoment(yesterday, SUMMARY_HOUR));
  const unreminded = await listUnreminded(read, secret, now);
  const reports = await countReports(read, amsterdamMoment(yesterday, SUMMARY_HOUR));
  const isWell =
    [lately, waiting, delivery.dead, audit?.missing ?? 0, audit?.stranded ?? 0].every((count) => count === 0) &&
    [delivery.breaker, hold, backups.fault].every((trouble) => trouble === null);
  const lines = [
    ...(hold ? [describeHold(hold), ''] : []),
    `Mails that were due on ${yesterday}: ${expected} = ${counts.sent} sent + ${counts.cancelled} cancelled + ${counts.dead} dead${waiting > 0 ? ` + ${waiting} still waiting` : ''}.`,
    `Due now and not sent: ${delivery.due}${delivery.oldestDueAt ? `, the oldest since ${delivery.oldestDueAt.toISOString()}` : ''}.`,
    delivery.breaker
      ? `Sending is stopped since ${delivery.breaker.since.toISOString()} (${delivery.breaker.cause}): ${delivery.breaker.response}`
      : 'The mail server takes mail.',
    audit ? `Last audit ${audit.at}: ${audit.missing} reminders missing, ${audit.stranded} stranded.` : 'No audit was made yet.',
    ...(backups.madeAt === null ? [] : [`Newest backup: ${backups.madeAt}.`]),
    ...(backups.fault === null ? [] : [`The backup of ${backups.failedAt} failed: ${backups.fault}`]),
    '',
    ...unheard.map(({ reason, response }) => `A summary before this one did not reach you (${reason}): ${response ?? ''}`),
    `Dead letters: ${dead.total - unheard.length}.`,
    ...dead.items.flatMap(({ id, reason, recipient, organisation, response }) =>
      organisation === null ? [] : [`- ${id} ${reason} ${recipient ?? ''} (${organisation.name}): ${response ?? ''}`],
    ),
    ...(dead.total > unheard.length ? ['Send one on with: npm run cli -- dead redrive ID'] : []),
    ...(reports.open === 0
      ? []
      : [
          '',
          `Readers’ reports that an entry is wrong: ${reports.open} open, ${reports.lately} of them new. See: npm run cli -- report list`,
        ]),
    '',
    ...unremindedLines(unreminded),
  ];
  const subject = `Inkoopkalender ${yesterday}: ${isWell ? 'all well' : 'needs a look'} (${counts.sent} sent)`;
  return { subject, text: `${lines.map(cleanLine).join('\n')}\n` };
}

/** So many organisations are listed. */
const MOST_LISTED = 100;

function unremindedLines(unreminded: readonly Unreminded[]): string[] {
  const listed = unreminded.slice(0, MOST_LISTED);
  return [
    `Organisations that nobody is reminded for: ${unreminded.length}.`,
    ...listed.map(({ organisation: { name, unremindedSince }, reasons }) => {
      const why = [...reasons].map(([reason, count]) => `${count} ${WORDS[reason]}`).join(', ');
      return `- ${name}: ${why || 'no recipients'}${unremindedSince ? `, since ${unremindedSince.toISOString()}` : ''}`;
    }),
    ...(unreminded.length > listed.length ? [`- and ${unreminded.length - listed.length} others`] : []),
  ];
}

const WORDS = {
  never_confirmed: 'never confirmed',
  declined: 'declined',
  unsubscribed: 'unsubscribed',
  undeliverable: 'undeliverable',
  paused: 'paused for more than a year',
} satisfies Record<RecipientReason, string>;
