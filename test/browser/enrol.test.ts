/** A practice manager's way from the calendar page to an enrolled organisation, with nobody's help: form, mailbox, button. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startService, type Service } from '../helpers/service.ts';
import { missesChromium, openPage, startBrowser } from './chromium.ts';

describe.skipIf(missesChromium())('a practice manager in Chromium', () => {
  let folder: string;
  let service: Service;
  let browser: Browser;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-enrol-'));
    service = await startService({ DATABASE_URL: 'file:browser.db', MAIL_URL: 'file:mail', LOG_LEVEL: 'warn' }, { cwd: folder });
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await service?.stop();
    rmSync(folder, { recursive: true });
  });

  /** The text of the mail of a kind, once it is there. */
  const mailOf = async (kind: string) =>
    vi.waitFor(
      async () => {
        const name = readdirSync(join(folder, 'mail')).find((one) => one.includes(`-${kind}-`) && one.endsWith('.eml'));
        expect(name).toBeDefined();
        return (await PostalMime.parse(readFileSync(join(folder, 'mail', name!)))).text!;
      },
      { timeout: 60_000, interval: 200 },
    );

  it('enrols, confirms, and reads the day of the first mail each time, without script', async () => {
    const { page, faults } = await openPage(browser, service.url, { javaScriptEnabled: false });
    await page.goto('/agenda?role=practice&insurer=cz&status=contracted');
    await page.getByRole('link', { name: 'Liever een e-mail?' }).click();
    // What was chosen there stands here.
    expect(await page.getByLabel('Huisartsenpraktijk').isChecked()).toBe(true);
    expect(await page.getByLabel('CZ', { exact: true }).inputValue()).toBe('contracted');
    await page.getByLabel('Naam van uw organisatie').fill('Praktijk De Linde');
    await page.getByRole('button', { name: 'Verder' }).click();
    // The fault leads to its field.
    await page.getByRole('link', { name: 'Vul een volledig e-mailadres in' }).click();
    await page.getByLabel('E-mailadres voor de herinneringen').fill('vera@praktijk.example');
    await page.getByLabel('4 weken van tevoren').check();
    await page.getByRole('button', { name: 'Verder' }).click();
    expect(await page.locator('dl').textContent()).toContain('CZ (met contract)');
    const foretold = await page.getByText('Dan komt de eerste herinnering op').textContent();
    const [day] = /\w+ \d+ \w+ 20\d\d/.exec(foretold!)!;
    await page.getByRole('button', { name: 'Stuur mij de bevestigingsmail' }).click();
    expect(await page.locator('h1').textContent()).toBe('Kijk in uw mailbox');

    const [link] = new RegExp(`${service.url}/aanmelden/[\\w-]{43}`).exec(await mailOf('enrolment'))!;
    await page.goto(link);
    expect(await page.locator('dl').textContent()).toContain('Praktijk De Linde');
    await page.getByRole('button', { name: 'Bevestig de aanmelding' }).click();
    expect(await page.locator('h1').textContent()).toBe('Uw organisatie is aangemeld');
    expect(await page.locator('main').textContent()).toContain(`Uw eerste herinnering komt op ${day}`);
    expect(await mailOf('welcome')).toContain(`Uw eerste herinnering komt op ${day}`);
    expect(await page.context().cookies()).toEqual([]);
    await page.getByRole('link', { name: 'Kies uw agenda' }).click();
    expect(page.url()).toBe(`${service.url}/agenda?role=practice&status=contracted&insurer=cz`);
    expect(faults.filter((fault) => !fault.includes('400 (Bad Request)'))).toEqual([]);
    await page.context().close();
  });
});
