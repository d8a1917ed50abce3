/** Whether files are the same as before. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

/** A digest of the names and the bytes of files, and of the `*.yaml` and `*.ts` in folders. Throws for a place that is not there. */
export function digestOfFiles(places: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of places.flatMap(filesAt)) {
    const bytes = readFileSync(file);
    hash.update(`${basename(file)}\n${bytes.length}\n`).update(bytes);
  }
  return hash.digest('base64url');
}

function filesAt(place: string): string[] {
  if (statSync(place).isFile()) return [place];
  const names = readdirSync(place).filter((name) => /\.(yaml|ts)$/.test(name));
  return names.sort().map((name) => join(place, name));
}
