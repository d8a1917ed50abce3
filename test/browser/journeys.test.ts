/** What people come for, from the front page on: with script, without, and by keyboard alone; and once on PostgreSQL. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectReadAlike } from '../clients/read-alike.ts';
import { readCalendar } from '../helpers/calendars.ts';
import { startService, type Service } from '../helpers/service.ts';
import { onBothDialects } from '../helpers/stores.ts';
import { missesChromium, openPage, startBrowser } from './chromium.ts';
import { walkByKeyboard, walkByMouse, type Walker } from './walker.ts';

const MOST_INTERACTIONS = 6;
const EXPECTED = '/calendars/selection.ics?role=practice&status=contracted&insurer=cz';
const DOCUMENT = 'OpenAPI 3.1 (JSON)';

interface Way {
  options: BrowserContextOptions;
  walk: (page: Page) => Walker;
}
const WAYS: Record<'with script' | 'without script' | 'by keyboard alone', Way> = {
  'with script': { options: { permissions: ['clipboard-read', 'clipboard-write'] }, walk: walkByMouse },
  'without script': { options: { javaScriptEnabled: false }, walk: walkByMouse },
  'by keyboard alone': { options: { viewport: { width: 1280, height: 800 } }, walk: walkByKeyboard },
};
/** With script they go on both databases; of these the pages are alike. */
const OTHERS = ['without script', 'by keyboard alone'] as const;

describe.skipIf(missesChromium())('from the front page', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(async () => browser?.close());

  /** Walks from the front page, and looks that nothing went wrong on the way. */
  async function walkFrom(home: string, { options, walk }: Way, journey: (walker: Walker) => Promise<void>): Promise<void> {
    const { page, faults } = await openPage(browser, home, options);
    await page.goto('/');
    await journey(walk(page));
    expect(faults).toEqual([]);
    await page.context().close();
  }

  describe('on SQLite', () => {
    let folder: string;
    let service: Service;
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-journeys-'));
      service = await startService({ DATABASE_URL: 'file:browser.db', ...SETTINGS }, { cwd: folder });
    });
    afterAll(async () => {
      await service?.stop();
      rmSync(folder, { recursive: true });
    });

    it.each(OTHERS)('a stranger subscribes in at most six steps, %s', async (name) => {
      await walkFrom(service.url, WAYS[name], async (walker) => void (await subscribe(walker, service.url)));
    });

    it.each(OTHERS)('a provider without contract finds day, mailbox, subject and requirements, %s', async (name) => {
      await walkFrom(service.url, WAYS[name], findRequest);
    });

    it.each(OTHERS)('an integrator finds the document of the API and a first answer, %s', async (name) => {
      await walkFrom(service.url, WAYS[name], findDocument);
    });

    it('an integrator asks for the first answer in the reference, by keyboard alone', async () => {
      await walkFrom(service.url, WAYS['by keyboard alone'], askInReference);
    });

    it('a stranger copies the link that the app would open', async () => {
      await walkFrom(service.url, WAYS['with script'], async (walker) => {
        const opened = await subscribe(walker, service.url);
        await walker.press('Kopieer de link');
        expect(walker.count()).toBeLessThanOrEqual(MOST_INTERACTIONS);
        await walker.page.getByText('Gekopieerd').waitFor();
        expect(await walker.page.evaluate<string>('navigator.clipboard.readText()')).toBe(opened);
      });
    });
  });

  onBothDialects('with script', (_, urlOf) => {
    it('everybody finds what he comes for, and Debian’s programs read the calendar alike', async () => {
      const databaseUrl = await urlOf();
      const folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-journeys-'));
      const service = await startService({ DATABASE_URL: databaseUrl, ...SETTINGS }, { cwd: folder });
      try {
        for (const journey of [async (walker: Walker) => subscribe(walker, service.url), findRequest, findDocument, askInReference])
          await walkFrom(service.url, WAYS['with script'], async (walker) => void (await journey(walker)));
        await expectReadAlike(folder, service.url + EXPECTED, (await calendarAt(service.url + EXPECTED)).body);
      } finally {
        await service.stop();
        rmSync(folder, { recursive: true });
      }
    });
  });
});

const SETTINGS = { MAIL_URL: 'file:mail', SECRET: 's'.repeat(32), LOG_LEVEL: 'warn' };

