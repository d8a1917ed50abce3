/** What editors do with a new policy, by their pages alone: with script on both databases, without, and by keyboard alone. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addEditor } from '../../db/people/editors.ts';
import { addRecipient, confirmRecipient } from '../../db/recipients/recipients.ts';
import { saveDocument, saveInsurer } from '../../db/registry/insurers.ts';
import type { Store } from '../../db/store/store.ts';
import { prepareStore } from '../../seeds/prepare.ts';
import { appFor } from '../helpers/app.ts';
import { addOrganisation } from '../helpers/cast.ts';
import { mailsAt } from '../helpers/mailbox.ts';
import { freePort } from '../helpers/service.ts';
import { onBothDialects } from '../helpers/stores.ts';
import { missesChromium, openPage, startBrowser } from './chromium.ts';
import { faultsOn } from './rules.ts';
import { walkByKeyboard, walkByMouse, type Walker } from './walker.ts';

/** Long from now: by its own clock the browser has to keep the cookies that it is given. */
const NOW = new Date('2036-11-10T10:00:00Z');
const [ED, BO] = ['ed@redactie.example', 'bo@redactie.example'];
const WAYS = {
  'with script': { options: {}, walk: walkByMouse },
  'without script': { options: { javaScriptEnabled: false }, walk: walkByMouse },
  'by keyboard alone': { options: { viewport: { width: 1280, height: 800 } }, walk: walkByKeyboard },
} as const;
type WayName = keyof typeof WAYS;

/** Where pictures of the pages are kept for who wants to look at them. */
const PICTURES = process.env['DESK_PICTURES'];

