import { gunzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { renderHead } from '../../calendars/feed.ts';
import { LANGUAGES } from '../../calendars/terms.ts';
import { headFrom, joinParts, partsNow, type Sheet } from '../../db/calendar-bytes.ts';

it('gives the very bytes of a head and a sheet, plain and gzipped, whatever the name', () => {
  const name = fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }),
    fc.constantFrom('NAME:x', 'X-WR-CALNAME:x', '\r\nNAME:x', 'é'.repeat(70), `${'x'.repeat(60)} NAME:`),
  );
  fc.assert(
    fc.property(name, fc.constantFrom(...LANGUAGES), fc.uint8Array({ minLength: 1 }), (chosen, language, events) => {
      const head = renderHead({ name: chosen, language });
      const sheet: Sheet = { plain: Buffer.from(events), packed: null };
      const whole = Buffer.concat([head, sheet.plain]);
      expect(joinParts(partsNow(headFrom(head), sheet, 'identity')!).equals(whole)).toBe(true);
      expect(gunzipSync(joinParts(partsNow(headFrom(head), sheet, 'gzip')!)).equals(whole)).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

it('shares all but the name, on however many lines it stands', () => {
  const [one, other] = ['Een', 'Twee '.repeat(40)].map((name) => headFrom(renderHead({ name, language: 'nl' })));
  expect(other!.around).toBe(one!.around);
});
