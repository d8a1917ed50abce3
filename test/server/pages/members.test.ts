/** The members of an organisation in its pages: who sees them, who may change what, and that a manager stays. */
import { expect, it } from 'vitest';
import { addEditor } from '../../../db/people/editors.ts';
import { findInvitation } from '../../../db/people/invitations.ts';
import { listMembers } from '../../../db/people/members.ts';
import type { Store } from '../../../db/store/store.ts';
import { appFor } from '../../helpers/app.ts';
import { browserOf, openBrowser, SECURE_URL } from '../../helpers/browser.ts';
import { castIn } from '../../helpers/cast.ts';
import { mailsAt } from '../../helpers/mailbox.ts';
import { memberOf } from '../../helpers/people.ts';
import { at } from '../../helpers/reminders.ts';
import { saying } from '../../helpers/rooms.ts';
import { onBothDialects } from '../../helpers/stores.ts';

const [ANNA, BERT, CORA, ED] = ['anna@ro.example', 'bert@ro.example', 'cora@elders.example', 'ed@redactie.example'];
const NOON = at('09-02T12:00');

async function serving(store: Store) {
  const { outsider, ro } = await castIn(store);
  const anna = await memberOf(store, ro.id, ANNA, NOON);
  const bert = await memberOf(store, ro.id, BERT, NOON, 'reader');
  const cora = await memberOf(store, outsider.id, CORA, NOON);
  await store.write((tx) => addEditor(tx, { email: ED, label: 'Ed', language: 'nl' }, NOON));
  const time = { now: NOON };
  const { app } = await appFor(store, { publicUrl: SECURE_URL, clock: () => time.now });
  const as = async (email: string) => browserOf(app, store, email, NOON);
  const rolesNow = async () => (await listMembers(store.read, ro.id)).map(({ email, role }) => `${email} ${role}`);
  return { app, as, anna, bert, cora, ro, outsider, rolesNow, time, path: `/o/${ro.id}/leden` };
}

