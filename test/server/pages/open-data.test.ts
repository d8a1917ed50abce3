import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect, it } from 'vitest';
import { amendDeadline } from '../../../db/registry/amending.ts';
import { projectTimelines } from '../../../db/registry/timelines.ts';
import type { Store } from '../../../db/store/store.ts';
import { readConfig } from '../../../server/config.ts';
import { appFor, type Body } from '../../helpers/app.ts';
import { addDeadline, castIn, NOW } from '../../helpers/cast.ts';
import { onBothDialects } from '../../helpers/stores.ts';
import { exportOf, partsOf } from '../../seeds/exchange/files.ts';

const PUBLIC_URL = 'https://example.org/zorg/kalender';

async function filled(store: Store): Promise<string> {
  await castIn(store);
  return store.write(async (tx) => {
    const { id } = await addDeadline(tx);
    await projectTimelines(tx, 2024, NOW);
    await addDeadline(tx, { activity: 'signing' });
    await amendDeadline(tx, id, { baseRevision: 1, reason: 'Anders.', title: '=Jaarplan' }, NOW);
    return id;
  });
}

/** Every node of a JSON-LD document that has a type, by that type, with full names for its properties: what DCAT-AP-NL asks for stands on those. */
function nodesIn(document: Body): Map<string, Record<string, Body[]>[]> {
  const full = (name: string) => {
    const [prefix = '', local] = name.split(':');
    return local === undefined || local.startsWith('//') ? name : `${document['@context'][prefix] as string}${local}`;
  };
  const nodes: [string, Record<string, Body[]>][] = [];
  const visit = (value: Body) => {
    if (Array.isArray(value)) return value.forEach(visit);
    if (value === null || typeof value !== 'object' || '@value' in value) return;
    const properties = Object.entries(value as Record<string, Body>).filter(([name]) => !name.startsWith('@'));
    if (value['@type']) nodes.push([full(value['@type']), Object.fromEntries(properties.map(([name, one]) => [full(name), [one].flat()]))]);
    for (const [, one] of properties) visit(one);
  };
  visit(document);
  return new Map([...Map.groupBy(nodes, ([type]) => type)].map(([type, some]) => [type, some.map(([, one]) => one)]));
}

const DCAT = 'http://www.w3.org/ns/dcat#';
const DCT = 'http://purl.org/dc/terms/';
const VCARD = 'http://www.w3.org/2006/vcard/ns#';
/** What DCAT-AP-NL 3.0 requires, by its shapes; and what it allows once. */
const REQUIRED = {
  [`${DCAT}Catalog`]: [`${DCT}title`, `${DCT}description`, `${DCT}publisher`, `${DCAT}contactPoint`, `${DCAT}dataset`],
  [`${DCAT}Dataset`]: [
    ...[`${DCT}title`, `${DCT}description`, `${DCT}accessRights`, `${DCT}creator`, `${DCT}identifier`, `${DCT}publisher`],
    ...[`${DCAT}contactPoint`, `${DCAT}theme`],
  ],
  [`${DCAT}Distribution`]: [`${DCAT}accessURL`, `${DCT}license`],
  'http://xmlns.com/foaf/0.1/Agent': ['http://xmlns.com/foaf/0.1/name'],
  [`${VCARD}Kind`]: [`${VCARD}fn`],
};
const ONCE = [`${DCAT}contactPoint`, `${DCT}identifier`, `${DCAT}accessURL`, `${DCAT}downloadURL`, `${DCT}language`, `${DCT}license`];

