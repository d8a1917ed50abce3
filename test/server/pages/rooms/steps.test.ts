/** An organisation's own dates on their page: added, changed, done, undone and deleted, each by a manager alone. */
import { expect, it } from 'vitest';
import { addStep, listSteps, MOST_STEPS } from '../../../../db/organisations/steps/steps.ts';
import { addRecipient } from '../../../../db/recipients/recipients.ts';
import type { Store } from '../../../../db/store/store.ts';
import { addDeadline, NOW } from '../../../helpers/cast.ts';
import { memberOf } from '../../../helpers/people.ts';
import { MANAGER, roomOf, saying, sessionOf } from '../../../helpers/rooms.ts';
import { onBothDialects } from '../../../helpers/stores.ts';

const BY_ITSELF = { deadlineId: null, ownerId: null };

async function pageOf(store: Store) {
  const room = await roomOf(store, NOW);
  const ids = await store.write(async (tx) => ({
    deadlineId: (await addDeadline(tx)).id,
    ownerId: (await addRecipient(tx, room.ro.id, { email: 'post@ro.example', leadDays: [14], digest: 'daily' }, NOW)).id,
  }));
  return { ...room, ...ids, page: room.path('eigen-datums'), steps: async () => listSteps(store.read, room.ro.id) };
}

