/** The page that opens again what others reported, and whose forms the pages behind mail links take. */
import { expect, it } from 'vitest';
import { complete, findCompletion, reopen } from '../../db/organisations/completions.ts';
import { writeNamed } from '../../db/registry/named-deadlines.ts';
import { shortId, signLink, signShortLink, undoSubject, type LinkPurpose } from '../../db/store/secrets.ts';
import type { Store } from '../../db/store/store.ts';
import { appFor } from '../helpers/app.ts';
import { addDeadline, castIn } from '../helpers/cast.ts';
import { addConfirmed, SETTINGS } from '../helpers/mail.ts';
import { at } from '../helpers/reminders.ts';
import { onBothDialects } from '../helpers/stores.ts';

const NOW = at('08-20T09:00');
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

async function reported(store: Store) {
  const { ro } = await castIn(store);
  const reader = await addConfirmed(store, ro.id, at('08-01T09:00'));
  const all = await store.write(async (tx) => [
    await addDeadline(tx, {}, { title: 'Jaarplan indienen' }),
    await addDeadline(tx, { activity: 'accounts' }, { title: 'Verantwoording indienen' }),
  ]);
  const said = { completedOn: '2024-08-19', by: 'bea@example.org', evidence: null };
  await store.write(async (tx) => {
    for (const { id } of all) await complete(tx, ro.id, id, said, NOW);
  });
  const { call } = await appFor(store, { secret: SETTINGS.secret, clock: () => NOW });
  const doneNow = async () => Promise.all(all.map(async ({ id }) => (await findCompletion(store.read, ro.id, id)) !== null));
  const undo = `/undo/${signShortLink(SETTINGS.secret, 'undo', `${shortId(reader.id)}:${writeNamed(all)}`)}`;
  return { all, call, doneNow, reader, undo };
}

onBothDialects('what others reported', (fresh) => {
  it('is opened again as far as a reader chooses, with who reported it, and by the button alone', async () => {
    const store = await fresh();
    const { all, call, doneNow, undo } = await reported(store);
    const { body } = await call('GET', undo);
    expect(body).toMatch(/verantwoording indienen, Noord: .*gemeld door bea@example\.org/);
    expect(await doneNow()).toEqual([true, true]);
    const none = await call('POST', undo, { headers: FORM, body: '' });
    expect([none.status, /Kies ten minste één datum\./.test(none.body), await doneNow()]).toEqual([400, true, [true, true]]);
    const some = await call('POST', undo, { headers: FORM, body: `open=${all[1]!.id}&open=${all[1]!.id}x` });
    expect([some.status, await doneNow()]).toEqual([200, [true, false]]);
    // One is left, and then none.
    expect((await call('GET', undo)).body).toContain('Zet dit weer open');
    await call('POST', undo, { headers: FORM, body: `open=${all[0]!.id}` });
    expect([(await call('GET', undo)).body.includes('Dit staat open'), await doneNow()]).toEqual([true, [false, false]]);
  });

  it('and all other buttons behind links are taken from our own pages alone, but for what mail programs send', async () => {
    const store = await fresh();
    const { all, call, doneNow, reader, undo } = await reported(store);
    const about = `${reader.id}:${all[0]!.id}`;
    const link = (path: string, purpose: LinkPurpose, subject: string) => `/${path}/${signLink(SETTINGS.secret, purpose, subject)}`;
    const elsewhere = { ...FORM, 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
    const refused = [
      undo,
      link('done', 'done', about),
      link('reopen', 'done', about),
      link('mute', 'mute', about),
      link('unmute', 'mute', about),
      link('confirm', 'confirm', reader.id),
      link('resubscribe', 'unsubscribe', reader.id),
    ];
    for (const path of refused) expect([path, (await call('POST', path, { headers: elsewhere, body: '' })).status]).toEqual([path, 403]);
    const { mutes, recipients } = store.read.tables;
    expect([await doneNow(), await store.read.$count(mutes)]).toEqual([[true, true], 0]);
    const leave = link('unsubscribe', 'unsubscribe', reader.id);
    expect((await call('POST', leave, { headers: elsewhere, body: 'stop=reminder' })).status).toBe(403);
    expect((await call('POST', leave, { headers: elsewhere, body: 'List-Unsubscribe=One-Click' })).status).toBe(200);
    expect((await store.read.select().from(recipients)).map(({ status, declined }) => [status, declined])).toEqual([['unsubscribed', []]]);
  });
});

onBothDialects('a link that takes back what a mail told of', (fresh) => {
  const linked = async () => {
    const store = await fresh();
    const { all, call, reader } = await reported(store);
    const deadlineId = all[0]!.id;
    const { organisationId } = reader;
    const subject = `${shortId(reader.id)}:${writeNamed(all.slice(0, 1))}`;
    const undoOf = (at: Date) => `/undo/${signShortLink(SETTINGS.secret, 'undo', undoSubject(subject, at))}`;
    const stands = async () => findCompletion(store.read, organisationId, deadlineId);
    const sayAgain = async (evidence: string | null, minutes: number) => {
      const said = { completedOn: '2024-08-20', by: 'cas@example.org', evidence };
      await store.write((tx) => complete(tx, organisationId, deadlineId, said, new Date(NOW.getTime() + minutes * 60_000)));
    };
    const open = async (minutes: number) =>
      store.write((tx) => reopen(tx, organisationId, deadlineId, new Date(NOW.getTime() + minutes * 60_000)));
    return { call, open, sayAgain, stands, undoOf };
  };

  it('takes that back, also where a proof was added since, and says before that the proof goes', async () => {
    const { call, sayAgain, stands, undoOf } = await linked();
    const undo = undoOf(NOW);
    const proof = 'Er staat bij waaruit blijkt dat het is gedaan.';
    expect((await call('GET', undo)).body).not.toContain(proof);
    await sayAgain('Ontvangstbevestiging', 1);
    expect((await call('GET', undo)).body).toContain(proof);
    expect([(await call('POST', undo, { headers: FORM, body: '' })).body.includes('Dit staat weer open'), await stands()]).toEqual([
      true,
      null,
    ]);
  });

  it('takes back nothing that was said later, and says so', async () => {
    const { call, open, sayAgain, stands, undoOf } = await linked();
    const undo = undoOf(NOW);
    await open(1);
    expect((await call('GET', undo)).body).toContain('Dit staat open');
    await sayAgain('Ontvangstbevestiging', 2);
    const later = 'Hier is daarna iets anders over gemeld';
    expect((await call('GET', undo)).body).toContain(later);
    expect((await call('POST', undo, { headers: FORM, body: '' })).body).toContain(later);
    expect(await stands()).toMatchObject({ by: 'cas@example.org', evidence: 'Ontvangstbevestiging' });
    // The mail of that later one does.
    await call('POST', undoOf(new Date(NOW.getTime() + 2 * 60_000)), { headers: FORM, body: '' });
    expect(await stands()).toBeNull();
  });
});
