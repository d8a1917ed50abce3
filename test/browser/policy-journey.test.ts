/** A policy's whole way in Chromium: from a document to people who are told over SMTP, with an edition that is taken back and one that is published alone. */
import PostalMime from 'postal-mime';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addEditor } from '../../db/people/editors.ts';
import type { Store } from '../../db/store/store.ts';
import { planNow } from '../../jobs/plan.ts';
import { sendDue } from '../../jobs/sending/send.ts';
import { appFor } from '../helpers/app.ts';
import { addOrganisation } from '../helpers/cast.ts';
import { addConfirmed, mailerTo, SETTINGS, startSink, type Sink } from '../helpers/mail.ts';
import { pdfOfText } from '../helpers/pdf.ts';
import { freePort } from '../helpers/service.ts';
import { onBothDialects } from '../helpers/stores.ts';
import { missesChromium, openPage, startBrowser } from './chromium.ts';
import { faultsOn } from './rules.ts';
import { walkByMouse, type Walker } from './walker.ts';

/** A Wednesday long from now: by its own clock the browser has to keep the cookies that it is given. */
const START = new Date('2036-04-02T10:00:00Z');
const after = (minutes: number) => new Date(START.getTime() + minutes * 60_000);
const [ED, BO, CY] = ['ed@redactie.example', 'bo@redactie.example', 'cy@redactie.example'];
const READER = 'bestuur@regio.example';
const INSURER = 'Noorderlicht Zorgverzekeringen';
const REASON = 'Morgen is de vergadering en Ed is er niet.';

const POLICY = `1 Planning

Uiterste datum Wat
1 oktober 2036 De regio-organisatie dient het jaarplan met de begroting in.
31 december 2036 De zorgaanbieder ondertekent de zorgovereenkomst.
`;

/** The service with its jobs, which run when a test says so. */
interface Desk {
  /** Does what is due at a moment, and gives the mails that the reader got from it. */
  runAt: (now: Date) => Promise<string[]>;
  open: (email: string | null) => Promise<Walker & { faults: string[] }>;
  sink: Sink;
}

describe.skipIf(missesChromium())('a policy', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(async () => browser?.close());

  async function openDesk(store: Store, url: string, clock: { now: Date }): Promise<Desk> {
    const sink = await startSink();
    const mailer = mailerTo(sink.url);
    const runAt = async (now: Date) => {
      clock.now = now;
      const before = sink.taken.length;
      await planNow({ store }, now);
      await sendDue({ store, mailer, settings: { ...SETTINGS, publicUrl: url } }, now);
      const mails = sink.taken.slice(before).filter(({ to }) => to.includes(READER));
      return Promise.all(mails.map(async ({ raw }) => (await PostalMime.parse(raw)).text ?? ''));
    };
    const open = async (email: string | null) => {
      const { page, faults } = await openPage(browser, url);
      const walker = { ...walkByMouse(page), faults };
      if (email === null) return walker;
      await page.goto('/redactie');
      await walker.fill('Uw e-mailadres', email);
      await walker.send('Stuur mij een code');
      await runAt(clock.now);
      const [, code] = /is ([A-Z\d]{3} [A-Z\d]{3})\./.exec((await sink.next(email)).text ?? '')!;
      await walker.fill('Code uit de mail', code!);
      await walker.send('Inloggen');
      return walker;
    };
    return { open, runAt, sink };
  }

  onBothDialects('of an insurer that nobody knew', (fresh) => {
    it('is read, published by a second editor, taken back with nobody told, and published again alone: then people are told', async () => {
      const store = await fresh();
      await store.write(async (tx) => {
        for (const [email, label] of [
          [ED, 'Redactie, Ed'],
          [BO, 'Redactie, Bo'],
          [CY, 'Redactie, Cy'],
        ] as const)
          await addEditor(tx, { email, label, language: 'nl' }, START);
      });
      const port = await freePort();
      const url = `http://127.0.0.1:${port}`;
      const clock = { now: START };
      const { app } = await appFor(store, { publicUrl: url, clock: () => clock.now });
      try {
        await app.listen({ host: '127.0.0.1', port });
        const desk = await openDesk(store, url, clock);
        const [ed, bo] = [await desk.open(ED), await desk.open(BO)];
        await addPolicy(ed, store);
        // What was made at this very moment nobody has read yet.
        clock.now = after(1);
        const path = await writeEdition(ed);
        await previewAndPublish(bo, desk, path);
        await takeBack(bo, desk);
        await publishAlone(bo, desk);
        expect([...ed.faults, ...bo.faults].filter((fault) => !fault.includes('400 (Bad Request)'))).toEqual([]);
        for (const { page } of [ed, bo]) await page.context().close();
      } finally {
        await app.close();
      }
    });
  });
});

