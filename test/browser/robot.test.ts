/** A robot that reads every mail: it opens each link, runs scripts and presses every button. A table says what each link may change, and nothing else does. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MESSAGE_KINDS, PERSONAL_KINDS } from '../../db/schema/schema.ts';
import { appFor } from '../helpers/app.ts';
import { linksIn } from '../helpers/drafts.ts';
import { SETTINGS } from '../helpers/mail.ts';
import type { FoundMail } from '../helpers/mailbox.ts';
import { freePort } from '../helpers/service.ts';
import { onSqlite } from '../helpers/stores.ts';
import { missesChromium, openPage, startBrowser } from './chromium.ts';
import { END, liveUntilEnd } from './robot-mails.ts';
import { differencesBetween, rowsIn } from './robot-rows.ts';
import { pressAll } from './robot.ts';

/** By which what is held in memory, and what was fetched before, is known to be of before. */
const SIGNALS = ['organisationChanges +', 'organisationChanges.number', 'organisations.version', 'settings organisations_version'];

/**
 * By the first part of a link's path: what its buttons change, as `table.column`, `table +` for new rows and `table -` for rows that go. Each of it
 * has to happen too. What is undone by a second button is done by the first: a robot presses both.
 */
const MAY_CHANGE: Readonly<Record<string, readonly string[]>> = {
  '': [],
  datums: [],
  wijzigingen: [],
  // The code is for the browser that asked.
  inloggen: [],
  // The new address says yes; the former one only by who is signed in.
  adres: ['addressChanges.newConfirmedAt'],
  // Makes what was chosen, or asks the managers of the organisation that has the name.
  aanmelden: [
    'enrolments.choices',
    'enrolments.usedAt',
    'members +',
    'messages +',
    'organisations +',
    'people +',
    'recipients +',
    'relations +',
    'withdrawals +',
  ],
  uitnodiging: ['invitations.usedAt', 'members +', 'people +', 'withdrawals +'],
  confirm: ['messages +', 'recipients.confirmedAt', 'recipients.status', 'withdrawals +'],
  decline: ['declines +', 'declines -', 'withdrawals +'],
  deputy: ['recipients.deputyConfirmedAt', 'withdrawals +'],
  leave: ['recipients.deputyConfirmedAt', 'recipients.deputyEmail', 'recipients.deputyUntil', 'withdrawals +'],
  // The others of the organisation hear of each act, and calendars show it.
  done: ['acts +', 'completions +', 'completions -', 'eventMarks +', 'eventMarks.changedAt', 'eventMarks.sequence'],
  step: ['acts +', 'steps.changedAt', 'steps.completedBy', 'steps.completedOn', 'steps.sequence'],
  // Not of the own date: by then the buttons before said something later of it.
  undo: ['acts +', 'completions -', 'eventMarks.changedAt', 'eventMarks.sequence'],
  // Leads to sign in.
  redactie: [],
  mute: ['acts +', 'mutes +', 'mutes -', 'withdrawals +'],
  // Nobody's address, and nobody's deputy.
  unsubscribe: [
    'acts +',
    'messages +',
    'messages.reason',
    'messages.state',
    'recipients.confirmedAt',
    'recipients.status',
    'recipients.unsubscribedAt',
    'withdrawals +',
  ],
};

describe.skipIf(missesChromium())('a robot', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(async () => browser?.close());

  onSqlite('that opens every link of every mail', (fresh) => {
    it('changes nothing by looking, and by pressing every button exactly what the link is for', { timeout: 600_000 }, async () => {
      const store = await fresh();
      const mails = await liveUntilEnd(store);
      const sent = (await store.read.select().from(store.read.tables.messages)).filter(({ state }) => state === 'sent');
      expect([...new Set(sent.map(({ kind }) => kind))].sort()).toEqual([...MESSAGE_KINDS, ...PERSONAL_KINDS].sort());
      const port = await freePort();
      const url = `http://127.0.0.1:${port}`;
      const { app } = await appFor(store, { publicUrl: url, clock: () => END, secret: SETTINGS.secret });
      await app.listen({ host: '127.0.0.1', port });
      try {
        const { faults, page } = await openPage(browser, url);
        const broken: string[] = [];
        page.on('response', (response) => {
          if (response.status() >= 500) broken.push(response.url());
        });
        const changed = new Map<string, Set<string>>();
        const pressed = new Set<string>();
        for (const path of linksOf(mails)) {
          let before = await rowsIn(store.read);
          const changes = async () => {
            const after = await rowsIn(store.read);
            const differences = differencesBetween(before, after);
            before = after;
            return differences;
          };
          await page.goto(path);
          expect.soft([path, await changes()]).toEqual([path, []]);
          const all = changed.get(nameOf(path)) ?? new Set();
          await pressAll(page, pressed, async () => {
            for (const change of await changes()) if (!SIGNALS.includes(change)) all.add(change);
          });
          changed.set(nameOf(path), all);
        }
        expect([broken, faults.filter((fault) => fault.startsWith('asks '))]).toEqual([[], []]);
        expect(Object.fromEntries([...changed].map(([name, all]) => [name, [...all].sort()]))).toEqual(MAY_CHANGE);
        await page.context().close();
      } finally {
        await app.close();
      }
    });
  });
});

/** Every address of ours in the mails, once, as a path: those that end something come last, so that the others find what they are about. */
function linksOf(mails: readonly FoundMail[]): string[] {
  const written = mails.flatMap(({ headers, html, text }) => [
    ...linksIn(html ?? ''),
    ...[text ?? '', ...headers.map(({ value }) => value)].flatMap((one) => one.match(/https:\/\/inkoop\.example[^\s<>")]*/g) ?? []),
  ]);
  const paths = written
    .filter((address) => address.startsWith(SETTINGS.publicUrl))
    .map((address) => address.slice(SETTINGS.publicUrl.length));
  const rank = (path: string) => ENDING.indexOf(nameOf(path));
  return [...new Set(paths)].sort((a, b) => rank(a) - rank(b));
}

const ENDING = ['undo', 'leave', 'unsubscribe', 'decline'];
const nameOf = (path: string) => new URL(path, SETTINGS.publicUrl).pathname.split('/')[1]!;
