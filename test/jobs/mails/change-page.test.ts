/** One id for a change wherever readers meet it: its page, the mail that tells of it, the record of that mail, the calendar, REST and the feeds. */
import { expect, it } from 'vitest';
import { amendDeadline } from '../../../db/registry/amending.ts';
import { appFor, type Body } from '../../helpers/app.ts';
import { addDeadline } from '../../helpers/cast.ts';
import { addConfirmed } from '../../helpers/mail.ts';
import { mailsAt } from '../../helpers/mailbox.ts';
import { at } from '../../helpers/reminders.ts';
import { roomOf } from '../../helpers/rooms.ts';
import { onBothDialects } from '../../helpers/stores.ts';

const CONFIRMED = at('05-01T12:00');
const SOURCES = [{ document: 'Beleid 2025, versie 2', section: '6.3', quote: 'uiterlijk 8 oktober 2024', url: null }];
const moved = (baseRevision: number, on: string, reason: string) => ({
  baseRevision,
  reason,
  rule: { kind: 'fixed' as const, on },
  sources: SOURCES.map((source) => ({ ...source, quote: source.quote.replace('8', String(Number(on.slice(8)))) })),
});

onBothDialects('a change that is told', (fresh) => {
  it('is known by one id in its page, mail, message log, calendar, list and feed', async () => {
    const store = await fresh();
    const { clock, manager, path, ro } = await roomOf(store, CONFIRMED);
    const { id } = await store.write((tx) => addDeadline(tx));
    await addConfirmed(store, ro.id, CONFIRMED);
    clock.now = at('05-02T12:00');
    const { call } = await appFor(store, { clock: () => clock.now, publicUrl: 'https://inkoop.example' });
    const calendar = async () => unfold((await call('GET', '/calendars/noord.ics')).body as string);
    // What is new says in its calendar nothing of a change.
    expect(await calendar()).not.toContain('/wijzigingen/');
    await store.write((tx) => amendDeadline(tx, id, moved(1, '2024-10-08', 'De verzekeraar gaf uitstel.'), at('05-02T09:00')));
    const [mail] = (await mailsAt(store, at('05-02T09:15'))).filter(({ text }) => text?.includes('gaf uitstel'));
    const { items } = (await call('GET', 'changes')).body;
    const { id: change, url } = items.at(-1);
    expect(mail!.text).toContain(`Wat er precies veranderde:\n${url}\n`);
    expect(mail!.html).toContain(url);
    expect(await calendar()).toContain(`Wat er het laatst veranderde: ${url}`);
    expect((await call('GET', '/wijzigingen.atom')).body).toContain(`<id>urn:uuid:${change}</id>`);
    const { body } = await call('GET', `organisations/${ro.id}/messages`, { key: ro.key });
    const told = body.items.find((item: Body) => item.kind === 'change');
    expect(told.deadlines.map((one: Body) => one.changeId)).toEqual([change]);
    expect((await manager.get(path('berichten'))).body).toMatch(new RegExp(`Hierover geïnformeerd:\\s+<a href="/wijzigingen/${change}">`));
  });

  it('is the newest, where one mail tells of several; a reminder tells of none', async () => {
    const store = await fresh();
    const { ro } = await roomOf(store, CONFIRMED);
    const { id } = await store.write((tx) => addDeadline(tx));
    await addConfirmed(store, ro.id, CONFIRMED);
    const { call } = await appFor(store, { clock: () => at('05-02T12:00'), publicUrl: 'https://inkoop.example' });
    await store.write((tx) => amendDeadline(tx, id, moved(1, '2024-10-08', 'Uitstel.'), at('05-02T09:00')));
    await mailsAt(store, at('05-02T09:01'));
    await store.write((tx) => amendDeadline(tx, id, moved(2, '2024-10-09', 'Nog een dag.'), at('05-02T09:02')));
    const mails = (await mailsAt(store, at('05-02T09:20'))).filter(({ text }) => text?.includes('Nog een dag.'));
    const { items } = (await call('GET', 'changes')).body;
    expect(mails).toHaveLength(1);
    expect(mails[0]!.text).toContain(items.at(-1).url);
    expect(mails[0]!.text).not.toContain(items.at(-2).url);
    const { body } = await call('GET', `organisations/${ro.id}/messages`, { key: ro.key });
    const ids = (kind: string) =>
      body.items.filter((item: Body) => item.kind === kind).flatMap((item: Body) => item.deadlines.map((one: Body) => one.changeId));
    expect(ids('change')).toEqual([items.at(-1).id]);
    expect(new Set(ids('reminder')).size).toBeLessThanOrEqual(1);
  });
});

const unfold = (calendar: string) => calendar.replaceAll(/\r\n[ \t]/g, '').replaceAll('\\n', '\n');
