/** An entry in one sentence: of what an insurer does itself no more is said than is known. */
import { describe, expect, it } from 'vitest';
import type { Deadline } from '../../../../calendars/deadlines/deadline.ts';
import { entrySentence } from '../../../../server/pages/dates/sentence.ts';
import { contentOf, identityOf } from '../../../helpers/cast.ts';

const UNSEEN = { kind: 'sector_rule', deadlineId: null, text: 'Regel van de NZa.', successorSeen: false } as const;

function publication(over: Partial<Deadline>): Deadline {
  const duty = { ...contentOf().duty, actors: ['insurer' as const], onBehalfOf: [] };
  const stored = { id: 'one', revision: 1, revisedAt: new Date(0), status: 'published', checkedOn: null, checkedBy: null } as const;
  const content = { ...contentOf({ title: 'Publicatie', duty }), ...identityOf({ activity: 'publication' }) };
  return { ...content, ...stored, dueOn: '2026-04-01', lastSafeOn: '2026-04-01', precedent: null, ...over };
}

const said = (over: Partial<Deadline>, today: string) => entrySentence(publication(over), 'Noord', today, 'nl');

describe('what an insurer does itself, once its day is over', () => {
  it.each([
    [{}, 'Publicatie: dat moest Noord zelf doen, uiterlijk op woensdag 1 april 2026, volgens de bron.'],
    [
      { certainty: 'expected' },
      'Publicatie: dat zou Noord zelf doen, waarschijnlijk uiterlijk op woensdag 1 april 2026, want zo was het in een eerder jaar.',
    ],
  ] as const)('is not said to be done: %j', (over, sentence) => {
    expect(said(over, '2026-04-02')).toBe(sentence);
  });
});

it('a term that is only expected probably ends so many weeks after the agreement came', () => {
  const rule = { kind: 'offset', from: { event: 'contract_received' }, amount: 6, unit: 'week', direction: 'after' } as const;
  const { duty } = contentOf();
  const term = (certainty: Deadline['certainty']) =>
    said({ title: 'Tekenen', rule, duty, certainty, dueOn: null, lastSafeOn: null }, '2026-03-01');
  expect(term('expected')).toContain('waarschijnlijk binnen 6 weken na ontvangst van de overeenkomst');
  expect(term('stated')).not.toContain('waarschijnlijk');
});

it('a rule whose successor nobody has seen bounds a day less firmly', () => {
  expect(said({ certainty: 'sector_rule', basis: UNSEEN }, '2026-03-01')).toBe(
    'Publicatie: dat doet Noord zelf, vermoedelijk uiterlijk op woensdag 1 april 2026, volgens een regel van de NZa; opvolger niet ingezien.',
  );
});