onBothDialects('the members of an organisation', (fresh) => {
  it('are seen by members; a manager changes them, a reader does not, and to everybody else there is nothing', async () => {
    const store = await fresh();
    const { as, app, anna, bert, path } = await serving(store);
    const [manager, reader] = [await as(ANNA), await as(BERT)];
    const seen = await manager.get(path);
    expect(seen.text).toMatch(
      /Leden van Regio Zuid.*anna@ro\.example \(u\) beheerder Wijzig bert@ro\.example lezer Wijzig Nodig iemand uit/,
    );
    const read = await reader.get(path);
    expect(read.text).toMatch(/anna@ro\.example beheerder bert@ro\.example \(u\) lezer Wijzig/);
    expect(read.text).not.toContain('Nodig iemand uit');
    const refused = await reader.post(path, { email: 'x@ro.example', role: 'manager' });
    expect([refused.status, refused.text.includes('Dit mag alleen een beheerder')]).toEqual([403, true]);
    expect((await reader.get(`${path}/${anna.id}`)).status).toBe(403);
    for (const doe of ['rol', 'draag-over']) expect((await reader.post(`${path}/${bert.id}`, { doe, role: 'manager' })).status).toBe(403);
    expect((await reader.post(`${path}/${anna.id}`, { doe: 'verwijder' })).status).toBe(403);

    const nothing = '/o/123e4567-e89b-42d3-a456-426614174000/leden';
    for (const email of [CORA, ED]) {
      const other = await as(email);
      for (const [there, nowhere] of [
        [path, nothing],
        [`${path}/${anna.id}`, `${nothing}/${anna.id}`],
      ] as const) {
        const [one, two] = [await other.get(there), await other.get(nowhere)];
        expect([one.status, one.body]).toEqual([404, two.body]);
        const [sent, lost] = [await other.post(there, { doe: 'verwijder' }), await other.post(nowhere, { doe: 'verwijder' })];
        expect([sent.status, sent.body]).toEqual([404, lost.body]);
      }
    }
    const nobody = await openBrowser(app);
    expect((await nobody.get(path)).location).toBe(`/inloggen?naar=${encodeURIComponent(path)}`);
    expect((await nobody.post(path, { email: 'x@ro.example' })).status).toBe(401);
    expect((await nobody.post(path, { 'trek-in': bert.id })).location).toBe(`/inloggen?naar=${encodeURIComponent(path)}`);
    expect(await store.read.$count(store.read.tables.invitations)).toBe(0);
    expect(await store.read.$count(store.read.tables.members)).toBe(3);
  });

  it('are invited by mail, once more in the place of before, and what was sent can be taken back', async () => {
    const store = await fresh();
    const { as, path } = await serving(store);
    const manager = await as(ANNA);
    const sent = await manager.post(path, { email: ' Dora@RO.example', role: 'manager' });
    expect([sent.status, sent.location]).toEqual([303, saying(path, 'uitgenodigd')]);
    expect((await manager.get(sent.location!)).text).toMatch(
      /De uitnodiging is onderweg\..*Uitgenodigd dora@ro\.example beheerder, tot 9 september 2024 om 12:00 uur Trek in/,
    );
    const [mail] = await mailsAt(store, NOON);
    expect([mail!.for, mail!.text!.includes(ANNA)]).toEqual(['dora@ro.example', false]);
    const token = /uitnodiging\/(\S+)/.exec(mail!.text!)![1]!;
    expect(await findInvitation(store.read, token, NOON)).toMatchObject({ email: 'dora@ro.example', role: 'manager' });
    const id = /name="trek-in"\s+value="([^"]+)"/.exec((await manager.get(path)).body)![1]!;
    // Another organisation's manager takes back nothing here.
    const other = await as(CORA);
    await other.post(path, { 'trek-in': id });
    expect(await findInvitation(store.read, token, NOON)).not.toBeNull();
    expect((await manager.post(path, { 'trek-in': id })).location).toEqual(saying(path, 'ingetrokken'));
    // A second press, and what is none, take nothing back and say so.
    for (const none of [id, 'x']) expect((await manager.post(path, { 'trek-in': none })).location).toBe(path);
    expect(await findInvitation(store.read, token, NOON)).toBeNull();
  });

  it('are not invited where that makes no sense, which stands beside the field, and what was typed stays', async () => {
    const store = await fresh();
    const { as, path } = await serving(store);
    const manager = await as(ANNA);
    for (const [email, status, said] of [
      ['dora', 400, 'Vul een volledig e-mailadres in'],
      [BERT, 409, 'Dit adres is al lid.'],
    ] as const) {
      const refused = await manager.post(path, { email, role: 'manager' });
      expect([refused.status, refused.body.includes(`value="${email}"`), refused.text.includes(said)]).toEqual([status, true, true]);
      expect(refused.body).toContain('<option value="manager" selected>');
    }
    for (let n = 0; n < 3; n += 1) expect((await manager.post(path, { email: 'dora@ro.example', role: 'reader' })).status).toBe(303);
    // A tag makes no other mailbox of it.
    for (const email of ['dora@ro.example', 'Dora+twee@ro.example']) {
      const limited = await manager.post(path, { email, role: 'reader' });
      expect([email, limited.status, limited.text.includes('Vandaag zijn al genoeg uitnodigingen gestuurd.')]).toEqual([email, 429, true]);
    }
    expect((await manager.post(path, { email: 'dorien@ro.example', role: 'reader' })).status).toBe(303);
  });

  it('keep a manager: the last one neither leaves nor becomes a reader, and hands over', async () => {
    const store = await fresh();
    const { as, anna, bert, path, rolesNow } = await serving(store);
    const manager = await as(ANNA);
    for (const fields of [{ doe: 'verwijder' }, { doe: 'rol', role: 'reader' }]) {
      const kept = await manager.post(`${path}/${anna.id}`, fields);
      expect([kept.status, kept.text.includes('Er moet een beheerder blijven, en dit is de enige.')]).toEqual([409, true]);
    }
    expect((await manager.post(`${path}/${bert.id}`, { doe: 'draag-over' })).location).toEqual(saying(path, 'overgedragen'));
    expect(await rolesNow()).toEqual(['bert@ro.example manager', 'anna@ro.example reader']);
    // A reader now, whatever page is still open.
    expect((await manager.post(`${path}/${bert.id}`, { doe: 'rol', role: 'reader' })).status).toBe(403);
    const heir = await as(BERT);
    expect((await heir.post(`${path}/${anna.id}`, { doe: 'rol', role: 'manager' })).location).toEqual(saying(path, 'rol'));
    expect((await manager.post(`${path}/${bert.id}`, { doe: 'verwijder' })).location).toEqual(saying(path, 'verwijderd'));
    expect(await rolesNow()).toEqual(['anna@ro.example manager']);
    // Erased with the session, since Bert belongs nowhere else.
    expect((await heir.get('/mijn')).location).toBe('/inloggen?naar=%2Fmijn');
  });

  it('change after a fresh sign-in alone, to which one is led and back; leaving and taking back an invitation always can', async () => {
    const store = await fresh();
    const { as, anna, bert, path, rolesNow, time } = await serving(store);
    const [manager, reader] = [await as(ANNA), await as(BERT)];
    await manager.post(path, { email: 'dora@ro.example', role: 'reader' });
    const note = 'Hiervoor logt u eerst opnieuw in';
    const pages = [path, `${path}/${bert.id}`];
    for (const page of pages) expect((await manager.get(page)).text).not.toContain(note);
    time.now = new Date(NOON.getTime() + 31 * 60_000);
    for (const page of pages) expect((await manager.get(page)).text).toContain(note);
    for (const page of [path, `${path}/${bert.id}`]) expect((await reader.get(page)).text).not.toContain(note);
    const again = (page: string) => `/inloggen?naar=${encodeURIComponent(page)}&opnieuw=ja`;
    for (const role of ['manager', 'reader']) {
      const kept = await manager.post(path, { email: 'emma@ro.example', role });
      expect([kept.status, kept.text.includes('emma@ro.example')]).toEqual([401, true]);
      expect(kept.body).toContain(`href="${again(path).replace('&', '&amp;')}"`);
    }
    expect((await manager.post(`${path}/${bert.id}`, { doe: 'rol', role: 'manager' })).status).toBe(401);
    for (const fields of [{ doe: 'draag-over' }, { doe: 'verwijder' }])
      expect((await manager.post(`${path}/${bert.id}`, fields)).location).toBe(again(`${path}/${bert.id}`));
    expect(await rolesNow()).toEqual(['anna@ro.example manager', 'bert@ro.example reader']);
    expect(await store.read.$count(store.read.tables.invitations)).toBe(1);
    const id = /name="trek-in"\s+value="([^"]+)"/.exec((await manager.get(path)).body)![1]!;
    expect((await manager.post(path, { 'trek-in': id })).location).toEqual(saying(path, 'ingetrokken'));
    expect((await reader.post(`${path}/${bert.id}`, { doe: 'verwijder' })).location).toBe('/uitloggen');
    expect((await manager.post(`${path}/${anna.id}`, { doe: 'verwijder' })).status).toBe(409);
  });

  it('leave by themselves, and are signed out where they belong nowhere else', async () => {
    const store = await fresh();
    const { as, bert, outsider, path, rolesNow } = await serving(store);
    await memberOf(store, outsider.id, BERT, NOON, 'reader');
    const reader = await as(BERT);
    expect((await reader.get(`${path}/${bert.id}`)).text).toMatch(/Uw plaats als lid U bent lezer van Regio Zuid\. Organisatie verlaten/);
    expect((await reader.post(`${path}/${bert.id}`, { doe: 'verwijder' })).location).toBe('/mijn');
    const last = await reader.post(`/o/${outsider.id}/leden/${bert.id}`, { doe: 'verwijder' });
    expect([last.location, reader.cookies.size]).toEqual(['/uitloggen', 0]);
    expect(await rolesNow()).toEqual(['anna@ro.example manager']);
  });
});
