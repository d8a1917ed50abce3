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
 * What stands before a calendar's events, as a gzipped calendar begins with it: stored as it is. A string with a character for each byte, of which
 * there may be very many: a buffer takes three times its memory, and is looked at one by one when memory is collected.
 */
export interface Head {
  framed: string;
  /** Signed: numbers beyond 31 bits are kept somewhere else. */
  crc: number;
}

/** Some of a calendar's bytes; in a string, a character is a byte ("latin1"). */
export type Part = string | Buffer;

/** Frames a head: what compressing costs is paid for the sheet, once for all that share it. */
export function frameHead(head: Buffer): Head {
  const framed = Buffer.allocUnsafe(FRAME + head.length);
  GZIP_HEADER.copy(framed);
  // A stored block (RFC 1951, 3.2.4) that is not the last one: a zero, its length, and that length inverted.
  framed[GZIP_HEADER.length] = 0;
  framed.writeUInt16LE(head.length, GZIP_HEADER.length + 1);
  framed.writeUInt16LE(head.length ^ 0xffff, GZIP_HEADER.length + 3);
  head.copy(framed, FRAME);
  return { framed: framed.toString('latin1'), crc: crc32(head) | 0 };
}

/** A calendar's bytes in the parts that it is sent in; null when it takes long to make them. */
export function partsNow(head: Head, sheet: Sheet, encoding: Encoding): Part[] | null {
  if (encoding === 'identity') return [head.framed.slice(FRAME), sheet.plain];
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

/** One gzip stream (RFC 1952) of a head and a sheet. */
function gzipParts({ framed, crc }: Head, length: number, { deflated, crc: sheetCrc, zeros }: Packed): Part[] {
  const end = Buffer.allocUnsafe(LAST_BLOCK.length + 8);
  LAST_BLOCK.copy(end);
  end.writeUInt32LE(crcAcross(crc, zeros, sheetCrc), LAST_BLOCK.length);
  end.writeUInt32LE((framed.length - FRAME + length) % 2 ** 32, LAST_BLOCK.length + 4);
  return [framed, deflated, end];
}

/** Deflate, no name, no moment, an unknown system: the same bytes everywhere. */
const GZIP_HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
/** That, and what stands before a stored block. */
const FRAME = GZIP_HEADER.length + 5;
/** An empty stored block that says it is the last. */
const LAST_BLOCK = Buffer.from([1, 0, 0, 0xff, 0xff]);
