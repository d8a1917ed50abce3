/** `seed check`: whether the registry's files are right, and every quote stands literally in its document. */
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { AppError } from '../../calendars/errors.ts';
import { REGISTRY } from '../../seeds/prepare.ts';
import { checkQuotes } from '../../seeds/quotes.ts';
import { readRegistry } from '../../seeds/reader.ts';
import { printOne, type OutputOptions } from './output.ts';

export function seedCommands(program: Command): void {
  program
    .command('seed')
    .description('the registry of deadlines')
    .command('check')
    .description('check the registry, and its quotes when the documents are at hand')
    .option('--documents <folder>', 'the folder of the source documents, as text')
    .option('--registry <folder>', 'the folder of the YAML files', REGISTRY)
    .option('--json')
    .action(check);
}

async function check({ documents, registry: folder, json = false }: OutputOptions & { documents?: string; registry: string }) {
  const registry = await readRegistry(folder);
  if (documents !== undefined) {
    if (!existsSync(documents)) throw new AppError('not_found', `There is no folder ${documents}.`);
    const faults = await checkQuotes(registry, documents);
    if (faults.length > 0)
      throw new AppError('invalid', `${faults.length} of ${registry.quotes.length} quotes are not in their document.`, faults);
  }
  printOne(
    {
      insurers: registry.insurers.length,
      documents: registry.documents.length,
      deadlines: registry.deadlines.length,
      quotes: registry.quotes.length,
      'quotes compared': documents === undefined ? 'no: --documents was not given' : 'all, literally',
    },
    { json },
  );
}
