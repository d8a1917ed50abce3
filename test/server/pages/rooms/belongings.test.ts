/** What is kept of an organisation: its messages, all of it as one file, and its end. */
import { expect, it } from 'vitest';
import { createFeed } from '../../../../db/feeds/feeds.ts';
import { complete } from '../../../../db/organisations/completions.ts';
import { addStep } from '../../../../db/organisations/steps/steps.ts';
import { recordOwnEvent } from '../../../../db/organisations/own-events.ts';
import { addRecipient, confirmRecipient } from '../../../../db/recipients/recipients.ts';
import type { Store } from '../../../../db/store/store.ts';
import { addDeadline, NOW } from '../../../helpers/cast.ts';
import { mailsAt } from '../../../helpers/mailbox.ts';
import { MANAGER, READER, roomOf } from '../../../helpers/rooms.ts';
import { onBothDialects } from '../../../helpers/stores.ts';

async function filled(store: Store) {
  const room = await roomOf(store, NOW);
  const { id } = room.ro;
  const { token } = await store.write(async (tx) => {
    const { id: deadlineId } = await addDeadline(tx);
    const recipient = await addRecipient(tx, id, { email: 'post@ro.example', leadDays: [14], digest: 'daily' }, NOW);
    await confirmRecipient(tx, recipient.id, NOW);
    await complete(tx, id, deadlineId, { completedOn: '2024-04-01', by: MANAGER, evidence: null }, NOW);
    await addStep(tx, id, { title: 'Concept', dueOn: '2024-09-01', deadlineId, ownerId: null }, NOW);
    await recordOwnEvent(tx, id, { kind: 'contract_received', insurer: 'noord', contractYear: 2025, occurredOn: '2024-04-01' }, NOW);
    return createFeed(tx, id, { label: 'Agenda' }, NOW);
  });
  await mailsAt(store, NOW);
  return { ...room, token };
}

onBothDialects('what is kept of an organisation', (fresh) => {
  it('is shown of its messages with what the mail server answered', async () => {
    const store = await fresh();
    const { path, reader } = await filled(store);
    const { text } = await reader.get(path('berichten'));
    expect(text).toMatch(
      /U krijgt herinneringen voor Regio Zuid Verstuurd: 2 april 2024 om 12:00 uur\. Aan post@ro\.example\. Antwoord van de mailserver: 250/,
    );
    expect(text).toMatch(/Niet verstuurd: .*Dit adres zei al ja\./);
    expect((await reader.get(`${path('berichten')}?pagina=2`)).text).toContain('Er zijn nog geen berichten.');
  });

  it('is given to its members as one file, without secrets', async () => {
    const store = await fresh();
    const { path, reader, ro, token } = await filled(store);
    const answer = await reader.get(path('gegevens/meenemen'));
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="inkoopkalender-regio-zuid-2024-04-02.json"');
    expect([answer.headers.get('content-type'), answer.headers.get('cache-control')]).toEqual([
      'application/json; charset=utf-8',
      'no-store',
    ]);
    expect(JSON.parse(answer.body)).toMatchObject({
      exportedAt: NOW.toISOString(),
      organisation: { id: ro.id, name: 'Regio Zuid', roles: ['ro'], language: 'nl' },
      insurers: [{ insurer: 'noord', contractStatus: 'contracted', preferred: false }],
      members: [
        { email: MANAGER, role: 'manager' },
        { email: READER, role: 'reader' },
      ],
      recipients: [{ email: 'post@ro.example', leadDays: [14], status: 'confirmed', muted: [] }],
      events: [{ kind: 'contract_received', occurredOn: '2024-04-01' }],
      completions: [{ by: MANAGER, title: 'Jaarplan met begroting indienen' }],
      steps: [{ title: 'Concept', dueOn: '2024-09-01' }],
      feeds: [{ label: 'Agenda' }],
      keys: [{ label: 'Eerste sleutel' }],
      messages: expect.arrayContaining([expect.objectContaining({ kind: 'welcome', state: 'sent', sentTo: 'post@ro.example' })]),
    });
    expect(answer.body).not.toMatch(new RegExp(`${token}|ik_|"hash"|"claim"|"raw"|"content"`));
  });

  it('ends where a manager types its name after a fresh sign-in, with what then goes said before', async () => {
    const store = await fresh();
    const { clock, manager, path, reader, ro, wsv } = await filled(store);
    const page = path('gegevens');
    expect((await manager.get(page)).text).toMatch(
      /Dit wordt gewist: 1 ontvanger, 1 verzekeraar of inkooppartij, 1 gebeurtenis, 1 melding dat iets gedaan is, 1 eigen datum, 1 agendalink, 1 sleutel en \d berichten\. Eén organisatie waarvoor u inlevert, blijft bestaan/,
    );
    expect((await reader.get(page)).text).not.toContain('Verwijder de organisatie');
    expect((await reader.post(page, { act: 'delete', name: 'Regio Zuid' })).status).toBe(403);
    expect((await manager.post(page, { act: 'delete', name: 'Regio' })).status).toBe(400);
    expect((await manager.post(page, { act: 'delete' })).status).toBe(400);
    clock.now = new Date(NOW.getTime() + 31 * 60_000);
    const kept = await manager.post(page, { act: 'delete', name: 'Regio Zuid' });
    expect([kept.status, kept.body.includes('opnieuw=ja'), kept.text.includes('Naam Regio Zuid')]).toEqual([401, true, true]);
    expect(kept.body).not.toContain('type="hidden" name="act"');
    clock.now = NOW;
    const { organisations, people } = store.read.tables;
    expect(await store.read.$count(organisations)).toBe(3);
    const gone = await manager.post(page, { act: 'delete', name: ' regio zuid ' });
    expect([gone.status, gone.text.includes('Regio Zuid is verwijderd')]).toEqual([200, true]);
    const left = (await store.read.select().from(organisations)).map(({ id, parentId }) => [id, parentId]);
    expect(left).toContainEqual([wsv.id, null]);
    expect(left.map(([id]) => id)).not.toContain(ro.id);
    expect(await store.read.$count(people)).toBe(0);
    expect((await reader.get(path())).location).toContain('/inloggen');
  });
});