describe.skipIf(missesChromium())('editors', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(async () => browser?.close());

  async function walkAll(databaseUrl: string, way: WayName): Promise<void> {
    const { store } = await prepareStore(databaseUrl, NOW);
    await store.write(makeDesk);
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const { app } = await appFor(store, { publicUrl: url, clock: () => NOW });
    try {
      await app.listen({ host: '127.0.0.1', port });
      const { options, walk } = WAYS[way];
      const open = async (email: string) => {
        const { page, faults } = await openPage(browser, url, options);
        await page.goto('/redactie');
        const walker = walk(page);
        await signIn(walker, store, email);
        return { ...walker, faults };
      };
      const [ed, bo] = [await open(ED), await open(BO)];
      const broken = await writePolicy(ed, bo, way === 'with script');
      // A page that was answered with 409 is told of in the console, too.
      const odd = [...ed.faults, ...bo.faults].filter((fault) => !fault.includes('409'));
      expect([broken, odd]).toEqual([[], []]);
      for (const { page } of [ed, bo]) await page.context().close();
    } finally {
      await app.close();
      await store.close();
    }
  }

  onBothDialects('with script', (_, urlOf) => {
    it('write an edition together, lose nothing of it, publish it, and take it back', async () => walkAll(await urlOf(), 'with script'));
  });

  it.each(['without script', 'by keyboard alone'] as const)('do so %s', async (way) => {
    const folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-desk-'));
    try {
      await walkAll(`file:${join(folder, 'browser.db')}`, way);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

/** Two editors, an insurer with a policy of which nothing was read yet, and a reader. */
async function makeDesk(tx: Parameters<Parameters<Store['write']>[0]>[0]): Promise<void> {
  await addEditor(tx, { email: ED, label: 'Redactie, Ed', language: 'nl' }, NOW);
  await addEditor(tx, { email: BO, label: 'Redactie, Bo', language: 'nl' }, NOW);
  const said = { version: null, url: 'https://noord.example/beleid.pdf', publishedOn: '2036-04-01', remarks: [] };
  await saveDocument(tx, { key: 'noord-2037', title: 'Inkoopbeleid Noord 2037', ...said }, NOW);
  const noord = { slug: 'noord', name: 'Noord', kind: 'health_insurer', website: null } as const;
  await saveInsurer(tx, { ...noord, aliases: [], contacts: [], remarks: [], documents: ['noord-2037'] }, NOW);
  const { id } = await addOrganisation(tx, { name: 'Regio Zuid' }, NOW);
  const reader = await addRecipient(tx, id, { email: 'ans@zuid.example', leadDays: [14], digest: 'daily' }, NOW);
  await confirmRecipient(tx, reader.id, NOW);
}

/**
 * Begins the edition, writes a date half and then whole, and meets the other one in it, who publishes it, takes it back and drafts it again. Gives what
 * is broken on the pages.
 */
async function writePolicy(ed: Walker, bo: Walker, looks: boolean): Promise<string[]> {
  const broken: string[] = [];
  const look = async ({ page }: Walker, name: string) => {
    if (!looks) return;
    broken.push(...(await faultsOn(page)));
    if (PICTURES === undefined) return;
    for (const [width, colorScheme] of [
      [320, 'light'],
      [1280, 'light'],
      [1280, 'dark'],
    ] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      await page.screenshot({ path: join(PICTURES, `${name}-${width}-${colorScheme}.png`), fullPage: true });
    }
  };
  await ed.follow('Edities');
  await look(ed, 'list');
  await ed.choose('Verzekeraar', 'Noord');
  await ed.fill('Contractjaar', '2037');
  await ed.send('Open de editie');
  await read(ed, 'Noord, contractjaar 2037');
  await look(ed, 'empty');
  await ed.follow('Voeg een datum toe');
  await ed.choose('Waar gaat het over?', 'Jaarplan met begroting indienen');
  await ed.fill('Wat moet er gebeuren?', 'Jaarplan indienen');
  await ed.tick('Op een dag');
  await ed.fill('Welke dag?', '32 oktober 2036');
  await look(ed, 'blank');
  await ed.send('Bewaar');
  await read(ed, 'Bewaard. Voordat u kunt publiceren, moet er nog iets bij.');
  await read(ed, 'Dit is geen dag die bestaat.');
  await look(ed, 'faults');
  await ed.fill('Welke dag?', '1-12-2036');
  await ed.tick('Vóór die dag (die dag telt niet mee)');
  await ed.tick('De bron noemt het');
  await ed.tick('De regio-organisatie');
  await ed.choose('Document (1)', 'Inkoopbeleid Noord 2037');
  await ed.fill('De zin, letterlijk (1)', 'Het jaarplan levert u in vóór 1 december 2036.');
  await ed.send('Bewaar');
  await read(ed, 'Bewaard. Er ontbreekt niets meer.');
  await read(ed, 'de laatste veilige dag is zondag 30 november 2036');
  await look(ed, 'whole');

  await bo.follow('Edities');
  await bo.follow('Noord, contractjaar 2037');
  await bo.follow('Bewerk Jaarplan indienen');
  await bo.fill('Wat moet er gebeuren?', 'Jaarplan met begroting');
  await bo.send('Bewaar en terug');
  await read(bo, 'De datum is bewaard.');
  await ed.fill('Wat levert men in?', 'Een jaarplan');
  await ed.send('Bewaar');
  await read(ed, 'Redactie, Bo heeft dit intussen ook bewerkt');
  await look(ed, 'both');
  await ed.send('Bewaar');
  await ed.follow('Terug zonder te bewaren');
  await read(ed, 'Jaarplan met begroting');
  await look(ed, 'draft');

  await bo.follow('Edities');
  await bo.follow('Noord, contractjaar 2037');
  await bo.follow('Bekijk het voorbeeld');
  await read(bo, '1 ontvanger krijgt bericht.');
  await bo.page.frameLocator('iframe.mail').first().getByText('Nieuw: jaarplan met begroting bij Noord').waitFor();
  await look(bo, 'preview');
  await bo.follow('Terug om te publiceren');
  // Bo wrote in it too.
  await bo.fill('Waarom publiceert u dit alleen?', 'De deadline is morgen.');
  await bo.send('Publiceer alleen');
  await read(bo, 'De editie is gepubliceerd.');
  await look(bo, 'published');
  await bo.send('Neem de editie terug');
  await read(bo, 'Niemand heeft er bericht van gekregen.');
  await look(bo, 'taken-back');
  await bo.send('Zet alles in een concept');
  await read(bo, 'Alles staat weer in dit concept.');
  return broken;
}

async function signIn(walker: Walker, store: Store, email: string): Promise<void> {
  await walker.fill('Uw e-mailadres', email);
  await walker.send('Stuur mij een code');
  const mails = await mailsAt(store, NOW);
  const codes = mails.filter((one) => one.for === email).map(({ text }) => /is ([A-Z\d]{3} [A-Z\d]{3})\./.exec(text ?? '')?.[1] ?? '');
  await walker.fill('Code uit de mail', codes.at(-1)!);
  await walker.send('Inloggen');
  await read(walker, 'Wat is er te doen?');
}

async function read({ page }: Walker, text: string): Promise<void> {
  await page.getByText(text).first().waitFor();
}
