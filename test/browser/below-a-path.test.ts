/** The service below a path of its host in a real browser: what pages load by script and by style is below the path too. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPathProxy, type PathProxy } from '../helpers/path-proxy.ts';
import { freePort, startService, type Service } from '../helpers/service.ts';
import { missesChromium, openPage, startBrowser } from './chromium.ts';

describe.skipIf(missesChromium())('in Chromium, below a path', () => {
  let folder: string;
  let service: Service;
  let browser: Browser;
  // One that takes the path off, and one that does not.
  let proxies: PathProxy[];
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-browser-path-'));
    const target = await freePort();
    const path = '/zorg/inkoop/kalender';
    proxies = await Promise.all([true, false].map(async (strips) => startPathProxy({ target, path, strips })));
    const settings = { DATABASE_URL: 'file:browser.db', MAIL_URL: 'file:mail', SECRET: 's'.repeat(32) };
    service = await startService({ ...settings, PUBLIC_URL: `https://kalender.example${path}` }, { cwd: folder, port: target });
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await service?.stop();
    await Promise.all(proxies.map(async (proxy) => proxy.close()));
    rmSync(folder, { recursive: true });
  });

  it('the reference shows every call and the front page its style, with no error and nothing from elsewhere', async () => {
    for (const { url, outside } of proxies) {
      const { page, faults } = await openPage(browser, url);
      for (const docs of ['/docs', '/docs/static/index.html']) {
        await page.goto(url + docs);
        await page.getByText('/organisations/{id}/messages').waitFor();
      }
      await page.goto(url);
      // Without a style a browser's own font has serifs.
      expect(await page.evaluate<string>('getComputedStyle(document.body).fontFamily')).toContain('sans-serif');
      await page.getByRole('link', { name: 'Inkoopkalender' }).click();
      expect(page.url()).toBe(`${url}/`);
      expect([faults, outside()]).toEqual([[], []]);
      await page.context().close();
    }
  });
});
