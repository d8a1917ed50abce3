/** Nothing of the two source documents is left out: every row stands in the registry with its quote, or here with the reason why not. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readRegistry } from '../../seeds/reader.ts';
import { ABSENT, ROWS } from './rows.ts';

const { deadlines, documents, insurers } = await readRegistry(join(import.meta.dirname, '../../seeds/registry'));

/** All quotes by where they stand: an insurer or the sector, and its activity or what is no entry. */
const quotes = new Map<string, string[]>();
const add = (place: string, text: string) => quotes.set(place, [...(quotes.get(place) ?? []), text]);
for (const { insurer, activity, key, revisions } of deadlines)
  for (const { content } of revisions)
    for (const { quote } of content.sources) add([insurer ?? 'sector', activity, ...(key === null ? [] : [key])].join(' '), String(quote));
for (const { slug, remarks } of insurers) for (const remark of remarks) add(`${slug} remark`, remark);
for (const { key, remarks } of documents) {
  const [slug = 'sector'] = insurers.filter((one) => key.startsWith(one.slug)).map((one) => one.slug);
  for (const remark of remarks) add(`${slug} remark`, remark);
}

it.each(ROWS)('%s stands with its quote at %s', (_, place, words) => {
  expect((quotes.get(place) ?? []).filter((text) => text.includes(words))).not.toEqual([]);
});

it('names every row: 54 of the policy, 29 of the memo, the thresholds and conditions of both, and what a reading of both added', () => {
  const rows = [...new Set([...ROWS.map(([row]) => row), ...Object.keys(ABSENT)])];
  const count = (letter: string) => rows.filter((row) => row.startsWith(letter)).length;
  expect([count('B'), count('A'), count('R'), count('C')]).toEqual([54, 29, 77, 94]);
});

it('has every requirement among the rows', () => {
  const places = new Set(ROWS.map(([, place]) => place));
  const all = [...quotes.keys()].filter((place) => place.includes(' contract_requirement '));
  expect(all.filter((place) => !places.has(place))).toEqual([]);
});
