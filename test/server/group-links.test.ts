/** The links for deadlines that a mail told of as one: what they mark, what they leave, and the way back. */
import { expect, it } from 'vitest';
import { complete, findCompletion } from '../../db/organisations/completions.ts';
import { changeRecipient } from '../../db/recipients/recipients.ts';
import { mutedBy } from '../../db/recipients/preferences.ts';
import { amendDeadline } from '../../db/registry/amending.ts';
import type { Revision } from '../../db/registry/revisions.ts';
import { writeNamed } from '../../db/registry/named-deadlines.ts';
import { deputyDoneSubject, shortId, signLink, signShortLink } from '../../db/store/secrets.ts';
import type { Store } from '../../db/store/store.ts';
import { appFor } from '../helpers/app.ts';
import { addDeadline, addOrganisation, castIn } from '../helpers/cast.ts';
import { addConfirmed, SETTINGS } from '../helpers/mail.ts';
import { at } from '../helpers/reminders.ts';
import { onBothDialects } from '../helpers/stores.ts';

const NOW = at('08-20T09:00');
const ASSUMED = {
  title: 'Zorgovereenkomst 2025 ondertekenen',
  rule: { kind: 'fixed' as const, on: '2024-12-31' },
  boundary: null,
  certainty: 'template' as const,
  basis: { kind: 'common_rhythm' as const, deadlineId: null, text: 'Aanname.' },
  channel: null,
  sources: [],
};

/** A practice that deals with three insurers, of whom nobody knows the day of signing. */
async function assumed(store: Store) {
  await castIn(store);
  const relations = ['noord', 'oost', 'zuid'].map((insurer) => ({ insurer, contractStatus: 'contracted' as const, preferred: false }));
  const organisation = await store.write((tx) => addOrganisation(tx, { name: 'Praktijk', insurers: relations }));
  const all: Revision[] = [];
  for (const insurer of ['noord', 'oost', 'zuid'])
    all.push(await store.write((tx) => addDeadline(tx, { insurer, activity: 'signing', careType: 'general' }, ASSUMED)));
  const recipient = await addConfirmed(store, organisation.id, at('08-01T09:00'));
  const { call } = await appFor(store, { secret: SETTINGS.secret, clock: () => NOW });
  const named = writeNamed(all);
  const done = `/done/${signShortLink(SETTINGS.secret, 'done', `${shortId(recipient.id)}:${named}`)}`;
  const mute = `/mute/${signShortLink(SETTINGS.secret, 'mute', `${shortId(recipient.id)}:${named}`)}`;
  const doneNow = async () => Promise.all(all.map(async ({ id }) => (await findCompletion(store.read, organisation.id, id))?.by ?? null));
  return { all, call, done, doneNow, mute, named, organisation, recipient };
}

/** Where the button below a page leads. */
const buttonIn = (body: string) => /action="([^"]+)"/.exec(body)![1]!;

onBothDialects('a link for several deadlines', (fresh) => {
  it('shows them by name and day, marks each that is open still, and takes back all that it marked at once', async () => {
    const store = await fresh();
    const { all, call, done, doneNow, organisation } = await assumed(store);
    const byAnna = { completedOn: '2024-08-01', by: 'Anna', evidence: 'Kenmerk 7' };
    await store.write((tx) => complete(tx, organisation.id, all[1]!.id, byAnna, NOW));
    const shown = await call('GET', done);
    expect(shown.body).toContain('<li>Noord: rond 31 december 2024 (aanname, niet bevestigd)</li>');
    expect(shown.body).not.toContain('<li>Oost');
    expect(await doneNow()).toEqual([null, 'Anna', null]);
    const marked = await call('POST', done);
    expect([marked.status, await doneNow()]).toEqual([200, ['a@example.org', 'Anna', 'a@example.org']]);
    expect((await call('POST', done)).body).toContain('niets meer open');
    await call('POST', buttonIn(marked.body));
    expect(await doneNow()).toEqual([null, 'Anna', null]);
  });

  it('leaves out a deadline whose day became known after the mail, and says so', async () => {
    const store = await fresh();
    const { all, call, done, doneNow, mute, recipient } = await assumed(store);
    const content = {
      certainty: 'stated' as const,
      rule: { kind: 'fixed' as const, on: '2024-12-15' },
      boundary: 'by' as const,
      basis: null,
      sources: [{ document: 'Brief', section: null, quote: 'uiterlijk 15 december 2024', url: null }],
    };
    const amendment = { baseRevision: 1, reason: 'Brief.', announcedOn: null, ...content };
    await store.write((tx) => amendDeadline(tx, all[2]!.id, amendment, NOW));
    expect((await call('GET', done)).body).toMatch(/na deze mail bekend geworden.*<li>Zuid: 15 december 2024 \(volgens de bron\)/s);
    await call('POST', done);
    expect(await doneNow()).toEqual(['a@example.org', 'a@example.org', null]);
    await call('POST', mute);
    expect((await mutedBy(store.read, recipient.id)).sort()).toEqual([all[0]!.id, all[1]!.id].sort());
  });

  it('mutes them all, and brings them all back', async () => {
    const store = await fresh();
    const { call, mute, recipient } = await assumed(store);
    expect((await call('GET', mute)).body).toContain('<li>Oost: rond 31 december 2024');
    expect(await mutedBy(store.read, recipient.id)).toEqual([]);
    const muted = await call('POST', mute);
    expect(await mutedBy(store.read, recipient.id)).toHaveLength(3);
    await call('POST', buttonIn(muted.body));
    expect(await mutedBy(store.read, recipient.id)).toEqual([]);
  });

  it('is the deputy’s while it is one, and is signed for its purpose, its reader and its deadlines alone', async () => {
    const store = await fresh();
    const { call, done, doneNow, mute, named, organisation, recipient } = await assumed(store);
    const deputy = { email: 'ward@example.org', until: '2024-12-31' };
    await store.write((tx) => changeRecipient(tx, organisation.id, recipient.id, { deputy }, NOW));
    const linkOf = (email: string) =>
      `/done/${signShortLink(SETTINGS.secret, 'deputy_done', deputyDoneSubject(shortId(recipient.id), named, email))}`;
    await call('POST', linkOf('other@example.org'));
    expect(await doneNow()).toEqual([null, null, null]);
    const headers = { accept: 'text/html' };
    for (const path of [
      done.replace('/done/', '/mute/'),
      mute.replace('/mute/', '/done/'),
      done.replace(`${named}.`, `${named.slice(0, -5)}.`),
    ])
      expect((await call('POST', path, { headers })).status).toBe(404);
    const marked = await call('POST', linkOf('ward@example.org'));
    expect(await doneNow()).toEqual(Array.from({ length: 3 }, () => 'ward@example.org'));
    await call('POST', buttonIn(marked.body));
    expect(await doneNow()).toEqual([null, null, null]);
  });

  it('works for one deadline as it did in mails of before, with whole ids', async () => {
    const store = await fresh();
    const { all, call, doneNow, recipient } = await assumed(store);
    await call('POST', `/done/${signLink(SETTINGS.secret, 'done', `${recipient.id}:${all[0]!.id}`)}`);
    expect(await doneNow()).toEqual(['a@example.org', null, null]);
  });
});
