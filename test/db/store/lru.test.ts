import { expect, it } from 'vitest';
import { bounded } from '../../../db/store/lru.ts';

const held = (memory: { get(key: string): string | undefined }, keys: string) =>
  keys
    .split('')
    .filter((key) => memory.get(key) !== undefined)
    .join('');

it('lets go first what was used longest ago', () => {
  const memory = bounded<string>(3);
  for (const key of 'abc') memory.set(key, key);
  memory.get('a');
  memory.set('d', 'd');
  expect(held(memory, 'abcd')).toBe('acd');
});

it('counts by weight, and counts a value that is replaced or deleted no more', () => {
  const memory = bounded<string>(10, (value) => value.length);
  memory.set('a', 'xxxxxx');
  memory.set('a', 'xxx');
  memory.set('b', 'xxxxx');
  expect(held(memory, 'ab')).toBe('ab');
  memory.delete('b');
  memory.set('c', 'xxxxxxx');
  expect(held(memory, 'abc')).toBe('ac');
});

it('does not keep what is heavier than all it may hold', () => {
  const memory = bounded<string>(2, (value) => value.length);
  memory.set('a', 'xxx');
  expect(held(memory, 'a')).toBe('');
});
