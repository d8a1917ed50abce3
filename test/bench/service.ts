/** The service as it is started, save that one address may call the API as often as it likes: every measured call comes from this machine. */
import { openFeedBook } from '../../db/feed-book.ts';
import { openMailer } from '../../jobs/mailer.ts';
import { startSchedule } from '../../jobs/schedule.ts';
import { prepareStore } from '../../seeds/prepare.ts';
import { buildApp } from '../../server/app.ts';
import { readConfig } from '../../server/config.ts';

const { databaseUrl, editorKey, host, logLevel, mailFrom, mailUrl, port, publicUrl, secret = '' } = readConfig(process.env);
const clock = () => new Date();
const { store } = await prepareStore(databaseUrl, clock());
const feeds = openFeedBook(store);
const mailer = openMailer(mailUrl);
let schedule: ReturnType<typeof startSchedule> | undefined;
const deps = { store, publicUrl, secret, editorKey, feeds, clock, ring: () => schedule?.ring() };
const app = await buildApp(deps, { logger: { level: logLevel }, callsPerMinute: Number.MAX_SAFE_INTEGER });
await app.listen({ host, port });
schedule = startSchedule({ store, mailer, feeds, clock, settings: { publicUrl, secret, from: mailFrom }, log: app.log });
console.log('listening');
process.once('SIGTERM', () => void app.close().then(() => process.exit(0)));
