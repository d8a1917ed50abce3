/** What Node made of the service's files, kept for the next start, which then neither strips nor parses them. */
import { mkdirSync } from 'node:fs';
import { enableCompileCache } from 'node:module';

/** Beside the service's own files, and its user's alone: what stands there is run. */
const FOLDER = 'data/compiled';

/** Keeps what is imported from now on, as Node's own settings say or else in `data/`. Where nothing can be kept, every start takes as long as the first. */
export function keepCompiled() {
  if (process.env.NODE_COMPILE_CACHE || process.env.NODE_DISABLE_COMPILE_CACHE) return;
  try {
    mkdirSync(FOLDER, { recursive: true, mode: 0o700 });
    enableCompileCache(FOLDER);
  } catch {
    // A start that takes longer is still a start.
  }
}
