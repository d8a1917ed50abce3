/** Rules of the Dutch API design rules (Logius 2.2) that can be read off the document or an answer, by their names. The table is in docs/api.md. */
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { appFor, EDITOR_KEY } from '../../helpers/app.ts';
import { addDeadline, castIn } from '../../helpers/cast.ts';
import { onSqlite } from '../../helpers/stores.ts';

interface Schema {
  type?: string;
  format?: string;
  properties?: Record<string, Schema>;
  anyOf?: Schema[];
}

interface Operation {
  parameters?: { name: string; in: string }[];
  requestBody?: object;
  responses: Record<string, { $ref?: string; headers?: object }>;
}

interface Document {
  openapi: string;
  info: { version: string; contact?: object; description: string };
  externalDocs: { url: string };
  servers: { url: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema>; responses: Record<string, { headers: object; content: Record<string, object> }> };
}

const contact = { url: 'https://inkoop.example/contact', email: 'api@inkoop.example' };

async function documentOf() {
  const { app } = await appFor({} as never, { contact });
  const response = await app.inject({ url: '/api/v1/openapi.json', headers: { origin: 'https://elsewhere.example' } });
  const document = response.json<Document>();
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, path, method, operation })),
  );
  return { app, response, document, operations };
}

/** Paths that the rule on collections takes for one thing: what an organisation says once of a deadline, and what is done to a thing. */
const SINGULAR = ['withdrawal', 'completion', 'rotation', 'redrive'];

it('/core/naming-collections, API-54: a list has the plural of what it lists', async () => {
  const { document } = await documentOf();
  const segments = Object.keys(document.paths).flatMap((path) => path.split('/').filter((part) => part !== '' && !part.startsWith('{')));
  expect([...new Set(segments)].filter((part) => !part.endsWith('s')).sort()).toEqual([...SINGULAR].sort());
});

it('/core/no-trailing-slash, API-48: no path ends in a slash, and one that does is not found', async () => {
  const { app, document } = await documentOf();
  expect(Object.keys(document.paths).filter((path) => path.endsWith('/'))).toEqual([]);
  for (const path of Object.keys(document.paths)) expect((await app.inject(`/api/v1${path}/`)).statusCode, path).toBe(404);
});

it('/core/path-segments-kebab-case: small letters, digits and hyphens', async () => {
  const { document } = await documentOf();
  for (const path of Object.keys(document.paths)) expect(path).toMatch(/^(\/([a-z0-9]+(-[a-z0-9]+)*|\{\w+\}))+$/);
});

it('/core/query-keys-camel-case: small first letter, no mark between words', async () => {
  const { operations } = await documentOf();
  const keys = operations.flatMap(({ operation: { parameters = [] } }) =>
    parameters.filter((one) => one.in === 'query').map(({ name }) => name),
  );
  expect(keys.length).toBeGreaterThan(20);
  for (const key of keys) expect(key).toMatch(/^[a-z][a-z\d]*([A-Z][a-z\d]*)*$/);
});

it('/core/date-time/format and /core/date-time/date-omit-time-portion: a day is a date, a moment a date-time, and their names tell which', async () => {
  const { document } = await documentOf();
  const fields = Object.values(document.components.schemas).flatMap(({ properties = {} }) => Object.entries(properties));
  const formatOf = ({ format, anyOf = [] }: Schema) => format ?? anyOf.find((branch) => branch.format !== undefined)?.format;
  const on = fields.filter(([name]) => name.endsWith('On'));
  const moments = fields.filter(([name]) => name.endsWith('At'));
  expect([...new Set(on.map(([, schema]) => formatOf(schema)))]).toEqual(['date']);
  expect([...new Set(moments.map(([, schema]) => formatOf(schema)))]).toEqual(['date-time']);
  expect(fields.filter(([name, schema]) => formatOf(schema) === 'date-time' && !name.endsWith('At'))).toEqual([]);
});

onSqlite('/core/date-time/timezone:', (fresh) => {
  it('moments in answers are in UTC; no request has one', async () => {
    const store = await fresh();
    await castIn(store);
    const { id } = await store.write((tx) => addDeadline(tx));
    const { call } = await appFor(store);
    expect((await call('GET', `deadlines/${id}`)).body.revisedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const { document } = await documentOf();
    const inputs = Object.entries(document.components.schemas).filter(([name]) => /(Input|Change)$/.test(name));
    expect(JSON.stringify(inputs)).not.toContain('date-time');
  });
});

it('/core/http-methods, API-03: none but the usual ones', async () => {
  const { operations } = await documentOf();
  expect(new Set(operations.map(({ method }) => method))).toEqual(new Set(['get', 'post', 'put', 'patch', 'delete']));
});

onSqlite('/core/http-safety, API-01:', (fresh) => {
  it('PUT and DELETE twice leave what once does, and GET changes nothing', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const { id } = await store.write((tx) => addDeadline(tx));
    const { call } = await appFor(store);
    const { key } = ro;
    const done = `organisations/${ro.id}/deadlines/${id}/completion`;
    const agenda = async () => (await call('GET', `organisations/${ro.id}/deadlines`, { key })).body;
    const body = { completedOn: '2024-04-02', by: 'A' };
    await call('PUT', done, { key, body });
    const once = await agenda();
    await call('PUT', done, { key, body });
    expect(await agenda()).toEqual(once);
    await call('DELETE', done, { key });
    const undone = await agenda();
    expect((await call('DELETE', done, { key })).status).toBe(404);
    expect(await agenda()).toEqual(undone);
  });
});

