/** How what is said of the registry names the document that it stands in. */

/** What a document's name is made of. */
interface Named {
  title: string;
  version?: string | null;
  ocr?: boolean;
}

/** The title, and what a reader must know of the text. */
export function documentName({ ocr, title, version }: Named): string {
  const notes = [version && `versie ${version}`, ocr && 'OCR-tekst'].filter(Boolean);
  return notes.length > 0 ? `${title} (${notes.join(', ')})` : title;
}

/** What is remarked, and perhaps the sentence behind it. */
interface Remark {
  text: string;
  document?: string;
  section?: string;
  quote?: string;
}

/** The remark, with the quote behind it and where that stands. */
export function remarkText({ document, quote, section, text }: Remark, nameOf: ReadonlyMap<string, string>): string {
  if (!quote || !document) return text;
  const place = [nameOf.get(document), section].filter(Boolean).join(', ');
  return `${text} Bron: ${place}: "${quote}"`;
}
