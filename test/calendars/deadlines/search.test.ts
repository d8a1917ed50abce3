import { expect, it } from 'vitest';
import type { Deadline } from '../../../calendars/deadlines/deadline.ts';
import { matching } from '../../../calendars/deadlines/search.ts';
import { contentOf, identityOf } from '../../helpers/cast.ts';

const NAMES: Record<string, string[]> = { noord: ['a.s.r.', 'Coöperatie Noord', 'N&N'], zuid: ['Zuid'] };

const entry = (over: Partial<Deadline> = {}) => ({ id: 'x', ...identityOf(), ...contentOf(), ...over }) as Deadline;
const finds = (words: string, over: Partial<Deadline> = {}) => matching(words, (insurer) => NAMES[insurer] ?? [])(entry(over));

it.each([
  'RSV',
  'zorggroep',
  'RHO',
  'ro',
  'WSV',
  'jaarplan',
  'JAARPLAN  begroting',
  'cooperatie',
  'Coöperatie',
  'asr',
  'a.s.r',
  'n&n',
  '2025',
  'annual plan',
  'werkplan',
  '',
])('finds an annual plan by "%s"', (words) => expect(finds(words)).toBe(true));

it.each(['zuid', 'huisarts', 'jaarplan zuid', '2024', 'tekenen', 'or', 'r', '!!! nergens'])('does not find it by "%s"', (words) =>
  expect(finds(words)).toBe(false),
);

it('finds what is called otherwise by what people call it', () => {
  expect(finds('handtekening', { activity: 'signing', title: 'Ondertekenen' })).toBe(true);
  expect(finds('vecozo', { activity: 'certificate_request', title: 'Certificaat aanvragen' })).toBe(true);
  expect(finds('voorwaarde zuid', { activity: 'contract_requirement', insurer: 'zuid' })).toBe(true);
  expect(finds('jaarrekening', { activity: 'accounts', insurer: null })).toBe(true);
});
