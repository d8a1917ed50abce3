import { expect, it } from 'vitest';
import { lackingIn } from '../../../calendars/editions/lacking.ts';
import type { Deadline } from '../../../calendars/deadlines/deadline.ts';
import { contentOf, identityOf } from '../../helpers/cast.ts';

function deadline(title: string, over: Partial<Deadline> = {}): Deadline {
  const days = { dueOn: '2024-10-01', lastSafeOn: '2024-10-01', precedent: null };
  const stands = { revision: 1, revisedAt: new Date(0), status: 'published', checkedOn: '2024-04-02', checkedBy: 'x' } as const;
  return { id: title, ...identityOf(), ...contentOf({ title }), ...days, ...stands, ...over };
}

const PLACE = { careType: 'multidisciplinary_care', contractYear: 2025, entries: [] } as const;
const titles = (of: Deadline[]) => of.map(({ title }) => title);

it('is what nobody stated for the year, by day, and what only the year before had', () => {
  const all = [
    deadline('gesteld'),
    deadline('verwacht', { activity: 'accounts', certainty: 'expected', dueOn: '2024-06-01', lastSafeOn: '2024-06-01' }),
    deadline('aangenomen', { activity: 'signing', certainty: 'template', careType: 'general', dueOn: '2024-05-01', lastSafeOn: null }),
    deadline('verwacht voor een andere zorgsoort', { activity: 'contract_request', certainty: 'expected', careType: 'gp_care' }),
    deadline('vervallen', { activity: 'publication', certainty: 'expected', status: 'withdrawn' }),
    deadline('vorig jaar, nu gesteld', { contractYear: 2024 }),
    deadline('vorig jaar, nu verwacht', { contractYear: 2024, activity: 'accounts' }),
    deadline('vorig jaar alleen', { contractYear: 2024, activity: 'regional_plan' }),
    deadline('vorig jaar, een andere eis', { contractYear: 2024, activity: 'contract_requirement', kind: 'requirement', key: 'a' }),
    deadline('nu iets anders', { activity: 'other', key: 'vragen' }),
    deadline('vorig jaar, hetzelfde andere', { contractYear: 2024, activity: 'other', key: 'vragen' }),
    deadline('vorig jaar, nog iets anders', { contractYear: 2024, activity: 'other', key: 'eindafrekening' }),
    deadline('vorig jaar verwacht', { contractYear: 2024, activity: 'signing', certainty: 'expected' }),
    deadline('vorig jaar, andere zorgsoort', { contractYear: 2024, activity: 'ict_readiness', careType: 'gp_care' }),
  ];
  const lacking = lackingIn(all, PLACE);
  expect(titles(lacking.unstated)).toEqual(['aangenomen', 'verwacht']);
  expect(titles(lacking.unfollowed)).toEqual(['vorig jaar alleen', 'vorig jaar, een andere eis', 'vorig jaar, nog iets anders']);
});

it('is nothing of what the edition speaks of', () => {
  const all = [
    deadline('verwacht', { activity: 'accounts', certainty: 'expected' }),
    deadline('aangenomen', { activity: 'signing', certainty: 'template' }),
    deadline('vorig jaar', { contractYear: 2024, activity: 'regional_plan' }),
  ];
  const blank = { deadlineId: null, activity: null, slot: null, requirementKey: null };
  const entries = [
    { ...blank, deadlineId: 'verwacht' },
    { ...blank, activity: 'signing' } as const,
    { ...blank, activity: 'regional_plan' } as const,
  ];
  expect(lackingIn(all, { ...PLACE, entries })).toEqual({ unstated: [], unfollowed: [] });
});
