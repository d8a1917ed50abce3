/** People in a real browser: they sign in, invite a colleague who accepts, and hand over. On each page they meet all can read. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import PostalMime from 'postal-mime';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Body } from '../helpers/app.ts';
import { runCli, startService, type Service } from '../helpers/service.ts';
import { missesChromium, openPage, startBrowser } from './chromium.ts';
import { faultsOn } from './rules.ts';

const EDITOR_KEY = 'browser-editor-key-0123456789';
const [ANNA, BERT] = ['anna@regio.example', 'bert.van.den.heuvel-met-een-lange-naam@regio.example'];

describe.skipIf(missesChromium())('people in Chromium', () => {
  let folder: string;
  let service: Service;
  let browser: Browser;
  let id: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-people-'));
    const settings = { DATABASE_URL: 'file:people.db', MAIL_URL: 'file:mail', SECRET: 's'.repeat(32), LOG_LEVEL: 'info' };
    service = await startService({ ...settings, EDITOR_KEY }, { cwd: folder });
    const headers = { authorization: `Bearer ${EDITOR_KEY}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ name: 'Regio Zuid', roles: ['ro'], insurers: [] });
    const made = await fetch(`${service.url}/api/v1/organisations`, { method: 'POST', headers, body });
    ({ id } = (await made.json()) as Body);
    const added = await runCli(['member', 'add', '--organisation', id, '--email', ANNA], { ...settings, PUBLIC_URL: service.url }, folder);
    expect(added).toMatchObject({ code: 0 });
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await service?.stop();
    rmSync(folder, { recursive: true });
  });

  /** The text of the newest mail to an address of which a line fits. */
  const mailTo = async (address: string, pattern: RegExp): Promise<string> =>
    vi.waitFor(
      async () => {
        const files = readdirSync(join(folder, 'mail')).filter((name) => name.endsWith('.eml'));
        const mails = await Promise.all(files.map(async (name) => PostalMime.parse(readFileSync(join(folder, 'mail', name)))));
        const fitting = mails.filter(({ text, to }) => to?.[0]?.address === address && pattern.test(text ?? ''));
        const [newest] = fitting.sort((a, b) => Date.parse(b.date ?? '') - Date.parse(a.date ?? ''));
        return pattern.exec(newest?.text ?? '')![1]!;
      },
      { timeout: 60_000 },
    );
  const press = async (page: Page, name: string) => page.getByRole('main').getByRole('button', { name }).press('Enter');

  it('sign in by code or link, invite, accept and hand over, by keyboard', async () => {
    const { page, faults } = await openPage(browser, service.url);
    const broken: string[] = [];
    const look = async () => broken.push(...(await faultsOn(page)));

    await page.goto(`/o/${id}/leden`);
    await page.getByLabel('Uw e-mailadres').fill(ANNA);
    await press(page, 'Stuur mij een code');
    await page.getByRole('heading', { name: 'Vul de code in' }).waitFor();
    await look();
    await page.getByLabel('Code uit de mail').fill(await mailTo(ANNA, /is ([A-Z\d]{3} [A-Z\d]{3})\./));
    await press(page, 'Inloggen');
    // Where one wanted to go.
    await page.getByRole('heading', { name: 'Leden van Regio Zuid' }).waitFor();
    await page.getByLabel('E-mailadres').fill(BERT);
    await page.getByLabel('Rol').selectOption('reader');
    await press(page, 'Stuur de uitnodiging');
    await page.getByText('De uitnodiging is onderweg.').waitFor();
    await look();
    for (const path of ['/mijn/account', '/uitloggen', '/']) {
      await page.goto(path);
      await look();
    }

    const other = await openPage(browser, service.url);
    await other.page.goto(await mailTo(BERT, /(http\S+\/uitnodiging\/\S+)/));
    broken.push(...(await faultsOn(other.page)));
    await press(other.page, 'Neem de uitnodiging aan');
    await other.page.getByRole('main').getByRole('link', { name: 'Inloggen' }).press('Enter');
    await other.page.getByLabel('Uw e-mailadres').fill(BERT);
    await press(other.page, 'Stuur mij een code');
    await other.page.goto(await mailTo(BERT, /(http\S+\/inloggen\/\S+)/));
    broken.push(...(await faultsOn(other.page)));
    await press(other.page, 'Inloggen');
    await other.page.getByRole('banner').getByRole('button', { name: 'Uitloggen' }).waitFor();

    await page.goto(`/o/${id}/leden`);
    await page.getByRole('link', { name: `Wijzig ${BERT}` }).press('Enter');
    await page.getByRole('heading', { name: BERT }).waitFor();
    await look();
    await press(page, 'Draag het beheer over');
    await page.getByText('Het beheer is overgedragen.').waitFor();
    await page.getByRole('banner').getByRole('button', { name: 'Uitloggen' }).press('Enter');
    await page.getByRole('heading', { name: 'U bent uitgelogd' }).waitFor();
    await page.goBack();
    await page.goto(`/o/${id}/leden`);
    await page.getByRole('heading', { name: 'Inloggen' }).waitFor();
    expect([broken, faults, other.faults]).toEqual([[], [], []]);
    await page.context().close();
    await other.page.context().close();
  });
});
