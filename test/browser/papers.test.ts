/** An editor in a real browser: from a policy in PDF to proposals that are rejected and accepted. On each page all can read and press. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addEditor } from '../../db/people/editors.ts';
import type { Store } from '../../db/store/store.ts';
import { appFor } from '../helpers/app.ts';
import { signInMailAt } from '../helpers/browser.ts';
import { pdfOfText } from '../helpers/pdf.ts';
import { freePort } from '../helpers/service.ts';
import { onBothDialects } from '../helpers/stores.ts';
import { missesChromium, openPage, startBrowser } from './chromium.ts';
import { faultsOn } from './rules.ts';

const ED = 'ed@redactie.example';
/** Long from now: by its own clock the browser has to keep the cookies that it is given. */
const NOW = new Date('2036-04-02T10:00:00Z');

const POLICY = `1 Jaarplan

De regio-organisatie dient het jaarplan met begroting in voor 1 oktober 2036.
\f2 Planning

Uiterste datum Wat
1 mei 2036 Jaarstukken indienen.
1 oktober 2036 Jaarplan met begroting indienen.

De zorgaanbieder dient te beschikken over een geldige AGB-code.
`;

describe.skipIf(missesChromium())('a policy in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(async () => browser?.close());

  const press = async (page: Page, name: string | RegExp) => page.getByRole('main').getByRole('button', { name }).first().press('Enter');

  async function walk(store: Store, url: string): Promise<void> {
    const { page, faults } = await openPage(browser, url);
    const broken: string[] = [];
    const look = async () => broken.push(...(await faultsOn(page)));
    await page.goto('/redactie/verzekeraars/nieuw');
    await page.getByLabel('Uw e-mailadres').fill(ED);
    await press(page, 'Stuur mij een code');
    await page.getByLabel('Code uit de mail').fill((await signInMailAt(store, ED, NOW)).code);
    await press(page, 'Inloggen');

    await page.getByLabel('Naam', { exact: true }).fill('Noorderlicht Zorgverzekeringen');
    await page.getByLabel('Waarvoor').fill('Vragen over contracten');
    await page.getByLabel('E-mailadres').fill('inkoop@noorderlicht.example');
    await look();
    await press(page, 'Sla de verzekeraar op');
    await page.getByText('De verzekeraar staat erin.').waitFor();
    await look();

    await page
      .getByRole('navigation', { name: 'Van Noorderlicht Zorgverzekeringen' })
      .getByRole('link', { name: 'Documenten' })
      .press('Enter');
    await look();
    await page.getByRole('main').getByRole('link', { name: 'Nieuw document' }).press('Enter');
    await page.getByLabel('Contractjaar').fill('2037');
    await page.getByLabel('Zorgsoort').selectOption('multidisciplinary_care');
    await page.getByLabel('Titel').fill('Zorginkoopbeleid 2037');
    await page.getByLabel('Verschenen op').fill('2036-04-01');
    await page
      .getByLabel('Bestand', { exact: true })
      .setInputFiles({ name: 'beleid.pdf', mimeType: 'application/pdf', buffer: Buffer.from('x') });
    await press(page, 'Lees het document');
    await page.getByText('Dit is geen pdf. Kies een pdf, of plak de tekst.').first().waitFor();
    expect(await page.getByLabel('Titel').inputValue()).toBe('Zorginkoopbeleid 2037');
    await look();
    const buffer = pdfOfText(POLICY);
    await page.getByLabel('Bestand', { exact: true }).setInputFiles({ name: 'beleid.pdf', mimeType: 'application/pdf', buffer });
    await press(page, 'Lees het document');
    await page.getByRole('heading', { level: 1, name: 'Zorginkoopbeleid 2037' }).waitFor();
    await page.getByText('Deze zinnen gaan over hetzelfde.').waitFor();
    await look();

    // A card leads to its sentence, and that back to the card.
    await page.getByRole('link', { name: /bladzijde 2, paragraaf 2.*Jaarplan/ }).press('Enter');
    await page.locator('mark:target', { hasText: '1 oktober 2036 Jaarplan' }).getByRole('link').press('Enter');
    expect(await page.locator('.proposal:target h3').textContent()).toBe('Jaarplan met begroting indienen');

    const card = page.locator('.proposal', { hasText: 'AGB-code' });
    await card.getByText('Wijs af').press('Enter');
    await card.getByLabel('Waarom hoort dit er niet in?').fill('Staat er al in');
    await card.getByRole('button', { name: 'Wijs dit voorstel af' }).press('Enter');
    await page.getByText('Afgewezen door Ed: Staat er al in').waitFor();
    await press(page, /^Toch niet afwijzen/);
    await page.getByText('De afwijzing is teruggenomen.').waitFor();
    for (let left = 3; left > 0; left--) {
      await press(page, /^Neem over in het concept/);
      await page.getByRole('heading', { name: left === 1 ? 'Alles is besloten' : new RegExp(`^${left - 1} voorstel`) }).waitFor();
    }
    expect(await page.getByText('In het concept, door Ed.').count()).toBe(3);
    await look();
    // What Chromium says of the form that was refused is meant.
    expect([broken, faults.filter((fault) => !fault.includes('400 (Bad Request)'))]).toEqual([[], []]);
    await page.context().close();
  }

  onBothDialects('by keyboard', (fresh) => {
    it('leads an editor from a file to proposals, which are rejected, taken back and accepted', async () => {
      const store = await fresh();
      await store.write((tx) => addEditor(tx, { email: ED, label: 'Ed', language: 'nl' }, NOW));
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
