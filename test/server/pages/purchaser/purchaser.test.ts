import { expect, it } from 'vitest';
import { amendDeadline, withdrawDeadline } from '../../../../db/registry/amending.ts';
import { takeBack } from '../../../../db/registry/editions/taking-back.ts';
import { listAnswers } from '../../../../db/registry/purchasers/answers.ts';
import { makePurchaserLink, revokePurchaserLink } from '../../../../db/registry/purchasers/links.ts';
import type { Store } from '../../../../db/store/store.ts';
import { appFor, EDITOR_KEY } from '../../../helpers/app.ts';
import { openBrowser, OURS, SECURE_URL } from '../../../helpers/browser.ts';
import { addDeadline, castIn } from '../../../helpers/cast.ts';
import { at } from '../../../helpers/reminders.ts';
import { onBothDialects } from '../../../helpers/stores.ts';

const NOON = at('09-02T12:00');
const DAY = 86_400_000;
const BY = 'person:123e4567-e89b-42d3-a456-426614174000';

async function opened(store: Store) {
  await castIn(store);
  const plan = await store.write((tx) => addDeadline(tx));
  const request = await store.write((tx) =>
    addDeadline(
      tx,
      { activity: 'contract_request', contractYear: 2026 },
      { title: 'Contract aanvragen', rule: { kind: 'fixed', on: '2025-08-01' } },
    ),
  );
  const { id, token } = await store.write((tx) => makePurchaserLink(tx, 'noord', { by: BY, now: NOON }));
  let now = NOON;
  const { app, call } = await appFor(store, { publicUrl: SECURE_URL, clock: () => now });
  const browser = await openBrowser(app);
  const path = `/inkoper/${token}`;
  const rows = async () => JSON.stringify([await store.read.select().from(store.read.tables.purchaserAnswers), await links()]);
  const links = async () => store.read.select().from(store.read.tables.purchaserLinks);
  return { app, browser, call, id, path, plan, request, rows, token, setNow: (at: Date) => (now = at) };
}

const seen = (...ones: { id: string; revision: number }[]) =>
  ones.map(({ id, revision }) => ['seen', `${id}.${revision}`] as [string, string]);

