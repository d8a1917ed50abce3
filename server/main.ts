/** Starts the service: here everything is wired, and nowhere else. */
import closeWithGrace from 'close-with-grace';
import { openFeedCache } from '../db/feeds/cache.ts';
import { troublesOf } from '../db/sending/health.ts';
import { bumpForRenderer } from '../db/feeds/upkeep.ts';
import { openKeyUses, type KeyUses } from '../db/organisations/key-uses.ts';
import { openReadCache } from '../db/organisations/read-cache.ts';
import { openChange } from '../db/reminders/change.ts';
import type { Store } from '../db/store/store.ts';
import { backupTroubles, readBackupRecord } from '../db/backup/records.ts';
import { openMigrationBackup, type BackupOutcome } from '../jobs/backups/automatic.ts';
import { tryMailFolder, tryMailServer, type MailTrouble } from '../jobs/transport/mail-trial.ts';
import { folderOf, openMailer, staysOnMachine, type Mailer } from '../jobs/transport/mailer.ts';
import { openOutbox } from '../jobs/transport/outbox.ts';
import { openPing } from '../jobs/ping.ts';
import { previewEdition } from '../jobs/preview.ts';
import { startSchedule, type Schedule } from '../jobs/schedule.ts';
import { makeDemo } from '../seeds/demo.ts';
import { prepareStore } from '../seeds/prepare.ts';
import { canSignIn, showsOutbox, signUpAt } from './access.ts';
import { buildApp } from './app.ts';
import { mailSettingsOf, readConfig, type Config } from './config.ts';
import type { App } from './deps.ts';
import { addEnvFile } from './starting/env-file.ts';
import { lineOf, naming } from './starting/fault-line.ts';
import { openLogOutput, type LogOutput } from './starting/log-output.ts';
import { readSecret, settleSecret } from './starting/secret.ts';
import { readSigningKey } from './starting/signing-key.ts';
import { doubtsAbout } from './starting/start-doubts.ts';

/** How long a stop may take before it is forced; the schedule gives a mail that hangs half of it. */
const STOP_MS = 9000;
/** A reader of the log gets so long for what was written last. */
const LAST_LINES_MS = 500;
/** Who waited for the start is answered before the jobs begin. */
const FIRST_ANSWERS_MS = 100;
/** A service whose jobs got no further for this long is not ready: they look for work four times a minute. */
const STUCK_MS = 3 * 60_000;

const NONE = { sent: 0, refused: 0, uncertain: 0, faulty: 0 };
const NO_MAILS = { organisation: NONE, person: NONE, operator: NONE };

const now = () => new Date();

/** Runs until SIGTERM or SIGINT. What stops the start is said in one line. */
export async function main(): Promise<void> {
  const output = openLogOutput(process, now);
  try {
    addEnvFile(process.env);
    await serve(readConfig(process.env), output, now);
  } catch (error) {
    console.error(`Inkoopkalender cannot start: ${lineOf(error)}`);
    process.exit(1);
  }
}

async function serve(config: Config, output: LogOutput, clock: () => Date): Promise<void> {
  const opened = await openAll(config, clock);
  const { cache, feeds, keyUses, mailer, secret, signingKey, store } = opened;
  const { publicUrl, editorKey } = config;
  const settings = mailSettingsOf(config, { secret, signingKey });
  const jobs: Jobs = { startedAt: clock(), isStopping: false };
  const app = await buildApp(
    {
      read: store.read,
      change: openChange(store, clock, () => jobs.schedule?.ring()),
      preview: async (id, by) => previewEdition({ store, settings }, id, by, clock()),
      publicUrl,
      contact: config.contact,
      operator: config.operator,
      publisher: config.publisher,
      signUp: signUpAt(config),
      outbox: showsOutbox(config) ? openOutbox(folderOf(config.mailUrl)) : undefined,
      retentionMonths: config.retentionMonths,
      secret,
      editorKey,
      cache,
      feeds,
      keyUses,
      clock,
      droppedLogLines: output.dropped,
      // Jobs that never get further were last seen at the start.
      lastRoundAt: () => jobs.schedule?.lastSeenAt() ?? jobs.startedAt,
      lastWriteAt: () => jobs.schedule?.lastWriteAt() ?? jobs.startedAt,
      mailCounts: () => jobs.schedule?.outcomes() ?? NO_MAILS,
      ready: () => readinessTroubles(jobs, clock()),
      delivery: () => deliveryTroubles(jobs, opened, clock()),
    },
    { logger: { level: config.logLevel, stream: output }, trustedProxies: config.trustedProxies },
  );
  tellMailTrouble(app.log, opened.folderTrouble);
  tellMigrationBackup(app.log, opened.migrationBackup);
  for (const doubt of doubtsAbout(config, signingKey?.key)) app.log.warn(doubt);
  for (const deadline of [...opened.report.conflicts, ...opened.report.unproven]) app.log.warn(`registry: ${deadline}`);
  // Before it listens: who reads that line may stop it at once.
  stopGracefully(app, jobs, opened, output);
  const address = await naming('HOST and PORT', app.listen({ host: config.host, port: config.port }));
  // The log says so too, unless it is told to say less.
  if (!['trace', 'debug', 'info'].includes(config.logLevel)) console.log(`Inkoopkalender is listening at ${address}`);
  const startJobs = () => {
    const ping = config.pingUrl === undefined ? undefined : openPing(config.pingUrl, { log: app.log });
    const retentionMonths = config.retentionMonths;
    jobs.schedule = startSchedule({
      store,
      mailer,
      feeds,
      keyUses,
      clock,
      settings,
      ping,
      backups: opened.backups,
      retentionMonths,
      log: app.log,
    });
    void tryMailServer(config.mailUrl).then((trouble) => tellMailTrouble(app.log, trouble));
  };
  // The first round renders the feeds too; whoever asks before that gets them rendered on demand.
  if (!jobs.isStopping) jobs.starting = setTimeout(startJobs, FIRST_ANSWERS_MS);
}

