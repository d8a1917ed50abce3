/** Draft editions: what editors gather, several at once, of which nothing is lost and nothing is published. */
import { beforeEach, expect, it } from 'vitest';
import {
  addEntry,
  entriesOf,
  getEdition,
  listDrafts,
  openDraft,
  removeEntry,
  saveEdition,
  saveEntry,
  type Edition,
} from '../../../../db/registry/editions/drafts.ts';
import { discardDraft } from '../../../../db/registry/editions/discarding.ts';
import { readEdition } from '../../../../db/registry/editions/reading.ts';
import { StaleDraft } from '../../../../db/registry/editions/stale.ts';
import { allDeadlines } from '../../../../db/registry/deadlines.ts';
import type { Revision } from '../../../../db/registry/revisions.ts';
import type { Store } from '../../../../db/store/store.ts';
import { addDeadline, castIn, NOW } from '../../../helpers/cast.ts';
import { onBothDialects } from '../../../helpers/stores.ts';

const PLACE = { insurer: 'noord', careType: 'multidisciplinary_care', contractYear: 2025 } as const;
const [ANNA, BO] = ['person:anna', 'person:bo'];
const LATER = new Date(NOW.getTime() + 60_000);

onBothDialects('drafts', (fresh) => {
  let store: Store;
  let plan: Revision;
  beforeEach(async () => {
    store = await fresh();
    await castIn(store);
    plan = await store.write((tx) => addDeadline(tx));
  });
  const open = (by = ANNA) => store.write((tx) => openDraft(tx, { ...PLACE, by }, NOW));
  const amending = (draft: Edition, title = 'Jaarplan indienen', by = ANNA) =>
    store.write((tx) => addEntry(tx, draft.id, { act: 'amend', deadlineId: plan.id, content: { title }, by }, NOW));
  /** What became of each, in their order. */
  const settled = async (works: readonly Promise<unknown>[]) =>
    (await Promise.allSettled(works)).map((one) => (one.status === 'fulfilled' ? 'saved' : one.reason));

  it('are one for each place, however many open it at once', async () => {
    const drafts = await Promise.all([open(ANNA), open(BO), open(ANNA)]);
    expect(new Set(drafts.map(({ id }) => id)).size).toBe(1);
    const elsewhere = await store.write((tx) => openDraft(tx, { ...PLACE, contractYear: 2026, by: BO }, NOW));
    const sector = await Promise.all([0, 1].map(() => store.write((tx) => openDraft(tx, { ...PLACE, insurer: null, by: BO }, NOW))));
    expect(new Set([drafts[0].id, elsewhere.id, ...sector.map(({ id }) => id)]).size).toBe(3);
    await amending(drafts[0]);
    expect(
      (await listDrafts(store.read, { insurer: 'noord' })).map(({ edition, editedAt, entries }) => [
        edition.contractYear,
        entries,
        editedAt,
      ]),
    ).toEqual([
      [2025, 1, NOW],
      [2026, 0, null],
    ]);
    expect(await listDrafts(store.read, { insurer: null })).toHaveLength(1);
    await expect(store.write((tx) => openDraft(tx, { ...PLACE, insurer: 'west', by: BO }, NOW))).rejects.toMatchObject({
      kind: 'invalid',
      faults: [{ field: 'insurer' }],
    });
  });

  it('keep what is half written, and say what it lacks beside what stands there and stood there last year', async () => {
    const draft = await open();
    await store.write(async (tx) => {
      await addDeadline(tx, { contractYear: 2024 }, { title: 'Jaarplan 2024' });
      await addEntry(
        tx,
        draft.id,
        { act: 'amend', deadlineId: plan.id, content: { rule: { kind: 'fixed', on: '2024-11-01' } }, by: ANNA },
        NOW,
      );
      await addEntry(tx, draft.id, { act: 'enter', activity: 'signing', content: { title: 'Overeenkomst tekenen' }, by: ANNA }, NOW);
      await addEntry(tx, draft.id, { act: 'enter', by: ANNA }, NOW);
    });
    const { entries } = await readEdition(store.read, draft.id);
    expect(entries.map(({ faults, lastYear, standing }) => [standing?.title, lastYear?.title, faults.map(({ field }) => field)])).toEqual([
      ['Jaarplan met begroting indienen', 'Jaarplan 2024', ['reason', 'sources']],
      [undefined, undefined, ['rule', 'certainty', 'duty.actors']],
      [undefined, undefined, ['activity', 'title', 'rule', 'certainty', 'duty.actors']],
    ]);
    expect(entries[1]!.entry.content).toEqual({ title: 'Overeenkomst tekenen' });
    // Nothing of it counts.
    expect((await allDeadlines(store.read)).map(({ title }) => title).sort()).toEqual(['Jaarplan 2024', 'Jaarplan met begroting indienen']);
  });

  it('lose nothing when two editors save one entry at once: one saves, the other is shown what the first wrote', async () => {
    const draft = await open();
    const { entry } = await amending(draft);
    const save = (title: string, by: string) =>
      store.write((tx) =>
        saveEntry(tx, { id: entry.id, version: 1, by }, { act: 'amend', deadlineId: plan.id, content: { title } }, LATER),
      );
    const outcomes = await settled([save('Plan van Anna', ANNA), save('Plan van Bo', BO)]);
    const [stale] = outcomes.filter((one) => one !== 'saved') as StaleDraft<typeof entry>[];
    expect(outcomes.filter((one) => one === 'saved')).toHaveLength(1);
    expect(stale).toBeInstanceOf(StaleDraft);
    const [kept] = await entriesOf(store.read, draft.id);
    expect(stale!.theirs).toEqual(kept);
    expect(kept).toMatchObject({ version: 2, editedAt: LATER, editedBy: kept!.content.title === 'Plan van Anna' ? ANNA : BO });
  });

  it('say to who saves a removed entry that it is gone, and remove nothing that another wrote meanwhile', async () => {
    const draft = await open();
    const { entry } = await amending(draft);
    const save = { act: 'amend', deadlineId: plan.id, content: { title: 'Nieuw' } } as const;
    await store.write((tx) => saveEntry(tx, { id: entry.id, version: 1, by: BO }, save, LATER));
    await expect(store.write((tx) => removeEntry(tx, { id: entry.id, version: 1, by: BO }))).rejects.toMatchObject({
      theirs: { version: 2 },
    });
    await store.write((tx) => removeEntry(tx, { id: entry.id, version: 2, by: BO }));
    await store.write((tx) => removeEntry(tx, { id: entry.id, version: 2, by: BO }));
    await expect(store.write((tx) => saveEntry(tx, { id: entry.id, version: 2, by: BO }, save, LATER))).rejects.toMatchObject({
      kind: 'stale',
      theirs: null,
    });
  });

  it('keep the reason of one of two who give it at once, while others add entries', async () => {
    const draft = await open();
    const reasonOf = (reason: string) =>
      store.write((tx) => saveEdition(tx, { id: draft.id, version: 1, by: ANNA }, { reason, announcedOn: '2024-04-01' }));
    const outcomes = await settled([reasonOf('Een'), amending(draft, 'Anders', BO), reasonOf('Twee')]);
    expect(outcomes.filter((one) => one === 'saved')).toHaveLength(2);
    const [stale] = outcomes.filter((one) => one !== 'saved') as StaleDraft<Edition>[];
    expect(stale!.theirs).toEqual(await getEdition(store.read, draft.id));
    expect(await entriesOf(store.read, draft.id)).toHaveLength(1);
  });

  it('take one entry about a deadline, or of a proposal, whoever adds it twice', async () => {
    const draft = await open();
    const added = await Promise.all([amending(draft, 'Een'), amending(draft, 'Twee', BO)]);
    expect(added.map(({ isNew }) => isNew).sort()).toEqual([false, true]);
    const accept = () =>
      store.write((tx) => addEntry(tx, draft.id, { act: 'enter', activity: 'accounts', proposal: 'abc', by: ANNA }, NOW));
    await Promise.all([accept(), accept()]);
    expect((await entriesOf(store.read, draft.id)).map(({ position }) => position)).toEqual([1, 2]);
  });

  it('have another mark after every save, so that nobody publishes what he did not see', async () => {
    const draft = await open();
    const marks = [(await readEdition(store.read, draft.id)).mark];
    const note = async () => marks.push((await readEdition(store.read, draft.id)).mark);
    const { entry } = await amending(draft);
    await note();
    await store.write((tx) => saveEntry(tx, { id: entry.id, version: 1, by: BO }, { act: 'check', deadlineId: plan.id }, LATER));
    await note();
    await store.write((tx) => saveEdition(tx, { id: draft.id, version: 1, by: ANNA }, { reason: 'Daarom', announcedOn: null }));
    await note();
    await store.write((tx) => removeEntry(tx, { id: entry.id, version: 2, by: BO }));
    await note();
    expect(new Set(marks).size).toBe(5);
    expect((await readEdition(store.read, draft.id)).mark).toBe(marks[4]);
  });

  it('keep everybody who wrote any of it, also where nothing of that stands there any more', async () => {
    const draft = await open();
    const writers = async () => (await readEdition(store.read, draft.id)).writers;
    await store.write((tx) => openDraft(tx, { ...PLACE, by: 'person:reader' }, LATER));
    expect(await writers()).toEqual([ANNA]);
    const { entry } = await amending(draft, 'Een', BO);
    // Who adds what stands there already wrote nothing.
    await amending(draft, 'Een', 'person:cor');
    const save = { act: 'check', deadlineId: plan.id } as const;
    await store.write((tx) => saveEntry(tx, { id: entry.id, version: 1, by: 'person:dirk' }, save, LATER));
    await store.write((tx) => saveEdition(tx, { id: draft.id, version: 1, by: 'person:eva' }, { reason: 'Zo.', announcedOn: null }));
    await store.write((tx) => removeEntry(tx, { id: entry.id, version: 2, by: 'person:fred' }));
    expect(await writers()).toEqual([ANNA, BO, 'person:dirk', 'person:eva', 'person:fred']);
  });

  it('refuse a deadline of another insurer or year, and end when they are discarded as they were seen', async () => {
    const draft = await open();
    const other = await store.write((tx) => addDeadline(tx, { contractYear: 2026 }));
    const add = (deadlineId: string | null) => store.write((tx) => addEntry(tx, draft.id, { act: 'check', deadlineId, by: ANNA }, NOW));
    await expect(add(other.id)).rejects.toMatchObject({ kind: 'invalid', faults: [{ field: 'deadlineId' }] });
    await expect(add(null)).rejects.toMatchObject({ kind: 'invalid', faults: [{ field: 'deadlineId' }] });
    const discard = (mark: string) => store.write((tx) => discardDraft(tx, { id: draft.id, mark, by: BO }, LATER));
    const { mark: seen } = await readEdition(store.read, draft.id);
    await store.write((tx) => addEntry(tx, draft.id, { act: 'check', deadlineId: plan.id, by: ANNA }, NOW));
    await expect(discard(seen)).rejects.toMatchObject({ kind: 'stale', theirs: { entries: [{ entry: { deadlineId: plan.id } }] } });
    expect((await getEdition(store.read, draft.id)).status).toBe('draft');
    const { mark } = await readEdition(store.read, draft.id);
    await discard(mark);
    await expect(add(plan.id)).rejects.toMatchObject({ kind: 'conflict' });
    await expect(discard(mark)).rejects.toMatchObject({ kind: 'conflict' });
    expect(await getEdition(store.read, draft.id)).toMatchObject({ status: 'discarded', endedAt: LATER, endedBy: BO });
    expect((await open()).id).not.toBe(draft.id);
  });
});
