import { describe, expect, it } from 'vitest';
import { cleanLine, cleanName, cleanText } from '../../calendars/clean-text.ts';

/** What turns the direction of the text around it: marks, embeddings, overrides, isolates, and the end of each. */
const TURNING = '\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069';
/** What takes no room: spaces, joiners, operators, fillers, annotations, tags. */
const HIDDEN = '\u00ad\u034f\u115f\u1160\u17b4\u180e\u200b\u2060\u2061\u2064\u206a\u206f\u3164\uffa0\ufeff\ufff9\ufffb\u{e0041}\u{e007f}';
/** Bells, escapes, and those of a second set that terminals know. */
const CONTROLS = '\u0000\u0007\u0008\u001b\u007f\u009b';

describe('free text', () => {
  it.each(Array.from(TURNING + HIDDEN + CONTROLS, (character) => [character.codePointAt(0)!.toString(16), character]))(
    'loses U+%s, alone and among letters',
    (_, character) => {
      for (const clean of [cleanText, cleanLine, cleanName]) {
        expect(clean(character)).toBe('');
        expect(clean(`fdp${character}exe`)).toBe('fdpexe');
      }
    },
  );

  it('keeps what people write: other scripts, accents in two parts, and pictures of several characters', () => {
    for (const text of ['שלום עולם', 'مرحبا', 'می‌خواهم', 'e\u0301', '👩‍👩‍👧‍👦 ❤️ 🇳🇱', 'नि', 'Zuid-Holland – “ja” €'])
      for (const clean of [cleanText, cleanLine, cleanName]) expect(clean(text)).toBe(text);
  });

  it('keeps line breaks as such, or as spaces where there is one line', () => {
    expect(cleanText('a\r\nb\u2028c\u0085d\te')).toBe('a\nb\nc\nd e');
    expect(cleanLine(' a\r\nb\u2028c\u0085d\te ')).toBe('a b c d e');
    expect(cleanName('a,\r\nb;c\\')).toBe('a b c');
    expect(cleanLine('\ud800x')).toBe('\ufffdx');
  });
});
