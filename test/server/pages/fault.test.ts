import { expect, it } from 'vitest';
import { AppError, type ErrorKind } from '../../../calendars/errors.ts';
import { wordsIn } from '../../../calendars/words.ts';
import { appFor } from '../../helpers/app.ts';
import { castIn } from '../../helpers/cast.ts';
import { OURS } from '../../helpers/browser.ts';
import { textOf } from '../../helpers/page-text.ts';
import { onSqlite } from '../../helpers/stores.ts';

const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const FORM = { ...OURS, 'content-type': 'application/x-www-form-urlencoded' };
const PROBLEM = 'application/problem+json; charset=utf-8';

onSqlite('what a page does not take', (fresh) => {
  const open = async (publicUrl = 'http://inkoop.example') => {
    const store = await fresh();
    await castIn(store);
    return (await appFor(store, { publicUrl })).app;
  };
  type Ask = { method: 'GET' | 'POST' | 'DELETE' | 'HEAD'; url: string; headers?: Record<string, string>; payload?: string };
  const cases: [status: number, ask: Ask, forPrograms?: number][] = [
    [404, { method: 'GET', url: '/nergens' }],
    [404, { method: 'GET', url: '/datums/%zz' }, 400],
    [404, { method: 'GET', url: `/datums/${'a'.repeat(500)}?x=%zz` }, 414],
    [405, { method: 'POST', url: '/datums' }],
    [405, { method: 'DELETE', url: '/aanmelden' }],
    [413, { method: 'POST', url: '/aanmelden', headers: FORM, payload: `name=${'a'.repeat(70_000)}` }],
    [415, { method: 'POST', url: '/aanmelden', headers: { ...OURS, 'content-type': 'application/json' }, payload: '{}' }],
  ];

  it.each(cases)('is told by a page with status %i, in the language of the address', async (status, { headers = {}, url, ...ask }) => {
    const app = await open();
    for (const language of ['nl', 'en'] as const) {
      const say = wordsIn(language);
      const at = language === 'nl' ? url : `/en${url}`;
      const answer = await app.inject({ ...ask, url: at, headers: { ...BROWSER, ...headers } });
      expect([answer.statusCode, answer.headers['content-type']]).toEqual([status, 'text/html; charset=utf-8']);
      expect(answer.headers).toMatchObject({
        'content-language': language,
        'referrer-policy': 'same-origin',
        'cache-control': 'no-store',
        'content-security-policy': expect.stringContaining("default-src 'none'"),
      });
      const text = textOf(answer.body);
      expect(answer.body.match(/<h1[\s>]/g)).toHaveLength(1);
      for (const part of ['title', 'text']) expect(text).toContain(say(`page:fault.${status}.${part}`));
      expect(answer.body).toContain(`href="${language === 'nl' ? '/' : '/en'}">${say('page:fault.home')}</a>`);
    }
  });

  it.each(cases)('is told to programs by a problem, as before: %i', async (status, { headers = {}, url, ...ask }, forPrograms = status) => {
    const app = await open();
    for (const accept of ['*/*', 'application/json']) {
      const answer = await app.inject({ ...ask, url, headers: { accept, ...headers } });
      expect([answer.statusCode, answer.headers['content-type'], answer.json().status]).toEqual([forPrograms, PROBLEM, forPrograms]);
    }
  });

  it('names what an address takes instead', async () => {
    const app = await open();
    const answer = await app.inject({ method: 'POST', url: '/datums', headers: BROWSER });
    expect(answer.headers['allow']).toBe('GET, HEAD');
  });

  it.each<[ErrorKind, number]>([
    ['invalid', 400],
    ['unauthorized', 401],
    ['forbidden', 403],
    ['conflict', 409],
    ['stale', 409],
    ['gone', 410],
    ['limited', 429],
    ['unavailable', 503],
  ])('is told by a page where the database says %s, below a path too, and its English words are nobody’s', async (kind, status) => {
    const store = await fresh();
    const fails = () => Promise.reject(new AppError(kind, 'said in English', [{ field: 'x', message: 'is wrong' }]));
    const { app } = await appFor({ ...store, write: fails }, { publicUrl: 'http://127.0.0.1:3000/zorg' });
    const payload = 'email=a%40example.org';
    const ask = { method: 'POST', url: '/zorg/inloggen', payload } as const;
    const answer = await app.inject({ ...ask, headers: { ...BROWSER, ...FORM } });
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([status, 'text/html; charset=utf-8']);
    expect(textOf(answer.body)).toContain(wordsIn('nl')(`page:fault.${status}.text`));
    expect(answer.body).not.toMatch(/said in English|is wrong/);
    expect(answer.body).toContain(`href="/zorg/${status === 401 ? 'inloggen' : ''}">`);
    expect(answer.headers['retry-after']).toBe(status === 503 ? '5' : undefined);
    const program = await app.inject({ ...ask, headers: { ...FORM, accept: 'application/json' } });
    expect([program.statusCode, program.json().detail]).toEqual([status, 'said in English']);
  });

  it('stays a problem below /api, whatever the asker reads', async () => {
    const app = await open();
    for (const [url, status] of [
      ['/api/v1/deadlines?insurer=%20', 400],
      ['/api/v1/organisations', 405],
      [`/api/v1/organisations/${'0'.repeat(8)}-0000-4000-8000-${'0'.repeat(12)}`, 401],
      ['/api/v1/nothing', 404],
      ['/api/nothing', 404],
      ['/api/v1/deadlines/%zz', 400],
    ] as const) {
      const answer = await app.inject({ url, headers: BROWSER });
      expect([url, answer.statusCode, answer.headers['content-type']]).toEqual([url, status, PROBLEM]);
    }
  });
});

onSqlite('an address with a slash at its end', (fresh) => {
  it.each([
    ['/datums/', '/datums'],
    ['/en/', '/en'],
    ['/en/datums/', '/en/datums'],
    ['/en/datums//?role=ro&insurer=cz', '/en/datums?role=ro&insurer=cz'],
    ['/verzekeraars/cz/', '/verzekeraars/cz'],
  ])('leads on to the one without: %s', async (url, location) => {
    const store = await fresh();
    for (const path of ['', '/zorg/kalender']) {
      const { app } = await appFor(store, { publicUrl: `http://inkoop.example${path}` });
      for (const method of ['GET', 'HEAD'] as const) {
        const answer = await app.inject({ method, url: path + url, headers: BROWSER });
        expect([answer.statusCode, answer.headers.location]).toEqual([301, path + location]);
      }
    }
  });

  it('leads nowhere else, and takes nothing', async () => {
    const { app } = await appFor(await fresh());
    const statusOf = async (method: 'GET' | 'POST', url: string) => (await app.inject({ method, url, headers: BROWSER })).statusCode;
    for (const url of ['//evil.example/', '//datums/', '/nergens/', '/datums/x/y/z/', '/api/v1/deadlines/', '/klopt-niet/'])
      expect([url, await statusOf('GET', url)]).toEqual([url, 404]);
    expect(await statusOf('POST', '/privacy/')).toBe(404);
  });
});