onBothDialects('the page of own dates', (fresh) => {
  it('takes one, shows it with who sees to it and before what, and lets readers look', async () => {
    const store = await fresh();
    const { deadlineId, manager, ownerId, page, path, reader, ro, steps } = await pageOf(store);
    expect((await manager.get(page)).text).toMatch(/Eigen datum toevoegen .*Voeg toe .*Er staan geen eigen datums die nog komen/);
    const sent = await manager.post(page, { what: ' Begroting\trond ', on: '10 september 2024', owner: ownerId, before: deadlineId });
    const [step] = await steps();
    expect(step).toMatchObject({ organisationId: ro.id, title: 'Begroting rond', dueOn: '2024-09-10', ownerId, deadlineId });
    expect([sent.status, sent.location]).toEqual([303, saying(page, step!.id)]);
    const shown = await manager.get(sent.location!);
    expect(shown.text).toMatch(/Bewaard: Begroting rond, op 10 september 2024\..*Zorgt ervoor: post@ro\.example\. Hoort bij: /);
    expect(shown.body).toContain(`href="${path(`datums/${deadlineId}`)}"`);
    const read = await reader.get(page);
    expect(read.text).toMatch(/Begroting rond di 10 sep ?\. Nog \d+ werkdagen\. Zorgt ervoor: post@ro\.example/);
    expect(read.body).not.toContain('name="remove"');
    // It is among what is next, too, in both languages.
    expect((await reader.get(path())).text).toMatch(/Eigen datums Begroting rond di 10 sep.* Alle eigen datums/);
    expect((await reader.get(`/en${path()}`)).text).toMatch(/Own dates Begroting rond Tue 10 Sep.* All own dates/);
  });

  it('changes one, says who did it and when, takes that back, and deletes it', async () => {
    const store = await fresh();
    const { deadlineId, manager, page, path, ro, steps } = await pageOf(store);
    const input = { ...BY_ITSELF, deadlineId, title: 'Begroting rond', dueOn: '2024-09-10' };
    const { id } = await store.write((tx) => addStep(tx, ro.id, input, NOW));
    const form = await manager.get(`${page}?wijzig=${id}`);
    expect(form.text).toMatch(/Wijzig: Begroting rond .*Bewaar Laat het zo/);
    expect(form.body).toMatch(new RegExp(`name="step" value="${id}".* value="Begroting rond".* value="2024-09-10"`, 's'));
    await manager.post(page, { step: id, what: 'Begroting af', on: '2024-09-12', owner: '', before: deadlineId });
    expect(await steps()).toMatchObject([{ id, title: 'Begroting af', dueOn: '2024-09-12', deadlineId }]);

    expect((await manager.post(page, { done: id })).location).toBe(page);
    await manager.post(page, { done: id });
    expect(await steps()).toMatchObject([{ completion: { completedOn: NOW.toISOString().slice(0, 10), by: MANAGER } }]);
    expect((await manager.get(page)).text).toMatch(new RegExp(`Gedaan Begroting af .*gemeld door ${MANAGER}\\. .*Maak ongedaan`));
    // Done, it is not among what is next, and stands in the year as that.
    const overview = await manager.get(path());
    expect(overview.body).not.toContain('id="own-dates"');
    expect(overview.text.match(/Gedaan: Begroting af/g)).toHaveLength(3);
    expect(overview.text.match(/Begroting af/g)).toHaveLength(3);
    await manager.post(page, { undo: id });
    await manager.post(page, { undo: id });
    expect(await steps()).toMatchObject([{ completion: null }]);

    expect((await manager.post(page, { remove: id })).location).toBe(page);
    expect((await manager.post(page, { remove: id })).location).toBe(page);
    expect(await steps()).toEqual([]);
    // Who changed it meanwhile reads that it is gone.
    const late = await manager.post(page, { step: id, what: 'Te laat', on: '2024-09-12' });
    expect((await manager.get(late.location!)).text).toContain('intussen verwijderd. Er is niets gewijzigd.');
    expect(await steps()).toEqual([]);
  });

  it('stand in the year of their organisation, as picture, table and list, and in nobody else’s', async () => {
    const store = await fresh();
    const { app, clock, manager, outsider, path, ro } = await pageOf(store);
    await store.write(async (tx) => {
      // Last month and the twelve that come, and a day beyond each end.
      for (const [title, dueOn] of [
        ['Te oud', '2024-02-29'],
        ['Terugblik', '2024-03-01'],
        ['Concept & cijfers', '2024-06-03'],
        ['Vooruitblik', '2025-03-31'],
        ['Te ver', '2025-04-01'],
      ] as const)
        await addStep(tx, ro.id, { ...BY_ITSELF, title, dueOn }, NOW);
    });
    const { body, text } = await manager.get(path());
    const year = body.slice(body.indexOf('<section aria-labelledby="year"'));
    expect(year).toContain('<g role="group" aria-label="Eigen datums">');
    expect(year).toContain('aria-label="maandag 3 juni 2024: Concept &amp; cijfers. Eigen datum"');
    expect([...year.matchAll(/aria-label="[^"]*: ([^".]*)\. Eigen datum"/g)].map(([, title]) => title)).toEqual([
      'Terugblik',
      'Concept &amp; cijfers',
      'Vooruitblik',
    ]);
    // By day among the insurers' own, with a shape that the legend explains.
    expect(text).toMatch(/Jaarplan met begroting Eigen datum Volgens de bron Dezelfde datums in een tabel/);
    expect(text).toMatch(/vr 1 mrt 2024 Terugblik .* ma 3 jun 2024 Concept &amp; cijfers Uw organisatie\. Eigen datum di 1 okt 2024/);
    expect(text).toMatch(/juni 2024 ma 3 jun Concept &amp; cijfers Eigen datum oktober 2024/);
    expect((await manager.get(`/en${path()}`)).body).toContain('aria-label="Monday 3 June 2024: Concept &amp; cijfers. Own date"');
    const cora = await sessionOf(app, store, (await memberOf(store, outsider.id, 'cora@elders.example', NOW)).id, clock.now);
    for (const page of ['/', '/datums', '/en']) expect((await manager.get(page)).body, page).not.toMatch(/Concept|Eigen datum|Own date/);
    expect((await cora.get(`/o/${outsider.id}`)).body).not.toMatch(/Concept|aria-label="Eigen datums"/);
  });

  it('refuses all that is wrong together, beside the field, and keeps what was typed', async () => {
    const store = await fresh();
    const { manager, page, ro, steps } = await pageOf(store);
    const foreign = await manager.post(page, { what: ' \t', on: '31-2-2024', owner: ro.id, before: 'x' });
    expect(foreign.status).toBe(400);
    expect(foreign.text).toMatch(/Er kloppen 4 dingen niet .*klaar moet zijn.*Vul een dag in.*Kies een ontvanger.*Kies een deadline/);
    expect(foreign.body.match(/aria-invalid="true"/g)).toHaveLength(4);
    expect(foreign.body).toContain('value="31-2-2024"');
    const past = await manager.post(page, { what: 'x'.repeat(201), on: '2024-02-01' });
    expect(past.text).toMatch(/Dit zijn 201 tekens\..*Deze dag is al voorbij/);
    expect(await steps()).toEqual([]);
    // A day that has passed since stays where something else is changed.
    const { id } = await store.write((tx) => addStep(tx, ro.id, { ...BY_ITSELF, title: 'Oud', dueOn: '2024-02-01' }, NOW));
    await manager.post(page, { step: id, what: 'Ouder', on: '2024-02-01' });
    expect(await steps()).toMatchObject([{ title: 'Ouder', dueOn: '2024-02-01' }]);
    expect((await manager.get(page)).text).toMatch(/Voorbij, en niet gemeld als gedaan Ouder/);
  });

  it('says when there are as many as there may be', async () => {
    const store = await fresh();
    const { manager, page, ro, steps } = await pageOf(store);
    const { steps: table } = store.read.tables;
    await store.write(async (tx) => {
      const row = { organisationId: ro.id, title: 'Een', dueOn: '2024-09-10', createdAt: NOW };
      await tx.insert(table).values(Array.from({ length: MOST_STEPS }, (_none, n) => ({ ...row, id: `step-${n}` })));
    });
    const full = await manager.post(page, { what: 'Nog een', on: '2024-09-11' });
    expect([full.status, full.text.includes(`Er staan al ${MOST_STEPS} eigen datums. Verwijder er eerst een.`)]).toEqual([400, true]);
    expect(await steps()).toHaveLength(MOST_STEPS);
  });
});
