import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { wordsIn } from '../../calendars/words.ts';

const folder = new URL('../../calendars/words/', import.meta.url);

/** Every text of a language by its place and name, with the values that it wants. */
function textsOf(language: string): Map<string, string[]> {
  const texts = new Map<string, string[]>();
  const collect = (value: unknown, path: string) => {
    if (typeof value === 'string') texts.set(path, [...new Set([...value.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name!))].sort());
    else for (const [key, part] of Object.entries(value as object)) collect(part, `${path}.${key}`);
  };
  for (const file of readdirSync(new URL(`${language}/`, folder))) {
    collect(JSON.parse(readFileSync(new URL(`${language}/${file}`, folder), 'utf8')), file);
  }
  return texts;
}

it('says everything in both languages, with the same values in it', () => {
  const [dutch, english] = [textsOf('nl'), textsOf('en')];
  expect(dutch.size).toBeGreaterThan(80);
  // What editors alone read.
  for (const name of dutch.keys()) if (/^(desk|edition|papers)\.json/.test(name)) dutch.delete(name);
  expect([...english.keys()].sort()).toEqual([...dutch.keys()].sort());
  for (const [name, values] of dutch) expect(english.get(name), name).toEqual(values);
});

it('fails on a text that is not there, instead of showing its name', () => {
  expect(() => wordsIn('nl')('page:home.nothing')).toThrow('no words for');
});
