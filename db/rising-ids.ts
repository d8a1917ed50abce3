/** Identifiers that rise: UUIDs of version 7 (RFC 9562, 5.7), so that rows written together lie together in every index that they stand in. */
import { randomBytes, randomInt } from 'node:crypto';

/** Identifiers that follow one another, for a database to make: each is the prefix and a number, of which the first one is given. */
export interface IdRow {
  prefix: string;
  first: number;
}

/** Takes the next identifiers, as many as are wanted. */
export type TakeIds = (count: number) => IdRow;

/**
 * Gives identifiers of which each sorts after the one before. They begin with a moment and 26 random bits; the last twelve digits count up from a
 * random number (RFC 9562, 6.2, method 2), in decimal ones, as databases write numbers. Who knows one can guess others of the same run: they are
 * for rows that nobody reaches by an id alone.
 */
export function risingIds(now: Date): TakeIds {
  const random = randomBytes(4);
  const time = now.getTime().toString(16).padStart(12, '0');
  const version = 0x70_00 | (random.readUInt16BE(0) & 0x0f_ff);
  const variant = 0x80_00 | (random.readUInt16BE(2) & 0x3f_ff);
  const prefix = `${time.slice(0, 8)}-${time.slice(8)}-${version.toString(16)}-${variant.toString(16)}-`;
  // So that every number has twelve digits, and no run counts beyond them.
  let next = 1e11 + randomInt(5e11);
  return (count) => {
    const first = next;
    next += count;
    return { prefix, first };
  };
}

export const idAt = ({ prefix, first }: IdRow, n: number): string => `${prefix}${first + n}`;
