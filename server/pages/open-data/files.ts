/** The open data itself: the registry as YAML, JSON and CSV, the shape of its parts, and the catalogue that describes it. */
import { setImmediate } from 'node:timers/promises';
import { writeCsv } from '../../../calendars/exchange/csv.ts';
import { ExchangeHead, ExchangePart } from '../../../calendars/exchange/shape.ts';
import { readCurrent } from '../../../db/registry/exchange/current.ts';
import { readExport } from '../../../db/registry/exchange/export.ts';
import type { Snapshot } from '../../../db/registry/snapshot.ts';
import type { App, Deps } from '../../deps.ts';
import { addressAt } from '../../http/paths.ts';
import { openPageMemo } from '../memo.ts';
import { CATALOG, describeCatalog, fileAt, FILES, SCHEMA, type FileEnd, type Publisher } from './catalog.ts';

/** Each file is made and packed once for all who ask, and anew when the registry changed. Programs elsewhere may read it in a browser. */
export function fileRoutes(deps: Deps) {
  const memo = openPageMemo(deps);
  return async (app: App) => {
    const serve = (path: string, type: string, make: () => Promise<string>, name?: string) =>
      app.get(path, async (request, reply) => {
        // With a question behind it everybody could make it anew, again and again.
        if (request.url.includes('?')) return reply.redirect(addressAt(reply, path), 301);
        reply.headers({ 'cache-control': 'no-cache', 'access-control-allow-origin': '*' }).type(type);
        if (name !== undefined) reply.header('content-disposition', `attachment; filename="${name}"`);
        return memo(reply, make);
      });
    for (const { end, type } of FILES)
      serve(fileAt(end), `${type}; charset=utf-8`, async () => fileText(deps, end), `inkoopkalender-register.${end}`);
    serve(SCHEMA, 'application/schema+json; charset=utf-8', async () => schemaText(deps.publicUrl));
    serve(CATALOG, 'application/ld+json; charset=utf-8', async () => `${JSON.stringify(await readCatalog(deps), null, 2)}\n`);
  };
}

/** The catalogue as it is now. */
export async function readCatalog(deps: Pick<Deps, 'cache' | 'contact' | 'operator' | 'publicUrl' | 'publisher'>): Promise<object> {
  const { contact = {}, publicUrl } = deps;
  return describeCatalog({ publicUrl, publisher: publisherOf(deps), contact, changedAt: lastChange(await deps.cache.refresh()) });
}

/** Who publishes it: who is named as such, else who runs the service, else the service itself. */
export function publisherOf({ operator, publicUrl, publisher }: Pick<Deps, 'operator' | 'publicUrl' | 'publisher'>): Publisher {
  return publisher ?? { name: operator?.name ?? 'Inkoopkalender', url: operator ? null : publicUrl };
}

function lastChange({ parts }: Snapshot): Date {
  return new Date(Math.max(0, ...[...parts.values()].map(({ changedAt }) => changedAt.getTime())));
}

async function fileText({ read }: Pick<Deps, 'read'>, end: FileEnd): Promise<string> {
  if (end === 'csv') {
    const { deadlines, names } = await readCurrent(read);
    return writeCsv(deadlines, names);
  }
  // Loaded when somebody asks: no start needs it.
  const { writeJson, writeYaml } = await import('../../../calendars/exchange/writing.ts');
  const exported = await readExport(read);
  const pieces: string[] = [];
  for (const piece of end === 'json' ? writeJson(exported) : writeYaml(exported)) {
    pieces.push(piece);
    // Others get their turn.
    await setImmediate();
  }
  return pieces.join('');
}

/** Our own checks have formats of their own; others know these by other names. */
const FORMATS: Record<string, string> = { day: 'date', address: 'idn-email' };

/** What stands in the JSON file; the documents of the YAML file are its head and its parts. */
function schemaText(publicUrl: string): string {
  const { properties, ...head } = ExchangeHead;
  const parts = { type: 'array', items: ExchangePart, description: 'The sector and the insurers; in YAML a document each' };
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `${publicUrl}${SCHEMA}`,
    title: 'Inkoopkalender: the registry as a file',
    ...head,
    properties: { ...properties, parts },
  };
  return `${JSON.stringify(schema, (key, value: unknown) => (key === 'format' && typeof value === 'string' ? (FORMATS[value] ?? value) : value), 2)}\n`;
}
