/** What counts from another date counts from what the draft says of that: the second editor sees the day that is published. */
import { expect, it } from 'vitest';
import type { Content } from '../../../../../calendars/deadlines/deadline.ts';
import { getDeadline } from '../../../../../db/registry/deadlines.ts';
import { addEntry, entriesOf, openDraft, type EntryInput } from '../../../../../db/registry/editions/drafts.ts';
import { publishEdition } from '../../../../../db/registry/editions/publish.ts';
import { readEdition } from '../../../../../db/registry/editions/reading.ts';
import { readFacts } from '../../../../../server/pages/desk/editions/facts.ts';
import { addDeadline, castIn, contentOf } from '../../../../helpers/cast.ts';
import { at } from '../../../../helpers/reminders.ts';
import { onBothDialects } from '../../../../helpers/stores.ts';

const NOON = at('09-02T12:00');
const [ANNA, BO] = ['person:anna', 'person:bo'];
const PLACE = { insurer: 'noord', careType: 'multidisciplinary_care', contractYear: 2025 } as const;
const TWO_WEEKS = { kind: 'offset', from: { activity: 'annual_plan' }, amount: 2, unit: 'week', direction: 'after' } as const;

onBothDialects('a draft', (fresh) => {
  it.each(['amended', 'entered beside what is assumed', 'withdrawn'] as const)('counts from what it says itself, here %s', async (how) => {
    const store = await fresh();
    await castIn(store);
    const basis = { kind: 'common_rhythm', deadlineId: null, text: 'De gebruikelijke dag.' } as const;
    const assumed: Partial<Content> = how.startsWith('entered') ? { certainty: 'template', basis, sources: [] } : {};
    const plan = await store.write((tx) => addDeadline(tx, PLACE, { rule: { kind: 'fixed', on: '2024-10-01' }, ...assumed }));
    const meeting = await store.write((tx) => addDeadline(tx, { ...PLACE, activity: 'review_meeting' }, { title: 'Gesprek' }));
    const edition = await store.write((tx) => openDraft(tx, { ...PLACE, by: ANNA }, NOON));
    const sources = [{ document: 'Beleid 2025', section: '1', quote: 'Het jaarplan komt op 15 september 2024.', url: null }];
    const fixed: Partial<Content> = { rule: { kind: 'fixed', on: '2024-09-15' }, sources };
    const entry = {
      amended: { act: 'amend', deadlineId: plan.id, baseRevision: 1, content: fixed, reason: 'Eerder.' },
      'entered beside what is assumed': {
        act: 'enter',
        activity: 'annual_plan',
        content: contentOf(fixed),
        reason: null,
      },
      withdrawn: { act: 'withdraw', deadlineId: plan.id, baseRevision: 1, content: {}, reason: 'Bestaat niet.' },
    }[how];
    await store.write((tx) => addEntry(tx, edition.id, { ...(entry as EntryInput), by: ANNA }, NOON));
    const termed = sources.map((source) => ({ ...source, quote: 'Het gesprek is uiterlijk 2 weken na het jaarplan.' }));
    const counted = { rule: TWO_WEEKS, certainty: 'stated', sources: termed };
    const later = { act: 'amend', deadlineId: meeting.id, baseRevision: 1, content: counted, reason: 'Telt nu vanaf het plan.', by: ANNA };
    await store.write((tx) => addEntry(tx, edition.id, later as EntryInput & { by: string }, NOON));
    const facts = await readFacts({ read: store.read }, edition.id);
    const seen = facts!.entries.at(-1)!.foretold!.dueOn;
    expect(seen).toBe(how === 'withdrawn' ? null : '2024-09-29');
    expect(await entriesOf(store.read, edition.id)).toHaveLength(2);
    const { entries, mark } = await readEdition(store.read, edition.id);
    expect(entries.flatMap(({ faults }) => faults)).toEqual([]);
    await store.write((tx) => publishEdition(tx, edition.id, { mark, by: BO }, NOON));
    expect((await getDeadline(store.read, meeting.id)).dueOn).toBe(seen);
  });
});
