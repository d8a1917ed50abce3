/** The service watches itself: once an hour it looks for reminders that nobody planned, once a day it tells who runs it how yesterday went. */
import { setImmediate } from 'node:timers/promises';
import { cleanLine } from '../calendars/clean-text.ts';
import { addDays, amsterdamDay, amsterdamMoment } from '../calendars/days.ts';
import { auditReminders, readAudit, saveAudit, type Audit } from '../db/audit.ts';
import { countDueBetween, readDelivery } from '../db/delivery.ts';
import { listDeadLetters } from '../db/dead-letters.ts';
import type { Store } from '../db/store.ts';
import { countUnreminded, listUnreminded } from '../db/unreminded.ts';
import { noteOrganisation, readSetting, saveSetting } from '../db/versions.ts';
import type { Mailer } from './handover.ts';
import { loadComposer, loadInTurns } from './nodemailer.ts';
import type { MailSettings } from './mails/compose.ts';

/** So many organisations are noted in one transaction. */
const AT_ONCE = 20;
const TOLD = 'operator_told';
/** When the operator's summary leaves, by the clocks of Amsterdam: after the mails of most people. */
const SUMMARY_HOUR = '08:30';

/** Audits once an hour. What is missing is planned anew in the next round; null when it was done already. */
export async function auditNow({ store }: { store: Store }, now: Date): Promise<Audit | null> {
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
  return audit;
}

/** Tells the operator once a day how the day before went. True when a mail was sent. */
export async function tellOperator(
  { store, mailer, settings }: { store: Store; mailer: Mailer; settings: MailSettings },
  operator: string,
  now: Date,
): Promise<boolean> {
  const today = amsterdamDay(now);
  if (now < amsterdamMoment(today, SUMMARY_HOUR) || (await readSetting(store.read, TOLD)) === today) return false;
  const { subject, text } = await summarise(store, today, now);
  const domain = settings.from.slice(settings.from.lastIndexOf('@') + 1);
  await loadInTurns();
  const composer = new (loadComposer())({
    from: { name: 'Inkoopkalender', address: settings.from },
    to: { name: '', address: operator },
    subject,
    // The same all day: a second copy, after a crash, is known as one.
    messageId: `<operator.${today}@${domain}>`,
    date: now,
    text,
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  await mailer.send({ from: settings.from, to: operator, name: `${today}-operator` }, await composer.compile().build());
  await store.write((tx) => saveSetting(tx, TOLD, today));
  return true;
}

async function summarise(store: Store, today: string, now: Date): Promise<{ subject: string; text: string }> {
  const { read } = store;
  const yesterday = addDays(today, -1);
  const counts = await countDueBetween(read, amsterdamMoment(yesterday, '00:00'), amsterdamMoment(today, '00:00'));
  const expected = Object.values(counts).reduce((sum, n) => sum + n, 0);
  const waiting = counts.pending + counts.sending;
  const delivery = await readDelivery(read, now);
  const dead = await listDeadLetters(read, { page: 1, pageSize: 20 });
  const audit = await readAudit(read);
  // Who lost its last recipient since the summary before this one; those of longer ago are listed below.
  const unreminded = await countUnreminded(read, amsterdamMoment(yesterday, SUMMARY_HOUR));
  const listed = await listUnreminded(read);
  const wrong = unreminded.lately + waiting + delivery.dead + (audit?.missing ?? 0) + (audit?.stranded ?? 0) + (delivery.breaker ? 1 : 0);
  const lines = [
    `Mails that were due on ${yesterday}: ${expected} = ${counts.sent} sent + ${counts.cancelled} cancelled + ${counts.dead} dead${waiting > 0 ? ` + ${waiting} still waiting` : ''}.`,
    `Due now and not sent: ${delivery.due}${delivery.oldestDueAt ? `, the oldest since ${delivery.oldestDueAt.toISOString()}` : ''}.`,
    delivery.breaker
      ? `Sending is stopped since ${delivery.breaker.since.toISOString()} (${delivery.breaker.cause}): ${delivery.breaker.response}`
      : 'The mail server takes mail.',
    audit ? `Last audit ${audit.at}: ${audit.missing} reminders missing, ${audit.stranded} stranded.` : 'No audit was made yet.',
    '',
    `Dead letters: ${dead.total}.`,
    ...dead.items.map(
      ({ id, reason, recipient, organisation, response }) =>
        `- ${id} ${reason} ${recipient ?? ''} (${organisation?.name}): ${response ?? ''}`,
    ),
    ...(dead.total > 0 ? ['Send one on with: npm run cli -- dead redrive ID'] : []),
    '',
    `Organisations that lost their last recipient: ${unreminded.all}.`,
    ...listed.map(({ name, unremindedSince }) => `- ${name}, since ${unremindedSince!.toISOString()}`),
    ...(unreminded.all > listed.length ? [`- and ${unreminded.all - listed.length} others`] : []),
  ];
  const subject = `Inkoopkalender ${yesterday}: ${wrong === 0 ? 'all well' : 'needs a look'} (${counts.sent} sent)`;
  return { subject, text: `${lines.map(cleanLine).join('\n')}\n` };
}
