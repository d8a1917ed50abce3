/** Every page in a real browser: readable for all, in light and dark, on a small screen, without script and without anything from elsewhere. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Request } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GRACE_MS } from '../../calendars/reminders/news-time.ts';
import { makeEditionsPublic } from '../../db/registry/editions/becoming-public.ts';
import { BY_OPERATOR } from '../../db/registry/audit.ts';
import { makePurchaserLink } from '../../db/registry/purchasers/links.ts';
import { openStore } from '../../db/store/store.ts';
import { signLink } from '../../db/store/secrets.ts';
import type { Body } from '../helpers/app.ts';
import { startService, type Service } from '../helpers/service.ts';
import { missesChromium, openPage, startBrowser } from './chromium.ts';
import { brokenRules, ODDITIES, STOPS, widthOfLargeLetters } from './rules.ts';

const EDITOR_KEY = 'browser-editor-key-0123456789';
const SECRET = 's'.repeat(32);
/** Every page that people see: whoever adds one adds it here, and its path below. English is looked at once. */
const PAGES = [
  'the front page',
  'the front page in English',
  'all dates',
  'all dates in English',
  'a choice of dates',
  'a date in conflict',
  'an assumed date',
  'a report of a mistake',
  'the thanks for a report',
  'all insurers',
  'the year of an insurer',
  'the year of an insurer in English',
  'a year of an insurer of which a policy is known',
  'an insurer that is not known',
  'what changed',
  'what changed in English',
  'a change',
  'a change in English',
  'the open data',
  'the open data in English',
  'nobody’s contract',
  'no contract with an insurer',
  'no contract with an insurer in English',
  'what is kept of people',
  'what is kept of people in English',
  'for whom it works',
  'for whom it works in English',
  'the question for a calendar',
  'a calendar of a choice',
  'a calendar of a choice in English',
  'enrolling an organisation',
  'enrolling an organisation in English',
  'the way to the mailbox',
  'an enrolment that is over',
  'the question who one is',
  'the question who one is in English',
  'a sign-in that is over',
  'a purchaser’s page',
  'a purchaser’s page in English',
  'the confirmation',
  'the way out',
  'a duty that is done',
  'a deadline without mail',
  'an address with nothing',
] as const;

/** Pages that are no success, with what a browser's console says of them. */
const ODD: Record<string, string> = {
  'an address with nothing': '404 (Not Found)',
  'an insurer that is not known': '404 (Not Found)',
  'a sign-in that is over': '410 (Gone)',
  'an enrolment that is over': '410 (Gone)',
};

const LOOKS = (['light', 'dark'] as const).flatMap((scheme) => [320, 768, 1280].map((width) => [scheme, width] as const));