/** As a practice that has a contract with CZ. Gives the address that its app opens, with one step more. */
async function subscribe(walker: Walker, home: string): Promise<string> {
  const { page } = walker;
  await walker.follow('In uw agenda');
  await walker.choose('Wie bent u?', 'Huisartsenpraktijk');
  await walker.tick('CZ');
  await walker.choose('Hebt u een contract', 'Ja, met contract');
  await walker.send('Maak mijn agenda');
  expect(walker.count() + 1).toBeLessThanOrEqual(MOST_INTERACTIONS);
  const app = (await page.getByRole('link', { name: 'iPhone, iPad of Mac' }).getAttribute('href'))!;
  expect(app).toMatch(/^webcal:/);
  const address = app.replace('webcal:', 'http:');
  expect(address).toBe(home + EXPECTED);
  // What cannot be copied by a button can be selected.
  expect((await page.locator('.copyable .text').first().textContent())!.trim()).toBe(address);
  const shown = await page.locator('.calendar-preview .title').allTextContents();
  const { titles } = await calendarAt(address);
  expect(shown.length).toBeGreaterThan(1);
  for (const title of shown) expect(titles).toContain(title.trim());
  return address;
}

/** How to ask Zorg en Zekerheid for a contract. */
async function findRequest(walker: Walker): Promise<void> {
  const { page } = walker;
  await walker.follow('Geen contract?');
  await walker.choose('Verzekeraar', 'Zorg en Zekerheid');
  await walker.send('Bekijk');
  expect(walker.count()).toBe(3);
  const ask = page.locator('section[aria-labelledby=ask]');
  const day = ask.locator('.entries > li').first();
  expect((await day.locator('.face').innerText()).replaceAll(/\s+/g, ' ')).toMatch(/^(ma|di|wo|do|vr|za|zo) 31 aug 20\d\d$/);
  expect(await day.locator('.certainty').innerText()).toContain('verwacht');
  const texts = await ask.locator('.copyable .text').allInnerTexts();
  expect(texts).toEqual(['zorginkoop.huisartsen@zorgenzekerheid.nl', 'Verzoek zorgovereenkomst multidisciplinaire zorg']);
  const mail = await ask.getByRole('link', { name: 'Schrijf de mail met dit onderwerp' }).getAttribute('href');
  expect(mail).toBe(`mailto:${texts[0]}?subject=${encodeURIComponent(texts[1]!)}`);
  expect(await page.locator('section[aria-labelledby=requirements] .what').count()).toBeGreaterThan(10);
}

/** The document that programs read, and the request that is given as an example. */
async function findDocument(walker: Walker): Promise<void> {
  const { page } = walker;
  const shown = async () => JSON.parse(await page.locator('body').innerText()) as Record<string, never>;
  await walker.follow(DOCUMENT);
  const { openapi, paths } = await shown();
  expect(openapi).toMatch(/^3\.1/);
  expect(Object.keys(paths!)).toContain('/deadlines');
  await page.goBack();
  await walker.follow('Voorbeeld: de komende 90 dagen');
  const { items, page: at } = await shown();
  expect(items).toBeInstanceOf(Array);
  expect(at).toBeTruthy();
  expect(walker.count()).toBe(2);
}

/** In the reference, which is made by script: opens a call, sends it as it stands, and gets an answer. */
async function askInReference(walker: Walker): Promise<void> {
  const { page } = walker;
  await walker.follow('Uitleg van de API');
  await page.getByText('/organisations/{id}/messages').waitFor();
  await walker.press('All insurers, by name');
  await walker.press('Try it out');
  await walker.press('Execute');
  await page.locator('.live-responses-table .response-col_status', { hasText: '200' }).waitFor();
  expect(walker.count()).toBe(4);
}

/** The calendar behind an address, sound in our linter and ical.js; of the practice that chose CZ and has a contract. */
async function calendarAt(address: string): Promise<{ body: string; titles: string[] }> {
  const answer = await fetch(address);
  expect([answer.status, answer.headers.get('content-type'), answer.headers.get('content-disposition')]).toEqual([
    200,
    'text/calendar; charset=utf-8',
    null,
  ]);
  const body = Buffer.from(await answer.arrayBuffer());
  const { name, events } = readCalendar(body);
  expect(name).toBe('Inkoopkalender huisartsenpraktijk CZ');
  expect(events.length).toBeGreaterThan(1);
  return { body: body.toString(), titles: events.map(({ title }) => title) };
}
