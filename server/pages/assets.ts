/** What pages are made of beside their HTML: the stylesheet, the script, the icon, and what robots may do. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import type { FastifyReply } from 'fastify';
import type { App } from '../deps.ts';
import { answerNotFound } from '../http/errors.ts';
import { addressAt } from '../http/paths.ts';
import { LINK_PAGES } from '../base-path.ts';

interface Asset {
  /** With its hash: `site-0f3a9c21.css`. Other bytes, another name. */
  name: string;
  type: string;
  bytes: Buffer;
}

const FOLDER = new URL('../public/', import.meta.url);
const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};
/** By their names in the folder, read once: they are few and small. */
const ASSETS = new Map(readdirSync(FOLDER).map((file) => [file, readAsset(file)]));
const YEAR_SECONDS = 31_536_000;

/** Where people's browsers find a file of `server/public/`, as it is now. */
export function assetAt(reply: Pick<FastifyReply, 'server'>, file: string): string {
  return addressAt(reply, `/assets/${ASSETS.get(file)!.name}`);
}

export async function assetRoutes(app: App) {
  app.get('/assets/:name', async (request, reply) => {
    const { name } = request.params as { name: string };
    const asset = ASSETS.get(name.replace(/-[0-9a-f]{8}(?=\.\w+$)/, ''));
    if (!asset) return answerNotFound(request, reply);
    // A page of another release may ask here while instances are renewed, one by one: it gets what there is, and keeps none of it.
    return sendAsset(reply, asset, name === asset.name ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache');
  });
  app.get('/favicon.ico', async (_request, reply) => sendAsset(reply, ASSETS.get('favicon.svg')!, 'public, max-age=86400'));
  // Calendar services obey robots.txt: a feed that it disallows is never fetched.
  app.get('/robots.txt', async (_request, reply) =>
    reply
      .type('text/plain; charset=utf-8')
      .send(`User-agent: *\n${LINK_PAGES.map((page) => `Disallow: ${addressAt(reply, `/${page}/`)}\n`).join('')}`),
  );
}

function readAsset(file: string): Asset {
  const bytes = readFileSync(new URL(file, FOLDER));
  const ending = extname(file);
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 8);
  return { name: `${file.slice(0, -ending.length)}-${hash}${ending}`, type: TYPES[ending]!, bytes };
}

function sendAsset(reply: FastifyReply, { bytes, type }: Asset, cache: string): FastifyReply {
  return reply.header('cache-control', cache).type(type).send(bytes);
}
