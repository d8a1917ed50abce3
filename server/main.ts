/** Starts the service: here everything is wired, and nowhere else. */
import closeWithGrace from 'close-with-grace';
import { openFeedCache } from '../db/feeds/cache.ts';
import { troublesOf } from '../db/sending/health.ts';
import { bumpForRenderer } from '../db/feeds/upkeep.ts';
import { openReadCache } from '../db/organisations/read-cache.ts';
import { openChange } from '../db/reminders/change.ts';
import type { Store } from '../db/store/store.ts';
import { tryMailFolder, tryMailServer, type MailTrouble } from '../jobs/transport/mail-trial.ts';
import { isRehearsal, openMailer } from '../jobs/transport/mailer.ts';
import { startSchedule } from '../jobs/schedule.ts';
import { makeDemo } from '../seeds/demo.ts';
import { prepareStore } from '../seeds/prepare.ts';
import { buildApp } from './app.ts';
import { readConfig, type Config } from './config.ts';
import { addEnvFile } from './starting/env-file.ts';
import { lineOf, naming } from './starting/fault-line.ts';
import { openLogOutput, type LogOutput } from './starting/log-output.ts';
import { readSecret, settleSecret } from './starting/secret.ts';
import { doubtsAbout } from './starting/start-doubts.ts';

/** How long a stop may take before it is forced; the schedule gives a mail that hangs half of it. */
const STOP_MS = 9000;
/** A reader of the log gets so long for what was written last. */
const LAST_LINES_MS = 500;
/** Who waited for the start is answered before the jobs begin. */
const FIRST_ANSWERS_MS = 100;
/** A service whose jobs got no further for this long is not ready: they look for work four times a minute. */
const STUCK_MS = 3 * 60_000;

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
  // What is wrong with it is said before a database is made.
  readSecret(config.secret);
  const folderTrouble = await naming('MAIL_URL', tryMailFolder(config.mailUrl));
  const { store, report } = await naming('DATABASE_URL', prepareStore(config.databaseUrl, clock()));
  const secret = await settleSecret(store, config.secret);
  await bumpForRenderer(store, clock());
  if (config.isDefaultDatabase) await showDemo(store, config, clock());

  const cache = openReadCache(store);
  const feeds = openFeedCache(store, cache);
  const mailer = openMailer(config.mailUrl);
  const { publicUrl, editorKey } = config;
  // The schedule starts once the service listens; until then nobody rings.
  let schedule: ReturnType<typeof startSchedule> | undefined;
  const startedAt = clock();
  const ready = () => {
    const since = schedule?.lastSeenAt() ?? startedAt;
    const trouble = schedule?.writeTrouble() ?? null;
    return [
      ...(clock().getTime() - since.getTime() > STUCK_MS ? ['The jobs got no further for three minutes.'] : []),
      ...(trouble === null ? [] : [trouble]),
    ];
  };
  const delivery = async () => [
    ...(schedule?.pausedUntil() ? ['The clock jumped ahead: no mail is sent for ten minutes.'] : []),
    ...(await troublesOf(store.read, clock())),
  ];
  const app = await buildApp(
    {
      read: store.read,
      change: openChange(store, clock, () => schedule?.ring()),
      publicUrl,
      secret,
      editorKey,
      cache,
      feeds,
      clock,
      droppedLogLines: output.dropped,
      lastRoundAt: () => schedule?.lastSeenAt() ?? null,
      ready,
      delivery,
    },
    { logger: { level: config.logLevel, stream: output }, trustedProxies: config.trustedProxies },
  );
  const tellMailTrouble = (trouble: MailTrouble | null) => {
    if (trouble) app.log.warn(trouble, 'MAIL_URL: no mail can be handed over now; what is due waits');
  };
  tellMailTrouble(folderTrouble);
  for (const doubt of doubtsAbout(config)) app.log.warn(doubt);
  for (const kept of report.kept) app.log.warn(`registry: ${kept}`);
  let starting: NodeJS.Timeout | undefined;
  let stopping = false;
  // Before it listens: who reads that line may stop it at once.
  closeWithGrace({ delay: STOP_MS, logger: { error: (...args: unknown[]) => app.log.error(args, 'stopping') } }, async ({ err }) => {
    if (err) app.log.fatal({ err }, 'unexpected');
    stopping = true;
    clearTimeout(starting);
    // A caller that never finishes its request must not cost a mail its record.
    const impatient = setTimeout(() => app.server.closeAllConnections(), STOP_MS / 3);
    await Promise.all([app.close(), schedule?.stop(STOP_MS / 2)]);
    clearTimeout(impatient);
    mailer.close();
    await store.close();
    await output.flush(LAST_LINES_MS);
  });
  const address = await naming('HOST and PORT', app.listen({ host: config.host, port: config.port }));
  // The log says so too, unless it is told to say less.
  if (!['trace', 'debug', 'info'].includes(config.logLevel)) console.log(`Inkoopkalender is listening at ${address}`);
  const startJobs = () => {
    schedule = startSchedule({
      store,
      mailer,
      feeds,
      clock,
      settings: { publicUrl, secret, from: config.mailFrom, bounceAddress: config.bounceAddress, operator: config.operatorEmail },
      log: app.log,
    });
    void tryMailServer(config.mailUrl).then(tellMailTrouble);
  };
  // The first round renders the feeds too; whoever asks before that gets them rendered on demand.
  if (!stopping) starting = setTimeout(startJobs, FIRST_ANSWERS_MS);
}

async function showDemo(store: Store, { publicUrl, mailUrl }: Config, now: Date) {
  const demo = await makeDemo(store, now, isRehearsal(mailUrl));
  if (!demo) return;
  console.log(
    [
      '',
      `First start: an example organisation was made, "${demo.name}". Its secrets are shown this once.`,
      `  calendar feed  ${publicUrl}/feeds/${demo.token}.ics`,
      `  key            ${demo.key}`,
      `  mails          ${mailUrl}`,
      `  look around    ${publicUrl}/`,
      '',
    ].join('\n'),
  );
}
