/** From the schemas that check and describe each call to a document of OpenAPI 3.1: what is named stands once and is referred to. */
import type { SwaggerTransformObject } from '@fastify/swagger';
import type { FastifySchema } from 'fastify';
import { HEADERS, headersFor, type HeaderName } from './answer-headers.ts';
import { STATUS_CODES } from './http.ts';

type Document = Extract<Parameters<SwaggerTransformObject>[0], { openapiObject: unknown }>['openapiObject'];

/** A call's schema as OpenAPI words it: well-known formats, problems as problem+json, the headers of each answer. */
export function describeCall(schema: FastifySchema): FastifySchema {
  const plain = toOpenApi(schema) as FastifySchema & { response?: Record<string, Described> };
  const response = Object.fromEntries(
    Object.entries(plain.response ?? {}).map(([status, answer]) => [status, describeAnswer(Number(status), answer)]),
  );
  return { ...plain, response };
}

/** Gives every schema with a title, and every problem, a place of its own under that name, so that programs made from the document have named types. */
export function nameParts(document: Document): Document {
  const components = { headers: HEADERS, responses: {} as Parts, schemas: {} as Parts };
  const visit = (value: unknown, key = ''): unknown => {
    if (Array.isArray(value)) return value.map((part) => visit(part));
    if (value === null || typeof value !== 'object' || AS_IT_IS.has(key)) return value;
    const walked: Parts = Object.fromEntries(Object.entries(value).map(([name, part]) => [name, visit(part, name)]));
    if (typeof walked['title'] === 'string') return refer(components, 'schemas', walked['title'], walked);
    if (/^[45]\d\d$/.test(key)) return refer(components, 'responses', STATUS_CODES[Number(key)]!.replaceAll(/\W/g, ''), walked);
    return withoutWrapper(walked);
  };
  // The walk gives back the same document, save for what it named.
  const paths = visit(document.paths);
  components.schemas = Object.fromEntries(Object.entries(components.schemas).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { ...document, paths, components: { ...document.components, ...components } } as unknown as Document;
}

type Parts = Record<string, unknown>;

function refer(components: Record<'responses' | 'schemas', Parts>, kind: 'responses' | 'schemas', name: string, part: object): object {
  const parts = components[kind];
  parts[name] ??= part;
  if (JSON.stringify(parts[name]) !== JSON.stringify(part)) throw new Error(`two ${kind} are called ${name}`);
  return { $ref: `#/components/${kind}/${name}` };
}

/** What holds values rather than schemas: a title in them is nobody's name. */
const AS_IT_IS = new Set(['example', 'examples', 'default', 'enum', 'const', 'security', 'required']);

/** A reference may have words of its own beside it; that of a header is no schema, as which @fastify/swagger wraps it. */
function withoutWrapper({ allOf, ...words }: Parts): object {
  const { schema } = words as { schema?: { $ref?: string } };
  if (schema?.$ref?.startsWith('#/components/headers/')) return schema;
  return Array.isArray(allOf) && allOf.length === 1 ? { ...allOf[0], ...words } : { ...(allOf === undefined ? {} : { allOf }), ...words };
}

interface Described {
  type?: string;
  headers?: readonly HeaderName[];
}

function describeAnswer(status: number, { headers: more = [], ...schema }: Described) {
  const headers = Object.fromEntries([...headersFor(status), ...more].map((name) => [name, { $ref: `#/components/headers/${name}` }]));
  const description = STATUS_CODES[status] ?? 'Answer';
  if (schema.type === 'null') return { ...schema, headers };
  return { description, headers, content: { [status >= 400 ? 'application/problem+json' : 'application/json']: { schema } } };
}

/** Our own checks have formats of their own; readers of the document know these by other names. */
const FORMATS: Record<string, string> = { day: 'date', address: 'idn-email' };

function toOpenApi(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toOpenApi);
  if (value === null || typeof value !== 'object') return value;
  const schema = Object.fromEntries(Object.entries(value).map(([key, part]) => [key, AS_IT_IS.has(key) ? part : toOpenApi(part)]));
  if (typeof schema['format'] === 'string') schema['format'] = FORMATS[schema['format']] ?? schema['format'];
  if (Array.isArray(schema['required'])) schema['required'] = withoutDefaults(schema['required'], schema['properties']);
  // Ours are lists of words: a check needs no more than these, a program made from the document wants their type.
  if (Array.isArray(schema['enum'])) return { type: 'string', ...schema };
  return schema;
}

/** What has a default need not be given: our checks fill it in before they ask for it. */
function withoutDefaults(required: unknown[], properties: unknown): unknown[] {
  const known = (properties ?? {}) as Record<string, { default?: unknown }>;
  return required.filter((name) => known[String(name)]?.default === undefined);
}
