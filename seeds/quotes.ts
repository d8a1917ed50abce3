/** Compares every quote of the registry, letter for letter, with the document it is said to stand in. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fault } from '../calendars/errors.ts';
import type { Registry, RegistryDocument } from './registry.ts';

/**
 * Returns a fault for each quote that is not in its document, and for each document that is not in the folder. White space
 * is folded on both sides; the parts around an elision `(…)` must each stand literally, in their order. Throws nothing
 * for a missing file; other faults of the disk fly.
 */
export async function checkQuotes(registry: Registry, folder: string): Promise<Fault[]> {
  const faults: Fault[] = [];
  for (const document of registry.documents.filter(({ file }) => file !== null)) {
    const text = await readText(join(folder, String(document.file)));
    if (text === null) faults.push(missing(document, folder));
    else faults.push(...checkDocument(registry, document, text));
  }
  return faults;
}

async function readText(path: string): Promise<string | null> {
  try {
    return fold(await readFile(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function missing({ file, key, at }: RegistryDocument, folder: string): Fault {
  return { field: at, message: `has a file that is not there: ${file}, the text of ${key}, is not in ${folder}` };
}

function checkDocument(registry: Registry, document: RegistryDocument, text: string): Fault[] {
  return registry.quotes
    .filter((quote) => quote.document === document.key)
    .flatMap(({ quote, at }) => {
      const why = whyNotIn(text, quote);
      return why === null ? [] : [{ field: at, message: `is not literally in ${document.file}: ${why}` }];
    });
}

/** Null when the quote stands in the text; else which words do not, and what stands there instead. */
function whyNotIn(text: string, quote: string): string | null {
  let from = 0;
  for (const part of quote.split('(…)').map(fold)) {
    if (part === '') return 'nothing stands on one side of an elision';
    const at = text.indexOf(part, from);
    if (at < 0) return text.includes(part) ? `"${part}" stands there, but not after the part before it` : nearest(text, part);
    from = at + part.length;
  }
  return null;
}

/** Names the longest beginning of the part that the text has, and how the text goes on. */
function nearest(text: string, part: string): string {
  let [length, beyond] = [0, part.length];
  while (beyond - length > 1) {
    const middle = (length + beyond) >> 1;
    if (text.includes(part.slice(0, middle))) length = middle;
    else beyond = middle;
  }
  if (length < 10) return `no text there begins like "${part.slice(0, 40)}"`;
  const end = text.indexOf(part.slice(0, length)) + length;
  return `after "${part.slice(Math.max(0, length - 30), length)}" it says "${text.slice(end, end + 20)}", not "${part.slice(length, length + 20)}"`;
}

/** White space of any kind and length, no-break spaces included, as one space. */
function fold(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
