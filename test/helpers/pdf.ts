/** Makes PDFs: of text at its places, of a text line by line, and those that somebody sends to do harm. */
import { deflateSync } from 'node:zlib';

interface Words {
  text: string;
  x: number;
  y: number;
  size?: number;
}

/** What Helvetica's encoding has beyond Latin-1. */
const WIN_ANSI: Readonly<Record<string, number>> = {
  '€': 0x80,
  '…': 0x85,
  '‘': 0x91,
  '’': 0x92,
  '“': 0x93,
  '”': 0x94,
  '•': 0x95,
  '–': 0x96,
  '—': 0x97,
};

/** A PDF with words at their places, page by page. */
export function pdfOf(
  pages: readonly (readonly Words[])[],
  { trailer = '', catalog = '' }: { trailer?: string; catalog?: string } = {},
): Buffer {
  return pdfOfStreams(
    pages.map((words) =>
      Buffer.from(
        words.map(({ size = 10, text, x, y }) => `BT /F1 ${size} Tf 1 0 0 1 ${x} ${y} Tm (${encode(text)}) Tj ET`).join('\n'),
        'latin1',
      ),
    ),
    { trailer, catalog },
  );
}

/** A PDF of a text: each line at its place, an empty one as space, a page where a form feed or the end of the paper is. */
export function pdfOfText(text: string): Buffer {
  const lines = text.split('\f').flatMap((page) => chunk(page.split('\n'), 66));
  return pdfOf(
    lines.map((page) => page.flatMap((line, i) => (line.trim() === '' ? [] : [{ text: line.trim(), x: 40, y: 800 - i * 11, size: 9 }]))),
  );
}

function chunk<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}

/** A PDF with these streams as the content of its pages. */
function pdfOfStreams(
  streams: readonly Buffer[],
  {
    trailer = '',
    catalog = '',
    filter = '',
    kids = null,
  }: { trailer?: string; catalog?: string; filter?: string; kids?: string | null } = {},
): Buffer {
  const pageIds = streams.map((_, i) => 4 + i * 2);
  const objects: (string | [string, Buffer])[] = [
    `<< /Type /Catalog /Pages 2 0 R ${catalog} >>`,
    `<< /Type /Pages /Kids [${kids ?? pageIds.map((id) => `${id} 0 R`).join(' ')}] /Count ${pageIds.length} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
    ...streams.flatMap((stream, i): (string | [string, Buffer])[] => [
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents ${pageIds[i]! + 1} 0 R >>`,
      [`<< /Length ${stream.length} ${filter} >>`, stream],
    ]),
  ];
  return assemble(objects, trailer);
}

function assemble(objects: readonly (string | [string, Buffer])[], trailer: string): Buffer {
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n')];
  let length = parts[0]!.length;
  const offsets = objects.map((object, i) => {
    const [head, stream] = typeof object === 'string' ? [object, null] : object;
    const part = Buffer.concat([
      Buffer.from(`${i + 1} 0 obj\n${head}\n`),
      ...(stream === null ? [] : [Buffer.from('stream\n'), stream, Buffer.from('\nendstream\n')]),
      Buffer.from('endobj\n'),
    ]);
    parts.push(part);
    length += part.length;
    return length - part.length;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  parts.push(
    Buffer.from(
      `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${trailer} >>\nstartxref\n${length}\n%%EOF\n`,
    ),
  );
  return Buffer.concat(parts);
}

function encode(text: string): string {
  return text
    .replaceAll(/[()\\]/g, String.raw`\$&`)
    .replaceAll(/[^\u0020-\u00ff]/g, (sign) => String.fromCodePoint(WIN_ANSI[sign] ?? 0x3f));
}

const page = [{ text: 'Uiterlijk 1 oktober 2026 indienen.', x: 40, y: 800 }];

/** What somebody sends who means no good, or whose file broke on the way. */
export const HOSTILE = {
  encrypted: () =>
    pdfOf([page], {
      trailer: `/ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <${'5a'.repeat(32)}> /U <${'a5'.repeat(32)}> >>`,
    }),
  cutOff: () => pdfOf([page, page]).subarray(0, 700),
  cutOffInside: () => Buffer.concat([pdfOf([page, page]).subarray(0, 400), Buffer.from('\n%%EOF\n')]),
  tenThousandPages: () => pdfOf(Array.from({ length: 10_000 }, () => page)),
  /** One page that says it has more pages than any paper. */
  countsTooMany: () => Buffer.from(pdfOf([page]).toString('latin1').replace('/Count 1 ', '/Count 9999999 '), 'latin1'),
  inflating: () => pdfOfStreams([deflateSync(Buffer.alloc(600 * 2 ** 20, ' '), { level: 9 })], { filter: '/Filter /FlateDecode' }),
  cyclic: () => pdfOfStreams([Buffer.from('')], { kids: '2 0 R' }),
  withScript: () => pdfOf([page], { catalog: '/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>' }),
  withNamedScript: () =>
    pdfOf([page], { catalog: '/Names << /JavaScript << /Names [(a) << /S /JavaScript /JS (app.alert\\(1\\)) >>] >> >>' }),
  picture: () => Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
  web: () => Buffer.from('<!doctype html><script>alert(1)</script>'),
  archive: () => Buffer.from('504b0304140000000800', 'hex'),
  nothing: () => Buffer.alloc(0),
  picturesOnly: () => pdfOfStreams([Buffer.from('q 100 0 0 100 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \u0000 EI Q', 'latin1')]),
};
