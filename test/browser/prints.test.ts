/** What is printed: the year of an insurer, and of a choice, on one sheet, in letters that can be read. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROLES } from '../../calendars/terms.ts';
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

/** Of a list of dates: how many entries are to be seen, and how many there are; and days that run into what stands beside them. */
const ENTRIES = `(() => {
  const entries = [...document.querySelectorAll('.entries > li')];
  const hits = entries.filter((node) => node.querySelector('.face').getBoundingClientRect().right > node.querySelector('h3').getBoundingClientRect().left);
  return { all: entries.length, printed: entries.filter((node) => node.checkVisibility()).length, hits: hits.map((node) => node.textContent) };
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
        expect({ path, sheets: await sheetsOf(page) }).toEqual({ path, sheets: 1 });
        expect((await page.evaluate<Entries>(ENTRIES)).hits, path).toEqual([]);
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

  it('the year of a choice is one sheet with all of its dates, and says what was chosen and when', async () => {
    const { page } = await openPage(browser, service.url);
    await page.emulateMedia({ media: 'print' });
    const insurers = ['', 'cz', 'zorg-en-zekerheid'];
    const coming = ['', 'contracted', 'uncontracted'].flatMap((contractStatus) =>
      insurers.map((insurer) => ({ insurer, contractStatus, period: '' })),
    );
    const years = ['2022', '2025', '2027', '2028'].map((contractYear) => ({ contractYear, period: 'all' }));
    let most = 0;
    for (const role of ROLES)
      for (const chosen of [...coming, ...years]) {
        const path = `/datums?${new URLSearchParams({ role, ...chosen }).toString()}`;
        await page.goto(path);
        expect({ path, sheets: await sheetsOf(page) }).toEqual({ path, sheets: 1 });
        expect(await page.evaluate<number>(SMALLEST_LETTERS), path).toBeGreaterThanOrEqual(SMALLEST - 0.01);
        const { all, hits, printed } = await page.evaluate<Entries>(ENTRIES);
        expect({ path, printed, hits }).toEqual({ path, printed: all, hits: [] });
        most = Math.max(most, all);
        const said = await page.locator('main').innerText();
        for (const part of [`${service.url}/datums?`, `role=${role}`]) expect(said).toContain(part);
        expect(said).toMatch(/Stand van \d{1,2} \p{L}+ \d{4}/u);
        expect(said).not.toContain('×');
      }
    // A year that is known is full.
    expect(most).toBeGreaterThan(12);
    await page.context().close();
  });

  it('a part of a long list says on paper that it is one', async () => {
    const { page } = await openPage(browser, service.url);
    await page.emulateMedia({ media: 'print' });
    await page.goto('/datums?period=all&kind=all');
    expect(await page.locator('main').innerText()).toMatch(/Dit is deel 1 van [2-9]/);
    await page.goto('/datums');
    expect(await page.locator('main').innerText()).not.toContain('Dit is deel');
    await page.context().close();
  });
});

interface Entries {
  all: number;
  printed: number;
  hits: string[];
}

/** How many sheets of paper a page takes. */
async function sheetsOf(page: Page): Promise<number | undefined> {
  return (await page.pdf({ preferCSSPageSize: true })).toString('latin1').match(/\/Type\s*\/Page\b/g)?.length;
}
