/** The recipients of an organisation, with all that holds of each in sentences. */
import { expect, it } from 'vitest';
import { addRecipient, confirmRecipient, listRecipients } from '../../../../db/recipients/recipients.ts';
import { chooseKind } from '../../../../db/recipients/preferences.ts';
import { DECLINABLE_KINDS } from '../../../../db/schema/schema.ts';
import type { Store } from '../../../../db/store/store.ts';
import { addDeadline } from '../../../helpers/cast.ts';
import { mailsAt } from '../../../helpers/mailbox.ts';
import { MANAGER, roomOf, saying } from '../../../helpers/rooms.ts';
import { at } from '../../../helpers/reminders.ts';
import { onBothDialects } from '../../../helpers/stores.ts';

const EMAIL = 'post@ro.example';
/** A Tuesday, before the annual plan of 1 October. */
const TUESDAY = at('09-03T10:00');

async function withRecipient(store: Store, digest: 'daily' | 'weekly' = 'weekly') {
  const room = await roomOf(store, TUESDAY);
  const recipient = await store.write(async (tx) => {
    await addDeadline(tx);
    const { id } = await addRecipient(tx, room.ro.id, { email: EMAIL, leadDays: [14, 3, 0], digest }, TUESDAY);
    return confirmRecipient(tx, id, TUESDAY);
  });
  return { ...room, recipient, page: room.path(`ontvangers/${recipient.id}`) };
}

/** What the form sends where nothing is changed. */
const UNCHANGED = { act: 'save', leads: '14, 3, 0', digest: 'weekly', hour: '07:30', language: '', paused: '', deputy: '', until: '' };
const ASSUMED = { kind: 'common_rhythm' as const, deadlineId: null, text: 'Een aanname.' };
const WANTED: [string, string][] = DECLINABLE_KINDS.map((kind) => ['wanted', kind]);

