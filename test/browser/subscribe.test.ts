/** A stranger's way from the front page to a calendar: with script, without, and by keyboard alone. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listWithKhal, importWithKhal, readTable } from '../clients/khal.ts';
import { byUid, dayAndTitle, readByIcalendar, rowsOf, type Row } from '../clients/rows.ts';
import { missingTools, runTool } from '../clients/tools.ts';
import { readCalendar } from '../helpers/calendars.ts';
import { startService, type Service } from '../helpers/service.ts';
import { missesChromium, openPage, startBrowser } from './chromium.ts';

/** A click or a filled field; walking with the tabulator is none. */
const MOST_INTERACTIONS = 6;
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

describe.skipIf(missesChromium())('a stranger in Chromium', () => {
  let folder: string;
  let service: Service;
  let browser: Browser;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-subscribe-'));
    const settings = { DATABASE_URL: 'file:browser.db', MAIL_URL: 'file:mail', SECRET: 's'.repeat(32), LOG_LEVEL: 'warn' };
    service = await startService(settings, { cwd: folder });
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await service?.stop();
    rmSync(folder, { recursive: true });
  });

  /** What is done on a page, counted. */
  function counted() {
    let count = 0;
    const act = async (what: Promise<unknown>) => {
      count += 1;
      await what;
    };
    return { act, count: () => count };
  }

  /** The calendar behind an address, sound in our linter and ical.js; of the practice that chose CZ and has a contract. */
  async function calendarAt(address: string): Promise<{ body: string; titles: string[] }> {
    const answer = await fetch(address.replace('webcal:', 'http:'));
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

  const EXPECTED = '/calendars/selection.ics?role=practice&status=contracted&insurer=cz';

  it('subscribes in at most six steps, and finds in the calendar what the page showed', async () => {
    const { page, faults } = await openPage(browser, service.url, { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.goto('/');
    const { act, count } = counted();
    await act(page.getByRole('link', { name: 'In uw agenda' }).click());
    await act(page.getByLabel('Wie bent u?').selectOption('practice'));
    await act(page.getByLabel('CZ', { exact: true }).check());
    await act(page.getByLabel('Hebt u een contract').selectOption('contracted'));
    await act(page.getByRole('button', { name: 'Maak mijn agenda' }).click());
    const apple = await page.getByRole('link', { name: 'iPhone, iPad of Mac' }).getAttribute('href');
    await act(page.getByRole('button', { name: 'Kopieer de link' }).click());
    await page.getByText('Gekopieerd').waitFor();
    expect(count()).toBeLessThanOrEqual(MOST_INTERACTIONS);
    const copied = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(copied).toBe(service.url + EXPECTED);
    expect(apple!.replace('webcal:', 'http:')).toBe(copied);
    const shown = await page.locator('.calendar-preview .title').allTextContents();
    const { titles } = await calendarAt(copied);
    expect(shown.length).toBeGreaterThan(1);
    for (const title of shown) expect(titles).toContain(title.trim());
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('subscribes without script', async () => {
    const { page, faults } = await openPage(browser, service.url, { javaScriptEnabled: false });
    await page.goto('/');
    const { act, count } = counted();
    await act(page.getByRole('link', { name: 'In uw agenda' }).click());
    await act(page.getByLabel('Wie bent u?').selectOption('practice'));
    await act(page.getByLabel('CZ', { exact: true }).check());
    await act(page.getByLabel('Hebt u een contract').selectOption('contracted'));
    await act(page.getByRole('button', { name: 'Maak mijn agenda' }).click());
    // And one more, on the app or to select the link.
    expect(count() + 1).toBeLessThanOrEqual(MOST_INTERACTIONS);
    // What cannot be copied by a button can be selected.
    await expect(page.getByRole('button', { name: 'Kopieer de link' }).isVisible()).resolves.toBe(false);
    const link = (await page.locator('.copyable .text').textContent())!.trim();
    expect(link).toBe(service.url + EXPECTED);
    await calendarAt((await page.getByRole('link', { name: 'iPhone, iPad of Mac' }).getAttribute('href'))!);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('subscribes by keyboard alone', async () => {
    const { page, faults } = await openPage(browser, service.url, { viewport: { width: 1280, height: 800 } });
    await page.goto('/');
    /** Walks on until it stands on what fits. */
    const walkTo = async (test: string) => {
      for (let stop = 0; stop < 80; stop += 1) {
        await page.keyboard.press('Tab');
        if (await page.evaluate<boolean>(`(${test})(document.activeElement)`)) return;
      }
      throw new Error(`nothing on the way is ${test}`);
    };
    let presses = 0;
    const press = async (key: string) => {
      presses += 1;
      await page.keyboard.press(key);
    };
    await walkTo(`(node) => node.textContent.trim() === 'In uw agenda'`);
    await press('Enter');
    await page.waitForURL('**/agenda');
    await walkTo(`(node) => node.name === 'role'`);
    presses += 1;
    await page.keyboard.type('Huisarts');
    await walkTo(`(node) => node.value === 'cz'`);
    await press('Space');
    await walkTo(`(node) => node.name === 'status'`);
    presses += 1;
    await page.keyboard.type('Ja');
    await walkTo(`(node) => node.textContent.trim() === 'Maak mijn agenda'`);
    await press('Enter');
    await page.waitForURL('**/agenda?role=practice*');
    await walkTo(`(node) => node.href?.startsWith('webcal:')`);
    // Enter there gives it to the app.
    expect(presses + 1).toBeLessThanOrEqual(MOST_INTERACTIONS);
    await calendarAt(await page.evaluate<string>('document.activeElement.href'));
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('gets a calendar that Debian’s programs read alike', async () => {
    const missing = missingTools('python3-vobject', 'python3-icalendar', 'libical-dev', 'calcurse', 'khal');
    const url = service.url + EXPECTED;
    const { body } = await calendarAt(url);
    const file = join(folder, 'selection.ics');
    writeFileSync(file, body);
    const expected = rowsOf(body);
    if (!missing.has('python3-vobject'))
      expect(byUid(JSON.parse(await runTool(folder, 'python3', here('../clients/read-vobject.py'), url)) as Row[])).toEqual(expected);
    if (!missing.has('python3-icalendar'))
      expect(byUid(JSON.parse(await runTool(folder, 'python3', here('../clients/read-icalendar.py'), url)) as Row[])).toEqual(
        readByIcalendar(expected),
      );
    if (!missing.has('libical-dev')) {
      const program = join(folder, 'read-libical');
      await runTool(folder, 'gcc', '-o', program, here('../clients/read-libical.c'), '-lical');
      const rows = readTable(await runTool(folder, program, file)).map((row) => ({
        ...row,
        on: row.on.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3'),
      }));
      expect(byUid(rows)).toEqual(expected);
    }
    if (!missing.has('calcurse'))
      expect(await runTool(folder, 'calcurse', '-D', join(folder, 'calcurse'), '-i', file)).toMatch(
        new RegExp(`^0 apps / ${expected.length} events? / 0 todos / 0 skipped$`, 'm'),
      );
    if (!missing.has('khal')) {
      await importWithKhal(folder, join(folder, 'khal'), file);
      expect(dayAndTitle(await listWithKhal(folder, join(folder, 'khal')))).toEqual(dayAndTitle(expected));
    }
  });
});
