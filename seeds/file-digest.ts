/** Whether files are the same as before. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

/** What a program is made of and reads. A snapshot of a migration is only for who writes the next one. */
const READ = /(?<!_snapshot)\.(ts|js|json|yaml|sql)$/;

/**
 * A digest of files and of all that folders hold of a program, at any depth: of where each stands in its place, and of its bytes. A file in two
 * places counts in the first. Throws for a place that is not there.
 */
export function digestOfFiles(places: readonly string[]): string {
  const hash = createHash('sha256');
  for (const [file, name] of new Map(places.flatMap(filesAt).reverse())) {
    const bytes = readFileSync(file);
    hash.update(`${name}\n${bytes.length}\n`).update(bytes);
  }
  return hash.digest('base64url');
}

/** The files at a place by path, with the names that they have in it. */
function filesAt(place: string, index: number): [file: string, name: string][] {
  if (statSync(place).isFile()) return [[place, `${index}/${basename(place)}`]];
  return namesIn(place, '').map((name) => [join(place, name), `${index}/${name}`]);
}

/** What is read below a folder. Asked folder by folder: Node's own recursion asks the disk of every single file what it is. */
function namesIn(place: string, folder: string): string[] {
  const entries = readdirSync(join(place, folder), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const name = `${folder}${entry.name}`;
    if (entry.isDirectory()) return namesIn(place, `${name}/`);
    return READ.test(name) ? [name] : [];
  });
}