onBothDialects('the recipients of an organisation', (fresh) => {
  it('say in sentences what each gets, and when the next mail comes', async () => {
    const store = await fresh();
    const { path, reader } = await withRecipient(store);
    const { body, text } = await reader.get(path('ontvangers'));
    expect(text).toMatch(/post@ro\.example Krijgt herinneringen\. Herinnering: 14 en 3 dagen van tevoren en op de dag zelf\./);
    // 17 September is two weeks before; that week's Monday is the first from then on that is in time.
    expect(text).toMatch(/Maandag één mail, om 07:30\. Kan iets niet wachten, dan komt het eerder\. De volgende: 23 september 2024\./);
    expect(body).not.toContain('Voeg toe');
  });

  it('are added, and asked by mail before anything else is sent', async () => {
    const store = await fresh();
    const { manager, path, ro } = await withRecipient(store);
    const sent = await manager.post(path('ontvangers'), { email: ' Nieuw@RO.example ' });
    const added = (await listRecipients(store.read, ro.id)).find(({ email }) => email === 'nieuw@ro.example')!;
    expect([sent.status, sent.location, added.status]).toEqual([303, saying(path(`ontvangers/${added.id}`), 'nieuw'), 'pending']);
    expect((await manager.get(sent.location!)).text).toMatch(
      /nieuw@ro\.example is toegevoegd en krijgt een mail met een vraag.*Wacht op een ja/,
    );
    const mails = (await mailsAt(store, TUESDAY)).filter((mail) => mail.for === 'nieuw@ro.example');
    expect(mails.map(({ subject }) => subject)).toEqual(['Bevestig uw adres voor de Inkoopkalender']);
    for (const [email, said] of [
      ['nieuw@ro.example', 'Dit adres staat al bij uw ontvangers.'],
      ['nieuw', 'Vul één e-mailadres in'],
    ] as const) {
      const refused = await manager.post(path('ontvangers'), { email });
      expect([refused.status, refused.text.includes(said), refused.body.includes(`value="${email}"`)]).toEqual([400, true, true]);
    }
  });

  it('get what a manager chooses: leads, rhythm, hour, language, pause and deputy', async () => {
    const store = await fresh();
    const { manager, page, recipient, ro } = await withRecipient(store);
    const chosen = {
      ...UNCHANGED,
      leads: '30 en 7',
      digest: 'daily',
      hour: '09:00',
      language: 'en',
      paused: '2024-09-10',
      deputy: 'Ward@ro.example',
      until: '20-9-2024',
    };
    const sent = await manager.post(page, [
      ...Object.entries(chosen),
      ['wanted', 'reminder'],
      ['wanted', 'escalation'],
      ['wanted', 'acts'],
    ]);
    expect([sent.status, sent.location]).toEqual([303, saying(page, 'bewaard')]);
    const [kept] = await listRecipients(store.read, ro.id);
    expect(kept).toMatchObject({
      id: recipient.id,
      leadDays: [30, 7],
      digest: 'daily',
      sendHour: '09:00',
      language: 'en',
      pausedUntil: '2024-09-10',
      deputyEmail: 'ward@ro.example',
      deputyUntil: '2024-09-20',
      declined: ['change'],
    });
    const { body, text } = await manager.get(sent.location!);
    expect(text).toMatch(
      /30 en 7 dagen van tevoren\. Op een werkdag hooguit één mail, om 09:00\. De volgende: 24 september 2024\. Taal: Engels\. Pauze: weer mail vanaf 10 september 2024\. Vervanger ward@ro\.example, tot en met 20 september 2024\. Die moet nog ja zeggen\. Wil geen bericht als een datum verandert/,
    );
    // Nobody but the address itself asks for it again.
    expect(body).not.toContain('value="change"');
    await manager.post(page, [...Object.entries(UNCHANGED), ...WANTED]);
    expect((await listRecipients(store.read, ro.id))[0]).toMatchObject({ declined: ['change'], deputyEmail: null, pausedUntil: null });
  });

  it('are shown and told no reminders that they declined, and switch them on again themselves', async () => {
    const store = await fresh();
    const { manager, path, ro } = await withRecipient(store);
    const own = await store.write(async (tx) => {
      const { id } = await addRecipient(tx, ro.id, { email: MANAGER, leadDays: [14], digest: 'daily' }, TUESDAY);
      return confirmRecipient(tx, id, TUESDAY);
    });
    const page = path(`ontvangers/${own.id}`);
    const form = { ...UNCHANGED, position: '2', hour: '8.00' };
    const off = await manager.post(page, [...Object.entries(form), ...WANTED.filter(([, kind]) => kind !== 'reminder')]);
    const { body, text } = await manager.get(off.location!);
    expect(text).toContain('Wil geen herinneringen.');
    expect(text).not.toMatch(/Krijgt herinneringen\.|Herinnering: /);
    expect(text).toContain('Dit is uw eigen adres');
    expect(body).toContain('value="reminder"');
    const on = await manager.post(page, [...Object.entries({ ...form, hour: '8:00' }), ...WANTED]);
    expect((await manager.get(on.location!)).text).toContain('Krijgt herinneringen.');
    expect((await listRecipients(store.read, ro.id)).find(({ id }) => id === own.id)).toMatchObject({ declined: [], sendHour: '08:00' });
  });

  it('say that an assumption is told once, where there is one and reminders are wanted', async () => {
    const store = await fresh();
    const { manager, page, recipient } = await withRecipient(store);
    const once = 'Over een aanname mailen wij één keer, zes weken van tevoren.';
    expect((await manager.get(page)).text).not.toContain('aanname');
    await store.write((tx) => addDeadline(tx, { activity: 'signing' }, { certainty: 'template', sources: [], basis: ASSUMED }));
    expect((await manager.get(page)).text).toContain(once);
    await manager.post(page, [...Object.entries({ ...UNCHANGED, leads: '60, 14' }), ...WANTED]);
    expect((await manager.get(page)).text).toContain('Over een aanname mailen wij één keer, 60 dagen van tevoren.');
    await store.write((tx) => chooseKind(tx, recipient.id, 'reminder', false, TUESDAY));
    expect((await manager.get(page)).text).not.toContain('aanname');
  });

  it('are refused what makes no sense, all of it together, and nothing is half done', async () => {
    const store = await fresh();
    const { manager, page, ro } = await withRecipient(store);
    const before = await listRecipients(store.read, ro.id);
    const wrong = { ...UNCHANGED, leads: '400', hour: '3:00', paused: '2024-09-03', deputy: EMAIL, until: '2024-09-02', position: '7' };
    const { body, status, text } = await manager.post(page, wrong);
    expect(status).toBe(400);
    expect(text).toContain('Er kloppen 6 dingen niet');
    expect(body).toContain('value="400"');
    expect(await listRecipients(store.read, ro.id)).toEqual(before);
  });

  it('get a trial at once that says so, and not more than three in an hour', async () => {
    const store = await fresh();
    const { clock, manager, page } = await withRecipient(store);
    await mailsAt(store, TUESDAY);
    for (let n = 0; n < 3; n += 1) expect((await manager.post(page, { act: 'trial' })).location).toEqual(saying(page, 'proef'));
    const refused = await manager.post(page, { act: 'trial' });
    expect([refused.status, refused.text.includes('hooguit drie per uur')]).toEqual([429, true]);
    const mails = await mailsAt(store, TUESDAY);
    expect(mails.map(({ for: to, subject }) => [to, subject])).toEqual(
      Array.from({ length: 3 }, () => [EMAIL, 'Proefmail: zo krijgt u herinneringen voor Regio Zuid']),
    );
    expect(mails[0]!.text).toMatch(/Dit is een proefmail\. U hoeft niets te doen\.[^]*maandag 23 september 2024[^]*jaarplan met begroting/);
    clock.now = at('09-03T11:01');
    expect((await manager.post(page, { act: 'trial' })).status).toBe(303);
  });

  it('get no trial while they have not said yes', async () => {
    const store = await fresh();
    const { manager, path, ro } = await withRecipient(store);
    const { id } = await store.write((tx) => addRecipient(tx, ro.id, { email: 'x@ro.example', leadDays: [14], digest: 'daily' }, TUESDAY));
    const page = path(`ontvangers/${id}`);
    expect((await manager.get(page)).text).not.toContain('Stuur nu een proefmail');
    expect((await manager.post(page, { act: 'trial' })).status).toBe(409);
  });

  it('are removed with their address, and what they declined is told', async () => {
    const store = await fresh();
    const { manager, page, path, recipient, ro } = await withRecipient(store);
    await store.write((tx) => chooseKind(tx, recipient.id, 'reminder', false, TUESDAY));
    expect((await manager.get(page)).text).toContain('Wil geen herinneringen. Alleen dit adres zelf kan dat weer aanzetten.');
    const removed = await manager.post(page, { act: 'remove' });
    expect(removed.location).toEqual(saying(path('ontvangers'), 'weg'));
    expect(await listRecipients(store.read, ro.id)).toEqual([]);
    expect((await manager.get(removed.location!)).text).toMatch(/De ontvanger is verwijderd\. Er zijn nog geen ontvangers/);
    expect((await manager.get(page)).status).toBe(404);
  });
});
