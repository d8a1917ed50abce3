import { expect, it } from 'vitest';
import type { Store } from '../../../db/store/store.ts';
import { HEADERS } from '../../../server/http/answer-headers.ts';
import { appFor, EDITOR_KEY, type Call } from '../../helpers/app.ts';
import { addDeadline, addInsurer, castIn } from '../../helpers/cast.ts';
import { onBothDialects } from '../../helpers/stores.ts';

/** Headers of every HTTP answer, of browsers' protection, and of reading from elsewhere: none is a matter of one call. */
const OF_ALL =
  /^(content-(type|length|encoding|security-policy)|date|connection|keep-alive|transfer-encoding|vary|access-control-.*|x-.*|referrer-policy|strict-transport-security)$/;

const EXAMPLE = {
  insurer: 'zuid',
  contractYear: 2026,
  activity: 'signing',
  title: 'Tekenen',
  rule: { kind: 'none' },
  certainty: 'unknown',
  duty: { actors: ['ro'] },
};

/** Asks for every kind of answer that a call can get; gives what came, by operation and status. */
async function askAll(store: Store) {
  const { ro } = await castIn(store);
  const { id, revision } = await store.write(async (tx) => addDeadline(tx));
  await store.write(async (tx) => addInsurer(tx, 'west'));
  const { app, call } = await appFor(store);
  const own = `organisations/${ro.id}`;
  const asked: [operation: string, ...Parameters<Call>][] = [
    ['findDeadlines', 'GET', 'deadlines'],
    ['findDeadlines', 'GET', 'deadlines?page=x'],
    ['getDeadline', 'GET', `deadlines/${id}`],
    ['getDeadline', 'GET', `deadlines/${ro.id}`],
    ['createDeadline', 'POST', 'deadlines', { key: EDITOR_KEY, body: EXAMPLE }],
    ['createDeadline', 'POST', 'deadlines', { key: EDITOR_KEY, body: EXAMPLE }],
    ['createDeadline', 'POST', 'deadlines', { key: ro.key, body: EXAMPLE }],
    ['createDeadline', 'POST', 'deadlines', { body: EXAMPLE }],
    ['createDeadline', 'POST', 'deadlines', { key: EDITOR_KEY, body: 'a'.repeat(70_000) }],
    ['createDeadline', 'POST', 'deadlines', { key: EDITOR_KEY, body: '{}', headers: { 'content-type': 'text/plain' } }],
    ['createDeadline', 'POST', 'deadlines', { key: EDITOR_KEY, body: '{}', headers: { 'content-encoding': 'gzip' } }],
    [
      'amendDeadline',
      'POST',
      `deadlines/${id}/revisions`,
      { key: EDITOR_KEY, body: { baseRevision: revision, reason: 'R', title: 'Nieuw' } },
    ],
    ['createOrganisation', 'POST', 'organisations', { key: EDITOR_KEY, body: { name: 'Oost', roles: ['ro'] } }],
    ['changeOrganisation', 'PATCH', own, { key: ro.key, body: { name: 'Zuid' } }],
    ['listAgenda', 'GET', `${own}/deadlines`, { key: ro.key }],
    ['listAgenda', 'GET', `${own}/deadlines`, { key: ro.key, headers: { 'if-none-match': '*' } }],
    ['createFeed', 'POST', `${own}/feeds`, { key: ro.key, body: { label: 'Agenda' } }],
    ['saveRelation', 'PUT', `${own}/insurers/west`, { key: ro.key, body: {} }],
    ['removeRelation', 'DELETE', `${own}/insurers/west`, { key: ro.key }],
  ];
  const answers: { operation: string; status: number; sent: string[] }[] = [];
  const ask = async (answerer: Call, [operation, ...question]: (typeof asked)[number]) => {
    const { status, headers } = await answerer(...question);
    answers.push({ operation, status, sent: Object.keys(headers).filter((name) => !OF_ALL.test(name)) });
  };
  for (const one of asked) await ask(call, one);
  const away = async () => Promise.reject(Object.assign(new Error('locked'), { code: 'SQLITE_BUSY' }));
  await ask((await appFor(store, { change: away })).call, ['createFeed', 'POST', `${own}/feeds`, { key: ro.key, body: { label: 'B' } }]);
  await ask((await appFor(store, {}, { callsPerMinute: 0 })).call, ['findDeadlines', 'GET', 'deadlines']);
  return { document: app.swagger() as unknown as Document, answers };
}

interface Answer {
  $ref?: string;
  headers?: object;
}

interface Document {
  paths: Record<string, Record<string, { operationId: string; responses: Record<string, Answer> }>>;
  components: { responses: Record<string, Answer>; headers: object };
}

function headersIn({ paths, components }: Document, operation: string, status: number): string[] {
  const { responses } = Object.values(paths)
    .flatMap((methods) => Object.values(methods))
    .find(({ operationId }) => operationId === operation)!;
  const { $ref, headers } = responses[String(status)]!;
  return Object.keys(headers ?? components.responses[$ref!.split('/').at(-1)!]!.headers!).map((name) => name.toLowerCase());
}

onBothDialects('the headers of answers', (fresh) => {
  it('are those that the document names, in both directions', async () => {
    const { document, answers } = await askAll(await fresh());
    expect([...new Set(answers.map(({ status }) => status))].sort()).toEqual([
      200, 201, 204, 304, 400, 401, 403, 404, 409, 413, 415, 429, 503,
    ]);
    for (const { operation, status, sent } of answers) {
      const named = headersIn(document, operation, status);
      expect(named, `${operation} ${status}`).toEqual(expect.arrayContaining(sent));
      // What is said of a wrong body depends on what is wrong with it.
      const alike = answers.filter((other) => other.operation === operation && other.status === status).flatMap((other) => other.sent);
      expect(alike, `${operation} ${status}`).toEqual(expect.arrayContaining(named));
    }
  });
});

it('are explained once each, and every one is sent by some answer', async () => {
  const { app } = await appFor({} as never);
  const { paths, components } = app.swagger() as unknown as Document;
  const used = JSON.stringify([paths, components.responses]);
  expect(components.headers).toEqual(HEADERS);
  for (const name of Object.keys(HEADERS)) expect(used).toContain(`"#/components/headers/${name}"`);
});
