import { expect, it } from 'vitest';
import { idAt, risingIds, type TakeIds } from '../../db/rising-ids.ts';

const NOW = new Date('2026-11-23T08:00:00.123Z');
const take = (takeIds: TakeIds, count: number) => {
  const row = takeIds(count);
  return Array.from({ length: count }, (_, n) => idAt(row, n));
};

it('gives UUIDs of version 7 that begin with the moment and sort as they were given', () => {
  const takeIds = risingIds(NOW);
  const ids = [...take(takeIds, 600), ...take(takeIds, 400)];
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(1000);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(parseInt(ids[0]!.slice(0, 13).replace('-', ''), 16)).toBe(NOW.getTime());
});

it('gives others in another run of the same moment', () => {
  const ids = [...take(risingIds(NOW), 100), ...take(risingIds(NOW), 100)];
  expect(new Set(ids).size).toBe(200);
});

it('sorts what a later moment gives behind', () => {
  const [earlier] = take(risingIds(NOW), 1);
  const [later] = take(risingIds(new Date(NOW.getTime() + 1)), 1);
  expect(later! > earlier!).toBe(true);
});