describe.skipIf(missesChromium())('in Chromium', () => {
  let folder: string;
  let service: Service;
  let browser: Browser;
  let recipient: Awaited<ReturnType<typeof addRecipient>>;
  let paths: Record<(typeof PAGES)[number], string>;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-browser-'));
    service = await startService(
      { DATABASE_URL: 'file:browser.db', MAIL_URL: 'file:mail', SECRET, EDITOR_KEY, LOG_LEVEL: 'info' },
      { cwd: folder },
    );
    recipient = await addRecipient(service.url);
    const firstOf = async (query: string) =>
      ((await (await fetch(`${service.url}/api/v1/deadlines?${query}&pageSize=1`)).json()) as Body).items[0].id;
    const deadline = await firstOf('sort=dueOn');
    const assumed = await firstOf('certainty=template&upcoming=true');
    const purchaser = await addPurchaser(`file:${join(folder, 'browser.db')}`);
    const change = await addChange(service.url, `file:${join(folder, 'browser.db')}`);
    paths = {
      'the front page': '/',
      'the front page in English': '/en',
      'all dates': '/datums',
      'all dates in English': '/en/datums',
      'a choice of dates': '/datums?role=ro&contractStatus=contracted&period=all&kind=all&words=zorggroep',
      'a date in conflict': '/datums/19a52a8b-46c0-43a1-b395-467be79a1393',
      'an assumed date': `/datums/${assumed}`,
      'a report of a mistake': `/datums/${assumed}/klopt-niet`,
      'the thanks for a report': `/datums/${assumed}/klopt-niet/bedankt`,
      'all insurers': '/verzekeraars',
      'the year of an insurer': '/verzekeraars/zorg-en-zekerheid',
      'the year of an insurer in English': '/en/verzekeraars/zilveren-kruis',
      'a year of an insurer of which a policy is known': '/verzekeraars/zorg-en-zekerheid/2025',
      'an insurer that is not known': '/verzekeraars/nergens',
      'what changed': '/wijzigingen',
      'what changed in English': '/en/wijzigingen?insurer=zorg-en-zekerheid',
      'a change': `/wijzigingen/${change}`,
      'a change in English': `/en/wijzigingen/${change}`,
      'the open data': '/open-data',
      'the open data in English': '/en/open-data',
      'nobody’s contract': '/geen-contract',
      'no contract with an insurer': '/geen-contract?insurer=zorg-en-zekerheid',
      'no contract with an insurer in English': '/en/geen-contract?insurer=cz',
      'what is kept of people': '/privacy',
      'what is kept of people in English': '/en/privacy',
      'for whom it works': '/toegankelijkheid',
      'for whom it works in English': '/en/toegankelijkheid',
      'the question for a calendar': '/agenda?role=',
      'a calendar of a choice': '/agenda?role=practice&status=contracted&insurer=cz,vgz',
      'a calendar of a choice in English': '/en/agenda?role=ro',
      'enrolling an organisation': '/aanmelden?role=practice&insurer=cz,vgz&status=contracted',
      'enrolling an organisation in English': '/en/aanmelden',
      'the way to the mailbox': '/aanmelden/verstuurd',
      'an enrolment that is over': `/aanmelden/${'x'.repeat(43)}`,
      'the question who one is': '/inloggen',
      'the question who one is in English': '/en/inloggen',
      'a sign-in that is over': '/inloggen/q7Zt0c',
      'a purchaser’s page': `/inkoper/${purchaser}`,
      'a purchaser’s page in English': `/en/inkoper/${purchaser}`,
      'the confirmation': `/confirm/${signLink(SECRET, 'confirm', recipient.id)}`,
      'the way out': `/unsubscribe/${signLink(SECRET, 'unsubscribe', recipient.id)}`,
      'a duty that is done': `/done/${signLink(SECRET, 'done', `${recipient.id}:${deadline}`)}`,
      'a deadline without mail': `/mute/${signLink(SECRET, 'mute', `${recipient.id}:${deadline}`)}`,
      'an address with nothing': '/nergens',
    };
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await service?.stop();
    rmSync(folder, { recursive: true });
  });

  it.each(PAGES)('%s can be read by all, in light and dark, on every width', async (name) => {
    const { page, faults } = await openPage(browser, service.url);
    await page.goto(paths[name]);
    const looks = name.endsWith('in English') ? [['light', 320] as const] : LOOKS;
    for (const [colorScheme, width] of looks) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      // WCAG 1.4.10: no scrolling to the side.
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      expect({ colorScheme, width, broken: await brokenRules(page, colorScheme) }).toEqual({ colorScheme, width, broken: [] });
      expect(await page.evaluate(ODDITIES), `${colorScheme} ${width}`).toEqual([]);
    }
    expect(await widthOfLargeLetters(page)).toBeLessThanOrEqual(320);
    expect(faults).toEqual(name in ODD ? [expect.stringContaining(ODD[name]!)] : []);
    await page.context().close();
  });

  it('the front page says in the first 600 pixels of a phone what is due next: when, what, who, and how sure that is', async () => {
    const { page } = await openPage(browser, service.url, { viewport: { width: 320, height: 600 } });
    await page.goto('/');
    const first = page.locator('.entries > li').first();
    for (const part of ['.face .weekday', '.face .number', '.face .month', 'h3', '.who', '.certainty', '.insurers']) {
      const box = await first.locator(part).first().boundingBox();
      expect(box!.y + box!.height, part).toBeLessThanOrEqual(600);
      expect((await first.locator(part).first().textContent())!.trim()).not.toBe('');
    }
    await page.context().close();
  });

  it('what somebody chose stands on the screen of a phone at once: the dates, and the last day to ask for a contract', async () => {
    const { page } = await openPage(browser, service.url, { viewport: { width: 320, height: 640 } });
    await page.goto('/');
    await page.getByLabel('Welke verzekeraar?').selectOption('cz');
    await page.getByRole('button', { name: 'Toon de datums' }).click();
    await page.waitForURL('**/datums?*#found');
    const bottomOf = async (part: string) => page.evaluate<number>(`document.querySelector('${part}').getBoundingClientRect().bottom`);
    expect(await bottomOf('.entries .certainty')).toBeLessThanOrEqual(640);
    await page.getByRole('link', { name: 'Geen contract?' }).click();
    await page.getByLabel('Verzekeraar').selectOption('zorg-en-zekerheid');
    await page.getByRole('button', { name: 'Bekijk' }).click();
    await page.waitForURL('**/geen-contract?*');
    expect(await bottomOf('.entries .face')).toBeLessThanOrEqual(640);
    await page.context().close();
  });

  it('the front page takes at most 60 kB over the wire, cold, and shows the year in one way at a time', async () => {
    for (const [width, shown] of [
      [1280, '.pictured'],
      [639, '.listed'],
    ] as const) {
      const { page } = await openPage(browser, service.url, { viewport: { width, height: 800 } });
      const requests: Request[] = [];
      page.on('requestfinished', (request) => requests.push(request));
      await page.goto('/', { waitUntil: 'networkidle' });
      const sizes = await Promise.all(requests.map(async (request) => request.sizes()));
      const bytes = sizes.reduce((sum, { responseBodySize, responseHeadersSize }) => sum + responseBodySize + responseHeadersSize, 0);
      expect(requests.length).toBeGreaterThanOrEqual(2);
      expect(bytes).toBeGreaterThan(5000);
      expect(bytes).toBeLessThanOrEqual(60_000);
      for (const one of ['.pictured', '.listed']) expect(await page.locator(one).isVisible(), one).toBe(one === shown);
      await page.context().close();
    }
  });

  it.each(PAGES)('%s is walked through by keyboard, and always shows where one is', async (name) => {
    const { page } = await openPage(browser, service.url, { viewport: { width: 1280, height: 800 } });
    await page.goto(paths[name]);
    await page.keyboard.press('Tab');
    expect(await page.evaluate<string>('document.activeElement.getAttribute("href")')).toBe('#content');
    const count = await page.evaluate<number>(
      `[...document.querySelectorAll(${JSON.stringify(STOPS)})].filter((node) => node.checkVisibility()).length`,
    );
    for (let stop = 1; stop < count; stop += 1) {
      await page.keyboard.press('Tab');
      const outline = await page.evaluate<string>('getComputedStyle(document.activeElement).outlineStyle + document.activeElement.tagName');
      expect(outline, `stop ${stop} of ${count}`).toMatch(/^(solid|auto)(A|BUTTON|INPUT|SELECT|SUMMARY|TEXTAREA)$/);
    }
    await page.context().close();
  });

  // Swagger UI breaks rules of its own (labels, nested buttons), so that axe is asked for contrast alone.
  it('the reference shows every call, with no error and nothing from elsewhere, also on a phone', async () => {
    const { page, faults } = await openPage(browser, service.url);
    await page.goto('/docs/');
    await page.getByText('/organisations/{id}/messages').waitFor();
    expect(faults).toEqual([]);
    // On a phone too, with a call open: what is wide scrolls in its own place.
    await page.setViewportSize({ width: 320, height: 800 });
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
    await page.locator('.opblock-summary-control').nth(2).click();
    await page.locator('.responses-table').waitFor();
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
    await expect(page.getByRole('button', { name: 'Explore' }).isVisible()).resolves.toBe(false);
    await page.context().close();
  });

  it.each(['light', 'dark'] as const)('the reference has letters that can be read in the %s, with a call open', async (colorScheme) => {
    const { page } = await openPage(browser, service.url, { colorScheme });
    await page.goto('/docs/');
    await page.locator('.opblock-summary-control').nth(2).click();
    await page.locator('.responses-table .microlight').first().waitFor();
    const { passes, violations } = await new AxeBuilder({ page }).withRules(['color-contrast']).analyze();
    expect(violations.flatMap(({ nodes }) => nodes.map(({ html }) => html))).toEqual([]);
    expect(passes.flatMap(({ nodes }) => nodes).length).toBeGreaterThan(100);
    await page.context().close();
  });

  it('copies what is to be used letter for letter, and takes a report of a mistake, by keyboard and without script', async () => {
    const scripted = await openPage(browser, service.url, { permissions: ['clipboard-read', 'clipboard-write'] });
    await scripted.page.goto(paths['a date in conflict']);
    await scripted.page.getByRole('button', { name: 'Kopieer het e-mailadres' }).press('Enter');
    await scripted.page.getByText('Gekopieerd').waitFor();
    expect(await scripted.page.evaluate<string>('navigator.clipboard.readText()')).toBe('zorginkoop.huisartsen@zorgenzekerheid.nl');
    await scripted.page.context().close();

    const { page, faults } = await openPage(browser, service.url, { javaScriptEnabled: false });
    await page.goto(paths['a date in conflict']);
    expect(await page.getByRole('button').count()).toBe(0);
    await page.getByRole('link', { name: 'Meld een fout' }).press('Enter');
    await page.getByLabel('Wat klopt er niet?').fill('De dag is verschoven.');
    await page.getByRole('button', { name: 'Verstuur de melding' }).press('Enter');
    await page.getByRole('heading', { name: 'Dank u, uw melding is bewaard' }).waitFor();
    expect([scripted.faults, faults]).toEqual([[], []]);
    await page.context().close();
  });

  it('confirms and unsubscribes without script, by keyboard', async () => {
    const { page, faults } = await openPage(browser, service.url, { javaScriptEnabled: false });
    const pressButtonAt = async (path: string) => {
      await page.goto(path);
      const answer = page.waitForResponse((response) => response.request().method() === 'POST');
      // The way out stands below the settings.
      await page.locator('form[method=post] button:not([name])').last().press('Enter');
      return (await answer).status();
    };
    expect(await recipient.status()).toBe('pending');
    expect(await pressButtonAt(paths['the confirmation'])).toBe(200);
    expect(await recipient.status()).toBe('confirmed');
    expect(await pressButtonAt(paths['the way out'])).toBe(200);
    expect(await recipient.status()).toBe('unsubscribed');
    // The same page now offers the way back, which is asked by mail.
    expect(await pressButtonAt(paths['the way out'])).toBe(200);
    expect(await recipient.status()).toBe('pending');
    expect(faults).toEqual([]);
    await page.context().close();
  });
});