it('/core/error-handling/problem-details: each 4xx and 5xx is problem+json with status, title and detail', async () => {
  const { app, document, operations } = await documentOf();
  for (const { name, operation } of operations)
    for (const [status, { $ref }] of Object.entries(operation.responses).filter(([one]) => Number(one) >= 400))
      expect($ref, `${name} ${status}`).toMatch(/^#\/components\/responses\//);
  for (const { content } of Object.values(document.components.responses))
    expect(Object.keys(content)).toEqual(['application/problem+json']);
  for (const url of ['/api/v1/nothing', '/api/v1/deadlines?page=x', '/api/v1/organisations/x/feeds']) {
    const { headers, body } = await app.inject(url);
    expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(JSON.parse(body)).toMatchObject({ status: expect.any(Number), title: expect.any(String), detail: expect.any(String) });
  }
});

it('/core/error-handling/invalid-input: every call that takes anything can answer 400', async () => {
  const { operations } = await documentOf();
  const taking = operations.filter(({ operation: { parameters, requestBody } }) => parameters !== undefined || requestBody !== undefined);
  expect(taking.filter(({ operation }) => operation.responses['400'] === undefined)).toEqual([]);
});

it('/core/error-handling/all-errors: all faults come together', async () => {
  const { app } = await documentOf();
  const { statusCode, body } = await app.inject('/api/v1/deadlines?page=x&withinDays=-1&nonsense=1');
  const { errors } = JSON.parse(body) as { errors: { field: string }[] };
  expect([statusCode, errors.map(({ field }) => field).sort()]).toEqual([400, ['nonsense', 'page', 'withinDays']]);
});

it('/core/doc-openapi, API-16, and /core/publish-openapi, API-51: at openapi.json below the base, to nobody in particular, from anywhere', async () => {
  const { response, document } = await documentOf();
  expect(response.statusCode).toBe(200);
  expect(document.openapi).toMatch(/^3(\.\d+){1,2}$/);
  expect(document.servers).toEqual([{ url: 'http://inkoop.example/api/v1' }]);
  expect(response.headers['access-control-allow-origin']).toBe('*');
  const references = JSON.stringify(document).match(/"\$ref":"[^"]+"/g)!;
  for (const [, section, name] of references.map((one) => /#\/components\/(\w+)\/([^"]+)/.exec(one)!))
    expect((document.components as unknown as Record<string, object>)[section!]).toHaveProperty([name!]);
});

it('/core/doc-openapi-contact: whom to turn to', async () => {
  const { document } = await documentOf();
  expect(document.info.contact).toEqual({ name: 'Inkoopkalender', ...contact });
});

it('/core/uri-version, API-20, /core/semver, API-56, and /core/version-header, API-57: the major number in the address, all of it in each answer', async () => {
  const { app, document, operations } = await documentOf();
  expect(document.info.version).toMatch(/^\d+\.\d+\.\d+$/);
  expect(document.servers[0]!.url).toMatch(new RegExp(`/v${document.info.version.split('.')[0]}$`));
  const { responses } = document.components;
  for (const { name, operation } of operations)
    for (const [status, { $ref, headers }] of Object.entries(operation.responses))
      expect(headers ?? responses[$ref!.split('/').at(-1)!]!.headers, `${name} ${status}`).toHaveProperty('API-Version');
  for (const url of ['/api/v1/nothing', '/api/v1/deadlines?page=x', '/api/v1/openapi.json', '/api/v1/%zz'])
    expect((await app.inject(url)).headers['api-version'], url).toBe(document.info.version);
});

it('/core/changelog, API-55, and /core/deprecation-schedule, API-18: both stand where the document says', async () => {
  const { app, document } = await documentOf();
  expect((await app.inject(new URL(document.externalDocs.url).pathname)).body).toBe(await readFile('CHANGELOG.md', 'utf8'));
  expect(document.info.description).toContain('http://inkoop.example/docs/api');
  expect((await app.inject('/docs/api')).body).toMatch(/announced twelve months before/);
  // Whatever is marked as deprecated must send the headers that the schedule promises; nothing is.
  expect(JSON.stringify(document)).not.toContain('"deprecated"');
});

it('/core/transport/security-headers: on each answer of the API', async () => {
  const { app } = await appFor({} as never, { publicUrl: 'https://inkoop.example' });
  for (const url of ['/api/v1/nothing', '/api/v1/deadlines?page=x']) {
    const { headers } = await app.inject({ url, headers: { origin: 'https://elsewhere.example' } });
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
      'strict-transport-security': 'max-age=31536000',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'access-control-allow-origin': '*',
      'referrer-policy': 'no-referrer',
    });
  }
});

onSqlite('/core/transport/no-sensitive-uris, API-58:', (fresh) => {
  it('no key counts that stands in an address', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const { operations } = await documentOf();
    const names = operations.flatMap(({ operation: { parameters = [] } }) => parameters.map(({ name }) => name));
    // The id of a key is no key.
    const ids = ['keyId', 'editorKeyId'];
    expect(names.filter((name) => /key|token|secret|email/i.test(name) && !ids.includes(name))).toEqual([]);
    const { call } = await appFor(store);
    expect((await call('GET', `organisations/${ro.id}?key=${ro.key}`)).status).toBe(401);
    expect((await call('GET', `dead-letters?key=${EDITOR_KEY}`)).status).toBe(401);
  });
});

it('stands in the table of docs/api.md, rule by rule: what is said there to be tested is tested here', async () => {
  const table = await readFile('docs/api.md', 'utf8');
  const rows = [...table.matchAll(/^\| `(\/core\/[\w/-]+)`.*\| +(tested|–) +\|$/gm)].map(([, rule, mark]) => [rule!, mark!] as const);
  expect(rows).toHaveLength(34);
  const own = await readFile(new URL(import.meta.url), 'utf8');
  for (const [rule, mark] of rows) expect(new RegExp(`${rule}\\b`).test(own), rule).toBe(mark === 'tested');
});
