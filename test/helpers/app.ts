/** The service for tests: real routes over a real store with a pinned clock, every answer held against the API's own document. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect } from 'vitest';
import { openFeedCache } from '../../db/feeds/cache.ts';
import { openKeyUses } from '../../db/organisations/key-uses.ts';
import { openReadCache } from '../../db/organisations/read-cache.ts';
import { openChange } from '../../db/reminders/change.ts';
import type { Store } from '../../db/store/store.ts';
import { previewEdition } from '../../jobs/preview.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { buildApp } from '../../server/app.ts';
import type { App, Deps } from '../../server/deps.ts';
import { readEveryCalendar } from './calendars.ts';
import { NOW } from './cast.ts';
import { SETTINGS } from './mail-settings.ts';

export const EDITOR_KEY = 'the-editors-key-of-the-tests';

/** What every answer about health also says: which service it is of, and which version. */
export const IDENTITY = { version: packageJson.version, service: expect.stringMatching(/^[0-9a-f]{16}$/) };

/** Whatever a test reads of a JSON body: it compares, so it need not know the type. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Body = any;

interface Answer {
  status: number;
  body: Body;
  headers: Record<string, unknown>;
}

interface CallOptions {
  key?: string | undefined;
  body?: unknown;
  headers?: Record<string, string>;
}

/** Calls the API and checks what comes back: the status is one that the document names, and the body fits its schema. */
export type Call = (method: string, path: string, options?: CallOptions) => Promise<Answer>;

/** Builds the service over a store. What is not given: the clock of the cast, no log, one editor's key, nobody to ring for. */
export async function appFor(
  store: Store,
  { ring = () => {}, clock = () => NOW, publicUrl = 'http://inkoop.example', ...over }: Partial<Deps> & { ring?: () => void } = {},
  options: Parameters<typeof buildApp>[1] = {},
): Promise<{ app: App; call: Call }> {
  const cache = openReadCache(store);
  const deps: Deps = {
    read: store.read,
    change: openChange(store, clock, ring),
    preview: async (id, by) => previewEdition({ store, settings: { ...SETTINGS, publicUrl } }, id, by, clock()),
    publicUrl,
    signUp: 'open',
    retentionMonths: 24,
    secret: 'a secret that only the tests know, 32+',
    editorKey: EDITOR_KEY,
    cache,
    feeds: openFeedCache(store, { readCache: cache, publicUrl }),
    keyUses: openKeyUses(),
    clock,
    ...over,
  };
  const app = await buildApp(deps, options);
  await app.ready();
  readEveryCalendar(app);
  return { app, call: callerOf(app) };
}

function callerOf(app: App): Call {
  const check = answerChecker(app);
  return async (method, path, { key, body, headers = {} } = {}) => {
    const response = await app.inject({
      method: method as 'GET',
      url: path.startsWith('/') ? path : `/api/v1/${path}`,
      headers: {
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        // As a browser says it of a form on a page of ours.
        ...(method === 'POST' && path.startsWith('/') ? { 'sec-fetch-site': 'same-origin' } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const json = (response.headers['content-type'] ?? '').includes('json') && response.body !== '';
    const answer = { status: response.statusCode, body: json ? response.json() : response.body, headers: response.headers };
    if (path.startsWith('/api/v1/') || !path.startsWith('/')) check(method, response.raw.req.url ?? '', answer);
    return answer;
  };
}

interface Response {
  $ref?: string;
  content?: Record<string, object>;
}

interface Operation {
  responses: Record<string, Response>;
}

function answerChecker(app: App) {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  // The default export is typed as a module namespace under nodenext; at run time it is the function itself.
  (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
  // The document's own types know four versions of OpenAPI; ours is one.
  const document = app.swagger() as unknown as {
    paths: Record<string, Record<string, Operation>>;
    components: { responses: Record<string, Response> };
  };
  ajv.addSchema(document, 'api');
  return (method: string, url: string, { status, body, headers }: Answer) => {
    expect(headers['api-version']).toBe('1.0.0');
    if (status >= 400) expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
    const path = url.replace('/api/v1', '').replace(/\?.*/, '');
    const template = Object.keys(document.paths).find((one) => new RegExp(`^${one.replace(/\{\w+\}/g, '[^/]+')}$`).test(path));
    const verb = method === 'HEAD' ? 'get' : method.toLowerCase();
    const operation = template === undefined ? undefined : document.paths[template]![verb];
    if (!operation || method === 'HEAD') return;
    const own = operation.responses[String(status)];
    if (!own) throw new Error(`${method} ${template} answered ${status}, which its document does not name: ${JSON.stringify(body)}`);
    const shared = own.$ref?.split('/').at(-1);
    const described = shared === undefined ? own : document.components.responses[shared]!;
    const [type] = Object.keys(described.content ?? {});
    if (type === undefined) return expect(body).toBe('');
    const escape = (part: string) => part.replaceAll('~', '~0').replaceAll('/', '~1').replaceAll('{', '%7B').replaceAll('}', '%7D');
    const place = shared === undefined ? `paths/${escape(template!)}/${verb}/responses/${status}` : `components/responses/${shared}`;
    const validate = ajv.getSchema(`api#/${place}/content/${escape(type)}/schema`);
    if (!validate) throw new Error(`no schema for ${method} ${template} ${status}`);
    if (!validate(body))
      throw new Error(`${method} ${url} ${status} does not fit its schema: ${ajv.errorsText(validate.errors)}\n${JSON.stringify(body)}`);
  };
}
