/** Whether the folder of a backup holds what its manifest says. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../calendars/errors.ts';
import { Type } from '../../calendars/schema/typebox.ts';
import { checkerFor } from '../../calendars/schema/validation.ts';
import { describeFile, MANIFEST, OCCASIONS, type Manifest } from './manifest.ts';

const FileSchema = Type.Object({
  name: Type.String({ pattern: '^[a-z][a-z.]*$' }),
  bytes: Type.Integer({ minimum: 0 }),
  sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
});

const ManifestSchema = Type.Object({
  madeAt: Type.String({ format: 'date-time' }),
  version: Type.String(),
  occasion: Type.Optional(Type.Enum([...OCCASIONS])),
  database: Type.Object({
    dialect: Type.Enum(['sqlite', 'pg']),
    file: Type.String({ pattern: '^[a-z][a-z.]*$' }),
    migration: Type.Union([Type.String(), Type.Null()]),
    rows: Type.Object({}, { additionalProperties: Type.Integer({ minimum: 0 }) }),
  }),
  files: Type.Array(FileSchema),
});

/** Reads the manifest of a folder. Throws `invalid` where there is none, or it is damaged: then it is no backup. */
export function readManifest(folder: string): Manifest {
  const path = join(folder, MANIFEST);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const what = code === undefined ? `${path} is damaged` : `${folder} is no backup: ${path} cannot be read (${code})`;
    throw new AppError('invalid', `${what}. Give the folder that "backup" made, called after its moment.`, [], { cause: error });
  }
  // The schema says the same of the rows, which no maker of ours has a type for.
  return checkerFor(ManifestSchema, path)(value) as Manifest;
}

/** Throws `invalid`, naming every file that is missing or is not what the manifest says. */
export async function checkFiles(folder: string, { database, files }: Manifest): Promise<void> {
  const faults = [];
  for (const name of [database.file, 'secret'])
    if (!files.some((file) => file.name === name)) faults.push({ field: name, message: 'is not named in the manifest' });
  for (const { bytes, name, sha256 } of files) {
    const file = await describeFile(folder, name).catch((error: NodeJS.ErrnoException) => error.code ?? 'unreadable');
    if (typeof file === 'string') faults.push({ field: name, message: `cannot be read (${file})` });
    else if (file.bytes !== bytes) faults.push({ field: name, message: `has ${file.bytes} bytes instead of ${bytes}` });
    else if (file.sha256 !== sha256) faults.push({ field: name, message: 'is not the file that was written: its SHA-256 is another one' });
  }
  if (faults.length > 0) throw new AppError('invalid', `${folder} is damaged; nothing was changed.`, faults);
}
