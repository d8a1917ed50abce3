/** Reads the registry: every YAML file of a folder, checked as a whole; one fault anywhere, and nothing is read. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, type Fault } from '../calendars/errors.ts';
import { createValidator, explainFaults } from '../calendars/schema/validation.ts';
import { assembleRegistry } from './assembly.ts';
import { checkFiles, type ParsedFile } from './checks.ts';
import type { Registry } from './registry.ts';
import { RegistryFile } from './schema.ts';
import { parseYaml, type YamlText } from './yaml.ts';

export type * from './registry.ts';

/**
 * Reads all `*.yaml` in a folder, in the order of their names. Throws `invalid` with every fault; its field is
 * `file.yaml:LINE path` and its message says what is allowed.
 */
export async function readRegistry(folder: string): Promise<Registry> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort();
  if (names.length === 0) refuse([{ field: folder, message: 'holds no *.yaml file' }]);
  const texts = await Promise.all(names.map(async (name) => parseYaml(name, await readFile(join(folder, name), 'utf8'))));
  // Checks between files make sense only where each file by itself is right.
  const files = checkShapes(texts);
  refuse(checkFiles(files));
  return assembleRegistry(files);
}

function refuse(faults: Fault[]): void {
  if (faults.length === 0) return;
  throw new AppError(
    'invalid',
    `The registry has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}; nothing is read.`,
    faults,
  );
}

function checkShapes(texts: YamlText[]): ParsedFile[] {
  const validate = createValidator().compile<RegistryFile>(RegistryFile);
  const faults: Fault[] = [];
  const files: ParsedFile[] = [];
  for (const text of texts) {
    if (text.faults.length > 0) faults.push(...text.faults);
    else if (validate(text.value)) files.push({ ...text, entry: text.value });
    else faults.push(...explainFaults(validate.errors ?? []).map(({ field, message }) => ({ field: text.locate(field), message })));
  }
  refuse(faults);
  return files;
}
