/** Recordings of everything that can be read by GET: every route that the service has, found by itself, as each kind of caller. */
import { UUID } from './recordings.ts';
import { EDITOR_KEY, type Answer, type Service } from './service.ts';

/** Headers that mean something to who asks; the others belong to the connection, or to the moment. */
const HEADERS = [
  'content-type',
  'content-encoding',
  'content-language',
  'content-disposition',
  'cache-control',
  'last-modified',
  'vary',
  'location',
  'allow',
  'retry-after',
  'x-robots-tag',
  'api-version',
];

/** An answer as text: status, headers, body. Of a tag only that there is one: see `tags`. What a page says is recorded, and not which look it has. */
export function textOf({ status, headers, body }: Answer): string {
  const shown = HEADERS.flatMap((name) => (headers[name] === undefined ? [] : [`${name}: ${headers[name]}`]));
  const text =
    headers['content-type']?.includes('json') && body.length > 0
      ? writeJson(body)
      : body.toString().replaceAll(/(\/assets\/\w+)-[0-9a-f]{8}\./g, '$1.');
  return [String(status), ...shown, ...(headers['etag'] === undefined ? [] : ['etag']), '', text, ''].join('\n');
}

/** JSON in lines, with names in order: each database keeps another order in what is stored as JSON. */
const writeJson = (body: Buffer) => JSON.stringify(inOrder(JSON.parse(body.toString())), null, 1);

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return tiesInOrder(value.map(inOrder));
  if (value === null || typeof value !== 'object') return value;
  const parts = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(parts.map(([name, part]) => [name, inOrder(part)]));
}

/** Mails of one moment stand by their ids, which mean nothing: here they stand by what they say. */
function tiesInOrder(values: unknown[]): unknown[] {
  const momentOf = (value: unknown) => (value as { messageId?: unknown; createdAt?: string } | null)?.createdAt;
  const isMail = values.every((value) => value !== null && typeof value === 'object' && 'messageId' in value);
  if (!isMail) return values;
  const moments = [...new Set(values.map(momentOf))];
  const wordsOf = (value: unknown) => JSON.stringify(value).replaceAll(UUID, '');
  return moments.flatMap((moment) =>
    values.filter((value) => momentOf(value) === moment).sort((a, b) => (wordsOf(a) < wordsOf(b) ? -1 : 1)),
  );
}

/** What is needed to find something at every route. */
export interface Finds {
  /** Organisations with their keys, by id: no list names them. */
  organisations: ReadonlyMap<string, string>;
  /** Addresses that stood in mails, as paths. */
  links: readonly string[];
}

/** Every route that is answered to GET at addresses that can be found. A calendar's is asked for elsewhere; files of others, and of the look, are nobody's words. */
const isAsked = (pattern: string) => !pattern.endsWith('*') && !/^\/(docs|assets)\//.test(pattern);

/** The answers of every route: to whose address it is, and to another organisation, an editor and nobody together; one text for all that was asked there. */
export async function readRoutes(service: Service, finds: Finds): Promise<{ answers: Map<string, string>; tags: string }> {
  const answers = new Map<string, string>();
  const tags = new Set<string>();
  const queriesAt = await readQueries(service);
  const ask = async (address: string, key: string | undefined): Promise<string> => {
    const answer = await service.ask(address, { key });
    // Of a file they say when it was written on this disk.
    if (answer.headers['last-modified'] !== undefined) for (const name of ['last-modified', 'etag']) delete answer.headers[name];
    const { etag } = answer.headers;
    if (etag === undefined) return `GET ${address}\n${shownBody(address, textOf(answer))}`;
    tags.add(`${address} ${key === undefined ? 'nobody' : 'owner'} ${etag}\n`);
    const { status } = await service.ask(address, { key, headers: { 'if-none-match': etag } });
    return `GET ${address}\n${status} to who has it\n${textOf(answer)}`;
  };
  for (const [pattern, methods] of [...service.paths].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!methods.has('GET') || !isAsked(pattern)) continue;
    const addresses = await addressesOf(service, pattern, finds);
    const [first = ''] = addresses;
    const [owner, other] = keysFor(first, finds);
    const asOwner: string[] = [];
    for (const address of addresses) asOwner.push(await ask(address, keysFor(address, finds)[0]));
    const queries = asOwner[0]!.includes('\ncontent-type: text/html') ? ['lang=en', 'lang=nl'] : queriesAt(pattern);
    for (const query of queries) asOwner.push(await ask(`${first}?${query}`, owner));
    answers.set(`owner${pattern}`, asOwner.join('\n'));
    const byOthers: string[] = [];
    for (const key of [other, EDITOR_KEY, undefined]) byOthers.push(await ask(first, key));
    answers.set(`others${pattern}`, byOthers.join('\n'));
  }
  return { answers, tags: [...tags].join('') };
}

