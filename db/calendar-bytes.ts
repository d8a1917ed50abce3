/** The bytes of a calendar in two parts: a head of its own, and events that it may share with other calendars. */
import { promisify } from 'node:util';
import { constants, crc32, deflateRaw, deflateRawSync } from 'node:zlib';

export type Encoding = 'identity' | 'gzip';

/** Rendered events with the calendar's last line, as they are and deflated: made once, and shared by every calendar that shows the same. */
export interface Sheet {
  plain: Buffer;
  deflated: Buffer;
}

/** Flushed and not ended: it ends at a whole byte, refers to nothing before it, and something may follow. */
const FLUSHED = { level: 6, finishFlush: constants.Z_SYNC_FLUSH };
const deflateLater = promisify<Buffer, typeof FLUSHED, Buffer>(deflateRaw);

/** A sheet of these bytes. */
export function sheetOf(plain: Buffer): Sheet {
  return { plain, deflated: deflateRawSync(plain, FLUSHED) };
}

/** The same for many bytes, which are deflated while others are answered. */
export async function largeSheetOf(plain: Buffer): Promise<Sheet> {
  return { plain, deflated: await deflateLater(plain, FLUSHED) };
}

/** What stands around a sheet's deflated bytes in a gzipped calendar. */
export interface GzipEnds {
  start: Buffer;
  end: Buffer;
}

/**
 * Makes one gzip stream (RFC 1952) of a head and a sheet. The head is stored in it as it is: what compressing costs was paid for the sheet, once
 * for all that share it.
 */
export function gzipEnds(head: Buffer, plain: Buffer): GzipEnds {
  const start = Buffer.alloc(GZIP_HEADER.length + STORED + head.length);
  GZIP_HEADER.copy(start);
  // A stored block (RFC 1951, 3.2.4) that is not the last one: a zero, its length, and that length inverted.
  start.writeUInt16LE(head.length, GZIP_HEADER.length + 1);
  start.writeUInt16LE(head.length ^ 0xffff, GZIP_HEADER.length + 3);
  head.copy(start, GZIP_HEADER.length + STORED);
  const end = Buffer.alloc(LAST_BLOCK.length + 8);
  LAST_BLOCK.copy(end);
  end.writeUInt32LE(crc32(plain, crc32(head)), LAST_BLOCK.length);
  end.writeUInt32LE((head.length + plain.length) % 2 ** 32, LAST_BLOCK.length + 4);
  return { start, end };
}

/** Deflate, no name, no moment, an unknown system: the same bytes everywhere. */
const GZIP_HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
const STORED = 5;
/** An empty stored block that says it is the last. */
const LAST_BLOCK = Buffer.from([1, 0, 0, 0xff, 0xff]);
