/** What is printed: an insurer's year on one sheet, in letters that can be read. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Body } from '../helpers/app.ts';
import { startService, type Service } from '../helpers/service.ts';
import { missesChromium, openPage, startBrowser } from './chromium.ts';

/** 8 points, as pixels of CSS. */
const SMALLEST = 8 * (96 / 72);
/** The smallest letters of all that is to be seen. As text: it runs in the page. */
const SMALLEST_LETTERS = `Math.min(...[...document.querySelectorAll('main *')]
  .filter((node) => node.checkVisibility() && [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim() !== ''))
  .map((node) => parseFloat(getComputedStyle(node).fontSize)))`;
/** How many lines are to be seen, and how many there are. */
const LINES = `(() => {
  const lines = [...document.querySelectorAll('.shelf > ul > li')];
  return { all: lines.length, printed: lines.filter((node) => node.checkVisibility()).length };
})()`;

describe.skipIf(missesChromium())('on paper', () => {
  let folder: string;
  let service: Service;
  let browser: Browser;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-prints-'));
    service = await startService({ DATABASE_URL: 'file:prints.db', MAIL_URL: 'file:mail', SECRET: 's'.repeat(32) }, { cwd: folder });
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await service?.stop();
    rmSync(folder, { recursive: true });
  });

  it('every year of every insurer is one sheet, and says how many lines it leaves out and where they stand', async () => {
    const ask = async (path: string) => (await (await fetch(`${service.url}/api/v1/${path}`)).json()) as Body;
    const { page } = await openPage(browser, service.url);
    await page.emulateMedia({ media: 'print' });
    let cut = 0;
    for (const { slug } of (await ask('insurers')).items) {
      const { timelines } = await ask(`insurers/${slug}`);
      for (const { contractYear } of timelines) {
        const path = `/verzekeraars/${slug}/${contractYear}`;
        await page.goto(path);
        const pages = (await page.pdf({ preferCSSPageSize: true })).toString('latin1').match(/\/Type\s*\/Page\b/g);
        expect({ path, pages: pages?.length }).toEqual({ path, pages: 1 });
        expect(await page.evaluate<number>(SMALLEST_LETTERS), path).toBeGreaterThanOrEqual(SMALLEST - 0.01);
        const { all, printed } = await page.evaluate<{ all: number; printed: number }>(LINES);
        const note = await page.locator('.on-paper').allInnerTexts();
        const counts = [...note.join(' ').matchAll(/(\p{L}+) \((\d+) regels?\)/gu)].filter(([, title]) => title !== 'opmerkingen');
        expect({ path, missing: counts.reduce((sum, [, , count]) => sum + Number(count), 0) }).toEqual({ path, missing: all - printed });
        if (all > printed) {
          cut += 1;
          expect(note.join(' ')).toContain(`${service.url}${path}`);
        }
      }
    }
    // The fullest do not fit: else nothing was shown by this.
    expect(cut).toBeGreaterThan(0);
    await page.context().close();
  });
});
