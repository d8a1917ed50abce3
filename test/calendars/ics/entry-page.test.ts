import { expect, it } from 'vitest';
import { pageOf } from '../../../calendars/ics/entry-page.ts';
import { itemOf } from '../feed-items.ts';

const AT = 'https://kalender.example/zorg';

it('is the entry’s own, in the calendar’s language', () => {
  const item = itemOf();
  expect(pageOf(item, 'nl', AT)).toBe(`${AT}/datums/${item.deadline.id}`);
  expect(pageOf(item, 'en', AT)).toBe(`${AT}/en/datums/${item.deadline.id}`);
});

it('is the list of an activity in a contract year for a group, and for a group of one that one’s own', () => {
  const { deadline } = itemOf();
  const member = { deadline, insurerName: 'Noord', arrangedBefore: [], sequence: 0, relation: null };
  expect(pageOf({ deadline, members: [member, member] }, 'nl', AT)).toBe(`${AT}/datums?activity=annual_plan&contractYear=2025`);
  expect(pageOf({ deadline, members: [member] }, 'nl', AT)).toBe(`${AT}/datums/${deadline.id}`);
});