onBothDialects('the open data', (fresh) => {
  it('is the registry as the command line writes it, and an export of it comes back', async () => {
    const store = await fresh();
    const id = await filled(store);
    const { call } = await appFor(store);
    const yaml = (await call('GET', '/open-data/registry.yaml')).body as string;
    expect(yaml.replace(/^audit:\n.*\n.*\n/m, '')).toBe(await exportOf(store));
    expect(yaml).toContain(id);
    // What an insurer never stated is left out; of what it did, the assumption before is history.
    expect(yaml).not.toContain('activity: publication');
    expect(await partsOf(yaml)).toHaveLength(3);
    const json = (await call('GET', '/open-data/registry.json')).body as Body;
    expect(json.parts).toHaveLength(3);
    const csv = (await call('GET', '/open-data/registry.csv')).body as string;
    expect(csv.split('\r\n')[1]).toContain(id);
    expect(csv).toContain(";'=Jaarplan;");
    expect(csv.split('\r\n')).toHaveLength(4);
  });

  it('holds its files against the schema that it gives for them', async () => {
    const store = await fresh();
    await filled(store);
    const { call } = await appFor(store);
    const ajv = new Ajv2020({ allErrors: true, strict: false });
    (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
    ajv.addFormat('idn-email', true);
    const validate = ajv.compile((await call('GET', '/open-data/schema.json')).body as object);
    const json = (await call('GET', '/open-data/registry.json')).body as Body;
    validate(json);
    expect(validate.errors).toBeNull();
    json.parts[0].deadlines[0].contractYear = 'x';
    expect(validate(json)).toBe(false);
  });

  it('is sent again only when the registry changed, packed for who takes it so, and to programs of others', async () => {
    const store = await fresh();
    const id = await filled(store);
    const { app } = await appFor(store);
    const ask = (headers: Record<string, string> = {}) => app.inject({ url: '/open-data/registry.yaml', headers });
    const first = await ask({ 'accept-encoding': 'br' });
    expect(first.headers).toMatchObject({
      'content-type': 'application/yaml; charset=utf-8',
      'content-encoding': 'br',
      'access-control-allow-origin': '*',
      'content-disposition': 'attachment; filename="inkoopkalender-register.yaml"',
    });
    const tag = { 'if-none-match': String(first.headers['etag']) };
    expect((await ask(tag)).statusCode).toBe(304);
    const asked = await app.inject({ url: '/open-data/registry.yaml?x=1' });
    expect([asked.statusCode, asked.headers['location']]).toEqual([301, '/open-data/registry.yaml']);
    await store.write((tx) => amendDeadline(tx, id, { baseRevision: 2, reason: 'Nog eens.', title: 'Anders' }, NOW));
    expect((await ask(tag)).statusCode).toBe(200);
  });

  it('is described with all that DCAT-AP-NL requires, at an address of its own and in the page', async () => {
    const store = await fresh();
    await filled(store);
    const contact = { email: 'hulp@example.org' };
    const publisher = { name: 'Vereniging <Zuid>', url: 'https://identifier.example/vereniging' };
    const { call } = await appFor(store, { publicUrl: PUBLIC_URL, contact, publisher });
    const answer = await call('GET', '/open-data/catalog.jsonld');
    expect(answer.headers['content-type']).toBe('application/ld+json; charset=utf-8');
    const catalog = typeof answer.body === 'string' ? JSON.parse(answer.body) : answer.body;
    const nodes = nodesIn(catalog);
    const lacking = Object.entries(REQUIRED).flatMap(([type, names]) =>
      (nodes.get(type) ?? [{}]).flatMap((node) => names.filter((name) => !node[name]?.length).map((name) => `${type} lacks ${name}`)),
    );
    expect(lacking).toEqual([]);
    expect([...nodes.values()].flat().flatMap((node) => ONCE.filter((name) => (node[name]?.length ?? 0) > 1))).toEqual([]);
    expect(nodes.get(`${DCAT}Distribution`)).toHaveLength(3);
    expect(nodes.get(`${VCARD}Kind`)![0]).toMatchObject({ [`${VCARD}hasEmail`]: [{ '@id': 'mailto:hulp@example.org' }] });
    expect(JSON.stringify(catalog)).toContain(`"dcat:downloadURL":{"@id":"${PUBLIC_URL}/open-data/registry.csv"}`);
    const page = (await call('GET', '/open-data', { headers: { accept: 'text/html' } })).body as string;
    const [, data = ''] = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(page)!;
    expect(JSON.parse(data)).toEqual(catalog);
    expect(data).not.toContain('<');
    expect(page).toContain('href="https://identifier.example/vereniging"');
    expect(page).toContain('href="/zorg/kalender/open-data/registry.csv"');
  });
});

it('is published by who is named, and who that is has to be one line and a web address', () => {
  const PUBLISHER_URL = 'https://identifier.example/x';
  expect(readConfig({ PUBLISHER_NAME: ' Vereniging ', PUBLISHER_URL }).publisher).toEqual({ name: 'Vereniging', url: PUBLISHER_URL });
  expect(readConfig({}).publisher).toBeNull();
  expect(() => readConfig({ PUBLISHER_NAME: 'a\nb' })).toThrow('PUBLISHER_NAME must be one line');
  expect(() => readConfig({ PUBLISHER_URL: 'x' })).toThrow('PUBLISHER_URL must be a web address');
});
