/** Forms with a file in them (multipart/form-data, RFC 7578): a small reader with bounds, for one file among a few fields. */
import type { Readable } from 'node:stream';

/** A file as a form sent it. */
export interface SentFile {
  /** As the browser's disk calls it: it is shown, and never a path of ours. Empty where none was chosen. */
  name: string;
  type: string;
  bytes: Buffer;
  /** There was more of it than is kept. */
  isCut: boolean;
}

export interface SentForm {
  fields: URLSearchParams;
  files: ReadonlyMap<string, SentFile>;
  isCut: boolean;
}

/** More parts than a form of ours has, and a longer head than a part has. */
const MOST_PARTS = 64;
const MOST_HEAD = 4096;

/**
 * The body of a request, of which so many bytes are kept at most. What comes after them is read and forgotten, so that an answer can be given; with
 * `stops` it is not read at all, and the stream stays as it is.
 */
export async function gatherBody(
  payload: Readable,
  most: number,
  { stops = false }: { stops?: boolean } = {},
): Promise<{ body: Buffer; isCut: boolean }> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of payload.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    if (size < most) chunks.push(chunk.subarray(0, most - size));
    size += chunk.length;
    if (stops && size > most) break;
  }
  return { body: Buffer.concat(chunks), isCut: size > most };
}

/** The fields and files of a form; null where it is none, or has more in it than a form of ours. Of a body that is cut off what came before the cut stands, and what there is of a file; no field is given in part. */
export function readMultipart(contentType: string, { body, isCut }: { body: Buffer; isCut: boolean }): SentForm | null {
  const named = /;\s*boundary=(?:"(?<quoted>[^"\r\n]{1,200})"|(?<plain>[^\s;"]{1,200}))/i.exec(contentType)?.groups;
  const boundary = named?.['quoted'] ?? named?.['plain'];
  if (boundary === undefined) return null;
  const parts = partsOf(body, Buffer.from(`--${boundary}`), isCut);
  if (parts === null) return null;
  const fields = new URLSearchParams();
  const files = new Map<string, SentFile>();
  for (const part of parts) {
    const head = headOf(part);
    if (head === null) return null;
    const bytes = part.subarray(head.length);
    const isPart = isCut && part === parts.at(-1);
    if (head.fileName === null && isPart) continue;
    if (head.fileName === null) fields.append(head.name, bytes.toString('utf8').replaceAll('\0', ''));
    else files.set(head.name, { name: head.fileName, type: head.type, bytes, isCut: isPart });
  }
  return { fields, files, isCut };
}

/** What stands between the boundaries. */
function partsOf(body: Buffer, boundary: Buffer, isCut: boolean): Buffer[] | null {
  const between = Buffer.concat([Buffer.from('\r\n'), boundary]);
  if (body.subarray(0, boundary.length).compare(boundary) !== 0) return null;
  const parts: Buffer[] = [];
  let from = boundary.length;
  for (;;) {
    const mark = body.subarray(from, from + 2).toString('latin1');
    if (mark === '--') return parts;
    if (mark !== '\r\n' || parts.length === MOST_PARTS) return null;
    const end = body.indexOf(between, from + 2);
    if (end < 0) return isCut ? [...parts, body.subarray(from + 2)] : null;
    parts.push(body.subarray(from + 2, end));
    from = end + between.length;
  }
}

/** What a part says of itself, and after how many bytes its content begins. */
function headOf(part: Buffer): { name: string; fileName: string | null; type: string; length: number } | null {
  const end = part.subarray(0, MOST_HEAD).indexOf('\r\n\r\n');
  if (end < 0) return null;
  const lines = part.subarray(0, end).toString('utf8').split('\r\n');
  const disposition = lines.find((line) => /^content-disposition:\s*form-data\s*;/i.test(line));
  const name = parameterOf(disposition, 'name');
  if (name === null) return null;
  const type = lines.flatMap((line) => /^content-type:\s*(?<type>[\w.+-]+\/[\w.+-]+)/i.exec(line)?.groups?.['type'] ?? []).at(0) ?? '';
  return { name, fileName: parameterOf(disposition, 'filename'), type: type.toLowerCase(), length: end + 4 };
}

/** Browsers write a quotation mark and line ends in a name as `%22`, `%0D` and `%0A` (HTML, multipart/form-data encoding algorithm). */
function parameterOf(disposition: string | undefined, name: 'name' | 'filename'): string | null {
  const value = new RegExp(`;\\s*${name}="(?<value>[^"]*)"`, 'i').exec(disposition ?? '')?.groups?.['value'];
  return value === undefined ? null : value.replaceAll('%22', '"').replaceAll(/%0[ad]/gi, ' ');
}
