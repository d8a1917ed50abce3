/** How the command line answers: a table for people, JSON for programs, one line for an error. */
import { Table } from 'console-table-printer';
import { cleanLine } from '../../calendars/clean-text.ts';
import { AppError } from '../../calendars/errors.ts';

export interface OutputOptions {
  json?: boolean;
}

type Row = Record<string, string | number | null>;

/**
 * A reader that has enough, as `head`, ends no command and is no fault. Output that goes nowhere for another reason is one: a key that was shown
 * once would be lost with success.
 */
export function watchOutput({ stderr, stdout }: NodeJS.Process): void {
  stderr.on('error', () => {});
  stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE' || process.exitCode) return;
    console.error(`standard output cannot be written (${code}): what the command did stands, but was not shown`);
    process.exitCode = 1;
  });
}

/** Prints rows as a table, or the full items as JSON when asked for. */
export function printRows<T>(items: readonly T[], options: OutputOptions, toRow: (item: T) => Row): void {
  if (options.json) return printJson(items);
  if (items.length === 0) return console.log('Nothing found.');
  const table = new Table({ shouldDisableColors: !process.stdout.isTTY, defaultColumnOptions: { alignment: 'left' } });
  for (const item of items) table.addRow(printable(toRow(item)));
  table.printTable();
}

/** Prints one thing: its fields line by line, or as JSON. */
export function printOne(item: Row, options: OutputOptions): void {
  if (options.json) return printJson(item);
  const width = Math.max(...Object.keys(item).map((key) => key.length));
  for (const [key, value] of Object.entries(item)) console.log(`${key.padEnd(width)}  ${cleanLine(String(value ?? ''))}`);
}

/** Prints an expected error with every fault, a line each, and any other with its cause. */
export function printError(error: unknown): void {
  if (error instanceof AppError) {
    console.error(error.message);
    for (const { field, message } of error.faults) console.error(`  ${field} ${message}`);
    return;
  }
  console.error(error instanceof Error ? error.message : String(error));
}

/** Prints a value as JSON. */
export function printJson(value: unknown): void {
  console.log(JSON.stringify(value, null, 2));
}

/** Nothing where there is nothing, and no character that the terminal would take for an order. */
function printable(row: Row): Record<string, string | number> {
  return Object.fromEntries(Object.entries(row).map(([key, value]) => [key, typeof value === 'number' ? value : cleanLine(value ?? '')]));
}
