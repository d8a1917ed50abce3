import { expect, it } from 'vitest';
import { codeFrom, CODE_LENGTH, readCode, writeCode } from '../../../calendars/people/code.ts';

it('makes codes of characters that nobody takes for one another, each as likely as any other', () => {
  const counts = new Map<string, number>();
  // Every byte once, six at a time.
  for (let first = 0; first < 256; first += 1) {
    const code = codeFrom(Uint8Array.from({ length: 64 }, (_, i) => (first + i) % 256));
    expect(code).toHaveLength(CODE_LENGTH);
    expect(code).not.toMatch(/[0O1IL2Z5S8BU]/);
    counts.set(code[0]!, (counts.get(code[0]!) ?? 0) + 1);
  }
  expect(counts.size).toBe(24);
  // The sixteen bytes that are passed over give their turn to the one that follows.
  expect([...counts.values()].sort((a, b) => a - b).slice(0, 23)).toEqual(Array.from({ length: 23 }, () => 10));
});

it('refuses to make a code of too few bytes', () => {
  expect(() => codeFrom(Uint8Array.from({ length: 64 }, () => 255))).toThrow('too few');
});

it('reads a code however it is typed, and writes it in two groups', () => {
  expect(['7K4 MX9', '7k4mx9', ' 7K4–MX9 ', '7-k-4-m-x-9\u200e'].map(readCode)).toEqual(Array.from({ length: 4 }, () => '7K4MX9'));
  expect(writeCode('7K4MX9')).toBe('7K4 MX9');
});
