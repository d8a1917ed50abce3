/** Opens a PDF and gives its text, or says why there is none to give. Runs in a process of its own: the file is somebody else's. */
import { extractTextItems, getDocumentProxy } from 'unpdf';
import { textOfPages } from './pdf-text.ts';
import type { Refusal } from './refusal.ts';

const MOST_PAGES = 500;

type PdfText = { text: string; pages: number } | { refused: Refusal };

/** Throws nothing that the file can cause; what it does to memory and time, the parent process ends. */
export async function readPdf(bytes: Uint8Array): Promise<PdfText> {
  if (!startsAsPdf(bytes)) return { refused: 'not_a_pdf' };
  if (!endsAsPdf(bytes)) return { refused: 'damaged' };
  try {
    const pdf = await getDocumentProxy(bytes, {
      stopAtErrors: true,

      disableFontFace: true,
      useSystemFonts: false,
      enableXfa: false,
      maxImageSize: 1,
    });
    if (pdf.numPages > MOST_PAGES) return { refused: 'too_many_pages' };
    if (await hasScript(pdf)) return { refused: 'script' };
    const { items, totalPages } = await extractTextItems(pdf);
    const text = textOfPages(items);
    return text.trim() === '' ? { refused: 'no_text' } : { text, pages: totalPages };
  } catch (error) {
    return { refused: (error as Error).name === 'PasswordException' ? 'encrypted' : 'damaged' };
  }
}

const latin = new TextDecoder('latin1');

/** ISO 32000-1, annex H: readers look for the header in the first kilobyte. */
const startsAsPdf = (bytes: Uint8Array) => latin.decode(bytes.subarray(0, 1024)).includes('%PDF-');
/** And for the end in the last one. What is cut off is not read in part. */
const endsAsPdf = (bytes: Uint8Array) => latin.decode(bytes.subarray(-1024)).includes('%%EOF');

async function hasScript(pdf: Awaited<ReturnType<typeof getDocumentProxy>>): Promise<boolean> {
  return (await pdf.hasJSActions()) || (await pdf.getJSActions()) !== null;
}
