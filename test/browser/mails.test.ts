/** Every mail in a real browser: on a narrow phone and a wide screen, by day and in the dark. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from 'playwright-core';
import { MESSAGE_KINDS } from '../../db/schema/schema.ts';
import { draftOf, render } from '../helpers/drafts.ts';
import { DRAFTS } from '../helpers/every-mail.ts';
import { missesChromium, openPage, startBrowser } from './chromium.ts';

interface Seen {
  /** How many pixels it is wider than the screen. */
  overflow: number;
  smallest: number;
  /** Of the lowest link. */
  lowest: number;
  /** Lines above the very first sentence. */
  lines: number;
}

/** As text: it runs in the page. */
const LOOK = `({
  overflow: document.documentElement.scrollWidth - innerWidth,
  smallest: Math.min(...[...document.querySelectorAll('p, h2, span, a')].map((node) => parseFloat(getComputedStyle(node).fontSize))),
  lowest: Math.min(...[...document.querySelectorAll('a')].map((node) => node.getBoundingClientRect().height)),
  lines: document.querySelectorAll('p[style*="border-top"]:first-child').length,
})`;

describe.skipIf(missesChromium())('a mail in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-mails-'));
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  it.each(MESSAGE_KINDS)(
    'of kind %s fits a narrow phone, follows the dark, is large enough to read and to touch, and loads nothing',
    async (kind) => {
      const file = join(folder, `${kind}.html`);
      writeFileSync(file, (await render(draftOf([], { ...DRAFTS[kind], kind }))).html!);
      const url = `file://${file}`;
      const backgrounds: string[] = [];
      for (const [width, colorScheme] of [
        [320, 'light'],
        [700, 'dark'],
      ] as const) {
        const { page, faults } = await openPage(browser, url, { viewport: { width, height: 600 }, colorScheme });
        await page.goto(url);
        const seen = await page.evaluate<Seen>(LOOK);
        expect(seen.overflow).toBeLessThanOrEqual(0);
        expect([seen.smallest, seen.lines]).toEqual([kind.endsWith('confirmation') ? 16 : 14, 0]);
        expect(seen.lowest).toBeGreaterThanOrEqual(44);
        const shot = await page.screenshot({ clip: { x: 0, y: 0, width: 1, height: 1 } });
        backgrounds.push(shot.toString('base64'));
        expect(faults).toEqual([]);
        await page.context().close();
      }
      expect(backgrounds[0]).not.toBe(backgrounds[1]);
    },
  );
});
