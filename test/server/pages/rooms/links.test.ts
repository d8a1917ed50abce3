/** The secrets of an organisation, feeds and keys: each shown once, then what became of it. */
import { expect, it } from 'vitest';
import { createFeed, listFeeds } from '../../../../db/feeds/feeds.ts';
import { createKey, listKeys } from '../../../../db/organisations/keys.ts';
import { takeTicket } from '../../../../db/people/tickets.ts';
import { addDeadline, NOW } from '../../../helpers/cast.ts';
import { roomOf, saying } from '../../../helpers/rooms.ts';
import { onBothDialects } from '../../../helpers/stores.ts';

onBothDialects('the calendar links of an organisation', (fresh) => {
  it('are shown once, and then with what they show and when they were fetched', async () => {
    const store = await fresh();
    const { app, manager, path, reader, ro } = await roomOf(store, NOW);
    await store.write((tx) => addDeadline(tx));
    const page = path('agenda');
    const made = await manager.post(page, [
      ['label', 'Agenda kantoor'],
      ['insurers', 'noord'],
      ['certainty', 'sure'],
      ['alarms', '14, 1'],
      ['completed', 'ja'],
    ]);
    const link = /data-copy="https:\/\/inkoop\.example(\/feeds\/[^"]+\.ics)"/.exec(made.body)?.[1];
    expect([made.status, made.headers.get('cache-control'), link]).toEqual([200, 'no-store', expect.any(String)]);
    expect(made.text).toContain('U ziet deze link alleen nu.');
    expect((await app.inject({ url: link! })).body).toContain('Jaarplan met begroting indienen');
    const [feed] = await listFeeds(store.read, ro.id, NOW);
    expect(feed).toMatchObject({
      label: 'Agenda kantoor',
      insurers: ['noord'],
      certainty: ['stated', 'sector_rule', 'expected', 'unknown'],
      alarms: [14, 1],
      showCompleted: true,
      language: null,
    });
    const seen = await reader.get(page);
    expect(seen.text).toMatch(
      /Agenda kantoor Noord, zonder aannames\. Wat gedaan is, staat er als gedaan\. Melding: 14 en 1 dagen van tevoren\. Gemaakt op 2 april 2024\. Nog nooit opgehaald\./,
    );
    expect(seen.body).not.toContain('/feeds/');
    await store.write((tx) => tx.update(tx.tables.feeds).set({ lastFetchedOn: '2024-04-02', client: 'Google Calendar' }));
    expect((await reader.get(page)).text).toContain('Voor het laatst opgehaald op 2 april 2024, door Google Calendar.');
  });

  it('change behind the same link, are replaced, and end', async () => {
    const store = await fresh();
    const { app, clock, manager, path, ro } = await roomOf(store, NOW);
    await store.write((tx) => addDeadline(tx));
    const linkIn = (body: string) => /(\/feeds\/[\w-]+\.ics)/.exec(body)![1]!;
    const statusOf = async (link: string) => (await app.inject({ url: link })).statusCode;
    const first = linkIn((await manager.post(path('agenda'), { label: 'Een' })).body);
    const [{ id } = { id: '' }] = await listFeeds(store.read, ro.id, NOW);
    const page = path(`agenda/${id}`);
    expect((await manager.post(page, { act: 'save', label: 'Twee', certainty: 'all', language: 'en' })).location).toEqual(
      saying(page, 'bewaard'),
    );
    expect((await listFeeds(store.read, ro.id, NOW))[0]).toMatchObject({ label: 'Twee', language: 'en', certainty: null, insurers: null });
    const second = linkIn((await manager.post(page, { act: 'rotate' })).body);
    expect([await statusOf(first), await statusOf(second)]).toEqual([200, 200]);
    expect((await manager.get(page)).text).toContain('De vorige link werkt nog tot 9 april 2024.');
    const third = linkIn((await manager.post(page, { act: 'replace' })).body);
    expect([await statusOf(second), await statusOf(third)]).toEqual([410, 200]);
    clock.now = new Date(NOW.getTime() + 31 * 60_000);
    const again = (where: string) => `/inloggen?naar=${encodeURIComponent(where)}&opnieuw=ja`;
    for (const act of ['rotate', 'replace']) expect((await manager.post(page, { act })).location).toBe(again(page));
    const kept = await manager.post(path('agenda'), { label: 'Later' });
    expect([kept.status, kept.text.includes('Naam van de link of sleutel Later')]).toEqual([401, true]);
    expect([await statusOf(third), (await listFeeds(store.read, ro.id, NOW)).length]).toEqual([200, 1]);
    for (const where of [page, path('agenda')]) expect((await manager.get(where)).text).toContain('Hiervoor logt u eerst opnieuw in');
    const wrong = await manager.post(page, { act: 'save', label: '', alarms: 'soms' });
    expect([wrong.status, wrong.text.includes('Er kloppen 2 dingen niet')]).toEqual([400, true]);
    expect((await manager.post(page, { act: 'rotten', label: 'Drie', certainty: 'all' })).status).toBe(400);
    expect((await listFeeds(store.read, ro.id, NOW))[0]).toMatchObject({ label: 'Twee' });
    expect((await manager.post(page, { act: 'remove' })).location).toEqual(saying(path('agenda'), 'weg'));
    expect([await statusOf(third), (await manager.get(page)).status]).toEqual([410, 404]);
  });

  it('are fifty at most, which is told in words and by the API', async () => {
    const store = await fresh();
    const { app, manager, path, ro } = await roomOf(store, NOW);
    const { key } = await store.write(async (tx) => {
      for (let count = 0; count < 50; count += 1) await createFeed(tx, ro.id, { label: `Agenda ${count}` }, NOW);
      return createKey(tx, ro.id, 'Programma', NOW);
    });
    const refused = await manager.post(path('agenda'), { label: 'Nog een', certainty: 'all' });
    expect([refused.status, refused.text.includes('Er zijn al 50 agendalinks. Verwijder er eerst een.')]).toEqual([400, true]);
    const headers = { authorization: `Bearer ${key}` };
    const answer = await app.inject({
      method: 'POST',
      url: `/api/v1/organisations/${ro.id}/feeds`,
      headers,
      payload: { label: 'Nog een' },
    });
    expect([answer.statusCode, answer.json().detail]).toEqual([409, 'There are 50 feeds, and may be no more. Remove one first.']);
    expect(await listFeeds(store.read, ro.id, NOW)).toHaveLength(50);
  });
});

