/** How plain the Dutch is that people read on pages and in mails: by the length of its sentences (level B1). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** At most so many words has a sentence, and half of them have at most the other number. */
const MOST = 30;
const MEDIAN = 15;

/** The sentences of a text: a value is one word, and a label that is no sentence is none. */
function sentencesIn(text: string): string[] {
  return text
    .replaceAll(/\{\{\w+\}\}/g, '…')
    .split(/(?<=[.?!])\s+|\n+/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => /[.?!:]$/.test(sentence) && wordsOf(sentence) > 1);
}

const wordsOf = (sentence: string) => sentence.split(/\s+/).length;

/** Every sentence of a file, with the name of its text, the longest first. */
function sentencesOf(file: string): { name: string; sentence: string; words: number }[] {
  const found: { name: string; sentence: string; words: number }[] = [];
  const collect = (value: unknown, name: string) => {
    if (typeof value !== 'string')
      for (const [key, part] of Object.entries(value as object)) collect(part, name === '' ? key : `${name}.${key}`);
    else for (const sentence of sentencesIn(value)) found.push({ name, sentence, words: wordsOf(sentence) });
  };
  collect(JSON.parse(readFileSync(new URL(`../../calendars/words/nl/${file}`, import.meta.url), 'utf8')), '');
  return found.sort((a, b) => b.words - a.words);
}

describe.each(['page.json', 'mail.json', 'account.json', 'room.json'])('the Dutch of %s', (file) => {
  const sentences = sentencesOf(file);
  it(`has no sentence of more than ${MOST} words`, () => {
    expect(sentences.length).toBeGreaterThan(30);
    const worst = sentences.filter(({ words }) => words > MOST).map(({ name, sentence, words }) => `${words} words, ${name}: ${sentence}`);
    expect(worst).toEqual([]);
  });

  it(`has a median of at most ${MEDIAN} words in a sentence`, () => {
    const { words } = sentences[Math.floor(sentences.length / 2)]!;
    expect(words).toBeLessThanOrEqual(MEDIAN);
  });
});

it('counts words of a sentence, not of labels', () => {
  expect(sentencesIn('Kies {{who}} nu. Anders\nniet {{count}} keer!')).toEqual(['Kies … nu.', 'niet … keer!']);
});
