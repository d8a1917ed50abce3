import { describe, expect, it } from 'vitest';
import { compareInMail, daysOf, groupsOf } from '../../../calendars/agenda/groups.ts';
import type { OpenItem } from '../../../calendars/agenda/open-duties.ts';
import { itemOf } from '../../helpers/drafts.ts';

const assumed = (insurerName: string, dueOn = '2026-12-31', over: Partial<OpenItem> = {}) =>
  ({ ...itemOf({ certainty: 'template' }, { dueOn, insurerName, uid: insurerName }), ...over }) as OpenItem;
const sure = (insurerName: string, lastSafeOn: string, certainty: 'stated' | 'expected' | 'sector_rule' = 'stated') =>
  itemOf({ certainty }, { dueOn: lastSafeOn, lastSafeOn, insurerName, uid: insurerName });
const namesIn = (items: readonly OpenItem[]) => items.map(({ insurerName }) => insurerName);

describe('groups', () => {
  it('put what is only assumed of several insurers in one block, by name as a reader looks it up', () => {
    const groups = groupsOf([assumed('Zilver'), assumed('eno'), assumed('Één'), assumed('DSW')], 'nl');
    expect(groups.map(({ items }) => namesIn(items))).toEqual([['DSW', 'Één', 'eno', 'Zilver']]);
    expect(groups[0]!.isOneBlock).toBe(true);
  });

  it('give the first and the last day where days differ by a working day', () => {
    const [group] = groupsOf([assumed('A', '2027-10-01'), assumed('B', '2027-09-30'), assumed('C', '2027-10-01')], 'nl');
    expect(daysOf(group!)).toEqual({ first: '2027-09-30', last: '2027-10-01' });
  });

  it('part what differs in activity, contract year, certainty, role or holder', () => {
    const others: OpenItem[] = [
      itemOf({ certainty: 'template' }, { contractYear: 2026 }),
      itemOf({ certainty: 'expected' }),
      { ...itemOf({ certainty: 'template' }), as: 'wsv' },
      { ...itemOf({ certainty: 'template' }), organisations: [{ id: 'wsv', name: 'WSV Oost' }] },
    ];
    const plan = itemOf({ certainty: 'template' });
    const signing = { ...plan, deadline: { ...plan.deadline, activity: 'signing' as const }, relation: 'contracted' as const };
    const all = [plan, ...others, signing, { ...signing, relation: 'unknown' as const }];
    expect(groupsOf(all, 'nl').map(({ items }) => items.length)).toEqual([1, 1, 1, 1, 1, 1, 1]);
  });

  it('keep what was stated of several insurers under one heading, each with its own day', () => {
    const [group] = groupsOf([sure('Zilver', '2026-12-01'), sure('Aarde', '2026-12-31')], 'nl');
    expect(namesIn(group!.items)).toEqual(['Zilver', 'Aarde']);
    expect(group!.isOneBlock).toBe(false);
  });
});

describe('the order of mails', () => {
  const inOrder = (...items: OpenItem[]) => namesIn(items.toSorted((a, b) => compareInMail(a, b, 'nl')));

  it('puts who acts before who only has to know, however soon that is', () => {
    expect(inOrder({ ...sure('Weet', '2026-10-01'), as: 'informed' }, sure('Doet', '2026-12-31'))).toEqual(['Doet', 'Weet']);
  });

  it('puts what is assumed after all others', () => {
    expect(inOrder(assumed('Aanname', '2026-10-01'), sure('Zeker', '2026-12-31'))).toEqual(['Zeker', 'Aanname']);
  });

  it('puts the sooner first, and on one day the surer', () => {
    expect(inOrder(sure('Later', '2026-12-31'), sure('Eerder', '2026-12-30', 'expected'))).toEqual(['Eerder', 'Later']);
    expect(
      inOrder(sure('Verwacht', '2026-12-31', 'expected'), sure('Regel', '2026-12-31', 'sector_rule'), sure('Bron', '2026-12-31')),
    ).toEqual(['Bron', 'Regel', 'Verwacht']);
  });

  it('puts preferred insurers first within a day, then goes by name', () => {
    expect(inOrder(sure('B', '2026-12-31'), sure('A', '2026-12-31'), { ...sure('C', '2026-12-31'), preferred: true })).toEqual([
      'C',
      'A',
      'B',
    ]);
  });
});
