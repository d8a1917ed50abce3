/**
 * The service as it is started, over a store filled with so many organisations; one address may call the API as often as it likes, since every
 * measured call comes from this machine. SIGUSR2 begins to watch the event loop, and again tells how long it was blocked at most.
 */
import { writeFileSync } from 'node:fs';
import { openFeedCache } from '../../db/feeds/cache.ts';
import { openKeyUses } from '../../db/organisations/key-uses.ts';
import { openReadCache } from '../../db/organisations/read-cache.ts';
import { openChange } from '../../db/reminders/change.ts';
import { openMailer } from '../../jobs/transport/mailer.ts';
import { previewEdition } from '../../jobs/preview.ts';
import { startSchedule } from '../../jobs/schedule.ts';
import { prepareStore } from '../../seeds/prepare.ts';
import { buildApp } from '../../server/app.ts';
import { readConfig } from '../../server/config.ts';
import type { Deps } from '../../server/deps.ts';
import { fill } from './fill.ts';
import { startWatching, type Turns } from './turns.ts';

const {
  databaseUrl,
  editorKey,
  host,
  logLevel,
  mailFrom,
  mailUrl,
  port,
  publicUrl,
  retentionMonths,
  secret = '',
} = readConfig(process.env);
const clock = () => new Date();
const { store } = await prepareStore(databaseUrl, clock());
const members = await fill(store, Number(process.env['BENCH_COUNT']), clock());
writeFileSync(process.env['BENCH_MEMBERS']!, JSON.stringify(members));
const cache = openReadCache(store);
const keyUses = openKeyUses();
const feeds = openFeedCache(store, { readCache: cache, publicUrl });
const mailer = openMailer(mailUrl);
let schedule: ReturnType<typeof startSchedule> | undefined;
const change = openChange(store, clock, () => schedule?.ring());
const settings = { publicUrl, secret, from: mailFrom, bounceAddress: undefined };
const preview: Deps['preview'] = async (id, by) => previewEdition({ store, settings }, id, by, clock());
const deps = { read: store.read, change, preview, publicUrl, retentionMonths, secret, editorKey, cache, feeds, keyUses, clock };
const app = await buildApp(deps, { logger: { level: logLevel }, callsPerMinute: Number.MAX_SAFE_INTEGER });
await feeds.publish(clock());
await app.listen({ host, port });
schedule = startSchedule({
  store,
  mailer,
  feeds,
  keyUses,
  clock,
  settings,
  log: app.log,
});
console.log('listening');

let stopWatching: (() => Turns) | undefined;
process.on('SIGUSR2', () => {
  if (stopWatching) {
    const { blocked, byCpu } = stopWatching();
    console.log(`blocked for ${blocked.toFixed(1)} ms, ${byCpu.toFixed(1)} ms by CPU`);
    stopWatching = undefined;
  } else stopWatching = startWatching();
});
process.once('SIGTERM', () => void app.close().then(() => process.exit(0)));
