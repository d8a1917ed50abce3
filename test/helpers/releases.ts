/** Databases that releases filled, as they are kept in test/fixtures. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { Client } from 'pg';

const FIXTURES = join(import.meta.dirname, '../fixtures');

/** Puts the database that a release filled where a URL says. */
export async function unpackRelease(release: string, url: string): Promise<void> {
  const unpack = (name: string) => brotliDecompressSync(readFileSync(join(FIXTURES, release, name)));
  if (url.startsWith('file:')) return writeFileSync(url.replace('file:', ''), unpack('sqlite.db.br'));
  const client = new Client(url);
  await client.connect();
  await client.query(unpack('pg.sql.br').toString());
  return client.end();
}
