import { expect, it } from 'vitest';
import { appFor, EDITOR_KEY } from '../helpers/app.ts';
import { addDeadline, castIn } from '../helpers/cast.ts';
import { onSqlite } from '../helpers/stores.ts';

/** Who may do what, by what a route's path and method say. A route that fits none of these has no rule yet, and fails. */
const RULES = {
  everyone: [/^GET \/(insurers|deadlines|changes)(\/|$)/],
  editor: [
    /^POST \/deadlines$/,
    /^POST \/deadlines\/:deadlineId\/revisions$/,
    /^PUT \/deadlines\/:deadlineId\/withdrawal$/,
    /^POST \/organisations$/,
    /^\w+ \/dead-letters(\/|$)/,
    /^\w+ \/editors\/keys(\/|$)/,
  ],
  itself: [/^\w+ \/organisations\/:id(\/|$)/],
};

onSqlite('permissions', (fresh) => {
  it('hold on every route: for the owner, its member, an outsider, an editor and whoever has no key', async () => {
    const store = await fresh();
    const { ro, wsv, outsider } = await castIn(store);
    const deadline = await store.write((tx) => addDeadline(tx));
    const { app, call } = await appFor(store);
    const routes = [...app.paths]
      .filter(([url]) => url.startsWith('/api/v1/') && !url.endsWith('*') && url !== '/api/v1/openapi.json')
      .flatMap(([url, methods]) =>
        [...methods].filter((method) => method !== 'OPTIONS').map((method) => ({ method, url: url.replace('/api/v1', '') })),
      );
    // The organisation itself is removed last.
    routes.sort(
      (a, b) =>
        Number(a.method === 'DELETE' && a.url === '/organisations/:id') - Number(b.method === 'DELETE' && b.url === '/organisations/:id'),
    );
    expect(routes.length).toBeGreaterThan(25);
    const keys = { owner: ro.key, member: wsv.key, outsider: outsider.key, editor: EDITOR_KEY, wrong: 'ik_wrong', nobody: undefined };
    for (const { method, url } of routes) {
      const name = `${method === 'HEAD' ? 'GET' : method} ${url}`;
      const rules = Object.entries(RULES).filter(([, patterns]) => patterns.some((pattern) => pattern.test(name)));
      expect(
        rules.map(([rule]) => rule),
        name,
      ).toHaveLength(1);
      const [rule] = rules[0]!;
      const path = url
        .replace(':id', ro.id)
        .replace(':deadlineId', deadline.id)
        .replace(':slug', 'noord')
        .replace(/:\w+/g, '123e4567-e89b-42d3-a456-426614174000')
        .slice(1);
      const refusals: Record<string, number> = {};
      for (const who of ['nobody', 'wrong', 'outsider', 'member', 'editor', 'owner'] as const) {
        // A body that no call takes: whoever is let in is told so, and nothing changes.
        const sent = ['POST', 'PUT', 'PATCH'].includes(method) ? { body: { surely: 'unknown' } } : {};
        const answer = await call(method, path, { key: keys[who], ...sent });
        if (answer.status === 401 || answer.status === 403 || (answer.status === 404 && answer.body.detail === 'No such organisation.'))
          refusals[who] = answer.status;
        if (answer.status === 404 && method === 'HEAD' && rule === 'itself' && who !== 'owner') refusals[who] = 404;
        expect(answer.status, `${name} as ${who}`).toBeLessThan(500);
      }
      const expected = {
        everyone: {},
        editor: { nobody: 401, wrong: 401, outsider: 403, member: 403, owner: 403 },
        itself: { nobody: 401, wrong: 401, outsider: 404, member: 404, editor: 404 },
      }[rule];
      expect(refusals, name).toEqual(expected);
    }
  });

  it('are the same whether an organisation exists or not, so that its id says nothing', async () => {
    const store = await fresh();
    const { ro, outsider } = await castIn(store);
    const { call } = await appFor(store);
    const [theirs, nobodys] = [ro.id, '123e4567-e89b-42d3-a456-426614174000'].map((id) =>
      call('GET', `organisations/${id}`, { key: outsider.key }),
    );
    expect((await theirs)!.body).toEqual((await nobodys)!.body);
  });

  it('read a key only as a bearer, and survive every odd header', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const { call } = await appFor(store);
    const as = async (authorization: string) => (await call('GET', `organisations/${ro.id}`, { headers: { authorization } })).status;
    expect(await as(`Bearer ${ro.key}`)).toBe(200);
    expect(await as(`bearer ${ro.key}`)).toBe(200);
    for (const odd of [
      ro.key,
      `Basic ${ro.key}`,
      'Bearer',
      'Bearer ',
      `Bearer ${ro.key} x`,
      `Bearer ${ro.key.toUpperCase()}`,
      'Bearer é',
      `Bearer ${'x'.repeat(5000)}`,
    ]) {
      expect(await as(odd)).toBe(401);
    }
  });
});
