/** What pages are made of beside their HTML: stylesheets, the icon, and what robots may do. */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { App } from '../deps.ts';
import { addressAt } from '../http/paths.ts';
import { LINK_PAGES } from '../base-path.ts';

const pico = dirname(fileURLToPath(import.meta.resolve('@picocss/pico/css/pico.classless.min.css')));
const assets = fileURLToPath(new URL('../public', import.meta.url));

export async function assetRoutes(app: App) {
  // Pico first, so that what it does not have is looked for among our own.
  await app.register(fastifyStatic, { root: assets, prefix: '/assets/', maxAge: '1h', index: false });
  app.get('/assets/pico.css', (_request, reply) => reply.sendFile('pico.classless.min.css', pico));
  app.get('/favicon.ico', (_request, reply) => reply.sendFile('favicon.svg', assets));
  // Calendar services obey robots.txt: a feed that it disallows is never fetched.
  app.get('/robots.txt', async (_request, reply) =>
    reply
      .type('text/plain; charset=utf-8')
      .send(`User-agent: *\n${LINK_PAGES.map((page) => `Disallow: ${addressAt(reply, `/${page}/`)}\n`).join('')}`),
  );
}
