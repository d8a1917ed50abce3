/** What people do who enrol, from the front page on and with nobody's help: with script on both databases, without, and by keyboard alone. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../db/store/store.ts';
import { prepareStore } from '../../seeds/prepare.ts';
import { appFor } from '../helpers/app.ts';
import { mailsAt } from '../helpers/mailbox.ts';
import { freePort } from '../helpers/service.ts';
import { onBothDialects } from '../helpers/stores.ts';
import { missesChromium, openPage, startBrowser } from './chromium.ts';
import { walkByKeyboard, walkByMouse, type Walker } from './walker.ts';

/** Long from now: by its own clock the browser has to keep the cookies that it is given. */
const NOW = new Date('2036-11-10T10:00:00Z');
const WAYS = {
  'with script': { options: {}, walk: walkByMouse },
  'without script': { options: { javaScriptEnabled: false }, walk: walkByMouse },
  'by keyboard alone': { options: { viewport: { width: 1280, height: 800 } }, walk: walkByKeyboard },
} as const;
type WayName = keyof typeof WAYS;

describe.skipIf(missesChromium())('somebody who enrols', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(async () => browser?.close());

  /** Walks all journeys in one way, each in a browser of its own, before a service with the whole registry. */
  async function walkAll(databaseUrl: string, way: WayName): Promise<void> {
    const { store } = await prepareStore(databaseUrl, NOW);
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const { app } = await appFor(store, { publicUrl: url, clock: () => NOW, signUp: 'open' });
    try {
      await app.listen({ host: '127.0.0.1', port });
      for (const journey of [managePractice, signInTime, contractRegion]) {
        const { options, walk } = WAYS[way];
        const { page, faults } = await openPage(browser, url, options);
        await page.goto('/');
        await journey({ ...walk(page), store, url, open: async () => walk((await openPage(browser, url, options)).page) });
        expect(faults).toEqual([]);
        await page.context().close();
      }
    } finally {
      await app.close();
      await store.close();
    }
  }

  onBothDialects('with script', (_, urlOf) => {
    it('manages a practice, signs in time, and looks after a region', async () => walkAll(await urlOf(), 'with script'));
  });

  it.each(['without script', 'by keyboard alone'] as const)('does so %s', async (way) => {
    const folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-journeys-'));
    try {
      await walkAll(`file:${join(folder, 'browser.db')}`, way);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

interface Journey extends Walker {
  store: Store;
  url: string;
  /** Somebody else, in another browser. */
  open: () => Promise<Walker>;
}

/** Enrols, confirms, wants to hear of things earlier, gets a trial at once, and leaves with all that is kept erased. */
async function managePractice(walker: Journey): Promise<void> {
  const { page, store } = walker;
  const email = 'vera@praktijk.example';
  await enrol(walker, { email, name: 'Praktijk De Linde', role: 'Huisartsenpraktijk', relations: { CZ: 'Met contract' } });
  await signIn(walker, email);
  await walker.follow('Ontvangers');
  await walker.follow(`Wijzig ${email}`);
  await walker.fill('Hoeveel dagen van tevoren?', '60, 7');
  await walker.send('Bewaar');
  await read(page, '60 en 7 dagen van tevoren');
  await walker.send('Stuur nu een proefmail');
  const trial = (await mailsAt(store, NOW)).find(({ subject }) => subject?.includes('Proefmail'));
  expect([trial?.for, trial?.text]).toEqual([email, expect.stringContaining('proef')]);
  await walker.follow('Gegevens');
  await walker.fill('Typ de naam van de organisatie', 'Praktijk De Linde');
  await walker.send('Verwijder de organisatie');
  await read(page, 'Praktijk De Linde is verwijderd');
  expect(await store.read.$count(store.read.tables.organisations)).toBe(0);
  expect(await store.read.$count(store.read.tables.people)).toBe(0);
}

/** Without a contract: the agreement came on 4 November, and is to be signed by 16 December. */
async function signInTime(walker: Journey): Promise<void> {
  const { page } = walker;
  const email = 'marga@zorg.example';
  const relations = { 'Zorg en Zekerheid': 'Zonder contract' };
  await enrol(walker, { email, name: 'Thuiszorg Marga', role: 'Andere zorgaanbieder', relations });
  await signIn(walker, email);
  await walker.follow('Gebeurtenissen');
  await walker.fill('Wij hebben de overeenkomst ontvangen op', '2036-11-04');
  await walker.send('Meld de ontvangst');
  await read(page, 'Teken waarschijnlijk uiterlijk dinsdag 16 december 2036; dat is niet bevestigd.');
  await walker.follow('Overzicht');
  expect(await page.locator('.entries > li').first().textContent()).toMatch(/dinsdag 16 december 2036/);
}

/** An RO that deals with all: sees and prints every insurer, invites a colleague, and hands over. */
async function contractRegion(walker: Journey): Promise<void> {
  const { page, store } = walker;
  const [anna, bert] = ['anna@regio.example', 'bert@regio.example'];
  const names = INSURERS;
  const relations = Object.fromEntries(names.map((name) => [name, 'Met contract']));
  await enrol(walker, { email: anna, name: 'Regio Zuid', role: 'Regio-organisatie (RO)', relations });
  await signIn(walker, anna);
  await page.emulateMedia({ media: 'print' });
  const printed = await page.locator('main').innerText();
  for (const name of names) expect(printed).toContain(name);
  expect((await page.pdf()).length).toBeGreaterThan(1000);
  await page.emulateMedia({ media: 'screen' });
  await walker.follow('Leden');
  await walker.fill('E-mailadres', bert);
  await walker.send('Stuur de uitnodiging');
  await read(page, 'De uitnodiging is onderweg.');

  const other = await walker.open();
  await other.page.goto(await mailTo(store, bert, /https:\/\/inkoop\.example(\/uitnodiging\/\S+)/));
  await other.send('Neem de uitnodiging aan');
  await other.page.goto('/');
  await signIn({ ...other, store }, bert);
  await read(other.page, 'Wat moet u doen, en wanneer?');
  await page.reload();
  await walker.follow(`Wijzig ${bert}`);
  await walker.send('Draag het beheer over');
  await read(page, 'Het beheer is overgedragen.');
  await other.page.context().close();
}

const INSURERS = ['ASR', 'Caresq', 'CZ', 'De Friesland', 'DSW', 'ENO', 'Menzis', 'VGZ', 'Zilveren Kruis', 'Zorg en Zekerheid'];

interface Enrolment {
  name: string;
  email: string;
  role: string;
  relations: Readonly<Record<string, string>>;
}

async function enrol(walker: Journey, { email, name, relations, role }: Enrolment): Promise<void> {
  const { page, store } = walker;
  await walker.follow('Meld uw organisatie aan');
  await walker.fill('Naam van uw organisatie', name);
  await walker.tick(role);
  for (const [insurer, status] of Object.entries(relations)) await walker.choose(insurer, status);
  await walker.fill('E-mailadres voor de herinneringen', email);
  await walker.tick('4 weken van tevoren');
  await walker.send('Verder');
  await walker.send('Stuur mij de bevestigingsmail');
  await page.goto(await mailTo(store, email, /https:\/\/inkoop\.example(\/aanmelden\/[\w-]{43})/));
  await walker.send('Bevestig de aanmelding');
  await read(page, 'Uw organisatie is aangemeld');
}

async function signIn(walker: Walker & { store: Store }, email: string): Promise<void> {
  await walker.follow('Inloggen');
  await walker.fill('Uw e-mailadres', email);
  await walker.send('Stuur mij een code');
  await walker.fill('Code uit de mail', await mailTo(walker.store, email, /is ([A-Z\d]{3} [A-Z\d]{3})\./));
  await walker.send('Inloggen');
  await read(walker.page, 'Wat moet u doen, en wanneer?');
}

async function read(page: Page, text: string): Promise<void> {
  await page.getByText(text).first().waitFor();
}

/** What fits in the newest mail to an address. */
async function mailTo(store: Store, address: string, pattern: RegExp): Promise<string> {
  const mails = await mailsAt(store, NOW);
  const fitting = mails.filter((one) => one.for === address && pattern.test(one.text ?? ''));
  return pattern.exec(fitting.at(-1)?.text ?? '')![1]!;
}
