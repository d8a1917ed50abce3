import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, it } from 'vitest';
import { appFor } from '../../helpers/app.ts';

interface Words {
  description?: string;
  example?: unknown;
}

interface Schema extends Words {
  $ref?: string;
  type?: string;
  enum?: string[];
  format?: string;
  items?: Schema;
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  examples?: unknown[];
}

interface Response {
  $ref?: string;
  headers?: object;
  content?: Record<string, unknown>;
}

interface Operation {
  operationId: string;
  summary: string;
  description: string;
  tags: string[];
  security?: unknown;
  parameters?: ({ name: string; in: string; required?: boolean; schema: Schema } & Words)[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, Response>;
}

interface Document {
  openapi: string;
  info: { description: string; contact?: object };
  externalDocs: { url: string };
  paths: Record<string, Record<string, Operation>>;
  servers: { url: string }[];
  components: { schemas: Record<string, Schema>; responses: Record<string, Response> };
}

async function documentOf(over: Parameters<typeof appFor>[1] = {}) {
  const { app } = await appFor({} as never, over);
  const response = await app.inject('/api/v1/openapi.json');
  return { app, response, document: response.json<Document>() };
}
const operationsOf = ({ paths }: Pick<Document, 'paths'>) =>
  Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method, operation })));

it('describes the API in a document that a validator accepts', async () => {
  const { response, document } = await documentOf();
  expect(response.statusCode).toBe(200);
  expect(response.headers).toMatchObject({
    'api-version': '1.0.0',
    'access-control-allow-origin': '*',
    'content-type': 'application/json; charset=utf-8',
  });
  const { valid, errors } = await new Validator().validate({ ...document });
  expect(errors ?? []).toEqual([]);
  expect(valid).toBe(true);
  expect(document.openapi).toBe('3.1.1');
  expect(document.servers).toEqual([{ url: 'http://inkoop.example/api/v1' }]);
});

it('would be refused with a fault in it', async () => {
  const { document } = await documentOf();
  document.paths['/deadlines']!['get']!.parameters![0]!.in = 'nowhere';
  expect((await new Validator().validate({ ...document })).valid).toBe(false);
});

it('describes every route of the API, and nothing else', async () => {
  const { app, document } = await documentOf();
  const routes = [...app.paths]
    .filter(([url]) => url.startsWith('/api/v1/') && !url.endsWith('*') && url !== '/api/v1/openapi.json')
    .flatMap(([url, methods]) =>
      [...methods]
        .filter((m) => m !== 'HEAD' && m !== 'OPTIONS')
        .map((m) => `${m} ${url.replace('/api/v1', '').replace(/:(\w+)/g, '{$1}')}`),
    );
  expect(
    operationsOf(document)
      .map(({ path, method }) => `${method.toUpperCase()} ${path}`)
      .sort(),
  ).toEqual(routes.sort());
  expect(JSON.stringify(document)).not.toContain('/feeds/{token}');
});

it('says of each call what it does, what it answers and in which version', async () => {
  const { document } = await documentOf();
  const operations = operationsOf(document);
  expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(operations.length);
  for (const { path, method, operation } of operations) {
    const name = `${method} ${path}`;
    expect(operation.summary, name).toMatch(/\w{3}/);
    expect(operation.description, name).toMatch(/^[A-Z\d].*\.$/);
    expect(operation.tags, name).toHaveLength(1);
    expect(Object.keys(operation.responses), name).toEqual(expect.arrayContaining(['400', '429', '503']));
    expect(operation.security, name).toEqual('401' in operation.responses ? [{ key: [] }] : []);
    for (const [status, { $ref, ...own }] of Object.entries(operation.responses)) {
      const answer = $ref === undefined ? own : document.components.responses[$ref.split('/').at(-1)!]!;
      expect(answer.headers, `${name} ${status}`).toHaveProperty('API-Version');
      if (Number(status) >= 400) expect(Object.keys(answer.content ?? {}), `${name} ${status}`).toEqual(['application/problem+json']);
    }
  }
});

it('gives every parameter and property a type, a sentence and an example, and every list of words a name', async () => {
  const { document } = await documentOf();
  const places = schemasIn(document);
  expect(places.length).toBeGreaterThan(500);
  expect(places.flatMap(({ at, schema, words }) => lacksOf(document, schema, words).map((lack) => `${at} ${lack}`))).toEqual([]);
});

it('would say so of a property without any', async () => {
  const { document } = await documentOf();
  document.components.schemas['Step']!.properties!['bare'] = {};
  document.components.schemas['Step']!.properties!['word'] = { type: 'string', enum: ['a', 'b'], description: 'A word', examples: ['a'] };
  const faults = schemasIn(document).flatMap(({ at, schema, words }) => lacksOf(document, schema, words).map((lack) => `${at} ${lack}`));
  expect(faults).toEqual(['Step.bare type', 'Step.bare description', 'Step.bare example', 'Step.word name']);
});

