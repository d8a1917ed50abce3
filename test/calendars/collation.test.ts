import { expect, it } from 'vitest';
import { compareNames } from '../../calendars/collation.ts';

it('puts names in the order in which people look them up, capitals and accents beside the plain letter', () => {
  const names = ['Zilver', 'eno', 'CZ', 'Één', 'caresq'];
  expect(names.toSorted((a, b) => compareNames(a, b, 'nl'))).toEqual(['caresq', 'CZ', 'Één', 'eno', 'Zilver']);
});