/** The insurer, somebody who has a contract with it, and its document. */
async function addPolicy(ed: Walker, store: Store): Promise<void> {
  await ed.page.goto('/redactie/verzekeraars/nieuw');
  await ed.page.getByLabel('Naam', { exact: true }).fill(INSURER);
  await ed.fill('Waarvoor', 'Vragen over contracten');
  await ed.fill('E-mailadres', 'inkoop@noorderlicht.example');
  await ed.send('Sla de verzekeraar op');
  const slug = /verzekeraars\/([\w-]+)\//.exec(ed.page.url())![1]!;
  const insurers = [{ insurer: slug, contractStatus: 'contracted' as const, preferred: true }];
  const { id } = await store.write((tx) => addOrganisation(tx, { insurers }, START));
  await addConfirmed(store, id, START, { email: READER });
  await ed.page.goto(`/redactie/documenten/nieuw?verzekeraar=${slug}`);
  await ed.page.getByLabel('Zorgsoort').selectOption('multidisciplinary_care');
  await ed.fill('Contractjaar', '2037');
  await ed.fill('Titel', 'Zorginkoopbeleid 2037');
  await ed.fill('Verschenen op', '2036-04-01');
  await ed.page
    .getByLabel('Bestand', { exact: true })
    .setInputFiles({ name: 'beleid.pdf', mimeType: 'application/pdf', buffer: pdfOfText(POLICY) });
  await ed.send('Lees het document');
  await read(ed, '2 voorstellen om te beoordelen');
}

/** Accepts what is proposed. Gives where the edition stands. */
async function writeEdition(ed: Walker): Promise<string> {
  await ed.send('Neem over in het concept');
  await ed.send('Neem over in het concept');
  await read(ed, 'Alles is besloten');
  await ed.page.goto('/redactie/edities');
  await ed.follow(`${INSURER}, contractjaar 2037`);
  expect(await ed.page.getByText('U schreef zelf in deze editie.').count()).toBe(1);
  return new URL(ed.page.url()).pathname;
}

/** Somebody else sees what it does, and publishes it: for ten minutes nobody is told. */
async function previewAndPublish(bo: Walker, desk: Desk, path: string): Promise<void> {
  await bo.page.goto(path);
  await bo.follow('Bekijk het voorbeeld');
  await read(bo, '1 ontvanger krijgt bericht.');
  expect(await faultsOn(bo.page)).toEqual([]);
  await bo.follow('Terug om te publiceren');
  await bo.send('Publiceer de editie');
  await read(bo, 'De editie is gepubliceerd.');
  expect(await desk.runAt(after(10))).toEqual([]);
}

async function takeBack(bo: Walker, desk: Desk): Promise<void> {
  await bo.send('Neem de editie terug');
  await read(bo, 'Niemand heeft er bericht van gekregen.');
  expect(await desk.runAt(after(60))).toEqual([]);
  const anybody = await desk.open(null);
  await anybody.page.goto('/wijzigingen');
  expect(await anybody.page.getByText('Zorgovereenkomst ondertekenen').count()).toBe(0);
  await anybody.page.context().close();
}

/** Who took it back writes it again and publishes it alone: the reason stands there until somebody else has looked. */
async function publishAlone(bo: Walker, desk: Desk): Promise<void> {
  await bo.send('Zet alles in een concept');
  await read(bo, 'Alles staat weer in dit concept.');
  await bo.send('Publiceer alleen');
  await read(bo, 'Zeg waarom u dit alleen publiceert');
  await bo.fill('Waarom publiceert u dit alleen?', REASON);
  await bo.send('Publiceer alleen');
  await read(bo, `Nog door niemand anders bekeken. De reden: ${REASON}`);
  expect(await desk.runAt(after(69))).toEqual([]);
  const mails = [...(await desk.runAt(after(70))), ...(await desk.runAt(after(81)))];
  expect(mails).toHaveLength(1);
  for (const told of [INSURER, '1 oktober 2036', '31 december 2036']) expect(mails[0]).toContain(told);

  const reader = await desk.open(null);
  const [change] = /\/wijzigingen\/[\da-f-]{36}/.exec(mails[0]!)!;
  await reader.page.goto(change);
  await read(reader, REASON);
  const cy = await desk.open(CY);
  await cy.page.goto(new URL(bo.page.url()).pathname);
  await cy.send('Ik heb meegekeken');
  await read(cy, 'Ook bekeken door Redactie, Cy');
  await reader.page.reload();
  expect(await reader.page.getByText(REASON).count()).toBe(0);
  expect(await desk.runAt(after(120))).toEqual([]);
  for (const { page } of [reader, cy]) await page.context().close();
}

async function read({ page }: Walker, text: string): Promise<void> {
  await page.getByText(text).first().waitFor();
}
