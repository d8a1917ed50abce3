/** `npm run pictures [FOLDER]`: the pages as people see them, for the README; of a service of its own, as it is today. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { missesChromium, openPage, startBrowser } from './browser/chromium.ts';
import { startService } from './helpers/service.ts';

interface Picture {
  name: string;
  path: string;
  width: 320 | 1280;
  dark?: boolean;
  /** How much of the page is shown, in pixels, where that is not as usual. */
  height?: number;
}

/** Whoever adds a page that is worth a look adds it here. One that does not exist yet is told of and left out. */
const PICTURES: readonly Picture[] = [
  { name: 'home', path: '/', width: 1280 },
  { name: 'home-dark', path: '/', width: 1280, dark: true },
  { name: 'home-phone', path: '/', width: 320 },
  { name: 'home-phone-dark', path: '/', width: 320, dark: true },
  { name: 'dates', path: '/datums', width: 1280, height: 800 },
  { name: 'insurer', path: '/verzekeraars/zorg-en-zekerheid', width: 1280, height: 800 },
  { name: 'entry-phone', path: '/datums/19a52a8b-46c0-43a1-b395-467be79a1393', width: 320 },
  { name: 'no-contract-phone', path: '/geen-contract?insurer=zorg-en-zekerheid', width: 320 },
  { name: 'subscribe-phone', path: '/agenda?role=practice&status=contracted&insurer=cz,vgz', width: 320 },
];
/** As usual: of a long page the beginning. */
const HEIGHTS = { 320: 1000, 1280: 1100 };
const MOST_BYTES = 150_000;

const images = resolve(process.argv[2] ?? join(import.meta.dirname, '../docs/images'));
if (missesChromium()) process.exit(1);
const folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-pictures-'));
// On an address of this computer alone the page of a calendar leaves out most of its buttons.
const settings = { DATABASE_URL: 'file:pictures.db', MAIL_URL: 'file:mail', LOG_LEVEL: 'fatal', PUBLIC_URL: 'https://kalender.example' };
const service = await startService(settings, { cwd: folder });
const browser = await startBrowser();
try {
  mkdirSync(images, { recursive: true });
  for (const picture of PICTURES) await take(browser, picture);
} finally {
  await browser.close();
  await service.stop();
  rmSync(folder, { recursive: true });
}

async function take(browser: Browser, { dark = false, name, path, width, height = HEIGHTS[width] }: Picture): Promise<void> {
  const colorScheme = dark ? 'dark' : 'light';
  // What is small is taken twice as fine, so that it can be read beside text.
  const deviceScaleFactor = width === 320 ? 2 : 1;
  const { page } = await openPage(browser, service.url, {
    viewport: { width, height },
    colorScheme,
    deviceScaleFactor,
    reducedMotion: 'reduce',
  });
  const answer = await page.goto(path);
  if (answer?.status() !== 200) console.log(`${name}: left out, ${path} answers ${answer?.status()}`);
  else {
    const devtools = await page.context().newCDPSession(page);
    // A third of a PNG, and read by all that show a README.
    const { data } = await devtools.send('Page.captureScreenshot', { format: 'webp', quality: 80 });
    const bytes = Buffer.from(data, 'base64');
    if (bytes.length > MOST_BYTES) throw new Error(`${name} has ${bytes.length} bytes; at most ${MOST_BYTES} stand in a README`);
    writeFileSync(join(images, `${name}.webp`), bytes);
    console.log(`${name}: ${Math.round(bytes.length / 1000)} kB`);
  }
  await page.context().close();
}
