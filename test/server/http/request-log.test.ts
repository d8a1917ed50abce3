import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import type { Store } from '../../../db/store/store.ts';
import { appFor } from '../../helpers/app.ts';
import { onSqlite } from '../../helpers/stores.ts';

/** A service that logs all it can, and what it logged. */
async function logging(store: Store, over: Parameters<typeof appFor>[1] = {}) {
  let log = '';
  const stream = new Writable({ write: (chunk, _encoding, done) => done(void (log += String(chunk))) });
  const { app } = await appFor(store, over, { logger: { level: 'trace', stream } });
  return { app, log: () => log };
}

/** Every letter as a sign of its own, as an odd client may write it. */
const escaped = (text: string) => Array.from(text, (letter) => `%${letter.charCodeAt(0).toString(16).padStart(2, '0')}`).join('');

onSqlite('the log', (fresh) => {
  it.each([
    ['24 characters', 'abcdefghij-klmnopqrst_24'],
    ['39 characters', 'AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_.'],
    ['signs that part an address', 'de/sleutel?van=de&redactie#1'],
    ['only signs', '!"$%&\'()*+,-./:;<=>?@[]^_{|}~'],
  ])('never holds an editor key of %s, wherever it was put by mistake', async (_what, editorKey) => {
    const { app, log } = await logging(await fresh(), { editorKey });
    const quoted = encodeURIComponent(editorKey);
    for (const key of [editorKey, quoted, quoted.toLowerCase(), escaped(editorKey)]) {
      const paths = [
        `/${key}`,
        `/api/v1/deadlines/${key}`,
        `/api/v1/deadlines?key=${key}&page=1`,
        `/x?${key}`,
        `/x?a=1&authorization=Bearer%20${key}`,
      ];
      for (const url of [...paths, `/nowhere/${key}/more`])
        await app.inject({
          url,
          headers: { host: `${editorKey}@x`, referer: `http://x/${key}`, authorization: `Basic ${editorKey}`, 'x-key': editorKey },
        });
    }
    expect(log()).toContain('request completed');
    for (const form of [editorKey, quoted, escaped(editorKey), editorKey.slice(0, 12), escaped(editorKey.slice(0, 12))])
      expect(log().toLowerCase()).not.toContain(JSON.stringify(form.toLowerCase()).slice(1, -1));
  });

  it('holds nothing of what somebody looks for on a page', async () => {
    const { app, log } = await logging(await fresh());
    for (const url of ['/datums?role=wsv&words=anna%40ro.example', '/geen-contract?insurer=cz', '/api/v1/deadlines?insurer=noord'])
      await app.inject({ url });
    expect(log()).toContain('"url":"/datums?…"');
    expect(log()).not.toMatch(/wsv|anna|cz/);
    expect(log()).toContain('insurer=noord');
  });

  it('never holds a key of an organisation, a link, or one that was cut off', async () => {
    const { app, log } = await logging(await fresh());
    const token = 'q7Zt0cX2Jm4nB8vL1sD5fG9hK3wE6rT0yU2iO4pA7bC';
    for (const secret of [`ik_${token}`, token, token.slice(0, 30), token.slice(0, 24), `123e4567-e89b-42d3-a456-426614174000.${token}`]) {
      const urls = [
        `/${secret}`,
        `/Feeds/${secret}.ics`,
        `/feeds/${secret}`,
        `/confirm/${secret}`,
        `/confirm/${secret}/x`,
        `/x?t=${secret}`,
      ];
      for (const url of urls) await app.inject({ url, headers: { authorization: `Bearer ${secret}` } });
    }
    expect(log()).not.toContain(token.slice(0, 24));
    for (const short of ['/feeds/q7Zt0c', '/confirm/q7Zt0c', '/unmute/q7Zt0c', '/inloggen/q7Zt0c', '/en/inloggen/q7Zt0c'])
      await app.inject({ url: short });
    expect(log()).not.toContain('q7Zt0c');
  });

  it('never holds a secret that an error repeats', async () => {
    const store = await fresh();
    const editorKey = 'de/sleutel=van?28&tekens.lang';
    const token = 'q7Zt0cX2Jm4nB8vL1sD5fG9hK3wE6rT0yU2iO4pA7bC';
    const fail = () => {
      throw new Error(`no such key: ${editorKey}, nor ik_${token}`, { cause: new Error(`at /feeds/${token}.ics`) });
    };
    const read = { tables: store.read.tables, select: fail } as unknown as Store['read'];
    const { app, log } = await logging({ ...store, read }, { editorKey });
    expect((await app.inject('/api/v1/insurers')).statusCode).toBe(500);
    expect(log()).toContain('no such key: ***, nor ***');
    expect(log()).not.toContain(editorKey);
    expect(log()).not.toContain(token);
  });

  it('still says what was asked: ids, filters, and where nothing is', async () => {
    const { app, log } = await logging(await fresh());
    const asked = [
      '/api/v1/deadlines/123e4567-e89b-42d3-a456-426614174000?page=1',
      '/api/v1/deadlines?insurer=zorg-en-zekerheid&contractYear=2025&asOf=2024-09-15&withinDays=30&activity=annual_plan',
      '/calendars/zorg-en-zekerheid.ics?lang=en',
      '/nowhere/at-all',
    ];
    for (const url of asked) await app.inject({ url });
    for (const url of asked.filter((url) => !url.startsWith('/calendars/'))) expect(log()).toContain(`"url":"${url}"`);
  });
});
