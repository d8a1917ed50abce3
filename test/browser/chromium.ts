/** Debian's Chromium for tests of pages, without a way to anywhere but the service. */
import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';

/** Whether there is no Chromium here; one line says so. In CI that is an error. */
export function missesChromium(): boolean {
  if (existsSync(CHROMIUM)) return false;
  const line = 'browser tests skipped: no Chromium here (Debian: apt install chromium)';
  if (process.env['CI']) throw new Error(`CI runs all: ${line}`);
  console.warn(line);
  return true;
}

export async function startBrowser(): Promise<Browser> {
  // In containers one is often root, for whom Chromium has no sandbox, and has little shared memory.
  const chromiumSandbox = process.getuid?.() !== 0;
  return chromium.launch({ executablePath: CHROMIUM, chromiumSandbox, args: ['--disable-dev-shm-usage'] });
}

/** A page of its own, and what went wrong on it: errors in the console, and requests to any other place than the service. */
export async function openPage(
  browser: Browser,
  home: string,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; faults: string[] }> {
  const context = await browser.newContext({ baseURL: home, locale: 'nl-NL', reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(`${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(home) && !request.url().startsWith('data:')) faults.push(`asks ${request.url()}`);
  });
  return { page, faults };
}
