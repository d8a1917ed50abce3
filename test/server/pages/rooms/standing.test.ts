/** Who an organisation is and how it stands with insurers, in one form. */
import { expect, it } from 'vitest';
import { getOrganisation } from '../../../../db/organisations/organisations.ts';
import { NOW } from '../../../helpers/cast.ts';
import { memberOf } from '../../../helpers/people.ts';
import { roomOf, saying, sessionOf } from '../../../helpers/rooms.ts';
import { onBothDialects } from '../../../helpers/stores.ts';

onBothDialects('how an organisation stands with insurers', (fresh) => {
  it('is asked with what it means to prefer one, and saved as it was said', async () => {
    const store = await fresh();
    const { manager, path, reader, ro } = await roomOf(store, NOW);
    const page = path('verzekeraars');
    expect((await manager.get(page)).text).toContain(
      'Jaarplan en verantwoording melden wij alleen bij uw preferente zorgverzekeraars; vinkt u er geen aan, dan bij alle.',
    );
    const sent = await manager.post(page, [
      ['name', ' Regio Zuid-Holland '],
      ['roles', 'ro'],
      ['roles', 'practice'],
      ['language', 'en'],
      ['status-noord', ''],
      ['status-oost', 'uncontracted'],
      ['status-zuid', 'contracted'],
      ['preferred', 'zuid'],
    ]);
    expect([sent.status, sent.location]).toEqual([303, saying(page, 'bewaard')]);
    expect(await getOrganisation(store.read, ro.id)).toMatchObject({
      name: 'Regio Zuid-Holland',
      roles: ['ro', 'practice'],
      language: 'en',
      relations: [
        { insurerSlug: 'oost', contractStatus: 'uncontracted', preferred: false },
        { insurerSlug: 'zuid', contractStatus: 'contracted', preferred: true },
      ],
    });
    expect((await manager.get(sent.location!)).text).toContain('Uw wijzigingen zijn bewaard.');
    expect((await reader.get(page)).text).toMatch(/Naam Regio Zuid-Holland .*Oost Zonder contract Zuid Met contract, Preferent/);
  });

  it('leaves alone what the form does not say', async () => {
    const store = await fresh();
    const { manager, path, ro } = await roomOf(store, NOW);
    await manager.post(path('verzekeraars'), { name: 'Regio Zuid', roles: 'ro' });
    expect((await getOrganisation(store.read, ro.id)).relations).toMatchObject([{ insurerSlug: 'noord', contractStatus: 'contracted' }]);
  });

  it('tells who is delivered for why it stays what it is', async () => {
    const store = await fresh();
    const { app, wsv } = await roomOf(store, NOW);
    const person = await memberOf(store, wsv.id, 'wies@wijk.example', NOW);
    const manager = await sessionOf(app, store, person.id, NOW);
    const page = `/o/${wsv.id}/verzekeraars`;
    await manager.get(page);
    const refused = await manager.post(page, { name: 'WSV De Wijk', roles: 'practice' });
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('Een regio-organisatie levert namens uw organisatie in.');
    expect(refused.text).not.toContain('Uw organisatie levert in namens andere');
  });

  it('is refused with all faults together, and nothing is half done', async () => {
    const store = await fresh();
    const { manager, path, ro } = await roomOf(store, NOW);
    const before = await getOrganisation(store.read, ro.id);
    const { body, status, text } = await manager.post(path('verzekeraars'), {
      name: '',
      'status-oost': '',
      preferred: 'oost',
      'status-zuid': 'contracted',
    });
    expect(status).toBe(400);
    expect(text).toMatch(/Er kloppen 3 dingen niet Vul de naam.*Kies wat uw organisatie is.*Oost is preferent, maar u koos niet/);
    for (const name of ['name', 'roles', 'status-oost']) expect(body).toContain(`id="${name}"`);
    const closed = await manager.post(path('verzekeraars'), { name: 'R', roles: 'ro', 'status-oost': 'uncontracted', preferred: 'oost' });
    expect([closed.status, closed.text.includes('Oost kan niet preferent zijn: u koos “Zonder contract”.')]).toEqual([400, true]);
    expect(closed.body).toMatch(/name="preferred" value="oost" checked/);
    // Others deliver through it.
    const delivers = await manager.post(path('verzekeraars'), { name: 'Regio', roles: 'practice', 'status-zuid': 'contracted' });
    expect([delivers.status, delivers.text.includes('Daarom blijft zij een regio-organisatie.')]).toEqual([400, true]);
    expect(await getOrganisation(store.read, ro.id)).toEqual(before);
  });
});
