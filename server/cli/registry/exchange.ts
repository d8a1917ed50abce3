/** `registry`: the registry of deadlines as a file, out and in. */
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import { AppError } from '../../../calendars/errors.ts';
import { auditAfter, auditHead, BY_OPERATOR } from '../../../db/registry/audit.ts';
import { writeCsv } from '../../../calendars/exchange/csv.ts';
import { readCurrent } from '../../../db/registry/exchange/current.ts';
import { readExport } from '../../../db/registry/exchange/export.ts';
import { listEditors, type ListedEditor } from '../../../db/people/editors.ts';
import type { ReadDb } from '../../../db/store/store.ts';
import { applyFile, type Applied } from '../../../seeds/exchange/applying.ts';
import { readExchange, type FilePart } from '../../../seeds/exchange/reader.ts';
import { printJson, printRows, type OutputOptions } from '../output.ts';
import { inSession, type Session } from '../session.ts';
import { changeRow, editionLine, namesOf, writtenEdition, type WrittenChange, type WrittenEdition } from './changes.ts';

const FORMATS = ['yaml', 'json', 'csv'] as const;
type Format = (typeof FORMATS)[number];

export function registryCommands(program: Command): void {
  const registry = program.command('registry').description('the registry of deadlines as a file: out of one database, into another');
  registry
    .command('export')
    .description('write all of it with its history, without what is only projected; as csv its current entries, which no command reads')
    .addOption(new Option('--format <format>', 'in which form').choices(FORMATS).default('yaml'))
    .option('--to <file>', 'where to write it; standard output where it is not given')
    .action(exportRegistry);
  registry
    .command('diff')
    .description('print every change that "apply" would make with this file, and make none')
    .argument('<file>')
    .option('--json')
    .action((path: string, options: OutputOptions) => diff(path, options));
  registry
    .command('apply')
    .description('make the registry say what a file says; what the file leaves out stays. One fault anywhere, and nothing is changed')
    .argument('<file>')
    .requiredOption('--as <editor>', 'who applies it: the address or the label of an editor')
    .requiredOption(
      '--reason <text>',
      'why, for what the file gives no reason of its own; it stands in the history, and in the mail to whom it concerns',
    )
    .option('--dry-run', 'print what would change, and change nothing')
    .option('--json')
    .action((path: string, options: ApplyOptions) => apply(path, options));
}

interface ApplyOptions extends OutputOptions {
  as: string;
  reason: string;
  dryRun?: boolean;
}

async function exportRegistry({ format, to }: { format: Format; to?: string }) {
  await inSession(async ({ read }) => {
    const pieces = Readable.from(await writingOf(read, format));
    if (to !== undefined) await pipeline(pieces, createWriteStream(to));
    else for await (const piece of pieces) if (!process.stdout.write(piece as string)) await once(process.stdout, 'drain');
  });
}

async function writingOf(read: ReadDb, format: Format): Promise<Iterable<string>> {
  if (format === 'csv') {
    const { deadlines, names } = await readCurrent(read);
    return [writeCsv(deadlines, names)];
  }
  // Loaded when it is needed: every other command starts without it.
  const { writeJson, writeYaml } = await import('../../../calendars/exchange/writing.ts');
  const exported = await readExport(read);
  return format === 'json' ? writeJson(exported) : writeYaml(exported);
}

async function diff(path: string, { json = false }: OutputOptions) {
  const parts = await readExchange(path);
  await inSession(async (session) => {
    const applying = { by: BY_OPERATOR, label: '–', reason: '–' };
    report(await run(session, parts, { ...applying, isDry: true }), { json, isDry: true });
  });
}

async function apply(path: string, { as, dryRun = false, json = false, reason }: ApplyOptions) {
  if (reason.trim() === '' || reason.length > 2000) throw new AppError('invalid', '--reason must be a text of at most 2000 characters.');
  const parts = await readExchange(path);
  await inSession(async (session) => {
    const { label, personId } = await editorCalled(session.read, as);
    const outcome = await run(session, parts, { by: `person:${personId}`, label, reason: reason.trim(), isDry: dryRun });
    report(outcome, { json, isDry: dryRun });
  });
}

interface Run {
  by: string;
  label: string;
  reason: string;
  isDry: boolean;
}

interface Outcome extends Omit<Applied, 'editions'> {
  changes: WrittenChange[];
  editions: WrittenEdition[];
}

/** Carries what was done out of a transaction that is given up. */
class DryRun extends Error {
  readonly outcome: Outcome;

  constructor(outcome: Outcome) {
    super('dry run');
    this.outcome = outcome;
  }
}

/** Applies it, and tells by the audit what was written; of a dry run too, which is the same work given up at its end. */
async function run({ change, now }: Session, parts: readonly FilePart[], { isDry, ...who }: Run): Promise<Outcome> {
  try {
    return await change(async (tx) => {
      const head = await auditHead(tx);
      const applied = await applyFile(tx, parts, { ...who, now });
      const rows = (await auditAfter(tx, head)).filter(({ what }) => what !== 'edition');
      const outcome = { ...applied, changes: await namesOf(tx, rows), editions: applied.editions.map((one) => writtenEdition(one, isDry)) };
      if (isDry) throw new DryRun(outcome);
      return outcome;
    });
  } catch (error) {
    if (error instanceof DryRun) return error.outcome;
    throw error;
  }
}

function report({ changes, editions, historyLeft, restored }: Outcome, { isDry, json }: { json: boolean; isDry: boolean }) {
  if (json) return printJson({ applied: !isDry, restored, historyLeft, editions, changes });
  if (changes.length === 0) return console.log('Nothing changes: the registry says so already.');
  printRows(changes, {}, changeRow);
  console.log(`${changes.length} ${changes.length === 1 ? 'change' : 'changes'}${isDry ? ' would be made; nothing is changed' : ''}.`);
  for (const edition of editions) console.log(editionLine(edition));
  if (editions.length > 0 && !isDry)
    console.log(`Nobody is told before ${editions[0]!.publicAt}; until then each can be taken back at /redactie/edities.`);
  if (restored) console.log('The registry is empty: this is a restore, with all history, and told to nobody.');
  if (historyLeft > 0) console.log(`${historyLeft} earlier revisions are left out: only an empty registry takes history.`);
}

async function editorCalled(read: ReadDb, name: string): Promise<ListedEditor> {
  const editors = await listEditors(read);
  const wanted = name.trim().toLowerCase();
  const [editor, other] = editors.filter(({ email, label }) => email.toLowerCase() === wanted || label.toLowerCase() === wanted);
  if (editor && !other) return editor;
  const allowed =
    editors.length === 0
      ? 'there is none: see "editor add"'
      : `editors are ${editors.map(({ email, label }) => `${label} (${email})`).join(', ')}`;
  throw new AppError('invalid', `--as must be the address or the label of one editor; ${allowed}.`);
}
