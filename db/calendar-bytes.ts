/** The bytes of a calendar in two parts: a head of its own, and events that it may share with other calendars. */
import { promisify } from 'node:util';
import { constants, crc32, deflateRaw, deflateRawSync } from 'node:zlib';
import { crcAcross, zerosOf, type Zeros } from './crc.ts';

export type Encoding = 'identity' | 'gzip';

/** Rendered events with the calendar's last line: made once, and shared by every calendar that shows the same. */
export interface Sheet {
  plain: Buffer;
  /** What a gzipped calendar needs of it; null until somebody wants one. */
  packed: Packed | null;
}

interface Packed {
  deflated: Buffer;
  crc: number;
  /** As many zeros as there are plain bytes. */
  zeros: Zeros;
}

/** Flushed and not ended: it ends at a whole byte, refers to nothing before it, and something may follow. */
const FLUSHED = { level: 6, finishFlush: constants.Z_SYNC_FLUSH };
const deflateLater = promisify<Buffer, typeof FLUSHED, Buffer>(deflateRaw);
/** So many bytes are deflated before anybody notices. */
const QUICK = 256 * 1024;

/**
 * What stands before a calendar's events: all but its name is the same everywhere in its language. Strings with a character for each byte, since
 * there may be very many: a buffer takes several times its memory, and is looked at one by one when memory is collected.
 */
export interface Head {
  readonly nameLines: string;
  readonly around: Around;
  /** Of all of it. Signed: numbers beyond 31 bits are kept somewhere else. */
  readonly crc: number;
}

interface Around {
  before: string;
  after: string;
}

/** Some of a calendar's bytes; in a string, a character is a byte ("latin1"). */
export type Part = string | Buffer;

/** Takes a rendered head apart. Throws when it has no name. */
export function headFrom(bytes: Buffer): Head {
  const [start, last] = [bytes.indexOf(NAME), bytes.indexOf(LAST_NAME)];
  if (start < 0 || last < start) throw new Error('a calendar without a name');
  const end = endOfLine(bytes, last);
  const around = { before: bytes.toString('latin1', 0, start), after: bytes.toString('latin1', end) };
  return { around: sharedAround(around), nameLines: bytes.toString('latin1', start, end), crc: crc32(bytes) | 0 };
}

/** The lines with a calendar's name, which follow each other (RFC 7986, 5.1, and the older one). */
const NAME = '\r\nNAME:';
const LAST_NAME = '\r\nX-WR-CALNAME:';

/** Where the line ends that begins behind a line break, with all that continues it (RFC 5545, 3.1). */
function endOfLine(bytes: Buffer, lineBreak: number): number {
  const end = bytes.indexOf('\r\n', lineBreak + 2) + 2;
  return bytes[end] === SPACE ? endOfLine(bytes, end - 2) : end;
}

const SPACE = 0x20;

/** One for each language. */
const arounds = new Map<string, Around>();

/** The one that others have too. */
function sharedAround(around: Around): Around {
  const key = JSON.stringify(around);
  const known = arounds.get(key) ?? around;
  arounds.set(key, known);
  return known;
}

/** A calendar's bytes in the parts that it is sent in; null when it takes long to make them. */
export function partsNow(head: Head, sheet: Sheet, encoding: Encoding): Part[] | null {
  if (encoding === 'identity') return [textOf(head), sheet.plain];
  if (!sheet.packed && sheet.plain.length <= QUICK) sheet.packed = packedFrom(sheet.plain, deflateRawSync(sheet.plain, FLUSHED));
  return sheet.packed && gzipParts(head, sheet.plain.length, sheet.packed);
}

/** The same, while others are answered. */
export async function partsLater(head: Head, sheet: Sheet, encoding: Encoding): Promise<Part[]> {
  if (encoding === 'gzip') await packLater(sheet);
  return partsNow(head, sheet, encoding)!;
}

/** All parts in one piece. */
export function joinParts(parts: readonly Part[]): Buffer {
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));
}

/** Makes what gzipped calendars need of a sheet, while others are answered. */
export async function packLater(sheet: Sheet): Promise<void> {
  sheet.packed ??= packedFrom(sheet.plain, await deflateLater(sheet.plain, FLUSHED));
}

function packedFrom(plain: Buffer, deflated: Buffer): Packed {
  return { deflated, crc: crc32(plain), zeros: zerosOf(plain.length) };
}

/** One gzip stream (RFC 1952) of a head, stored as it is, and a sheet: what compressing costs is paid for the sheet, once for all that share it. */
function gzipParts(head: Head, length: number, { deflated, crc, zeros }: Packed): Part[] {
  const text = textOf(head);
  const end = Buffer.allocUnsafe(LAST_BLOCK.length + 8);
  LAST_BLOCK.copy(end);
  end.writeUInt32LE(crcAcross(head.crc, zeros, crc), LAST_BLOCK.length);
  end.writeUInt32LE((text.length + length) % 2 ** 32, LAST_BLOCK.length + 4);
  return [frameOf(text.length) + text, deflated, end];
}

const textOf = ({ around: { before, after }, nameLines }: Head) => before + nameLines + after;

/** By the head's length. Names are short, so that there are few. */
const frames = new Map<number, string>();

/** What stands before a head of so many bytes. */
function frameOf(length: number): string {
  const known = frames.get(length);
  if (known !== undefined) return known;
  // A stored block (RFC 1951, 3.2.4) that is not the last one: a zero, its length, and that length inverted.
  const block = Buffer.alloc(5);
  block.writeUInt16LE(length, 1);
  block.writeUInt16LE(length ^ 0xffff, 3);
  const frame = Buffer.concat([GZIP_HEADER, block]).toString('latin1');
  frames.set(length, frame);
  return frame;
}

/** Deflate, no name, no moment, an unknown system: the same bytes everywhere. */
const GZIP_HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
/** An empty stored block that says it is the last. */
const LAST_BLOCK = Buffer.from([1, 0, 0, 0xff, 0xff]);
