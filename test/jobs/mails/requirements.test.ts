import { expect, it } from 'vitest';
import { requirementsFor, requirementsIn } from '../../../calendars/agenda/requirements.ts';
import { draftOf, itemOf, render } from '../../helpers/drafts.ts';

/** `from`: whose document says it, where that is somebody else's than the insurer's. */
const requirement = (insurerName: string, contractYear: number, from: string | null = null) => {
  const basis = from === null ? null : ({ kind: 'secondary_source', deadlineId: null, text: `${from}.` } as const);
  const sources = [{ document: from ?? 'Beleid', section: null, quote: 'Een vaste praktijk.', url: null }];
  const item = itemOf({ kind: 'requirement', basis, sources }, { insurerName });
  return { ...item, deadline: { ...item.deadline, contractYear } };
};
const MEMO = 'Memo van InEen';
const ITEMS = [requirement('Zuid', 2025), requirement('Zuid', 2025), requirement('Zuid', 2022), requirement('Noord', 2022, MEMO), itemOf()];

it('counts the requirements of each insurer in the newest contract year that has any', () => {
  expect(requirementsIn(ITEMS)).toEqual([
    { insurerName: 'Noord', insurerKind: null, contractYear: 2022, count: 1, isByMemo: true },
    { insurerName: 'Zuid', insurerKind: null, contractYear: 2025, count: 2, isByMemo: false },
  ]);
});

it.each([
  ['all of them', [MEMO, MEMO], true],
  ['some of them only', [MEMO, null], false],
  ['none, but somebody else does', ['Tekst van Zorgverzekeraars Nederland', 'Tekst van Zorgverzekeraars Nederland'], false],
] as const)('says that a memo has them where it has %s', (_, sources, isByMemo) => {
  expect(requirementsIn(sources.map((from) => requirement('Noord', 2022, from))).map((one) => one.isByMemo)).toEqual([isByMemo]);
});

it('lists insurers as people look their names up', () => {
  const items = ['Zuid', 'a.s.r.', 'Één', 'Eno'].map((name) => requirement(name, 2025));
  expect(requirementsIn(items).map(({ insurerName }) => insurerName)).toEqual(['a.s.r.', 'Één', 'Eno', 'Zuid']);
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
    'Voor een zorgovereenkomst gelden ook eisen. Wij kennen er 3: Noord 1 (gold voor 2022, volgens een memo van InEen; niet gecontroleerd voor 2025); Zuid 2 (voor 2025).',
  ],
  [
    'en',
    'A care contract also has requirements. We know of 3: Noord 1 (held for 2022, according to a memo by InEen; not checked for 2025); Zuid 2 (for 2025).',
  ],
] as const)('says in one line how many there are, and for which year they held: %s', async (language, line) => {
  const { text } = await render(draftOf([], { kind: 'welcome', language, requirements: requirementsIn(ITEMS) }));
  expect(text).toContain(`\n${line}\n`);
});
