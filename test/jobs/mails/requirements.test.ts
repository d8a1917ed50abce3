import { expect, it } from 'vitest';
import { requirementsFor, requirementsIn } from '../../../calendars/agenda/requirements.ts';
import { draftOf, itemOf, render } from '../../helpers/drafts.ts';

const requirement = (insurerName: string, contractYear: number, isSecondary = false) => {
  const basis = isSecondary ? ({ kind: 'secondary_source', deadlineId: null, text: 'Memo van InEen.' } as const) : null;
  const item = itemOf({ kind: 'requirement', basis }, { insurerName });
  return { ...item, deadline: { ...item.deadline, contractYear } };
};
const ITEMS = [requirement('Zuid', 2025), requirement('Zuid', 2025), requirement('Zuid', 2022), requirement('Noord', 2022, true), itemOf()];

it('counts the requirements of each insurer in the newest contract year that has any', () => {
  expect(requirementsIn(ITEMS)).toEqual([
    { insurerName: 'Noord', contractYear: 2022, count: 1, isSecondary: true },
    { insurerName: 'Zuid', contractYear: 2025, count: 2, isSecondary: false },
  ]);
});

it('counts them before a contract is asked for or signed, of that insurer alone', () => {
  const signing = itemOf({}, { insurerName: 'Zuid' });
  const due = [{ ...signing, deadline: { ...signing.deadline, activity: 'signing' as const } }];
  expect(requirementsFor(due, ITEMS).map(({ insurerName }) => insurerName)).toEqual(['Zuid']);
  expect(requirementsFor([itemOf()], ITEMS)).toEqual([]);
});

it.each([
  [
    'nl',
    'Voor een zorgovereenkomst stellen zorgverzekeraars ook eisen. Wij kennen er 3: Noord 1 (gold voor 2022, volgens een memo van InEen; niet gecontroleerd voor 2025); Zuid 2 (voor 2025).',
  ],
  [
    'en',
    'Insurers also have requirements for a care contract. We know of 3: Noord 1 (held for 2022, according to a memo by InEen; not checked for 2025); Zuid 2 (for 2025).',
  ],
] as const)('says in one line how many there are, and for which year they held: %s', async (language, line) => {
  const { text } = await render(draftOf([], { kind: 'welcome', language, requirements: requirementsIn(ITEMS) }));
  expect(text).toContain(`\n${line}\n`);
});
