/** Identifiers that rise: UUIDs of version 7 (RFC 9562, 5.7), so that rows written together lie together in every index that they stand in. */
import { randomBytes } from 'node:crypto';

/**
 * Gives identifiers of which each sorts after the one before. They begin with a moment and 26 random bits; the last 48 bits count up from a
 * random number (RFC 9562, 6.2, method 2). Who knows one can guess others of the same run: they are for rows that nobody reaches by an id alone.
 */
export function risingIds(now: Date): () => string {
  const random = randomBytes(10);
  const time = now.getTime().toString(16).padStart(12, '0');
  const version = 0x70_00 | (random.readUInt16BE(0) & 0x0f_ff);
  const variant = 0x80_00 | (random.readUInt16BE(2) & 0x3f_ff);
  const prefix = `${time.slice(0, 8)}-${time.slice(8)}-${version.toString(16)}-${variant.toString(16)}-`;
  // Of 47 bits, so that no run counts beyond 48.
  let count = random.readUIntBE(4, 6) % 2 ** 47;
  let [high, start] = [NaN, ''];
  return () => {
    count += 1;
    const [above, low] = [Math.floor(count / 0x1_00_00), count % 0x1_00_00];
    if (above !== high) [high, start] = [above, prefix + above.toString(16).padStart(8, '0')];
    return start + BYTES[low >> 8]! + BYTES[low & 0xff]!;
  };
}

/** In hexadecimal: to write each number anew takes twice as long. */
const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
