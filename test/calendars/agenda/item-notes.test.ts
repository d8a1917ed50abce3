/** What is read beside an item, in both languages, and until when. */
import { describe, expect, it } from 'vitest';
import type { AgendaItem } from '../../../calendars/agenda/concern.ts';
import { notesOf, requestNotes } from '../../../calendars/agenda/item-notes.ts';
import type { Content, Identity } from '../../../calendars/deadlines/deadline.ts';
import { itemOf } from '../../helpers/drafts.ts';

type Over = Parameters<typeof itemOf>[1];
function itemOfActivity(
  activity: Identity['activity'],
  content: Partial<Content> = {},
  over: Over = {},
  identity: Partial<Identity> = {},
): AgendaItem {
  const item = itemOf(content, { dueOn: '2026-12-31', lastSafeOn: '2026-12-31', contractYear: 2027, ...over });
  return { ...item, deadline: { ...item.deadline, activity, ...identity } };
}

describe('signing', () => {
  it('asks first whether an agreement was offered, unless it was', () => {
    const notes = (relation: AgendaItem['relation'], content: Partial<Content> = {}) =>
      (['nl', 'en'] as const).flatMap((language) => notesOf(itemOfActivity('signing', content, { relation }), language));
    expect(notes('contracted')).toEqual([]);
    expect(notes(null)).toEqual([]);
    expect(notes('unknown')).toEqual([
      'Kreeg u een overeenkomst aangeboden? Teken die uiterlijk 31 december 2026.',
      'Were you offered an agreement? Sign it by 31 December 2026.',
    ]);
    expect(notes('uncontracted', { certainty: 'expected' })).toEqual([
      'Kreeg u een overeenkomst aangeboden? Teken die op tijd en meld de dag van ontvangst.',
      'Were you offered an agreement? Sign it in time and report the day you received it.',
    ]);
  });

  it('asks nothing of who only has to know, nor beside another duty', () => {
    expect(notesOf(itemOfActivity('signing', {}, { relation: 'unknown', as: 'informed' }), 'nl')).toEqual([]);
    expect(notesOf(itemOfActivity('annual_plan', {}, { relation: 'unknown' }), 'nl')).toEqual([]);
  });
});

describe('a day of another kind of care', () => {
  it('says whose it is', () => {
    const item = itemOfActivity('annual_plan', {}, { otherCare: 'only' }, { careType: 'gp_care' });
    expect(notesOf(item, 'nl')).toEqual(['Geldt voor huisartsenzorg; voor uw zorgsoort noemde deze verzekeraar nog geen datum.']);
    expect(notesOf(item, 'en')).toEqual(['Holds for GP care; for your kind of care this insurer has named no date yet.']);
    expect(notesOf({ ...item, otherCare: 'beside' }, 'nl')).toEqual([
      'Geldt voor huisartsenzorg; voor uw zorgsoort noemde deze verzekeraar een eigen datum.',
    ]);
  });
});

describe('a request for a contract', () => {
  const request = (over: Over = {}, content: Partial<Content> = {}) =>
    itemOfActivity('contract_request', content, { dueOn: '2026-08-31', lastSafeOn: '2026-08-31', relation: 'uncontracted', ...over });

  it('is said to be over from the day after until the end of the year before, for who may need it', () => {
    const said = 'De dag om een zorgovereenkomst 2027 aan te vragen is voorbij: Zorg en Zekerheid (31 augustus 2026).';
    for (const [today, expected] of [
      ['2026-08-31', []],
      ['2026-09-01', [said]],
      ['2026-12-31', [said]],
      ['2027-01-01', []],
    ] as const)
      expect(requestNotes([request()], today, 'nl')).toEqual(expected);
    expect(requestNotes([request({ relation: 'unknown' })], '2026-10-01', 'en')).toEqual([
      'The day to ask for a contract for 2027 is over: Zorg en Zekerheid (31 August 2026).',
    ]);
    expect(requestNotes([request({ relation: 'contracted' })], '2026-10-01', 'nl')).toEqual([]);
    expect(requestNotes([request({ completion: { completedOn: '2026-08-01', by: 'A', evidence: null } })], '2026-10-01', 'nl')).toEqual([]);
  });

  it('is one sentence for each contract year, a day that nobody stated marked', () => {
    const expected = request({ insurerName: 'Oost' }, { certainty: 'expected' });
    expect(requestNotes([expected], '2026-10-01', 'nl')).toEqual([
      'De dag om een zorgovereenkomst 2027 aan te vragen is voorbij, of vermoedelijk voorbij: Oost (verwacht: 31 augustus 2026).',
    ]);
    const assumed = request({ lastSafeOn: null, insurerName: 'Noord' }, { certainty: 'template' });
    expect(requestNotes([request({ contractYear: 2028 }), request(), assumed], '2026-10-01', 'nl')).toEqual([
      'De dag om een zorgovereenkomst 2027 aan te vragen is voorbij, of vermoedelijk voorbij: Zorg en Zekerheid (31 augustus 2026) en Noord (vermoedelijk rond 31 augustus 2026).',
      'De dag om een zorgovereenkomst 2028 aan te vragen is voorbij: Zorg en Zekerheid (31 augustus 2026).',
    ]);
  });
});
