/** What users of the API read beside its document: how it changes, and what changed. */
import { readFile } from 'node:fs/promises';
import type { App } from '../deps.ts';

const TEXTS = { '/docs/api': '../../docs/api.md', '/docs/changelog': '../../CHANGELOG.md' };

/** Serves them as the text that they are, which every browser shows. */
export async function documentRoutes(app: App) {
  for (const [path, file] of Object.entries(TEXTS))
    app.get(path, async (_request, reply) =>
      reply.type('text/plain; charset=utf-8').send(await readFile(new URL(file, import.meta.url), 'utf8')),
    );
}
