import { describe, expect, it } from 'vitest';
import { concernOf } from '../../../calendars/deadlines/concern.ts';
import type { Duty } from '../../../calendars/deadlines/deadline.ts';
import type { RelationStatus, Role } from '../../../calendars/terms.ts';

const duty = (actors: Duty['actors'], onBehalfOf: Duty['onBehalfOf'] = [], contractStatus: Duty['contractStatus'] = 'any'): Duty => ({
  actors,
  onBehalfOf,
  contractStatus,
  deliverable: null,
});
const party = (roles: Role[], status?: RelationStatus) => ({ roles, relations: new Map(status ? [['noord', status]] : []) });
const of = (d: Duty, p: ReturnType<typeof party>, insurer: string | null = 'noord') => concernOf({ insurer, duty: d }, p);

describe('as whom a duty concerns an organisation', () => {
  it.each([
    ['the actor itself', duty(['ro']), ['ro'], 'ro'],
    ['on whose behalf it is', duty(['ro'], ['ro', 'wsv']), ['wsv'], 'wsv'],
    ['an actor before on whose behalf', duty(['practice'], ['wsv']), ['wsv', 'practice'], 'practice'],
    ['a provider, in the role it has', duty(['provider']), ['practice'], 'practice'],
    ['a provider that is nothing else', duty(['provider']), ['provider'], 'provider'],
    ['what an insurer does itself', duty(['insurer']), ['practice'], 'informed'],
    ['a talk of insurer and RO, to the RO', duty(['insurer', 'ro']), ['ro'], 'ro'],
    ['a talk of insurer and RO, to a practice', duty(['insurer', 'ro']), ['practice'], null],
    ['somebody else’s duty', duty(['wsv']), ['practice'], null],
  ] as const)('%s', (_, d, roles, as) => {
    expect(of(d, party([...roles], 'contracted'))).toBe(as);
  });
});

describe('which contract status it is for', () => {
  it.each([
    ['contracted', 'contracted', true],
    ['contracted', 'uncontracted', false],
    ['uncontracted', 'contracted', false],
    ['uncontracted', 'uncontracted', true],
    ['contracted', 'unknown', true],
    ['uncontracted', 'unknown', true],
    ['any', 'contracted', true],
    ['any', undefined, false],
  ] as const)('a duty for %s, a relation that is %s: %s', (wanted, status, concerns) => {
    expect(of(duty(['ro'], [], wanted), party(['ro'], status)) !== null).toBe(concerns);
  });

  it('needs no relation for a duty of the whole sector', () => {
    expect(of(duty(['provider']), party(['wsv']), null)).toBe('wsv');
  });
});
