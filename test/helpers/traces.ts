/** Looks for words in bytes whatever they were written as: plain, in any case, quoted-printable, base64, hex, and these within one another. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Which of some words, in small letters, stand in bytes. */
export function tracesIn(bytes: Buffer | string, words: readonly string[], depth = 0): string[] {
  const text = typeof bytes === 'string' ? bytes : bytes.toString('latin1');
  const plain = text.toLowerCase();
  const found = new Set(words.filter((word) => plain.includes(word)));
  const look = (inner: Buffer | string) => tracesIn(inner, words, depth + 1).forEach((word) => found.add(word));
  if (depth < 3) {
    const unquoted = text
      .replaceAll(/=\r?\n/g, '')
      .replaceAll(/=([\da-f]{2})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
    if (unquoted !== text) look(unquoted);
    for (const [run] of text.matchAll(/(?:[\da-f]{2}){12,}/gi)) look(Buffer.from(run, 'hex'));
    for (const [run] of text.matchAll(/(?:[A-Za-z\d+/]{4,}\r?\n?)+/g))
      if (run.length >= 16) for (const n of [0, 1, 2, 3]) look(Buffer.from(run.slice(n), 'base64'));
  }
  return [...found].sort();
}

/** The same of every file below a folder: by name, those that have any. */
export function tracesBelow(folder: string, words: readonly string[]): Record<string, string[]> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const found = files.map(({ name, parentPath }) => [name, tracesIn(readFileSync(join(parentPath, name)), words)] as const);
  return Object.fromEntries(found.filter(([, words]) => words.length > 0));
}