onBothDialects("a purchaser's page", (fresh) => {
  it('shows what is published for the year being bought and the next, to nobody but who has the link, and changes nothing', async () => {
    const store = await fresh();
    const { browser, path, plan, rows, token } = await opened(store);
    await store.write((tx) => addDeadline(tx, { insurer: 'oost' }, { title: 'Van een ander' }));
    await store.write((tx) =>
      addDeadline(tx, { contractYear: 2024 }, { title: 'Van vorig jaar', rule: { kind: 'fixed', on: '2023-10-01' } }),
    );
    const gone = await store.write((tx) => addDeadline(tx, { activity: 'signing' }, { title: 'Ingetrokken datum' }));
    await store.write((tx) => withdrawDeadline(tx, gone.id, 'Vervallen', NOON));
    const before = await rows();
    const { body, headers, status, text } = await browser.get(path);
    expect(status).toBe(200);
    expect([headers.get('cache-control'), headers.get('x-robots-tag'), headers.get('set-cookie')]).toEqual(['no-store', 'noindex', null]);
    expect(text).toContain('Klopt dit over Noord?');
    expect(text).toMatch(/Contractjaar 2025 .*Jaarplan met begroting indienen di 1 okt .*1 oktober 2024 Het jaarplan/);
    expect(text).toMatch(/Contractjaar 2026 .*Contract aanvragen vr 1 aug 2025/);
    for (const hidden of ['Van een ander', 'Van vorig jaar', 'Ingetrokken datum']) expect(text).not.toContain(hidden);
    expect(text).toContain('Deze link werkt tot 1 december 2024.');
    expect(body).toContain(`href="/datums/${plan.id}" target="_blank" rel="noopener noreferrer"`);
    // The secret stands in no address but this page's own, in either language.
    const addresses = [...body.matchAll(/(?:href|action|src|content)="([^"]*)"/g)].map(([, address]) => address!);
    expect([...new Set(addresses.filter((one) => one.includes(token)).map((one) => one.replace(SECURE_URL, '')))].sort()).toEqual([
      `/en${path}`,
      path,
    ]);
    expect(body).not.toContain('name="session"');
    const english = await browser.get(`/en${path}`);
    expect(english.text).toContain('Is this right about Noord?');
    expect(english.body).toContain('<span lang="nl">Jaarplan met begroting indienen</span>');
    expect(await rows()).toBe(before);
    expect((await browser.get('/robots.txt')).body).toContain('Disallow: /inkoper/\n');
  });

  it('takes what is right and what is not into the list of editors, and says so to who opens it again', async () => {
    const store = await fresh();
    const { browser, path, plan, request } = await opened(store);
    const sent = await browser.post(path, [
      ...seen(plan, request),
      ['klopt', plan.id],
      [`want-${request.id}`, ' Het is\r\n1 september. \u202e'],
    ]);
    expect([sent.status, sent.location, sent.headers.get('cache-control')]).toEqual([303, path, 'no-store']);
    expect(await listAnswers(store.read)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ deadlineId: plan.id, revision: 1, wrong: null }),
        expect.objectContaining({ deadlineId: request.id, revision: 1, wrong: 'Het is\n1 september.' }),
      ]),
    );
    const { text } = await browser.get(path);
    expect(text).toContain('Uw antwoorden zijn bewaard, de laatste op 2 september 2024 om 12:00 uur.');
    expect(text).toContain('U antwoordde op 2 september 2024: dit klopt.');
    expect(text).toContain('U antwoordde op 2 september 2024: dit klopt niet.');
    expect(text).not.toContain('1 september.');
    expect((await browser.post(`/en${path}`, [...seen(plan), ['klopt', plan.id]])).location).toBe(`/en${path}`);
    expect(await store.read.$count(store.read.tables.messages)).toBe(0);
  });

  it('ticks all at once and keeps what was typed, and nothing is kept before it is sent', async () => {
    const store = await fresh();
    const { browser, path, plan, request, rows } = await opened(store);
    const before = await rows();
    const { body, status } = await browser.post(path, [...seen(plan, request), [`want-${request.id}`, '1 september'], ['doe', 'alles']]);
    expect(status).toBe(200);
    expect(body).toContain(`value="${plan.id}" checked`);
    expect(body).not.toContain(`value="${request.id}" checked`);
    expect(body).toContain('\n1 september</textarea>');
    expect(await rows()).toBe(before);
  });

  it('says beside the entry what is wrong with an answer, and keeps all that was chosen and typed', async () => {
    const store = await fresh();
    const { browser, path, plan, request, rows } = await opened(store);
    const before = await rows();
    const nothing = await browser.post(path, seen(plan, request));
    expect(nothing.status).toBe(400);
    expect(nothing.text).toContain('Vink aan wat klopt, of vul in wat er niet klopt.');
    const both = await browser.post(path, [
      ...seen(plan, request),
      ['klopt', plan.id],
      [`want-${plan.id}`, 'Toch niet'],
      [`want-${request.id}`, 'x'.repeat(2001)],
    ]);
    expect(both.status).toBe(400);
    expect(both.text).toContain('Kies een van de twee: haal het vinkje weg, of maak dit veld leeg.');
    expect(both.text).toContain('Dit is te lang: 2001 tekens. Er passen er 2000.');
    expect(both.body).toContain(`href="#want-${plan.id}"`);
    expect(both.body).toContain(`value="${plan.id}" checked`);
    expect(both.body).toContain('\nToch niet</textarea>');
    expect(both.body).toContain('x'.repeat(2001));
    expect(both.body.match(/<details open>/g)).toHaveLength(2);
    expect(await rows()).toBe(before);
  });

  it('keeps an answer about what changed meanwhile with the revision that was seen, and says so', async () => {
    const store = await fresh();
    const { browser, path, plan, request } = await opened(store);
    await store.write((tx) => amendDeadline(tx, plan.id, { baseRevision: 1, title: 'Jaarplan', reason: 'Korter' }, NOON));
    const faulty = await browser.post(path, [...seen(plan, request), ['klopt', plan.id], [`want-${request.id}`, 'x'.repeat(2001)]]);
    expect(faulty.text).toContain('Dit is veranderd terwijl u antwoordde. Lees het nog een keer.');
    expect((await browser.post(path, [...seen(plan), ['klopt', plan.id]])).status).toBe(303);
    expect(await listAnswers(store.read)).toMatchObject([{ deadlineId: plan.id, revision: 1, currentRevision: 2, wrong: null }]);
    expect((await browser.get(path)).text).toContain('Daarna is dit veranderd. Klopt het zoals het er nu staat?');
  });

  it("shows within an edition's ten minutes what every reader sees, and keeps what is answered then when it is taken back", async () => {
    const store = await fresh();
    const { browser, call, path, plan } = await opened(store);
    const body = {
      baseRevision: 1,
      reason: 'Later',
      rule: { kind: 'fixed', on: '2024-10-08' },
      sources: [{ document: 'Brief', quote: '8 oktober 2024' }],
    };
    expect((await call('POST', `deadlines/${plan.id}/revisions`, { key: EDITOR_KEY, body })).status).toBe(201);
    const { deadlines, editions } = store.read.tables;
    expect((await store.read.select().from(deadlines)).find(({ id }) => id === plan.id)!.heldUntil).not.toBeNull();
    for (const page of [path, `/datums/${plan.id}`]) expect((await browser.get(page)).text).toContain('8 oktober 2024');
    expect(
      (
        await browser.post(path, [
          ['seen', `${plan.id}.2`],
          ['klopt', plan.id],
        ])
      ).status,
    ).toBe(303);
    const edition = (await store.read.select().from(editions)).find(({ status }) => status === 'published')!;
    await store.write((tx) => takeBack(tx, edition.id, BY, NOON));
    expect(await listAnswers(store.read)).toMatchObject([{ deadlineId: plan.id, revision: 2, currentRevision: 3, wrong: null }]);
    const { text } = await browser.get(path);
    expect(text).toContain('Daarna is dit veranderd. Klopt het zoals het er nu staat?');
    expect(text).not.toContain('8 oktober 2024');
  });

  it('takes no answer about another insurer, or about a revision that there is not', async () => {
    const store = await fresh();
    const { browser, path, plan, rows } = await opened(store);
    const other = await store.write((tx) => addDeadline(tx, { insurer: 'oost' }));
    const before = await rows();
    for (const one of [`${other.id}.1`, `${plan.id}.2`, `${plan.id}.0`, plan.id, 'x.1']) {
      const answer = await browser.post(path, [['seen', one], ...[other, plan].map(({ id }) => ['klopt', id] as [string, string])]);
      expect([one, answer.status]).toEqual([one, 400]);
    }
    expect(await rows()).toBe(before);
  });

  it('is taken from our own pages alone', async () => {
    const store = await fresh();
    const { browser, path, plan, rows } = await opened(store);
    const before = await rows();
    for (const headers of [{}, { origin: 'null' }, { origin: 'https://evil.example' }, { 'sec-fetch-site': 'same-site' }] as Record<
      string,
      string
    >[])
      expect((await browser.post(path, [...seen(plan), ['klopt', plan.id]], headers)).status).toBe(403);
    expect(await rows()).toBe(before);
    expect((await browser.post(path, [...seen(plan), ['klopt', plan.id]], OURS)).status).toBe(303);
  });

  it('is gone (410) once the link is revoked or over, and keeps on the page what was typed; an unknown one leads nowhere (404)', async () => {
    const store = await fresh();
    const { browser, id, path, plan, setNow } = await opened(store);
    for (const unknown of [`/inkoper/${'x'.repeat(43)}`, '/inkoper/x', `/en/inkoper/${'x'.repeat(43)}`]) {
      expect((await browser.get(unknown)).status).toBe(404);
      expect((await browser.post(unknown, [...seen(plan), ['klopt', plan.id]])).status).toBe(404);
    }
    setNow(new Date(NOON.getTime() + 90 * DAY));
    const over = await browser.get(path);
    expect([over.status, over.headers.get('cache-control'), over.headers.get('x-robots-tag')]).toEqual([410, 'no-store', 'noindex']);
    expect(over.text).toContain('De link is ingetrokken of ouder dan negentig dagen. Vraag een nieuwe aan wie u de link gaf.');
    expect(over.text).not.toContain('Noord');
    setNow(NOON);
    expect((await browser.get(path)).status).toBe(200);
    await store.write((tx) => revokePurchaserLink(tx, id, { by: BY, now: NOON }));
    expect((await browser.get(path)).status).toBe(410);
    const late = await browser.post(path, [...seen(plan), [`want-${plan.id}`, 'Het is 1 november.']]);
    expect(late.status).toBe(410);
    expect(late.text).toContain('Wat u invulde is niet bewaard. Kopieer het hier: Het is 1 november.');
    expect(await listAnswers(store.read)).toEqual([]);
  });

  it('takes so much in a day from a link, and keeps what was typed beyond that', async () => {
    const store = await fresh();
    const { browser, id, path, plan } = await opened(store);
    const { purchaserAnswers } = store.read.tables;
    const rows = Array.from({ length: 500 }, (_, n) => ({ id: `${n}`, linkId: id, deadlineId: plan.id, revision: 1, createdAt: NOON }));
    await store.write(async (tx) => void (await tx.insert(purchaserAnswers).values(rows)));
    const refused = await browser.post(path, [...seen(plan), [`want-${plan.id}`, 'Het is 1 november.']]);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '86400']);
    expect(refused.text).toContain('Met deze link kunt u vandaag niet meer antwoorden.');
    expect(refused.body).toContain('\nHet is 1 november.</textarea>');
  });
});
