/** `remind`: who would get what at a moment, or the sending itself. */
import { InvalidArgumentError, type Command } from 'commander';
import { amsterdamDay, isDay } from '../../calendars/days.ts';
import { AppError } from '../../calendars/errors.ts';
import type { AgendaItem } from '../../calendars/agenda/concern.ts';
import type { Deadline } from '../../calendars/deadlines/deadline.ts';
import type { Reader } from '../../calendars/terms.ts';
import { repeatQuestions } from '../../db/recipients/repeated-questions.ts';
import type { Draft } from '../../db/sending/composing.ts';
import { staysOnMachine, openMailer } from '../../jobs/transport/mailer.ts';
import { planNow } from '../../jobs/plan.ts';
import { rehearse, type RehearsedMail } from '../../jobs/rehearsal.ts';
import { sendDue } from '../../jobs/sending/send.ts';
import { openSendersPlace, thisProcess, isRunning } from '../../jobs/sending/senders-place.ts';
import { describeHold, readHold } from '../../db/messages/hold.ts';
import { otherSender, type Sender } from '../../db/sending/senders.ts';
import { mailSettingsOf } from '../config.ts';
import { readSigningKey } from '../starting/signing-key.ts';
import { printOne, printRows, type OutputOptions } from './output.ts';
import type { Store } from '../../db/store/store.ts';
import { inSession, type Session } from './session.ts';

export function remindCommand(program: Command): void {
  program
    .command('remind')
    .description('plan and send the reminders that are due; not while the service runs, which does it by itself')
    .option(
      '--at <moment>',
      'as if it were this moment, as 2024-09-16T07:30:00+02:00; sends only to a folder or a mail server on this machine',
      readMoment,
    )
    .option('--dry-run', 'show every mail that would leave by the end of that day and to whom it would go, and change nothing')
    .option('--json')
    .action(remind);
}

interface RemindOptions extends OutputOptions {
  at?: Date;
  dryRun?: boolean;
}

async function remind({ at, dryRun = false, json = false }: RemindOptions) {
  await inSession(async (session, store) => {
    if (dryRun) return printPreview(await rehearse(store, await session.secret(), at ?? session.now), json);
    if (at !== undefined && !staysOnMachine(session.config.mailUrl)) {
      throw new AppError('invalid', '--at sends only where MAIL_URL is a folder or a mail server on this machine.');
    }
    await send(session, store, { at: at ?? session.now, json });
  });
}

async function send({ config, now, secret }: Session, store: Store, { at, json }: { at: Date; json: boolean }) {
  const signing = { secret: await secret(), signingKey: readSigningKey(config.dkim) };
  const other = await otherSender(store.read, thisProcess(), now, isRunning);
  if (other) throw alreadySending(other);
  const hold = await readHold(store.read);
  if (hold) throw new AppError('conflict', describeHold(hold));
  const begun = performance.now();
  /** Goes on from a moment, so that what takes long has moments of its own. */
  const from = (moment: Date) => () => new Date(moment.getTime() + performance.now() - begun);
  const place = openSendersPlace(store, from(now));
  const holder = await place.take();
  if (holder) throw alreadySending(holder);
  const mailer = openMailer(config.mailUrl);
  const renewing = setInterval(() => void place.renew().catch(() => {}), RENEW_MS);
  try {
    const { planned } = await planNow({ store }, at);
    await repeatQuestions(store, signing.secret, at);
    const settings = mailSettingsOf(config, signing);
    const results = await sendDue({ store, mailer, settings, holder: place.holder, clock: from(at) }, at);
    const sent = results.filter(({ kind }) => kind === 'sent').length;
    // What was recalled comes again by itself, and is tried in the same run when it is still due.
    const unsent = results.filter(({ kind }) => kind !== 'sent' && kind !== 'recalled').length;
    printOne({ planned, sent, 'not sent': unsent }, { json });
    if (unsent > 0) process.exitCode = 1;
  } finally {
    clearInterval(renewing);
    mailer.close();
    await place.leave();
  }
}

/** How often to say that this process still sends. */
const RENEW_MS = 30_000;

function alreadySending({ pid, host }: Sender): AppError {
  return new AppError(
    'conflict',
    `A service sends the mails of this database already (process ${pid} on ${host}). Stop it first, or use --dry-run.`,
  );
}

/** A row for each deadline and own date that a mail tells of, or one for a mail that tells of none. */
function printPreview(mails: readonly RehearsedMail[], json: boolean) {
  const rows = mails.flatMap(({ message: { dueAt, kind }, draft }) => {
    const { organisation, recipient, to } = draft;
    const mail = { kind, to, recipient: recipient.email, organisation: organisation.name, sendOn: amsterdamDay(dueAt) };
    const deadlines = deadlinesIn(draft);
    return deadlines.length > 0 ? deadlines.map((deadline) => ({ ...mail, ...deadline })) : [{ ...mail, ...NO_DEADLINE }];
  });
  printRows(rows, { json }, ({ deadlineId: _, as: __, ...row }) => row);
}

type DeadlineRow = Pick<Deadline, 'dueOn' | 'lastSafeOn'> & {
  leadDays: number | null;
  insurer: string | null;
  title: string | null;
  certainty: Deadline['certainty'] | null;
  as: Reader | null;
  deadlineId: string | null;
};

const NO_DEADLINE: DeadlineRow = {
  leadDays: null,
  insurer: null,
  title: null,
  dueOn: null,
  lastSafeOn: null,
  certainty: null,
  as: null,
  deadlineId: null,
};

function deadlinesIn({ changes, due, steps, undone }: Draft): DeadlineRow[] {
  return [
    ...due.map(({ item, leadDays }) => rowOf(item, leadDays)),
    ...steps.map(({ step: { dueOn, title }, leadDays }) => ({ ...NO_DEADLINE, title, dueOn, lastSafeOn: dueOn, leadDays })),
    ...changes.map(({ after, insurerName, as }) => rowOf({ deadline: after, insurerName, as })),
    ...undone.map(({ item }) => rowOf(item)),
  ];
}

function rowOf(
  { deadline, insurerName, as }: Pick<AgendaItem, 'deadline' | 'insurerName' | 'as'>,
  leadDays: number | null = null,
): DeadlineRow {
  const { certainty, dueOn, id: deadlineId, lastSafeOn, title } = deadline;
  return { leadDays, insurer: insurerName, title, dueOn, lastSafeOn, certainty, as, deadlineId };
}

/** A moment with its offset from UTC: without one, nobody knows which moment is meant. */
function readMoment(text: string): Date {
  const moment = new Date(text);
  if (
    !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(\.\d+)?(Z|[+-]\d{2}:\d{2})$/.test(text) ||
    !isDay(text.slice(0, 10)) ||
    Number.isNaN(moment.getTime())
  ) {
    throw new InvalidArgumentError('It must be a moment with its offset, as 2024-09-16T07:30:00+02:00.');
  }
  return moment;
}
