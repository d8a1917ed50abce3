/** The pages of an organisation in a real browser: readable for all. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFeed } from '../../db/feeds/feeds.ts';
import { createOrganisation } from '../../db/organisations/organisations.ts';
import { addStep, completeStep, listSteps } from '../../db/organisations/steps/steps.ts';
import { endSession, openSession } from '../../db/people/sessions.ts';
import { addRecipient, confirmRecipient } from '../../db/recipients/recipients.ts';
import type { Store } from '../../db/store/store.ts';
import { prepareStore } from '../../seeds/prepare.ts';
import type { App } from '../../server/deps.ts';
import { cookieName } from '../../server/pages/session/cookies.ts';
import { appFor } from '../helpers/app.ts';
import { signInMailAt } from '../helpers/browser.ts';
import { memberOf } from '../helpers/people.ts';
import { freePort } from '../helpers/service.ts';
import { missesChromium, openPage, startBrowser } from './chromium.ts';
import { faultsOn } from './rules.ts';

/** Long from now: by its own clock the browser has to keep the cookies that it is given. */
const NOW = new Date('2036-11-05T10:00:00Z');
const EMAIL = 'marga@delinde.example';
/** Each page, below the organisation's. */
const PAGES = [
  '',
  '/datums/DUTY',
  '/gebeurtenissen',
  '/eigen-datums',
  '/verzekeraars',
  '/ontvangers',
  '/ontvangers/RECIPIENT',
  '/agenda',
  '/agenda/FEED',
  '/leden',
  '/berichten',
  '/sleutels',
  '/gegevens',
] as const;

describe.skipIf(missesChromium())('the pages of an organisation in Chromium', () => {
  let folder: string;
  let store: Store;
  let app: App;
  let browser: Browser;
  let url: string;
  let ids: Record<'id' | 'DUTY' | 'FEED' | 'RECIPIENT' | 'person', string>;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-rooms-'));
    ({ store } = await prepareStore(`file:${join(folder, 'rooms.db')}`, NOW));
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    ({ app } = await appFor(store, { publicUrl: url, clock: () => NOW }));
    await app.listen({ host: '127.0.0.1', port });
    ids = await store.write(async (tx) => {
      const insurers = [
        { insurer: 'zorg-en-zekerheid', contractStatus: 'uncontracted' as const, preferred: false },
        { insurer: 'cz', contractStatus: 'contracted' as const, preferred: true },
      ];
      const { id } = await createOrganisation(tx, { name: 'De Linde', language: 'nl', roles: ['practice'], parent: null, insurers }, NOW);
      const recipient = await addRecipient(tx, id, { email: 'post@delinde.example', leadDays: [42, 14], digest: 'weekly' }, NOW);
      await confirmRecipient(tx, recipient.id, NOW);
      const feed = await createFeed(tx, id, { label: 'Agenda kantoor' }, NOW);
      for (const dueOn of ['2036-11-12', '2036-10-01'])
        await addStep(tx, id, { title: 'Begroting rond', dueOn, deadlineId: null, ownerId: recipient.id }, NOW);
      const done = await addStep(tx, id, { title: 'Bestuur akkoord', dueOn: '2036-11-20', deadlineId: null, ownerId: null }, NOW);
      await completeStep(tx, id, done.id, { completedOn: '2036-11-04', by: EMAIL }, NOW);
      return { id, RECIPIENT: recipient.id, FEED: feed.id, DUTY: '', person: '' };
    });
    ids.person = (await memberOf(store, ids.id, EMAIL, NOW)).id;
    const query = 'insurer=zorg-en-zekerheid&activity=signing&contractYear=2037';
    ids.DUTY = ((await (await fetch(`${url}/api/v1/deadlines?${query}`)).json()) as { items: { id: string }[] }).items[0]!.id;
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await app?.close();
    await store?.close();
    rmSync(folder, { recursive: true });
  });

  it.each(PAGES)('can be read by all at "%s", in light and dark, on a phone and a desk, in both languages', async (path) => {
    const { page, faults } = await openPage(browser, url);
    const { token } = await store.write((tx) => openSession(tx, ids.person, null, NOW));
    await page.context().addCookies([{ name: cookieName(url, 'session'), value: token, url }]);
    const below = path.replace(/[A-Z]+/, (name) => ids[name as 'DUTY']);
    for (const language of ['', '/en']) {
      expect((await page.goto(`${language}/o/${ids.id}${below}`))!.status()).toBe(200);
      expect(await faultsOn(page)).toEqual([]);
    }
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it.each([true, false])('keep what was typed when the session ended meanwhile, with script: %s', async (javaScriptEnabled) => {
    const { page, faults } = await openPage(browser, url, { javaScriptEnabled });
    const { token } = await store.write((tx) => openSession(tx, ids.person, null, NOW));
    await page.context().addCookies([{ name: cookieName(url, 'session'), value: token, url }]);
    const title = `Begroting "rond" ${javaScriptEnabled}`;
    await page.goto(`/o/${ids.id}/eigen-datums`);
    await page.getByLabel('Wat moet er dan klaar zijn?').fill(title);
    await page.getByLabel('Op welke dag?').fill('2036-12-01');
    await store.write((tx) => endSession(tx, token, NOW));
    await page.getByRole('button', { name: 'Voeg toe' }).click();
    await page.getByRole('heading', { name: 'U bent niet meer ingelogd' }).waitFor();
    const broken = javaScriptEnabled ? await faultsOn(page) : [];
    const [tab] = await Promise.all([
      page.context().waitForEvent('page'),
      page.getByRole('link', { name: 'Log in in een nieuw tabblad' }).click(),
    ]);
    await tab.getByLabel('Uw e-mailadres').fill(EMAIL);
    await tab.getByRole('button', { name: 'Stuur mij een code' }).click();
    await tab.getByLabel('Code uit de mail').fill((await signInMailAt(store, EMAIL, NOW)).code);
    await tab.getByRole('main').getByRole('button', { name: 'Inloggen' }).click();
    await tab.getByRole('heading', { name: 'Eigen datums' }).waitFor();
    await page.getByRole('button', { name: 'Verstuur opnieuw' }).click();
    await page.getByRole('heading', { name: 'Dit is nog niet verstuurd' }).waitFor();
    if (javaScriptEnabled) broken.push(...(await faultsOn(page)));
    await page.getByRole('button', { name: 'Ja, verstuur dit' }).click();
    await page.getByText(`Bewaard: ${title}, op 1 december 2036.`).waitFor();
    expect(broken).toEqual([]);
    // A browser tells of each answer that is a refusal.
    expect(faults.filter((fault) => !/status of (401|409)/.test(fault))).toEqual([]);
    expect((await listSteps(store.read, ids.id)).filter((one) => one.title === title)).toHaveLength(1);
    await page.context().close();
  });
});