onBothDialects('what is shown once', (fresh) => {
  it('is made once, however often a browser sends its form', async () => {
    const store = await fresh();
    const { manager, path, ro } = await roomOf(store, NOW);
    const ticketIn = (body: string) => /name="ticket" value="([^"]+)"/.exec(body)![1]!;
    const twice = async (page: string, fields: Record<string, string>, said: string) => {
      const form = { ...fields, ticket: ticketIn((await manager.get(page)).body) };
      const first = await manager.post(page, form);
      const before = [await listFeeds(store.read, ro.id, NOW), await listKeys(store.read, ro.id, NOW), await hashes()];
      for (const again of [form, { ...fields, ticket: '' }]) {
        const second = await manager.post(page, again);
        expect([first.status, second.status, second.text.includes(said)]).toEqual([200, 409, true]);
      }
      expect([await listFeeds(store.read, ro.id, NOW), await listKeys(store.read, ro.id, NOW), await hashes()]).toEqual(before);
    };
    const hashes = async () => store.read.select({ hash: store.read.tables.feeds.hash }).from(store.read.tables.feeds);
    await twice(path('sleutels'), { label: 'Koppeling' }, 'Deze sleutel is al getoond');
    await twice(path('agenda'), { label: 'Agenda', certainty: 'all' }, 'Deze link is al getoond');
    const [{ id } = { id: '' }] = await listFeeds(store.read, ro.id, NOW);
    for (const act of ['rotate', 'replace']) await twice(path(`agenda/${id}`), { act }, 'Deze link is al getoond');
  });

  it('is remembered for as long as the session that may ask for it lasts, and no longer', async () => {
    const store = await fresh();
    const ticket = '0a0a0a0a-0000-4000-8000-000000000000';
    const after = (days: number) => new Date(NOW.getTime() + days * 86_400_000);
    const take = async (one: string, now: Date) => store.write((tx) => takeTicket(tx, one, now));
    expect([await take(ticket, NOW), await take(ticket, after(30)), await take('x', NOW)]).toEqual([true, false, false]);
    expect(await take(ticket.replace('0a', '0b'), after(31))).toBe(true);
    expect(await take(ticket, after(31))).toBe(true);
  });
});

onBothDialects('the keys of an organisation', (fresh) => {
  it('are made after a fresh sign-in, shown once, and revoked', async () => {
    const store = await fresh();
    const { app, clock, manager, path, reader, ro, wsv } = await roomOf(store, NOW);
    const page = path('sleutels');
    const made = await manager.post(page, { label: 'Koppeling' });
    const key = /data-copy="(ik_[^"]+)"/.exec(made.body)?.[1];
    expect([made.status, made.text.includes('U ziet deze sleutel alleen nu.')]).toEqual([200, true]);
    const answer = await app.inject({ url: `/api/v1/organisations/${ro.id}`, headers: { authorization: `Bearer ${key}` } });
    expect(answer.statusCode).toBe(200);
    const seen = await reader.get(page);
    expect(seen.text).toMatch(/Koppeling Gemaakt op 2 april 2024\. Nog nooit gebruikt\./);
    expect(seen.body).not.toMatch(/ik_|Trek in/);
    expect((await manager.post(page, { label: ' ' })).status).toBe(400);
    const { id } = (await listKeys(store.read, ro.id, NOW)).find(({ label }) => label === 'Koppeling')!;
    clock.now = new Date(NOW.getTime() + 31 * 60_000);
    expect((await manager.post(page, { label: 'Later' })).status).toBe(401);
    // A button by itself is pressed again where its words stand.
    expect((await manager.post(page, { revoke: id })).location).toBe(`/inloggen?naar=${encodeURIComponent(page)}&opnieuw=ja`);
    expect((await listKeys(store.read, ro.id, NOW)).map(({ label }) => label).sort()).toEqual(['Eerste sleutel', 'Koppeling']);
    clock.now = NOW;
    const [theirs] = await store.write(async (tx) => [await createKey(tx, wsv.id, 'Van een ander', NOW)]);
    for (const other of [theirs.id, '0a0a0a0a-0000-4000-8000-000000000000'])
      expect((await manager.post(page, { revoke: other })).location).toBe(page);
    expect((await listKeys(store.read, wsv.id, NOW)).map((one) => one.id)).toContain(theirs.id);
    expect((await manager.post(page, { revoke: id })).location).toEqual(saying(page, 'weg'));
    // A second press ends nothing more, and says so.
    expect((await manager.post(page, { revoke: id })).location).toBe(page);
    const again = await app.inject({ url: `/api/v1/organisations/${ro.id}`, headers: { authorization: `Bearer ${key}` } });
    expect(again.statusCode).toBe(401);
  });
});