it('names days and defaults as everybody knows them', async () => {
  const { document } = await documentOf();
  const { parameters } = document.paths['/deadlines']!['get']!;
  expect(parameters!.find(({ name }) => name === 'asOf')).toMatchObject({ in: 'query', schema: { type: 'string', format: 'date' } });
  expect(parameters!.filter(({ required }) => required)).toEqual([]);
  expect(JSON.stringify(document)).not.toMatch(/"format":"(day|address)"/);
});

it('refers to one schema for each list of words, wherever it stands', async () => {
  const { document } = await documentOf();
  const { schemas } = document.components;
  const certainty = { $ref: '#/components/schemas/Certainty' };
  expect(schemas['Certainty']).toMatchObject({ type: 'string', enum: ['stated', 'sector_rule', 'expected', 'template', 'unknown'] });
  expect(schemas['Deadline']!.properties!['certainty']).toEqual(certainty);
  expect(document.paths['/deadlines']!['get']!.parameters!.find(({ name }) => name === 'certainty')!.schema).toEqual(certainty);
  expect(JSON.stringify(schemas['FeedInput']!.properties!['certainty'])).toContain(JSON.stringify(certainty));
});

it('names whom to turn to, where that is set, and where its changes stand', async () => {
  const contact = { url: 'https://inkoop.example/contact', email: 'api@inkoop.example' };
  const { app, document } = await documentOf({ contact });
  expect(document.info.contact).toEqual({ name: 'Inkoopkalender', ...contact });
  expect((await documentOf()).document.info).not.toHaveProperty('contact');
  expect(document.externalDocs.url).toBe('http://inkoop.example/docs/changelog');
  const changelog = await app.inject('/docs/changelog');
  expect([changelog.statusCode, changelog.headers['content-type']]).toEqual([200, 'text/plain; charset=utf-8']);
  expect(changelog.body).toContain('## Unreleased');
  expect(document.info.description).toContain('(http://inkoop.example/docs/api)');
  expect((await app.inject('/docs/api')).body).toContain('## How it changes');
});

/** Every parameter, and every property of every schema, with where it stands and the words beside it. */
function schemasIn({ paths, components }: Document): { at: string; schema: Schema; words: Words }[] {
  const ofParameters = operationsOf({ paths }).flatMap(({ operation: { operationId, parameters = [], requestBody } }) => [
    ...parameters.map(({ name, schema, ...words }) => ({ at: `${operationId}?${name}`, schema, words })),
    ...Object.values(requestBody?.content ?? {}).flatMap(({ schema }) => propertiesIn(schema, operationId)),
  ]);
  return [...ofParameters, ...Object.entries(components.schemas).flatMap(([name, schema]) => propertiesIn(schema, name))];
}

function propertiesIn(schema: Schema, at: string): { at: string; schema: Schema; words: Words }[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, property]) => [
    { at: `${at}.${name}`, schema: property, words: property },
    ...propertiesIn(property, `${at}.${name}`),
  ]);
  const inside = [...(schema.items === undefined ? [] : [schema.items]), ...(schema.anyOf ?? [])].flatMap((part) => propertiesIn(part, at));
  return [...own, ...inside];
}

function lacksOf({ components: { schemas } }: Document, schema: Schema, words: Words): string[] {
  const named = ({ $ref }: Schema) => ($ref === undefined ? undefined : schemas[$ref.split('/').at(-1)!]!);
  const isTyped = (one: Schema): boolean =>
    one.type !== undefined || named(one) !== undefined || (one.anyOf ?? []).every(isTyped) === (one.anyOf !== undefined);
  const isShown = (one: Schema): boolean =>
    one.examples !== undefined ||
    one.properties !== undefined ||
    one.enum?.length === 1 ||
    one.type === 'null' ||
    (named(one) !== undefined && isShown(named(one)!)) ||
    (one.items !== undefined && isShown(one.items)) ||
    (one.anyOf ?? []).some((branch) => branch.type !== 'null' && isShown(branch));
  const enums = [schema, ...(schema.anyOf ?? []), schema.items ?? {}].filter((one) => (one.enum?.length ?? 0) > 1);
  return [
    ...(isTyped(schema) ? [] : ['type']),
    ...((words.description ?? named(schema)?.description) === undefined ? ['description'] : []),
    ...(words.example === undefined && !isShown(schema) ? ['example'] : []),
    ...(enums.length > 0 ? ['name'] : []),
  ];
}
