import { expect, it } from 'vitest';
import { openOutbox } from '../../jobs/transport/outbox.ts';
import { basePathOf, faultOfBasePath, OWN_PARTS, withoutBasePath } from '../../server/base-path.ts';
import { appFor } from '../helpers/app.ts';
import { onSqlite } from '../helpers/stores.ts';

it.each([
  ['https://example.org', ''],
  ['https://example.org/', ''],
  ['http://[::1]:3000//', ''],
  ['HTTPS://example.org/zorg', '/zorg'],
  ['https://example.org/zorg/kalender/', '/zorg/kalender'],
])('the path of %s is "%s"', (publicUrl, path) => {
  expect(basePathOf(publicUrl)).toBe(path);
});

it.each([
  ['/zorg/kalender', '/'],
  ['/zorg/kalender/', '/'],
  ['/zorg/kalender?lang=en', '/?lang=en'],
  ['/zorg/kalender/?lang=en', '/?lang=en'],
  ['/zorg/kalender/docs/', '/docs/'],
  ['/zorg/kalender/feeds/a%2Fb.ics', '/feeds/a%2Fb.ics'],
  ['http://example.org/zorg/kalender/docs', 'http://example.org/docs'],
  ['http://example.org/zorg/kalender', 'http://example.org/'],
  // The same letters, otherwise written.
  ['/%7aor%67/kalende%72/docs', '/docs'],
  ['/%7Aorg/kalender/docs', '/docs'],
  // Taken off once.
  ['/zorg/kalender/zorg/kalender/docs', '/zorg/kalender/docs'],
])('below the path, %s is for %s', (url, path) => {
  expect(withoutBasePath('/zorg/kalender')(url)).toBe(path);
});

it.each([
  '/',
  '*',
  '',
  '/docs',
  '/zorg',
  '/zorg/kalenders',
  '/zorg/kalenders/docs',
  '/zorg/kalender.ics',
  '/zorg%2Fkalender/docs',
  '/Zorg/Kalender/docs',
  '/zorg//kalender/docs',
  '//zorg/kalender/docs',
  '/x/zorg/kalender/docs',
  '/docs?at=/zorg/kalender/',
  'http://example.org/docs',
])('%s is not below the path, and stays as it is', (url) => {
  expect(withoutBasePath('/zorg/kalender')(url)).toBe(url);
});

it('takes every sign of a path for itself alone', () => {
  expect(['/a.b~c-d_e/x', '/a%2eb%7Ec%2Dd%5fe/x', '/a+b~c-d_e/x'].map(withoutBasePath('/a.b~c-d_e'))).toEqual(['/x', '/x', '/a+b~c-d_e/x']);
});

onSqlite('a base path', (fresh) => {
  it('cannot begin as any path of the service does', async () => {
    const { app } = await appFor(await fresh(), { outbox: openOutbox('nowhere') });
    const parts = [...app.paths.keys()].map((path) => path.split('/')[1]!).filter((part) => part !== '' && part !== '*');
    expect([...new Set(parts)].sort()).toEqual(OWN_PARTS.toSorted());
    for (const part of OWN_PARTS) {
      expect(faultOfBasePath(`/${part}`)).toContain(`does not begin with /${part},`);
      expect(faultOfBasePath(`/${part}/kalender`)).toContain(`does not begin with /${part},`);
      expect(faultOfBasePath(`/zorg/${part}`)).toBeNull();
      expect(faultOfBasePath(`/${part}s`)).toBeNull();
    }
  });
});
