/** What came with a document's form: a file or a text, opened and read by a process of its own. Why it cannot be is said beside its field. */
import { documentHash, type HandedIn } from '../../../../db/registry/documents/keeping.ts';
import { MOST_BYTES, readDocument } from '../../../documents/read-document.ts';
import type { FormAsk } from '../../forms.ts';
import { say } from '../frame.ts';

interface Sent {
  field: 'file' | 'text';
  /** Null where a text was pasted. */
  fileName: string | null;
  bytes: Buffer;
  isText: boolean;
}

interface Fault {
  field: Sent['field'];
  fault: string;
}

/** What was sent; null where neither a file nor a text was. */
export function sentIn({ files, isCut }: FormAsk, text: string): Sent | Fault | null {
  const file = files.get('file');
  const hasText = text.trim() !== '';
  // A browser sends a field in which no file was chosen as one without name and bytes.
  if (file === undefined || (file.name === '' && file.bytes.length === 0))
    return isCut
      ? { field: 'text', fault: say('page:document_refused.too_large') }
      : hasText
        ? { field: 'text', fileName: null, bytes: Buffer.from(text), isText: true }
        : null;
  if (hasText) return { field: 'file', fault: say('papers:document.error.both') };
  if (file.isCut || file.bytes.length > MOST_BYTES) return { field: 'file', fault: say('page:document_refused.too_large') };
  const isText = file.type === 'text/plain' || /\.txt$/i.test(file.name);
  return { field: 'file', fileName: file.name.slice(0, LONGEST_NAME), bytes: file.bytes, isText };
}

const LONGEST_NAME = 200;

/** Reads it. What was sent is kept as it came, its text as it was read. */
export async function openSent({ bytes, field, fileName, isText }: Sent): Promise<HandedIn | Fault> {
  const text = isText ? textOf(bytes) : null;
  if (isText && text === null) return { field, fault: say('papers:document.error.no_text') };
  const reading = await readDocument(text === null ? { pdf: bytes } : { text });
  if ('refused' in reading) return { field, fault: say(`page:document_refused.${reading.refused}`) };
  const { pages, text: words, ...extraction } = reading;
  const mediaType = isText ? 'text/plain' : 'application/pdf';
  return { bytes, hash: documentHash(bytes), mediaType, fileName, text: words, pages, extraction };
}

/** A text in UTF-8, else as Windows wrote it; null for what is no text, or has nothing in it. */
function textOf(bytes: Buffer): string | null {
  if (bytes.includes(0)) return null;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    text = new TextDecoder('windows-1252').decode(bytes);
  }
  return text.trim() === '' ? null : text.replaceAll('\r\n', '\n');
}
