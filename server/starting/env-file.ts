/** The settings in a `.env` file, for what the environment does not give: read as a whole or refused in one line. */
import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { AppError } from '../../calendars/errors.ts';

/**
 * Adds to an environment what stands in the file and is not there yet. Without a file nothing. Throws `invalid`, naming every line that would be
 * passed over.
 */
export function addEnvFile(env: NodeJS.ProcessEnv, file = '.env'): void {
  const text = readText(file);
  if (text === undefined) return;
  const faults = faultsIn(text);
  if (faults.length > 0) throw new AppError('invalid', `${file}: ${faults.join('; ')}`);
  // What is empty counts as not given, also in the environment: `PORT=` there must not hide the file's.
  for (const [name, value] of Object.entries(parseEnv(text))) env[name] ||= value;
}

/** The names that stand in the file, as far as it can be read. */
export function namesInEnvFile(file = '.env'): string[] {
  return Object.keys(parseEnv(readText(file) ?? ''));
}

/** Without the mark that editors of Windows put before everything: it would become part of the first name. */
function readText(file: string): string | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new AppError('invalid', `${file} cannot be read (${code})`, [], { cause: error });
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // Told below, like text of two bytes a character.
  }
  throw new AppError('invalid', `${file} is no UTF-8 text: save it as such`);
}

/** Node's own reader passes over what it does not understand, and takes the last of two. */
function faultsIn(text: string): string[] {
  const faults: string[] = [];
  const lines = new Map<string, number>();
  const all = text.split(/\r\n|\n|\r/);
  for (let n = 0; n < all.length; n += 1) {
    const line = n + 1;
    const content = all[n]!.trim();
    if (content === '' || content.startsWith('#')) continue;
    const [, name, value = ''] = /^(?:export\s+)?([\w.-]+)\s*=\s*(.*)$/.exec(content) ?? [];
    if (name === undefined) {
      faults.push(`line ${line} must be NAME=value`);
      continue;
    }
    const earlier = lines.get(name);
    if (earlier === undefined) lines.set(name, line);
    else faults.push(`line ${line} gives ${name} again, after line ${earlier}`);
    const quote = /^["'`]/.exec(value)?.[0];
    if (quote === undefined || value.indexOf(quote, 1) > 0) continue;
    // A value in quotes may go on over several lines.
    const end = all.findIndex((one, m) => m > n && one.includes(quote));
    if (end < 0) faults.push(`line ${line} opens ${quote} and nothing closes it`);
    else n = end;
  }
  return faults;
}
