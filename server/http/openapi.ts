/** The API's document, made from the very schemas that check and describe each call, and the page to read it on. */
import { readFileSync } from 'node:fs';
import swagger, { type SwaggerTransformObject } from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifySchema } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import type { App, Deps } from '../deps.ts';
import { STATUS_CODES } from './http.ts';

/** Version of the API's contract (semver): its major number stands in the path. */
export const API_VERSION = '1.0.0';

const BASE = '/api/v1';
const icon = readFileSync(new URL('../public/favicon.svg', import.meta.url));

/** Serves `/api/v1/openapi.json` and `/docs`. Register it before the routes that it describes. */
export function describeApi({ publicUrl }: Pick<Deps, 'publicUrl'>) {
  return fastifyPlugin(async (app: App) => {
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.1',
        info: {
          title: 'Inkoopkalender',
          version: API_VERSION,
          description:
            'Every deadline of Dutch care purchasing, with the sentence that proves it. Texts of the registry are Dutch, as in their sources. ' +
            'Days are calendar days in Europe/Amsterdam; moments are UTC. What is not known is null, never missing.',
          license: { name: 'MIT', identifier: 'MIT' },
        },
        servers: [{ url: publicUrl + BASE }],
        tags: TAGS,
        components: {
          securitySchemes: {
            key: {
              type: 'http',
              scheme: 'bearer',
              description: "An editor's or an organisation's key, as ik_…. An organisation gets it once, when it is made.",
            },
          },
        },
      },
      // Feeds carry a secret in their address and pages are for people: neither is part of the API.
      transform: ({ schema, url }) => ({ schema: url.startsWith(`${BASE}/`) ? describeCall(schema) : { hide: true }, url }),
      transformObject: (document) => ('openapiObject' in document ? nameSchemas(document.openapiObject) : document.swaggerObject),
    });
    app.get(`${BASE}/openapi.json`, { schema: { hide: true } }, async (_request, reply) =>
      reply.headers({ 'api-version': API_VERSION, 'access-control-allow-origin': '*' }).send(app.swagger()),
    );
    await app.register(swaggerUi, {
      routePrefix: '/docs',
      logo: { type: 'image/svg+xml', content: icon, href: '/', target: '_self' },
      theme: {
        title: 'Inkoopkalender API',
        favicon: [{ filename: 'favicon.svg', rel: 'icon', type: 'image/svg+xml', sizes: 'any', content: icon }],
      },
      uiConfig: { url: `${BASE}/openapi.json`, docExpansion: 'list', deepLinking: true, validatorUrl: null },
      transformStaticCSP: () =>
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    });
  });
}

const TAGS = [
  { name: 'Insurers', description: 'Who buys care: how to reach them, and what they published.' },
  { name: 'Deadlines', description: 'What is due, when, how certain that is, and the sentence that proves it.' },
  { name: 'Organisations', description: 'Who must act, for which insurers, and its own list of deadlines.' },
  { name: 'Events', description: 'What happened at the organisation itself and starts a term: a contract received.' },
  { name: 'Completions and steps', description: 'What the organisation did, and its own dates before a deadline.' },
  { name: 'Feeds', description: 'Secret links to the calendar of the organisation.' },
  { name: 'Recipients', description: 'Who is reminded by mail, and how long before.' },
  { name: 'Messages', description: 'Proof: what was sent, when, and what the mail server answered.' },
];

type Document = Extract<Parameters<SwaggerTransformObject>[0], { openapiObject: unknown }>['openapiObject'];

/** Schemas with a title stand once, under that name, and are referred to: programs that are made from the document get named types. */
function nameSchemas(document: Document): Document {
  const schemas: Record<string, object> = {};
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(visit);
    if (value === null || typeof value !== 'object') return value;
    const walked = Object.fromEntries(Object.entries(value).map(([key, part]) => [key, visit(part)]));
    const { type, title } = walked;
    if (type !== 'object' || typeof title !== 'string') return walked;
    schemas[title] ??= walked;
    if (JSON.stringify(schemas[title]) !== JSON.stringify(walked)) throw new Error(`two schemas are called ${title}`);
    return { $ref: `#/components/schemas/${title}` };
  };
  // The walk gives back the same document, save for what it named.
  const paths = visit(document.paths);
  return { ...document, paths, components: { ...document.components, schemas } } as Document;
}

/** A call's schema as OpenAPI words it: well-known formats, problems as problem+json, the version header on each answer. */
function describeCall(schema: FastifySchema): FastifySchema {
  const plain = toOpenApi(schema) as FastifySchema & { response?: Record<string, Described> };
  const response = Object.fromEntries(
    Object.entries(plain.response ?? {}).map(([status, answer]) => [status, describeAnswer(Number(status), answer)]),
  );
  return { ...plain, response };
}

interface Described {
  type?: string;
}

function describeAnswer(status: number, schema: Described) {
  const headers = { 'API-Version': { type: 'string', description: 'The version of the API that answered' } };
  const description = STATUS_CODES[status] ?? 'Answer';
  if (schema.type === 'null') return { ...schema, headers };
  return { description, headers, content: { [status >= 400 ? 'application/problem+json' : 'application/json']: { schema } } };
}

/** Our own checks have formats of their own; readers of the document know these by other names. */
const FORMATS: Record<string, string> = { day: 'date', address: 'idn-email' };

function toOpenApi(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toOpenApi);
  if (value === null || typeof value !== 'object') return value;
  const schema = Object.fromEntries(Object.entries(value).map(([key, part]) => [key, toOpenApi(part)]));
  if (typeof schema['format'] === 'string') schema['format'] = FORMATS[schema['format']] ?? schema['format'];
  if (Array.isArray(schema['required'])) schema['required'] = withoutDefaults(schema['required'], schema['properties']);
  return schema;
}

/** What has a default need not be given: our checks fill it in before they ask for it. */
function withoutDefaults(required: unknown[], properties: unknown): unknown[] {
  const fields = (properties ?? {}) as Record<string, { default?: unknown }>;
  return required.filter((name) => fields[String(name)]?.default === undefined);
}