/** Of the metrics only what they are, since their values are of the moment; and not which release it is that answers. */
function shownBody(address: string, text: string): string {
  if (address === '/metrics') return text.replaceAll(/^[^#\n].*\n/gm, '');
  return address.startsWith('/health/') ? text.replace(/"version":"[^"]*"/, '"version":"…"') : text;
}

/** The key of whose address it is, and that of somebody else. */
function keysFor(address: string, { organisations }: Finds): [owner: string | undefined, other: string | undefined] {
  const [first, second] = [...organisations];
  const id = [...organisations.keys()].find((one) => address.includes(one));
  if (id === undefined) return [first?.[1], second?.[1]];
  return [organisations.get(id), id === first?.[0] ? second?.[1] : first?.[1]];
}

/** All addresses at which there is something of a route: what stands in its path is looked up in the list before it, or in the mails. */
async function addressesOf(service: Service, pattern: string, finds: Finds): Promise<string[]> {
  let addresses = [''];
  for (const part of pattern.split('/').slice(1)) {
    const longer = addresses.map(async (address) =>
      part.startsWith(':') ? (await namesAt(service, address, finds)).map((name) => `${address}/${name}`) : [`${address}/${part}`],
    );
    addresses = (await Promise.all(longer)).flat();
  }
  if (addresses.length === 0) throw new Error(`${pattern}: nothing was found at this route; let test/recordings/life.ts make something`);
  return addresses;
}

/** Addresses that stand on a page and not in a mail: their links are those of the page. */
const LEADS_TO: Readonly<Record<string, string>> = {
  '/resubscribe': '/unsubscribe',
  '/allow': '/decline',
  '/reopen': '/done',
  '/unmute': '/mute',
};

async function namesAt(service: Service, list: string, finds: Finds): Promise<string[]> {
  const page = LEADS_TO[list] ?? list.replace(/^\/en(?=\/(?:aanmelden|inkoper)$)/, '');
  const linked = finds.links.filter((link) => link.startsWith(`${page}/`)).map((link) => link.slice(page.length + 1));
  // A link that is not good leads to a page too.
  if (linked.length > 0) return [...linked, 'x'];
  // Tokens of people are good for a while and once: only that they lead to a page is recorded, and who is signed out is sent to sign in.
  if (/\/(inloggen|uitnodiging|adres)$/.test(list)) return ['x'];
  if (/^(\/en)?\/o$/.test(list)) return [...finds.organisations.keys()];
  if (/^(\/en)?\/(o|redactie)\//.test(list)) return ['x'];
  if (list.endsWith('/datums')) return entriesOfEachSort(service);
  if (/^(\/en)?\/verzekeraars/.test(list)) return insurersOrYears(service, list);
  const { body } = await service.ask(list, { key: keysFor(list, finds)[0] });
  if (list.endsWith('/organisations')) return [...finds.organisations.keys()];
  const { items = [] } = JSON.parse(body.toString()) as { items?: { id?: string; slug?: string }[] };
  return items.map(({ id, slug }) => id ?? slug ?? '');
}

/** An entry of each kind and certainty: pages of the same sort differ in their words alone. */
async function entriesOfEachSort(service: Service): Promise<string[]> {
  const { body } = await service.ask('/api/v1/deadlines?kind=all&includeUndated=true&pageSize=100', { key: undefined });
  const { items } = JSON.parse(body.toString()) as { items: { id: string; kind: string; certainty: string }[] };
  return [...Map.groupBy(items, ({ certainty, kind }) => `${kind} ${certainty}`).values()].map(([first]) => first!.id);
}

/** The insurers, or below the page of one the contract years that it has, and one that nobody knows. */
async function insurersOrYears({ ask }: Service, list: string): Promise<string[]> {
  const [, slug] = /\/verzekeraars\/(.+)$/.exec(list) ?? [];
  const { body } = await ask(`/api/v1/insurers${slug === undefined ? '' : `/${slug}`}`);
  const { items = [], timelines = [] } = JSON.parse(body.toString()) as {
    items?: { slug: string }[];
    timelines?: { contractYear: number }[];
  };
  if (slug === undefined) return items.map((one) => one.slug);
  return [...timelines.map(({ contractYear }) => String(contractYear)), '2015'];
}

interface Parameter {
  in: string;
  name: string;
  schema: { $ref?: string; enum?: string[]; type?: string; minimum?: number };
}

/** Values for what may be asked of a list and has no list of words. */
const VALUES: Record<string, string> = {
  insurer: 'zorg-en-zekerheid',
  contractYear: '2025',
  from: '2024-09-01',
  to: '2024-12-31',
  asOf: '2024-09-15',
  withinDays: '30',
  page: '2',
  pageSize: '3',
};
const TOGETHER = [
  'from=2024-10-01&to=2024-09-01',
  'insurer=zorg-en-zekerheid&contractYear=2025&asOf=2024-09-15&withinDays=30',
  'nonsense=1',
];

/** The queries that a route takes by the API's own document: each word of each parameter once. */
async function readQueries({ ask }: Service): Promise<(pattern: string) => string[]> {
  const { body } = await ask('/api/v1/openapi.json');
  const { paths, components } = JSON.parse(body.toString()) as {
    paths: Record<string, { get?: { parameters?: Parameter[] } }>;
    components: { schemas: Record<string, Parameter['schema']> };
  };
  const whole = ({ schema, ...same }: Parameter) => ({
    ...same,
    schema: components.schemas[schema.$ref?.split('/').at(-1) ?? ''] ?? schema,
  });
  return (pattern) => {
    const path = pattern.replace('/api/v1', '').replaceAll(/:(\w+)/g, '{$1}');
    const asked = (paths[path]?.get?.parameters ?? []).filter((parameter) => parameter.in === 'query');
    if (asked.length === 0) return [];
    return [...asked.map(whole).flatMap(wordsOf), ...TOGETHER];
  };
}

function wordsOf({ name, schema }: Parameter): string[] {
  const words = schema.enum ?? (schema.type === 'boolean' ? ['true', 'false'] : [VALUES[name] ?? String(schema.minimum ?? 'x')]);
  return words.map((word) => `${name}=${encodeURIComponent(word)}`);
}
