/** The API's document, made from the very schemas that check and describe each call, and the page to read it on. */
import { readFileSync } from 'node:fs';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import fastifyPlugin from 'fastify-plugin';
import type { App, Deps } from '../deps.ts';
import { describeCall, nameParts } from './openapi-document.ts';
import { basePathOf } from '../base-path.ts';

/** Version of the API's contract (semver): its major number stands in the path. */
export const API_VERSION = '1.0.0';

const BASE = '/api/v1';
const style = readFileSync(new URL('reference/reference.css', import.meta.url), 'utf8');
const icon = readFileSync(new URL('../public/favicon.svg', import.meta.url));

/** Serves `/api/v1/openapi.json` and `/docs`. Register it before the routes that it describes. */
export function describeApi({ publicUrl, contact = {} }: Pick<Deps, 'publicUrl' | 'contact'>) {
  const basePath = basePathOf(publicUrl);
  return fastifyPlugin(async (app: App) => {
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.1',
        info: {
          title: 'Inkoopkalender',
          version: API_VERSION,
          description: introduction(publicUrl),
          ...(Object.keys(contact).length > 0 ? { contact: { name: 'Inkoopkalender', ...contact } } : {}),
          license: { name: 'MIT', identifier: 'MIT' },
        },
        servers: [{ url: publicUrl + BASE }],
        tags: TAGS,
        externalDocs: { description: 'What changed between the versions', url: `${publicUrl}/docs/changelog` },
        components: {
          securitySchemes: {
            key: {
              type: 'http',
              scheme: 'bearer',
              description: "An editor's or an organisation's key, as ik_…. An organisation gets its first one once, when it is made.",
            },
          },
        },
      },
      // Feeds carry a secret in their address and pages are for people: neither is part of the API. A call stands below the server's address; by
      // itself the plugin would look in it for all of that address's path, also for PUBLIC_URL's own.
      transform: ({ schema, url }) =>
        url.startsWith(`${BASE}/`) ? { schema: describeCall(schema), url: url.slice(BASE.length) } : { schema: { hide: true }, url },
      transformObject: (document) => ('openapiObject' in document ? nameParts(document.openapiObject) : document.swaggerObject),
    });
    app.get(`${BASE}/openapi.json`, { schema: { hide: true } }, async (_request, reply) =>
      reply.headers({ 'api-version': API_VERSION, 'access-control-allow-origin': '*' }).send(app.swagger()),
    );
    await app.register(swaggerUi, {
      routePrefix: '/docs',
      indexPrefix: basePath,
      logo: { type: 'image/svg+xml', content: icon, href: `${basePath}/`, target: '_self' },
      theme: {
        title: 'Inkoopkalender API',
        css: [{ filename: 'reference.css', content: style }],
        favicon: [{ filename: 'favicon.svg', rel: 'icon', type: 'image/svg+xml', sizes: 'any', content: icon }],
      },
      uiConfig: { url: `${BASE}/openapi.json`, docExpansion: 'list', deepLinking: true, validatorUrl: null },
      transformStaticCSP: () =>
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    });
  });
}

/** What a reader should know before the first call, with where the rest stands. */
const introduction = (publicUrl: string) => `Every deadline of Dutch care purchasing, with the sentence that proves it.

- Texts of the registry are Dutch, as in their sources; names and descriptions are English.
- Beside the API, /calendars/{insurer}.ics is an insurer's calendar for everyone: lang=en gives it in English, kind shows what GET /deadlines calls so, several with commas between them or all.
- Days are calendar days in Europe/Amsterdam; moments are UTC. What is not known is null, never missing.
- Reading the registry needs no key. What is an organisation's own needs its key, changing the registry an editor's.
- One address may make so many calls in a minute as RateLimit-Limit says; beyond that the answer is 429.
- Nothing is deprecated. What is to go is announced twelve months before, marked as deprecated here, and sends the headers Deprecation (RFC 9745) and Sunset (RFC 8594): [how the API changes](${publicUrl}/docs/api). [What changed](${publicUrl}/docs/changelog).`;

const TAGS = [
  { name: 'Insurers', description: 'Who buys care: how to reach them, and what they published.' },
  { name: 'Deadlines', description: 'What is due, when, how certain that is, and the sentence that proves it.' },
  { name: 'Organisations', description: 'Who must act, for which insurers, and its own list of deadlines.' },
  { name: 'Keys', description: 'Who may ask: keys of an organisation and of the editors, when each was used last, and how one ends.' },
  { name: 'Events', description: 'What happened at the organisation itself and starts a term: a contract received.' },
  { name: 'Completions and steps', description: 'What the organisation did, and its own dates, before a deadline or by themselves.' },
  { name: 'Feeds', description: 'Secret links to the calendar of the organisation.' },
  { name: 'Recipients', description: 'Who is reminded by mail, and how long before.' },
  { name: 'Messages', description: 'Proof: what was sent, when, and what the mail server answered.' },
];
