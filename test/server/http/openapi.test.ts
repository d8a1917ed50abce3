import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, it } from 'vitest';
import { appFor } from '../../helpers/app.ts';

interface Operation {
  operationId: string;
  summary: string;
  tags: string[];
  security?: unknown;
  parameters?: { name: string; in: string; required?: boolean; schema: { format?: string } }[];
  responses: Record<string, { description: string; headers: object; content?: Record<string, unknown> }>;
}

async function documentOf() {
  const { app } = await appFor({} as never);
  const response = await app.inject('/api/v1/openapi.json');
  const document = response.json<{ openapi: string; paths: Record<string, Record<string, Operation>>; servers: { url: string }[] }>();
  return { app, response, document };
}
const operationsOf = ({ paths }: { paths: Record<string, Record<string, Operation>> }) =>
  Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method, operation })));

it('describes the API in a document that a validator accepts', async () => {
  const { response, document } = await documentOf();
  expect(response.statusCode).toBe(200);
  expect(response.headers).toMatchObject({
    'api-version': '1.0.0',
    'access-control-allow-origin': '*',
    'content-type': 'application/json; charset=utf-8',
  });
  const { valid, errors } = await new Validator().validate(document);
  expect(errors ?? []).toEqual([]);
  expect(valid).toBe(true);
  expect(document.openapi).toBe('3.1.1');
  expect(document.servers).toEqual([{ url: 'http://inkoop.example/api/v1' }]);
});

it('would be refused with a fault in it', async () => {
  const { document } = await documentOf();
  document.paths['/deadlines']!['get']!.parameters![0]!.in = 'nowhere';
  expect((await new Validator().validate(document)).valid).toBe(false);
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
    expect(operation.tags, name).toHaveLength(1);
    expect(Object.keys(operation.responses), name).toContain('429');
    expect('401' in operation.responses, name).toBe(operation.security !== undefined);
    for (const [status, answer] of Object.entries(operation.responses)) {
      expect(answer.headers, `${name} ${status}`).toHaveProperty('API-Version');
      if (Number(status) >= 400) expect(Object.keys(answer.content ?? {}), `${name} ${status}`).toEqual(['application/problem+json']);
    }
  }
});

it('names days and defaults as everybody knows them', async () => {
  const { document } = await documentOf();
  const { parameters } = document.paths['/deadlines']!['get']!;
  expect(parameters!.find(({ name }) => name === 'asOf')).toMatchObject({ in: 'query', schema: { type: 'string', format: 'date' } });
  expect(parameters!.filter(({ required }) => required)).toEqual([]);
  expect(JSON.stringify(document)).not.toMatch(/"format":"(day|address)"/);
});
