import { describe, expect, it } from 'vitest';
import { concernOf, type Party } from '../../../calendars/agenda/concern.ts';
import { preferredAmong } from '../../../calendars/agenda/leading.ts';
import type { Duty } from '../../../calendars/deadlines/deadline.ts';
import type { Activity, Certainty, RelationStatus, Role } from '../../../calendars/terms.ts';

const duty = (actors: Duty['actors'], onBehalfOf: Duty['onBehalfOf'] = [], contractStatus: Duty['contractStatus'] = 'any'): Duty => ({
  actors,
  onBehalfOf,
  contractStatus,
  deliverable: null,
});
const party = (roles: Role[], status?: RelationStatus): Party => ({
  roles,
  relations: new Map(status ? [['noord', status]] : []),
  preferred: null,
  terms: new Map(),
});
const of = (d: Duty, p: Party, insurer: string | null = 'noord') =>
  concernOf({ insurer, duty: d, activity: 'annual_plan', certainty: 'stated', contractYear: 2025 }, p);

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

describe('plans and accounts that nobody stated', () => {
  const asks = (activity: Activity, certainty: Certainty, over: Partial<Party>, status: RelationStatus = 'contracted') =>
    concernOf({ insurer: 'noord', duty: duty(['ro']), activity, certainty, contractYear: 2025 }, { ...party(['ro'], status), ...over }) ===
    'ro';

  it.each(['accounts', 'annual_plan'] as const)('concern whom the insurer leads for, or nobody knows for whom: %s', (activity) => {
    for (const certainty of ['expected', 'template'] as const) {
      expect(asks(activity, certainty, { preferred: new Set(['noord']) })).toBe(true);
      expect(asks(activity, certainty, { preferred: new Set(['oost']) })).toBe(false);
      expect(asks(activity, certainty, { preferred: null })).toBe(true);
      expect(asks(activity, certainty, { preferred: null }, 'unknown')).toBe(true);
      expect(asks(activity, certainty, { preferred: new Set(['noord']) }, 'uncontracted')).toBe(false);
    }
  });

  it('concern everybody once they are stated, and nothing else hangs on who leads', () => {
    expect(asks('annual_plan', 'stated', { preferred: new Set(['oost']) })).toBe(true);
    expect(asks('accounts', 'stated', {}, 'uncontracted')).toBe(true);
    expect(asks('signing', 'template', { preferred: new Set(['oost']) })).toBe(true);
  });

  it('go by what the organisation named, else by what its RO named', () => {
    expect(preferredAmong(['noord'], ['oost'])).toEqual(new Set(['noord']));
    expect(preferredAmong([], ['oost'])).toEqual(new Set(['oost']));
    expect(preferredAmong([], [])).toBeNull();
  });
});

describe('for whom an agreement runs on', () => {
  const terms = new Map([['noord', [{ careType: 'gp_care' as const, first: 2025, last: 2027 }]]]);
  const concerns = (role: Role, activity: Activity, contractYear: number, certainty: Certainty = 'template') =>
    concernOf(
      { insurer: 'noord', duty: duty(['provider']), activity, certainty, contractYear },
      { ...party([role], 'contracted'), terms },
    ) !== null;

  it('has nothing to sign, nor to read, but for what the insurer says so itself', () => {
    for (const activity of ['signing', 'publication'] as const) {
      expect(concerns('practice', activity, 2026)).toBe(false);
      expect(concerns('practice', activity, 2026, 'stated')).toBe(true);
      for (const year of [2025, 2028]) expect(concerns('practice', activity, year)).toBe(true);
      expect(concerns('ro', activity, 2026)).toBe(true);
    }
    expect(concerns('practice', 'accounts', 2026)).toBe(true);
    expect(concerns('provider', 'signing', 2026)).toBe(true);
  });
});
