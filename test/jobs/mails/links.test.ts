import { expect, it } from 'vitest';
import { datesUrl } from '../../../jobs/mails/links.ts';

const HOME = 'https://inkoop.example';
const related = (insurerSlug: string, contractStatus: 'contracted' | 'uncontracted' | 'unknown') => ({ insurerSlug, contractStatus });

it.each([
  [
    'of one role and one status',
    ['ro'],
    [related('cz', 'contracted'), related('vgz', 'contracted')],
    '?role=ro&insurer=cz,vgz&contractStatus=contracted',
  ],
  ['of several roles', ['ro', 'practice'], [related('cz', 'uncontracted')], '?insurer=cz&contractStatus=uncontracted'],
  ['with another status at each', ['wsv'], [related('cz', 'contracted'), related('vgz', 'unknown')], '?role=wsv&insurer=cz,vgz'],
  ['who does not know', ['provider'], [related('cz', 'unknown')], '?role=provider&insurer=cz'],
  ['of whom nothing is said', [], [], ''],
] as const)('leads a reader %s to the dates that are chosen so', (_, roles, relations, query) => {
  expect(datesUrl(HOME, { language: 'nl', roles, relations, isWithAll: false })).toBe(`${HOME}/datums${query}`);
  expect(datesUrl(HOME, { language: 'en', roles, relations, isWithAll: false })).toBe(`${HOME}/en/datums${query}`);
});

it('leads who deals with every insurer to the dates of all', () => {
  const relations = [related('cz', 'contracted'), related('vgz', 'contracted')];
  expect(datesUrl(HOME, { language: 'nl', roles: ['ro'], relations, isWithAll: true })).toBe(
    `${HOME}/datums?role=ro&contractStatus=contracted`,
  );
});
