import { expect, it } from 'vitest';
import { openSharing } from '../../../../../server/pages/desk/editions/preview/sharing.ts';

it('asks one thing at a time, the same once, and again once it failed or something else was asked', async () => {
  const sharing = openSharing<number>();
  const asked: string[] = [];
  let busy = 0;
  const ask = (key: string, isFailing = false) =>
    sharing(key, async () => {
      busy += 1;
      expect(busy).toBe(1);
      asked.push(key);
      await Promise.resolve();
      busy -= 1;
      if (isFailing) throw new Error('broke off');
      return asked.length;
    });
  expect(await Promise.all([ask('a'), ask('b'), ask('a'), ask('b')])).toEqual([1, 2, 1, 2]);
  expect(await ask('b')).toBe(2);
  expect(await ask('a')).toBe(3);
  const [failed, same, next] = await Promise.allSettled([ask('c', true), ask('c'), ask('d')]);
  expect([failed.status, same.status, next.status]).toEqual(['rejected', 'rejected', 'fulfilled']);
  expect(await ask('c')).toBe(6);
  expect(asked.join('')).toBe('abacdc');
});
