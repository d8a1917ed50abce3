/** One round of the work that keeps the service true to its store: what is done, and in which order. */
import type { FeedCache } from '../db/feeds/cache.ts';
import { readBreaker } from '../db/sending/breaker.ts';
import type { Audience } from '../db/messages/personal-mails.ts';
import type { KeyUses } from '../db/organisations/key-uses.ts';
import type { Store } from '../db/store/store.ts';
import { backUpDaily } from './backups/automatic.ts';
import type { WithdrawalsList } from './backups/withdrawals-list.ts';
import type { MailSettings } from './mails/compose.ts';
import type { Ping } from './ping.ts';
import type { ErasureWatch } from './removing/erasing.ts';
import type { Forgetting } from './removing/forgetting.ts';
import { planNow } from './plan.ts';
import { projectWhenDue } from './project.ts';
import { publishFeeds } from './publish.ts';
import type { ClockWatch } from './sending/clock-watch.ts';
import type { HoldNotice } from './sending/hold-notice.ts';
import { sendDue, type SendResult } from './sending/send.ts';
import type { SendersPlace } from './sending/senders-place.ts';
import type { Mailer } from './transport/handover.ts';
import { auditNow, tellOperator } from './watch.ts';
import type { RetentionWatch } from './removing/retention.ts';
import { tellEditors } from './work-mails.ts';
import type { WriteWatch } from './write-watch.ts';

