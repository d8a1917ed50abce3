/** The registry of a store as a file, and a file into a store, as the command line does both. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeJson, writeYaml } from '../../../calendars/exchange/writing.ts';
import { readExport } from '../../../db/registry/exchange/export.ts';
import type { Store } from '../../../db/store/store.ts';
import { applyFile } from '../../../seeds/exchange/applying.ts';
import { readExchange } from '../../../seeds/exchange/reader.ts';
import { NOW } from '../../helpers/cast.ts';

export const EDITOR = { by: 'person:6f6f0c46-1111-4a33-8000-000000000001', label: 'Redactie, A. de Vries' };

/** Without the audit's head, which is each database's own. */
export async function exportOf(store: Store, format: 'yaml' | 'json' = 'yaml'): Promise<string> {
  const { head, parts } = await readExport(store.read);
  const { audit: _, ...rest } = head;
  return [...(format === 'yaml' ? writeYaml : writeJson)({ head: rest, parts })].join('');
}

/** Writes a text as a file of that name, and reads its parts. */
export async function partsOf(text: string | Buffer, name = 'registry.yaml') {
  const folder = await mkdtemp(join(tmpdir(), 'inkoopkalender-'));
  try {
    await writeFile(join(folder, name), text);
    return await readExchange(join(folder, name));
  } finally {
    await rm(folder, { recursive: true });
  }
}

export async function applyText(store: Store, text: string, now = NOW, reason = 'Uit een bestand.') {
  const parts = await partsOf(text);
  return store.write((tx) => applyFile(tx, parts, { ...EDITOR, reason, now }));
}
