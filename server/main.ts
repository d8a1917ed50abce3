/** Starts the service: here everything is wired, and nowhere else. */
import { existsSync } from 'node:fs';
import closeWithGrace from 'close-with-grace';
import { AppError } from '../calendars/errors.ts';
import { openFeedBook } from '../db/feed-book.ts';
import { bumpForRenderer } from '../db/feed-upkeep.ts';
import type { Store } from '../db/store.ts';
import { openMailer } from '../jobs/mailer.ts';
import { startSchedule } from '../jobs/schedule.ts';
import { makeDemo } from '../seeds/demo.ts';
import { prepareStore } from '../seeds/prepare.ts';
import { buildApp } from './app.ts';
import { readConfig, readSecret, type Config } from './config.ts';

/** How long a stop may take before it is forced; the schedule gives a mail that hangs half of it. */
const STOP_MS = 9000;
/** A service whose jobs have not ended a round for this long is not ready. A mail server that hangs after the body takes 12 minutes of it. */
const STUCK_MS = 15 * 60_000;

/** Runs until SIGTERM or SIGINT. What stops the start is said in one line. */
export async function main(): Promise<void> {
  try {
    if (existsSync('.env')) process.loadEnvFile('.env');
    await serve(readConfig(process.env), () => new Date());
  } catch (error) {
    console.error(`Inkoopkalender cannot start: ${lineOf(error)}`);
    process.exit(1);
  }
}

async function serve(config: Config, clock: () => Date): Promise<void> {
  const secret = readSecret(config.secret);
  const { store, report } = await prepareStore(config.databaseUrl, clock());
  await bumpForRenderer(store, clock());
  if (config.isDefaultDatabase) await showDemo(store, config, clock());

  const feeds = openFeedBook(store);
  const mailer = openMailer(config.mailUrl);
  const { publicUrl, editorKey } = config;
  // The schedule starts when the service listens; until then nobody rings.
  let schedule: ReturnType<typeof startSchedule> | undefined;
  const startedAt = clock();
  const ready = async () => {
    const since = schedule?.lastEndedAt() ?? startedAt;
    return clock().getTime() - since.getTime() > STUCK_MS ? ['The jobs have not ended a round for a quarter of an hour.'] : [];
  };
  const app = await buildApp(
    { store, publicUrl, secret, editorKey, feeds, clock, ring: () => schedule?.ring(), ready },
    { logger: { level: config.logLevel }, trustedProxies: config.trustedProxies },
  );
  for (const kept of report.kept) app.log.warn(`registry: ${kept}`);
  await feeds.publish(clock());
  await app.listen({ host: config.host, port: config.port });
  schedule = startSchedule({ store, mailer, feeds, clock, settings: { publicUrl, secret, from: config.mailFrom }, log: app.log });

  closeWithGrace({ delay: STOP_MS, logger: { error: (...args: unknown[]) => app.log.error(args, 'stopping') } }, async ({ err }) => {
    if (err) app.log.fatal({ err }, 'unexpected');
    await app.close();
    await schedule?.stop(STOP_MS / 2);
    mailer.close();
    await store.close();
  });
}

async function showDemo(store: Store, { publicUrl, mailUrl }: Config, now: Date) {
  const demo = await makeDemo(store, now);
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

function lineOf(error: unknown): string {
  if (error instanceof AppError) return [error.message, ...error.faults.map(({ field, message }) => `${field} ${message}`)].join('; ');
  // A refused connection is an AggregateError without a message of its own.
  const { message, code } = error as { message?: string; code?: string };
  return (message || code || String(error)).replaceAll(/\s+/g, ' ');
}
