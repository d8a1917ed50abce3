import { crc32 } from 'node:zlib';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { crcAcross, zerosOf } from '../../db/crc.ts';

it('is the CRC-32 of both pieces together, as zlib counts it', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.uint8Array({ maxLength: 5000 }), (first, second) => {
      expect(crcAcross(crc32(first), zerosOf(second.length), crc32(second))).toBe(crc32(Buffer.concat([first, second])));
    }),
  );
});

it('holds for a calendar of megabytes', () => {
  const [first, second] = [Buffer.from('BEGIN:VCALENDAR\r\n'), Buffer.alloc(3_000_001, 'x')];
  expect(crcAcross(crc32(first), zerosOf(second.length), crc32(second))).toBe(crc32(Buffer.concat([first, second])));
});