/** Where jobs say what they did; pino's own shape. */
interface Log {
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What a round works with. */
export interface Work {
  store: Store;
  mailer: Mailer;
  feeds: FeedCache;
  keyUses: KeyUses;
  settings: MailSettings;
  clock: () => Date;
  log: Log;
  place: SendersPlace;
  jumps: ClockWatch;
  holds: HoldNotice;
  writes: WriteWatch;
  /** Hears of each round in which all went well, where somebody watches from outside. */
  ping?: Ping | undefined;
  /** How many mails to whom went which way since the process started. */
  outcomes: Record<Audience, Record<SendResult['kind'], number>>;
  erasures: ErasureWatch;
  forgetting: Forgetting;
  retention: RetentionWatch;
  /** Where backups are made of; null where none are made. */
  backups: { databaseUrl: string; folder: string } | null;
  /** The list of withdrawals beside them; null where none are made. */
  list: WithdrawalsList | null;
  /** What outlives its round: mails whose server is slow to answer, a backup. */
  parked: Set<Promise<unknown>>;
  /** The ids of the messages that are claimed and in work. */
  underWay: Set<string>;
  /** Whether the process is to end: then nothing else is begun. */
  isStopping: () => boolean;
  /** Whether another round is asked for: then sending stops after the mails at hand. */
  isWanted: () => boolean;
  /** Hears that the round got further. */
  getFurther: () => void;
}

/** `held`: no mail leaves here, though nothing failed. */
type Step = (work: Work, signal: AbortSignal) => Promise<void | 'held'>;

/** In this order: a slow mail server holds up nothing else. */
const STEPS: readonly [what: string, step: Step][] = [
  ['listing withdrawals', async ({ clock, list, store }) => void (await list?.write(store, clock()))],
  ['projecting', project],
  ['planning', plan],
  ['publishing', async ({ clock, feeds, store }) => void (await publishFeeds({ store, feeds }, clock()))],
  ['writing down fetches', async ({ clock, feeds }) => void (await feeds.recordFetches(clock()))],
  ['writing down uses of keys', async ({ clock, keyUses, store }) => void (await keyUses.record(store, clock()))],
  ['erasing', erase],
  ['forgetting', async ({ clock, forgetting }) => forgetting.check(clock())],
  ['summing up', sumUp],
  ['telling editors', tellOfWork],
  ['saying that mail is held', async ({ holds, store }) => holds.check(store.read)],
  ['sending', send],
  ['auditing', audit],
  ['purging', purge],
  ['backing up', async (work, signal) => backUp(work, signal)],
];

/** Does one round, until `signal` breaks it off. What fails is logged, and tried again in the next one. */
export async function runRound(work: Work, signal: AbortSignal): Promise<void> {
  const isPaused = work.jumps.check();
  await work.writes.check();
  // A day that may not be today would cancel what passes before it, and end what is shown until then.
  if (isPaused) return;
  let isGood = true;
  for (const [what, step] of STEPS) {
    if (work.isStopping()) return;
    if (!(await attempt(work, what, () => step(work, signal)))) isGood = false;
  }
  if (isGood && !signal.aborted) await attempt(work, 'telling that all goes well', () => tellOutside(work));
}

/** Does work of which a failure is logged and goes no further. Gives whether all is well. */
export async function attempt({ log }: Pick<Work, 'log'>, what: string, work: () => ReturnType<Step>): Promise<boolean> {
  try {
    return (await work()) !== 'held';
  } catch (error) {
    log.error({ err: error }, `${what} failed`);
    return false;
  }
}

async function tellOutside({ ping, store }: Work) {
  if ((await readBreaker(store.read)) === null) ping?.send();
}

async function project({ clock, log, store }: Work) {
  const added = await projectWhenDue(store, clock());
  if (added !== null) log.info({ added }, 'projected timelines');
}

async function plan({ clock, log, store }: Work) {
  const planned = await planNow({ store }, clock());
  if (planned.planned + planned.cancelled > 0) log.info({ ...planned }, 'planned reminders');
  if (planned.missed) log.error({ missed: planned.missed }, 'reminders came too late: their deadlines passed while nothing was planned');
}

async function erase({ clock, erasures, log }: Work) {
  const removed = await erasures.check(clock());
  if (removed) log.info({ removed }, 'erased mails removed from their folder');
}

async function sumUp({ clock, log, settings: { operator, secret }, store }: Work) {
  if (operator !== undefined && (await tellOperator({ store, secret }, operator, clock()))) log.info({}, 'operator told');
}

async function tellOfWork({ clock, log, store }: Work) {
  const told = await tellEditors(store, clock());
  if (told) log.info({ told }, 'editors told');
}

async function send(work: Work, signal: AbortSignal): ReturnType<Step> {
  const { clock, isWanted, log, mailer, parked, place, settings, store, underWay } = work;
  const other = await place.take(underWay);
  if (other) {
    log.error({ host: other.host, pid: other.pid }, 'another process sends the mails of this database');
    return 'held';
  }
  const report = (result: SendResult, audience: Audience) => reportMail(work, result, audience);
  await sendDue({ store, mailer, settings, clock, parked, underWay, signal, isWanted, report, holder: place.holder }, clock());
}

function reportMail({ getFurther, log, outcomes }: Work, { kind, ...rest }: SendResult, audience: Audience) {
  getFurther();
  outcomes[audience][kind] += 1;
  if (kind === 'sent') log.info(rest, 'mail sent');
  else if (kind === 'recalled') log.info({ id: rest.id }, 'mail recalled before it left');
  else log.error({ id: rest.id, err: rest.error }, `mail ${kind}`);
}

/** Nobody waits for it but the end of the process. */
function backUp({ backups, clock, log, parked, settings: { secret }, store }: Work, signal: AbortSignal) {
  if (backups === null) return;
  const making = attempt({ log }, 'backing up', async () => {
    const outcome = await backUpDaily(store, { ...backups, secret }, clock(), signal);
    if (outcome && 'fault' in outcome) log.error(outcome, 'no backup was made');
    else if (outcome) log.info(outcome, 'backup made');
  }).finally(() => parked.delete(making));
  parked.add(making);
}

async function audit({ clock, log, settings: { secret }, store }: Work) {
  const result = await auditNow({ store, secret }, clock());
  if (result && result.missing.length + result.stranded > 0) log.error({ ...result }, 'reminders are missing');
}

async function purge({ clock, log, retention }: Work) {
  const purged = await retention.check(clock());
  if (purged) log.info({ ...purged }, 'purged what was kept long enough');
}
