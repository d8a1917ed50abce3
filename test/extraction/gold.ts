/** What people read in the source documents, and where it stands in a text: a sentence is known by its digest, so that a text that lost it has none. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Kind } from '../../calendars/terms.ts';

export interface GoldRow {
  id: string;
  class: 'A' | 'B' | 'C' | 'D' | 'E' | 'undated';
  /** Null where it is no entry: an amendment's day. */
  kind: Kind | null;
  /** As `valueOf` writes it; null where there is none to be had. */
  value: string | null;
  words: number;
  digest: string;
}

/** Characters of a text. */
export interface Span {
  from: number;
  to: number;
}

interface Gold {
  file: string;
  rows: GoldRow[];
}

export function readGold(): Gold[] {
  return readYaml('./gold.yaml');
}

/** Policies of insurers that do not exist, with their gold, by people who had not seen the grammar: nothing may be tuned on them. */
export function readHeldBack(): { file: string; text: string; rows: GoldRow[] }[] {
  return readYaml('./held-back/gold.yaml').map(({ file, rows }) => ({
    file,
    rows,
    text: readFileSync(new URL(`./held-back/${file}`, import.meta.url), 'utf8'),
  }));
}

const readYaml = (path: string) => parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as Gold[];

/** Every place where a row's sentence stands in a text, word for word; none where a word of it changed. */
export function locate(rows: readonly GoldRow[], text: string): Map<string, Span[]> {
  const words = [...text.matchAll(/\S+/g)].map(({ 0: word, index }) => ({ word, from: index, to: index + word.length }));
  const byLength = Map.groupBy(rows, (row) => row.words);
  const places = new Map<string, Span[]>(rows.map(({ id }) => [id, []]));
  for (const [length, some] of byLength) {
    const byDigest = Map.groupBy(some, ({ digest }) => digest);
    for (let i = 0; i + length <= words.length; i++) {
      const window = words.slice(i, i + length);
      const found = byDigest.get(digestOf(window.map(({ word }) => word).join(' '))) ?? [];
      for (const { id } of found) places.get(id)!.push({ from: window[0]!.from, to: window.at(-1)!.to });
    }
  }
  return places;
}

const digestOf = (sentence: string) => createHash('sha256').update(sentence).digest('hex').slice(0, 16);
