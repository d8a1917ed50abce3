/** A program of its own, for one document: takes a PDF or a text, and answers its text with what it proposes, as JSON. Its parent ends it. */
import { extractFrom } from '../../calendars/extraction/extraction.ts';
import { readPdf } from './pdf.ts';
import type { Reading } from './read-document.ts';

const input = await gather();
process.stdout.write(JSON.stringify(process.argv[2] === 'text' ? readingOf(new TextDecoder().decode(input), null) : await ofPdf()));

async function ofPdf(): Promise<Reading> {
  const read = await readPdf(input);
  return 'refused' in read ? read : readingOf(read.text, read.pages);
}

/** No database keeps a NUL, or half a character: one stands for one, so that places stay. */
function readingOf(words: string, pages: number | null): Reading {
  const text = words.toWellFormed().replaceAll('\0', ' ');
  return { text, pages, ...extractFrom(text) };
}

async function gather(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array);
  return new Uint8Array(Buffer.concat(chunks));
}
