/** What an organisation has to do, on its first page and on one for each deadline: done, not applicable, and back. */
import { expect, it } from 'vitest';
import type { Duty } from '../../../../calendars/deadlines/deadline.ts';
import { complete, findCompletion } from '../../../../db/organisations/completions.ts';
import { addStep } from '../../../../db/organisations/steps/steps.ts';
import { createKey } from '../../../../db/organisations/keys.ts';
import { saveRelation } from '../../../../db/organisations/organisations.ts';
import { addDeadline, NOW } from '../../../helpers/cast.ts';
import { MANAGER, roomOf, sessionOf } from '../../../helpers/rooms.ts';
import { onBothDialects } from '../../../helpers/stores.ts';

onBothDialects('the duties of an organisation', (fresh) => {
  it('stand on its first page, and only those that concern it; the year is a picture', async () => {
    const store = await fresh();
    const { manager, path, ro } = await roomOf(store, NOW);
    expect((await manager.get(path())).text).toContain('Er is nu niets bekend dat u nog moet doen.');
    const own = await store.write((tx) => addDeadline(tx));
    await store.write((tx) => addDeadline(tx, { insurer: 'oost' }, { title: 'Van een ander' }));
    const { body, status, text } = await manager.get(path());
    expect(status).toBe(200);
    expect(text).toMatch(/Regio Zuid.*Overzicht.*Gebeurtenissen.*Dit komt eraan.*Jaarplan met begroting indienen.*Noord/);
    expect(text).not.toContain('Van een ander');
    expect(body).toContain(`href="/o/${ro.id}/datums/${own.id}"`);
    expect(body).toContain('<svg class="year"');
    expect(text).toContain('Niemand van uw organisatie krijgt nu herinneringen per mail.');
    expect((await manager.get(`/en${path()}`)).text).toMatch(/What comes next.*Annual plan/);
  });

  it('are said to be done, by whom, and open again', async () => {
    const store = await fresh();
    const { manager, path, reader, ro } = await roomOf(store, NOW);
    const { id } = await store.write((tx) => addDeadline(tx));
    const page = path(`datums/${id}`);
    expect((await manager.get(page)).text).toMatch(/1 okt.*Niemand heeft gemeld dat dit gedaan is.*Meld als gedaan/);
    const sent = await manager.post(page, { act: 'submitted', on: '1-4-2024', evidence: 'Mail van 1 april' });
    expect([sent.status, sent.location]).toEqual([303, page]);
    expect(await findCompletion(store.read, ro.id, id)).toEqual({ completedOn: '2024-04-01', by: MANAGER, evidence: 'Mail van 1 april' });
    const seen = (await reader.get(page)).text;
    expect(seen).toMatch(
      /Gedaan: Jaarplan.*Ingediend of gedaan op 1 april 2024\. Gemeld door anna@ro\.example\..*Bewijs: Mail van 1 april/,
    );
    expect(seen).not.toMatch(/Maak ongedaan|Meld als gedaan/);
    expect((await manager.get(path())).text).toMatch(/Alles gedaan\. Komt er iets bij.*Gedaan Jaarplan met begroting indienen Noord/);
    expect((await manager.get(`/en${path()}`)).text).toContain('All done. What comes up next will stand here.');
    // An own date that is still to be done, or was let pass, is not.
    const own = { title: 'Begroting', dueOn: '2024-03-01', deadlineId: null, ownerId: null };
    await store.write((tx) => addStep(tx, ro.id, own, NOW));
    expect((await manager.get(path())).text).toMatch(/niets bekend dat u nog moet doen/);
    expect((await manager.post(page, { act: 'reopen' })).location).toBe(page);
    // A second press of the same button changes nothing.
    expect((await manager.post(page, { act: 'reopen' })).location).toBe(page);
    expect(await findCompletion(store.read, ro.id, id)).toBeNull();
  });

  it('are said not to apply with a reason, and never without', async () => {
    const store = await fresh();
    const { manager, path, ro } = await roomOf(store, NOW);
    const { id } = await store.write((tx) => addDeadline(tx));
    const page = path(`datums/${id}`);
    const refused = await manager.post(page, { act: 'not_applicable', reason: '  ' });
    expect([refused.status, refused.text.includes('Zeg in een paar woorden waarom')]).toEqual([400, true]);
    expect((await manager.post(page, { act: 'not_applicable', reason: 'Wij hebben geen WSV’s' })).status).toBe(303);
    expect(await findCompletion(store.read, ro.id, id)).toMatchObject({
      notApplicable: 'Wij hebben geen WSV’s',
      completedOn: '2024-04-02',
    });
    expect((await manager.get(page)).text).toMatch(/Geldt niet: Jaarplan met begroting indienen.*Reden: Wij hebben geen WSV’s/);
  });

  it('are not done on a day to come, nor on none, and what was typed stays', async () => {
    const store = await fresh();
    const { manager, path, ro } = await roomOf(store, NOW);
    const { id } = await store.write((tx) => addDeadline(tx));
    for (const [on, said] of [
      ['2024-04-03', 'Deze dag is er nog niet geweest'],
      ['gisteren', 'Vul een dag in'],
      ['', 'Vul een dag in'],
    ] as const) {
      const refused = await manager.post(path(`datums/${id}`), { act: 'submitted', on, evidence: 'x' });
      expect([refused.status, refused.text.includes(said), refused.body.includes(`value="${on}"`)]).toEqual([400, true, true]);
    }
    expect(await findCompletion(store.read, ro.id, id)).toBeNull();
  });

  it('are told of as past for a while, but not what nobody offered to sign', async () => {
    const store = await fresh();
    const { app, clock, manager, path, people, ro } = await roomOf(store, NOW);
    await store.write(async (tx) => {
      await addDeadline(tx, {}, { rule: { kind: 'fixed', on: '2024-04-15' } });
      const duty = { actors: ['provider' as const], onBehalfOf: [], contractStatus: 'any' as const, deliverable: null };
      const signing = { title: 'Ondertekenen', rule: { kind: 'fixed' as const, on: '2024-04-16' }, duty };
      await addDeadline(tx, { activity: 'signing', insurer: 'oost' }, signing);
      await saveRelation(tx, ro.id, 'oost', { contractStatus: 'unknown', preferred: false }, NOW);
    });
    expect((await manager.get(path())).text).toMatch(
      /Ondertekenen.*Kreeg u een overeenkomst aangeboden\? Teken die uiterlijk 16 april 2024/,
    );
    clock.now = new Date('2024-04-30T10:00:00Z');
    const { text } = await manager.get(path());
    expect(text).toMatch(/Voorbij, en niet gemeld als gedaan.*15 apr 2024 Jaarplan met begroting/);
    expect(text.slice(text.indexOf('Voorbij, en niet'), text.indexOf('Het hele jaar'))).not.toContain('Ondertekenen');
    clock.now = new Date('2024-07-02T10:00:00Z');
    const later = await sessionOf(app, store, people.manager.id, clock.now);
    expect((await later.get(path())).text).not.toContain('Voorbij, en niet gemeld');
  });

  it('are nothing of another organisation: its deadline is not there', async () => {
    const store = await fresh();
    const { manager, path } = await roomOf(store, NOW);
    const { id } = await store.write((tx) => addDeadline(tx, { insurer: 'oost' }));
    expect((await manager.get(path(`datums/${id}`))).status).toBe(404);
    expect((await manager.post(path(`datums/${id}`), { act: 'submitted', on: '2024-04-01' })).status).toBe(404);
  });

  it('tell who delivers for others that those did theirs, and neither which of their people said so nor what proves it', async () => {
    const store = await fresh();
    const { app, manager, path, ro, wsv } = await roomOf(store, NOW);
    const { key } = await store.write((tx) => createKey(tx, ro.id, 'Programma', NOW));
    const ask = async () =>
      (await app.inject({ url: `/api/v1/organisations/${ro.id}/agenda`, headers: { authorization: `Bearer ${key}` } })).body;
    const duty: Duty = { actors: ['wsv'], onBehalfOf: [], contractStatus: 'any', deliverable: null };
    const { id } = await store.write((tx) => addDeadline(tx, {}, { duty }));
    const said = { completedOn: '2024-04-01', by: 'piet@wijk.example', evidence: 'Geheim bewijs' };
    await store.write((tx) => complete(tx, wsv.id, id, said, NOW));
    const page = await manager.get(path(`datums/${id}`));
    expect(page.text).toContain('Ingediend of gedaan op 1 april 2024. Gemeld door WSV De Wijk.');
    const everything = [page.body, (await manager.get(path())).body, await ask()].join('\n');
    expect(everything).toContain('WSV De Wijk');
    expect(everything).not.toMatch(/piet@|Geheim/);
    await store.write((tx) => complete(tx, wsv.id, id, { ...said, notApplicable: 'Geheime reden' }, NOW));
    expect([(await manager.get(path(`datums/${id}`))).body, await ask()].join('\n')).not.toMatch(/piet@|Geheim/);
    // What it says of its own stays as it is.
    await store.write((tx) => complete(tx, ro.id, id, { ...said, by: MANAGER }, NOW));
    expect((await manager.get(path(`datums/${id}`))).text).toMatch(/Gemeld door anna@ro\.example\. .*Bewijs: Geheim bewijs/);
  });

  it('keep what was said of them first, and are changed by no button that is none', async () => {
    const store = await fresh();
    const { manager, path, ro } = await roomOf(store, NOW);
    const { id } = await store.write((tx) => addDeadline(tx));
    const page = path(`datums/${id}`);
    for (const fields of [
      { act: 'rotten', on: '2024-04-01' },
      { on: '2024-04-01', reason: 'x' },
    ]) {
      const refused = await manager.post(page, fields);
      expect([refused.status, refused.text.includes('Wij konden niet zien welke knop')]).toEqual([400, true]);
    }
    expect(await findCompletion(store.read, ro.id, id)).toBeNull();
    const first = { completedOn: '2024-04-01', by: 'carla@ro.example', evidence: 'Ontvangstbevestiging' };
    await store.write((tx) => complete(tx, ro.id, id, first, NOW));
    for (const fields of [
      { act: 'submitted', on: '2024-04-02', evidence: '' },
      { act: 'not_applicable', reason: 'Toch niet' },
    ]) {
      const second = await manager.post(page, fields);
      expect(second.status).toBe(409);
      expect(second.text).toMatch(/Dit was al gemeld\..*Gemeld door carla@ro\.example\. .*Bewijs: Ontvangstbevestiging/);
      expect(await findCompletion(store.read, ro.id, id)).toEqual(first);
    }
    // The same once more, by two presses, is no second report.
    await manager.post(page, { act: 'reopen' });
    for (let press = 0; press < 2; press += 1)
      expect((await manager.post(page, { act: 'submitted', on: '2024-04-01', evidence: 'x' })).status).toBe(303);
  });
});
