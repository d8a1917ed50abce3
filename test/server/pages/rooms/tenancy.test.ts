/** Who may open and change what of an organisation: every route of its pages, as the service has them, for each kind of person. */
import { expect, it } from 'vitest';
import { addEditor } from '../../../../db/people/editors.ts';
import { createFeed } from '../../../../db/feeds/feeds.ts';
import { recordOwnEvent } from '../../../../db/organisations/own-events.ts';
import { addRecipient } from '../../../../db/recipients/recipients.ts';
import type { Store } from '../../../../db/store/store.ts';
import { openBrowser } from '../../../helpers/browser.ts';
import { addDeadline, NOW } from '../../../helpers/cast.ts';
import { memberOf } from '../../../helpers/people.ts';
import { roomOf, sessionOf } from '../../../helpers/rooms.ts';
import { onBothDialects } from '../../../helpers/stores.ts';

/** What a reader does by itself: leave. */
const BY_READERS = [/\/leden\/:personId$/];

/** All that is an organisation's own, as text. */
async function stateOf(store: Store): Promise<string> {
  const { completions, events, feeds, keys, members, messages, organisations, recipients, relations, steps } = store.read.tables;
  const rows = [];
  for (const table of [organisations, relations, events, completions, steps, recipients, feeds, keys, members, messages])
    rows.push(await store.read.select().from(table));
  return JSON.stringify(rows);
}

onBothDialects('the pages of an organisation', (fresh) => {
  it('are its members’: a reader looks, a manager changes, and to everybody else there is nothing', { timeout: 120_000 }, async () => {
    const store = await fresh();
    const { app, manager, outsider, people, reader, ro } = await roomOf(store, NOW);
    const other = await memberOf(store, outsider.id, 'cora@elders.example', NOW);
    const ids = await store.write(async (tx) => ({
      ':id': ro.id,
      ':deadlineId': (await addDeadline(tx)).id,
      ':recipientId': (await addRecipient(tx, ro.id, { email: 'post@ro.example', leadDays: [14], digest: 'daily' }, NOW)).id,
      ':feedId': (await createFeed(tx, ro.id, { label: 'Agenda' }, NOW)).id,
      ':personId': people.reader.id,
      editor: (await addEditor(tx, { email: 'ed@redactie.example', label: 'Ed', language: 'nl' }, NOW)).id,
    }));
    await store.write((tx) =>
      recordOwnEvent(tx, ro.id, { kind: 'contract_received', insurer: 'noord', contractYear: 2025, occurredOn: '2024-03-01' }, NOW),
    );
    const browsers = {
      nobody: await openBrowser(app),
      outsider: await sessionOf(app, store, other.id, NOW),
      editor: await sessionOf(app, store, ids.editor, NOW),
      reader,
      manager,
    };
    for (const one of [browsers.outsider, browsers.editor]) await one.get('/uitloggen');
    const routes = [...app.paths].filter(([url]) => /^(\/en)?\/o\/:id(\/|$)/.test(url));
    expect(routes.length).toBeGreaterThan(20);
    const before = await stateOf(store);
    for (const [url, methods] of routes)
      for (const method of ['GET', 'POST'] as const) {
        if (!methods.has(method)) continue;
        const path = url.replaceAll(/:\w+/g, (name) => ids[name as keyof typeof ids]);
        const statuses: Record<string, number> = {};
        for (const [who, browser] of Object.entries(browsers)) {
          // Nothing that any form takes: whoever is let in is told so.
          const fields = { act: 'rotten', doe: 'rotten', on: 'rotten', email: 'rotten', label: '', name: '', insurer: '', leads: 'rotten' };
          const { location, status } = method === 'GET' ? await browser.get(path) : await browser.post(path, fields);
          statuses[who] = status;
          if (who === 'nobody' && method === 'GET') expect(location, `${method} ${url}`).toMatch(/^(\/en)?\/inloggen\?naar=/);
        }
        const isReaders = method === 'GET' || BY_READERS.some((pattern) => pattern.test(url));
        const { manager: ofManager, reader: ofReader, ...others } = statuses;
        expect(others, `${method} ${url}`).toEqual({ nobody: method === 'GET' ? 303 : 401, outsider: 404, editor: 404 });
        if (!isReaders) expect(ofReader, `${method} ${url} as reader`).toBe(403);
        for (const status of isReaders ? [ofManager, ofReader] : [ofManager])
          expect([200, 303, 400, 403], `${method} ${url}`).toContain(status);
        expect(ofManager, `${method} ${url} as manager`).not.toBe(403);
      }
    expect(await stateOf(store)).toBe(before);
  });

  it('are nowhere at an address that names no organisation, whatever stands there', async () => {
    const store = await fresh();
    const { manager, path } = await roomOf(store, NOW);
    for (const odd of ['%00', 'x', '%F0%9F%98%80', "'--"]) {
      expect((await manager.get(`/o/${odd}`)).status, odd).toBe(404);
      for (const page of ['datums', 'ontvangers', 'agenda', 'leden'])
        expect((await manager.get(path(`${page}/${odd}`))).status, page).toBe(404);
    }
  });

  it('take a form with what no database keeps in it, as one without', async () => {
    const store = await fresh();
    const { manager, path } = await roomOf(store, NOW);
    const odd = 'a\0b\ud800';
    for (const page of ['gebeurtenissen', 'eigen-datums', 'verzekeraars', 'ontvangers', 'agenda', 'sleutels', 'gegevens', 'leden']) {
      const fields = {
        name: odd,
        label: odd,
        email: `${odd}@x.example`,
        remove: odd,
        what: odd,
        revoke: odd,
        'trek-in': odd,
        on: odd,
        roles: 'ro',
      };
      expect([200, 303, 400], page).toContain((await manager.post(path(page), fields)).status);
    }
  });

  it('take no form from elsewhere, nor one without the session’s field', async () => {
    const store = await fresh();
    const { manager, path, ro } = await roomOf(store, NOW);
    const fields = { label: 'Agenda', on: '2024-04-01' };
    const before = await stateOf(store);
    for (const page of ['agenda', 'gebeurtenissen', 'eigen-datums', 'ontvangers', 'sleutels', 'gegevens', 'verzekeraars']) {
      const foreign = await manager.post(path(page), fields, { 'sec-fetch-site': 'cross-site' });
      const forged = await manager.post(path(page), { ...fields, session: 'x'.repeat(43) });
      expect([foreign.status, forged.status], page).toEqual([403, 409]);
      expect(foreign.body, page).not.toContain('2024-04-01');
    }
    expect(await stateOf(store)).toBe(before);
    // Kept by nobody, and packed for nobody.
    const { headers } = await manager.get(path(), { 'accept-encoding': 'gzip' });
    expect([headers.get('cache-control'), headers.get('content-encoding')]).toEqual(['no-store', null]);
    expect(ro.id).toMatch(/-/);
  });
});
