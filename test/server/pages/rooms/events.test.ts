/** The day on which an agreement came, and what follows from it. */
import { expect, it } from 'vitest';
import { saveRelation } from '../../../../db/organisations/organisations.ts';
import { listOwnEvents } from '../../../../db/organisations/own-events.ts';
import { startedTerms } from '../../../../db/organisations/own-terms.ts';
import type { Store } from '../../../../db/store/store.ts';
import { addDeadline } from '../../../helpers/cast.ts';
import { roomOf, saying } from '../../../helpers/rooms.ts';
import { onBothDialects } from '../../../helpers/stores.ts';

const NOVEMBER = new Date('2024-11-05T10:00:00Z');
const SIX_WEEKS = {
  title: 'Ondertekenen binnen zes weken',
  rule: { kind: 'offset', from: { event: 'contract_received' }, amount: 6, unit: 'week', direction: 'after' },
  duty: { actors: ['provider'], onBehalfOf: [], contractStatus: 'uncontracted', deliverable: null },
} as const;

async function withTerm(store: Store, contractStatus: 'contracted' | 'uncontracted' = 'uncontracted') {
  const room = await roomOf(store, NOVEMBER);
  await store.write(async (tx) => {
    await addDeadline(
      tx,
      { activity: 'signing_term' },
      { ...SIX_WEEKS, rule: { ...SIX_WEEKS.rule }, duty: { ...SIX_WEEKS.duty, actors: ['provider'], onBehalfOf: [] } },
    );
    await saveRelation(tx, room.ro.id, 'noord', { contractStatus, preferred: false }, NOVEMBER);
  });
  return { ...room, page: room.path('gebeurtenissen') };
}

onBothDialects('the own events of an organisation', (fresh) => {
  it('say at once what follows: received on 4 November, to be signed by 16 December', async () => {
    const store = await fresh();
    const { manager, page, reader, ro } = await withTerm(store);
    const { text } = await manager.get(page);
    expect(text).toMatch(/Wij hebben de overeenkomst ontvangen op .*Van welke verzekeraar\? .*Meld de ontvangst .*U meldde nog niets/);
    const sent = await manager.post(page, { on: '2024-11-04', insurer: 'noord', year: '2025' });
    const [event] = await listOwnEvents(store.read, ro.id);
    expect([sent.status, sent.location]).toEqual([303, saying(page, event!.id)]);
    const said = /Overeenkomst 2025 van Noord ontvangen op 4 november 2024\. → Teken uiterlijk maandag 16 december 2024\. volgens de bron/;
    const shown = await manager.get(sent.location!);
    expect(shown.text).toMatch(said);
    expect(shown.body).toContain('role="status"');
    expect((await reader.get(page)).text).toMatch(said);
  });

  it('say why nothing follows', async () => {
    const store = await fresh();
    const { manager, page } = await withTerm(store, 'contracted');
    const sent = await manager.post(page, { on: '4-11-2024', insurer: 'noord', year: '2025' });
    expect((await manager.get(sent.location!)).text).toContain(
      'Er volgt geen dag uit: de termijn van Noord geldt niet bij wat u daar koos',
    );
  });

  it('are removed, and the same one is not reported twice', async () => {
    const store = await fresh();
    const { manager, page, ro } = await withTerm(store);
    await manager.post(page, { on: '2024-11-04', insurer: 'noord', year: '2025' });
    const twice = await manager.post(page, { on: '2024-11-01', insurer: 'noord', year: '2025' });
    expect([twice.status, twice.text.includes('staat er al een dag. Haal die eerst weg.')]).toEqual([400, true]);
    expect(twice.body).toContain('value="2024-11-01"');
    const [event] = await listOwnEvents(store.read, ro.id);
    const removed = await manager.post(page, { remove: event!.id });
    const { body, text } = await manager.get(removed.location!);
    expect(text).toContain('Weggehaald: overeenkomst 2025 van Noord, ontvangen op 4 november 2024.');
    expect(text).not.toContain('als gedaan meldde');
    expect(body).toContain('Zet terug');
    // An address that nobody was led to says nothing.
    expect((await manager.get(`${page}?gedaan=weg_open_noord_2025_2024-11-04.zz.x`)).text).not.toContain('Weggehaald');
    expect((await manager.post(page, { remove: event!.id })).location).toBe(page);
    expect(await listOwnEvents(store.read, ro.id)).toEqual([]);
  });

  it('say that what rested on one is kept, and have it again once it is put back', async () => {
    const store = await fresh();
    const { manager, page, path, ro } = await withTerm(store);
    const reported = { on: '2024-11-04', insurer: 'noord', year: '2025' };
    await manager.post(page, reported);
    const [event] = await listOwnEvents(store.read, ro.id);
    const [term] = (await startedTerms(store.read, ro.id, [event!])).get(event!.id)!.terms;
    const duty = path(`datums/${term!.deadline.id}`);
    await manager.post(duty, { act: 'submitted', on: '2024-11-05' });
    const removed = await manager.post(page, { remove: event!.id });
    expect((await manager.get(removed.location!)).text).toContain('Wat u daarvan als gedaan meldde, bewaren wij.');
    expect((await manager.get(duty)).text).not.toContain('Gedaan op');
    await manager.post(page, reported);
    expect((await manager.get(duty)).text).toContain('5 november 2024');
  });

  it('say of a day that is over that it is, and ask for the year', async () => {
    const store = await fresh();
    const { manager, page } = await withTerm(store);
    const sent = await manager.post(page, { on: '2024-01-04', insurer: 'noord', year: '2025' });
    const { text } = await manager.get(sent.location!);
    expect(text).toContain('→ Ondertekenen binnen zes weken: dat moest uiterlijk donderdag 15 februari 2024.');
    expect(text).toContain('Deze dag is voorbij. Koos u het goede contractjaar (2025)?');
    expect(text).not.toContain('Teken uiterlijk');
  });

  it('are refused beside the field where they make no sense', async () => {
    const store = await fresh();
    const { manager, page, ro } = await withTerm(store);
    const { body, status, text } = await manager.post(page, { on: '2024-11-06', insurer: 'oost', year: '1999' });
    expect(status).toBe(400);
    expect(text).toMatch(
      /Er kloppen 3 dingen niet .*Kies een verzekeraar uit de lijst.*Kies een contractjaar.*Deze dag is er nog niet geweest/,
    );
    expect(body.match(/aria-invalid="true"/g)).toHaveLength(3);
    expect(await listOwnEvents(store.read, ro.id)).toEqual([]);
  });
});
