/** What a backup says of itself. */
import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { DatabaseCopy } from '../../db/backup/database-copy.ts';

/** For what a backup was made. */
export const OCCASIONS = ['asked', 'daily', 'migration'] as const;
export type Occasion = (typeof OCCASIONS)[number];

export interface Manifest {
  /** In UTC. */
  madeAt: string;
  /** Of the program that made it. */
  version: string;
  /** Those of 0.2.0 do not say: somebody asked for them. */
  occasion?: Occasion;
  database: DatabaseCopy;
  /** All files but the manifest itself. */
  files: DescribedFile[];
}

interface DescribedFile {
  name: string;
  bytes: number;
  sha256: string;
}

/** The name of the manifest in the folder of a backup. */
export const MANIFEST = 'manifest.json';

/** A file as the manifest names it. */
export async function describeFile(folder: string, name: string): Promise<DescribedFile> {
  const path = join(folder, name);
  const digest = createHash('sha256');
  await pipeline(createReadStream(path), digest);
  return { name, bytes: statSync(path).size, sha256: digest.digest('hex') };
}