/** The jobs: they start once the service listens, and until then nobody rings. */
interface Jobs {
  schedule?: Schedule;
  starting?: NodeJS.Timeout;
  startedAt: Date;
  isStopping: boolean;
}

/** What the service works with, opened in this order. */
async function openAll(config: Config, clock: () => Date) {
  // What is wrong with it is said before a database is made.
  const present = readSecret(config.secret);
  const signingKey = readSigningKey(config.dkim);
  const folderTrouble = await naming('MAIL_URL', tryMailFolder(config.mailUrl));
  const backups = config.backups === null ? null : { databaseUrl: config.databaseUrl, folder: config.backups };
  const migration = openMigrationBackup(backups && { ...backups, secret: present }, clock());
  const { store, report } = await naming(
    'DATABASE_URL',
    prepareStore(config.databaseUrl, clock(), { loads: config.loadsRegistry, ...migration }),
  );
  const migrationBackup = await migration.settle(store);
  const secret = await settleSecret(store, config.secret);
  await bumpForRenderer(store, clock(), config.publicUrl);
  // The example deals with insurers of the registry's own files.
  if (config.isDefaultDatabase && config.loadsRegistry) await showDemo(store, config, clock());
  const cache = openReadCache(store);
  return {
    backups,
    migrationBackup,
    store,
    report,
    secret,
    signingKey,
    folderTrouble,
    cache,
    feeds: openFeedCache(store, { readCache: cache, publicUrl: config.publicUrl }),
    keyUses: openKeyUses(),
    mailer: openMailer(config.mailUrl),
  };
}

/** What keeps the service from being ready, beside the database. */
function readinessTroubles({ schedule, startedAt }: Jobs, now: Date): string[] {
  const since = schedule?.lastSeenAt() ?? startedAt;
  const trouble = schedule?.writeTrouble() ?? null;
  return [
    ...(now.getTime() - since.getTime() > STUCK_MS ? ['The jobs got no further for three minutes.'] : []),
    ...(trouble === null ? [] : [trouble]),
  ];
}

async function deliveryTroubles(
  { schedule, startedAt }: Jobs,
  { backups, store }: { backups: object | null; store: Store },
  now: Date,
): Promise<string[]> {
  return [
    ...(schedule?.pausedUntil() ? ['The clock jumped ahead: no mail is sent for ten minutes.'] : []),
    ...(await troublesOf(store.read, now)),
    ...(backups === null ? [] : backupTroubles(await readBackupRecord(store.read), startedAt, now)),
  ];
}

function tellMailTrouble(log: App['log'], trouble: MailTrouble | null) {
  if (trouble) log.warn(trouble, 'MAIL_URL: no mail can be handed over now; what is due waits');
}

function tellMigrationBackup(log: App['log'], outcome: BackupOutcome | null) {
  if (outcome && 'fault' in outcome) log.warn(outcome, 'no backup was made before the migration');
  else if (outcome) log.info(outcome, 'backup made before the migration');
}

/** On a signal, or an error that nobody expected: requests and mails at hand are ended, then the store is closed. */
function stopGracefully(
  app: App,
  jobs: Jobs,
  { keyUses, mailer, store }: { keyUses: KeyUses; mailer: Mailer; store: Store },
  output: LogOutput,
) {
  const logger = { error: (...args: unknown[]) => app.log.error(args, 'stopping') };
  closeWithGrace({ delay: STOP_MS, logger }, async ({ err }) => {
    if (err) app.log.fatal({ err }, 'unexpected');
    jobs.isStopping = true;
    clearTimeout(jobs.starting);
    // A caller that never finishes its request must not cost a mail its record.
    const impatient = setTimeout(() => app.server.closeAllConnections(), STOP_MS / 3);
    await Promise.all([app.close(), jobs.schedule?.stop(STOP_MS / 2)]);
    clearTimeout(impatient);
    mailer.close();
    // A key that leaked is looked for by its last use.
    await keyUses.record(store, now(), { atOnce: true }).catch(() => {});
    await store.close();
    await output.flush(LAST_LINES_MS);
  });
}

/** What is to be opened next: the mails, where they are shown, and the organisation's own page, which asks for the code in one of them. */
async function showDemo(store: Store, config: Config, now: Date) {
  const { publicUrl, mailUrl } = config;
  const demo = await makeDemo(store, now, staysOnMachine(mailUrl));
  if (!demo) return;
  console.log(
    [
      '',
      `First start: an example organisation was made, "${demo.name}". Its secrets are shown this once.`,
      `  calendar feed  ${publicUrl}/feeds/${demo.token}.ics`,
      `  key            ${demo.key}`,
      `  mails          ${showsOutbox(config) ? `${publicUrl}/outbox (${mailUrl})` : mailUrl}`,
      ...(demo.manager === null || !canSignIn(config) ? [] : [`  its own page   ${publicUrl}/mijn (sign in as ${demo.manager})`]),
      `  look around    ${publicUrl}/`,
      '',
    ].join('\n'),
  );
}
