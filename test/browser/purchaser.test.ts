/** A link for an insurer's own purchaser, in a real browser: an editor makes it, the purchaser answers on a phone, the editor reads it. */
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addEditor } from '../../db/people/editors.ts';
import type { Store } from '../../db/store/store.ts';
import { appFor } from '../helpers/app.ts';
import { signInMailAt } from '../helpers/browser.ts';
import { addDeadline, addInsurer } from '../helpers/cast.ts';
import { freePort } from '../helpers/service.ts';
import { onBothDialects } from '../helpers/stores.ts';
import { missesChromium, openPage, startBrowser } from './chromium.ts';
import { faultsOn } from './rules.ts';

const ED = 'ed@redactie.example';
/** Long from now: by its own clock the browser has to keep the cookies that it is given. */
const NOW = new Date('2036-04-02T10:00:00Z');
const PHONE = { width: 320, height: 640 };

/** Where pictures of the pages are kept for who wants to look at them. */
const PICTURES = process.env['PURCHASER_PICTURES'];

describe.skipIf(missesChromium())('a purchaser in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(async () => browser?.close());

  const press = async (page: Page, name: string | RegExp) => page.getByRole('main').getByRole('button', { name }).first().press('Enter');

  async function walk(store: Store, url: string): Promise<void> {
    const broken: string[] = [];
    const look = async (page: Page, name: string) => {
      broken.push(...(await faultsOn(page)));
      if (PICTURES === undefined) return;
      for (const [width, colorScheme] of [
        [320, 'light'],
        [320, 'dark'],
        [1280, 'light'],
        [1280, 'dark'],
      ] as const) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 900 });
        await page.screenshot({ path: join(PICTURES, `${name}-${width}-${colorScheme}.png`), fullPage: true });
      }
    };
    const registry = async () => JSON.stringify(await store.read.select().from(store.read.tables.revisions));
    const before = await registry();

    const { page: desk, faults } = await openPage(browser, url);
    await desk.goto('/redactie/verzekeraars/noord');
    await desk.getByLabel('Uw e-mailadres').fill(ED);
    await press(desk, 'Stuur mij een code');
    await desk.getByLabel('Code uit de mail').fill((await signInMailAt(store, ED, NOW)).code);
    await press(desk, 'Inloggen');
    await desk.getByRole('navigation', { name: 'Van Noord' }).getByRole('link', { name: 'Inkopers' }).press('Enter');
    await look(desk, 'links-none');
    await press(desk, 'Maak een link');
    await desk.getByRole('heading', { name: 'De link voor de inkoper' }).waitFor();
    const address = await desk.locator('.copyable .text').textContent();
    await look(desk, 'links-made');

    // Another browser, in which nobody ever signed in.
    const { page: phone, faults: phoneFaults } = await openPage(browser, url, { viewport: PHONE });
    await phone.goto(address!);
    await phone.getByRole('heading', { level: 1, name: 'Klopt dit over Noord?' }).waitFor();
    await look(phone, 'purchaser');
    await phone.setViewportSize(PHONE);
    const plan = phone.getByRole('group', { name: 'Jaarplan met begroting indienen' });
    await press(phone, 'Verstuur de antwoorden');
    await phone.getByText('Vink aan wat klopt, of vul in wat er niet klopt.').waitFor();
    await plan.getByText('Klopt niet, want …').press('Enter');
    await plan.getByLabel('Wat klopt er niet').fill('Het is 15 oktober 2036, zie bladzijde 3.');
    await press(phone, 'Vink alles aan');
    await phone.getByRole('group', { name: 'Contract aanvragen' }).getByLabel('Dit klopt').waitFor();
    expect(await phone.getByRole('group', { name: 'Contract aanvragen' }).getByLabel('Dit klopt').isChecked()).toBe(true);
    expect(await plan.getByLabel('Dit klopt').isChecked()).toBe(false);
    await plan.getByLabel('Dit klopt').check();
    await press(phone, 'Verstuur de antwoorden');
    await phone
      .getByRole('alert')
      .getByRole('link', { name: /^Kies een van de twee/ })
      .waitFor();
    await look(phone, 'purchaser-fault');
    await phone.setViewportSize(PHONE);
    expect(await plan.getByLabel('Wat klopt er niet').inputValue()).toBe('Het is 15 oktober 2036, zie bladzijde 3.');
    await plan.getByLabel('Dit klopt').uncheck();
    await press(phone, 'Verstuur de antwoorden');
    await phone.getByText('Uw antwoorden zijn bewaard').waitFor();
    await plan.getByText('dit klopt niet.').waitFor();
    expect(await phone.context().cookies()).toEqual([]);
    await look(phone, 'purchaser-said');

    await desk.goto('/redactie');
    await desk.getByText('1 antwoord van een inkoper zegt dat iets niet klopt.').waitFor();
    await desk.getByRole('link', { name: 'Lees wat niet klopt' }).press('Enter');
    await desk.getByText('Het is 15 oktober 2036, zie bladzijde 3.').waitFor();
    await desk.getByText('Noord: 1 datum klopt').press('Enter');
    await look(desk, 'list');
    await press(desk, 'Afgehandeld Jaarplan met begroting indienen');
    await desk.getByText('Het is 15 oktober 2036').waitFor({ state: 'detached' });
    await desk.getByText('Noord: 1 datum klopt').press('Enter');
    await press(desk, 'Ik heb gekeken: ze kloppen nog');
    await desk.getByText('1 datum gecontroleerd door Redactie, Ed.').waitFor();
    await desk.getByText('Er wachten geen antwoorden van inkopers.').waitFor();
    await look(desk, 'list-done');
    expect(await registry()).toBe(before);

    await desk.goto('/redactie/verzekeraars/noord/inkopers');
    await press(desk, /^Trek in/);
    await desk.getByText('De link is ingetrokken en werkt niet meer.').waitFor();
    await phone.goto(address!);
    await phone.getByRole('heading', { level: 1, name: 'Deze link werkt niet meer' }).waitFor();
    await look(phone, 'purchaser-gone');
    // What Chromium says of forms that were refused, and of the link that is gone, is meant.
    const odd = [...faults, ...phoneFaults].filter((fault) => !/400 \(Bad Request\)|410 \(Gone\)/.test(fault));
    expect([broken, odd]).toEqual([[], []]);
    for (const page of [desk, phone]) await page.context().close();
  }

  onBothDialects('without an account', (fresh) => {
    it('says on a phone what is not right; the editor reads and closes it, and the registry says what it said', async () => {
      const store = await fresh();
      await store.write(async (tx) => {
        await addEditor(tx, { email: ED, label: 'Redactie, Ed', language: 'nl' }, NOW);
        await addInsurer(tx, 'noord');
        const quoted = { document: 'Inkoopbeleid Noord 2037', section: '6.3', url: 'https://noord.example/beleid.pdf' };
        const source = { ...quoted, quote: '1 oktober 2036 Het jaarplan met begroting' };
        await addDeadline(tx, { contractYear: 2037 }, { rule: { kind: 'fixed', on: '2036-10-01' }, sources: [source] });
        const asking = { title: 'Contract aanvragen', rule: { kind: 'fixed', on: '2036-08-01' } } as const;
        const asked = { ...quoted, quote: 'U vraagt een contract aan voor 1 augustus 2036.' };
        await addDeadline(tx, { contractYear: 2037, activity: 'contract_request' }, { ...asking, sources: [asked] });
      });
      const port = await freePort();
      const url = `http://127.0.0.1:${port}`;
      const { app } = await appFor(store, { publicUrl: url, clock: () => NOW });
      try {
        await app.listen({ host: '127.0.0.1', port });
        await walk(store, url);
      } finally {
        await app.close();
      }
    });
  });
});