/** The page's id of a change: another consequence of accounts whose day stays. Its ten minutes are over at once. */
async function addChange(url: string, databaseUrl: string): Promise<string> {
  const accounts = `${url}/api/v1/deadlines/e9f83029-dcdf-4516-9844-10e154cf25b6`;
  const { revision } = (await (await fetch(accounts)).json()) as Body;
  const reason = 'De verzekeraar legde uit wat er volgt op een jaarrekening die te laat komt.';
  const consequence = { text: 'Zonder jaarrekening volgt geen voorschot.', modality: 'possible', kind: 'penalty' };
  const answer = await fetch(`${accounts}/revisions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${EDITOR_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ baseRevision: revision, reason, announcedOn: '2026-11-20', consequence }),
  });
  expect(answer.status).toBe(201);
  const store = await openStore(databaseUrl);
  await makeEditionsPublic(store, new Date(Date.now() + GRACE_MS));
  await store.close();
  return ((await (await fetch(`${url}/api/v1/changes`)).json()) as Body).items[0].id;
}

/** The token of a link for the purchaser of an insurer. */
async function addPurchaser(databaseUrl: string): Promise<string> {
  const store = await openStore(databaseUrl);
  const { token } = await store.write((tx) => makePurchaserLink(tx, 'zorg-en-zekerheid', { by: BY_OPERATOR, now: new Date() }));
  await store.close();
  return token;
}

/** A recipient of a new organisation. */
async function addRecipient(url: string): Promise<{ id: string; status: () => Promise<string> }> {
  const call = async (method: string, path: string, key: string, body?: object) => {
    const headers = { authorization: `Bearer ${key}`, ...(body ? { 'content-type': 'application/json' } : {}) };
    const answer = await fetch(`${url}/api/v1${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as Body;
  };
  const organisation = await call('POST', '/organisations', EDITOR_KEY, { name: 'Regio Zuid', roles: ['ro'], insurers: [] });
  const recipients = `/organisations/${organisation.id}/recipients`;
  const { id } = await call('POST', recipients, organisation.key, { email: 'contract@regio.example' });
  return { id, status: async () => (await call('GET', recipients, organisation.key)).items[0].status };
}
