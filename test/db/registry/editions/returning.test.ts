/** Ways back: to what a deadline said earlier, and to a draft of what was taken back. */
import { beforeEach, expect, it } from 'vitest';
import { makeEditionsPublic } from '../../../../db/registry/editions/becoming-public.ts';
import { addEntry, openDraft, saveEdition, saveEntry } from '../../../../db/registry/editions/drafts.ts';
import { publishEdition } from '../../../../db/registry/editions/publish.ts';
import { readEdition } from '../../../../db/registry/editions/reading.ts';
import { draftAgain, returnToRevision } from '../../../../db/registry/editions/returning.ts';
import { takeBack } from '../../../../db/registry/editions/taking-back.ts';
import { amendDeadline, withdrawDeadline } from '../../../../db/registry/amending.ts';
import { allDeadlines, getDeadline } from '../../../../db/registry/deadlines.ts';
import { changesAfter } from '../../../../db/registry/public/changes.ts';
import type { Revision } from '../../../../db/registry/revisions.ts';
import type { Store } from '../../../../db/store/store.ts';
import { addDeadline, castIn, contentOf, NOW } from '../../../helpers/cast.ts';
import { onBothDialects } from '../../../helpers/stores.ts';

const [ANNA, BO] = ['person:anna', 'person:bo'];
const at = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);

onBothDialects('a way back', (fresh) => {
  let store: Store;
  let plan: Revision;
  beforeEach(async () => {
    store = await fresh();
    await castIn(store);
    plan = await store.write((tx) => addDeadline(tx, {}, {}, at(-60)));
  });
  const publish = async (id: string, now: Date) => {
    const { mark } = await readEdition(store.read, id);
    return store.write((tx) => publishEdition(tx, id, { mark, by: BO }, now));
  };
  const goBack = (revision: number) =>
    store.write((tx) => returnToRevision(tx, { deadlineId: plan.id, revision, reason: 'Het eerste klopte.', by: ANNA }, NOW));

  it('to an earlier revision is one amendment in a draft, and a new revision once it is published', async () => {
    await store.write(async (tx) => {
      await amendDeadline(tx, plan.id, { baseRevision: 1, reason: 'Anders.', title: 'Plan', extension: null }, at(-50));
      await withdrawDeadline(tx, plan.id, 'Vervallen.', at(-40));
    });
    for (const revision of [3, 2 ** 20]) await expect(goBack(revision)).rejects.toThrow(/nothing to go back to|No such revision/);
    const { edition, isNew } = await goBack(1);
    expect([isNew, (await goBack(1)).isNew]).toEqual([true, false]);
    await publish(edition.id, NOW);
    const { changeId: _, ...now } = await getDeadline(store.read, plan.id);
    expect(now).toMatchObject({ revision: 4, status: 'published', title: plan.title, dueOn: plan.dueOn, extension: plan.extension });
    await makeEditionsPublic(store, at(10));
    expect((await changesAfter(store.read, { number: 0 }, 10)).at(-1)!.after.reason).toBe('Het eerste klopte.');
  });

  it('from what was taken back is a draft of the same, which is published as the same deadlines', async () => {
    const draft = await store.write(async (tx) => {
      const edition = await openDraft(tx, { insurer: 'noord', careType: 'multidisciplinary_care', contractYear: 2025, by: ANNA }, NOW);
      const title = contentOf({ title: 'Plan toetsen' });
      await addEntry(tx, edition.id, { act: 'enter', activity: 'wsv_plan_review', content: title, by: ANNA }, NOW);
      await addEntry(tx, edition.id, { act: 'amend', deadlineId: plan.id, content: { title: 'Plan' }, reason: 'Beter.', by: ANNA }, NOW);
      return edition;
    });
    await publish(draft.id, NOW);
    await expect(store.write((tx) => draftAgain(tx, draft.id, ANNA, at(1)))).rejects.toMatchObject({ kind: 'conflict' });
    const first = await allDeadlines(store.read);
    await store.write((tx) => takeBack(tx, draft.id, BO, at(5)));
    const { edition: again } = await store.write((tx) => draftAgain(tx, draft.id, ANNA, at(6)));
    expect([again.status, again.id === draft.id]).toEqual(['draft', false]);
    expect((await readEdition(store.read, again.id)).entries.map(({ faults }) => faults)).toEqual([[], []]);
    await publish(again.id, at(7));
    const titlesById = (all: readonly Revision[]) => all.map(({ id, title }) => `${id} ${title}`).sort();
    expect(titlesById(await allDeadlines(store.read))).toEqual(titlesById(first));
    await makeEditionsPublic(store, at(17));
    const changes = (await changesAfter(store.read, { number: 0 }, 10)).slice(1);
    expect(changes.map(({ after, before }) => [before?.title ?? null, after.title]).sort()).toEqual([
      [null, 'Plan toetsen'],
      ['Jaarplan met begroting indienen', 'Plan'],
    ]);
  });

  it('from what was taken back overwrites nothing unseen that another edition changed since', async () => {
    const draft = await store.write(async (tx) => {
      const edition = await openDraft(tx, { insurer: 'noord', careType: 'multidisciplinary_care', contractYear: 2025, by: ANNA }, NOW);
      await addEntry(tx, edition.id, { act: 'amend', deadlineId: plan.id, content: { title: 'Plan' }, reason: 'Korter.', by: ANNA }, NOW);
      return edition;
    });
    await publish(draft.id, NOW);
    await store.write((tx) => takeBack(tx, draft.id, BO, at(5)));
    await store.write((tx) => amendDeadline(tx, plan.id, { baseRevision: 3, title: 'Jaarplan', reason: 'Zo heet het.' }, at(6)));
    const { edition } = await store.write((tx) => draftAgain(tx, draft.id, ANNA, at(7)));
    const { entries } = await readEdition(store.read, edition.id);
    expect(entries.map(({ faults }) => faults.map(({ field }) => field))).toEqual([['baseRevision']]);
    await expect(publish(edition.id, at(8))).rejects.toMatchObject({ kind: 'invalid' });
  });

  it('from what was taken back has it once, with its reason and day, however often it is asked for, and what the draft said stays', async () => {
    const place = { insurer: 'noord', careType: 'multidisciplinary_care', contractYear: 2025 } as const;
    const draft = await store.write(async (tx) => {
      const edition = await openDraft(tx, { ...place, by: ANNA }, NOW);
      await saveEdition(tx, { id: edition.id, version: 1, by: ANNA }, { reason: 'Nieuw beleid.', announcedOn: '2024-04-01' });
      const content = contentOf({ title: 'Plan toetsen' });
      await addEntry(tx, edition.id, { act: 'enter', activity: 'wsv_plan_review', content, by: ANNA }, NOW);
      await addEntry(tx, edition.id, { act: 'amend', deadlineId: plan.id, content: { title: 'Plan' }, by: ANNA }, NOW);
      return edition;
    });
    await publish(draft.id, NOW);
    await store.write((tx) => takeBack(tx, draft.id, BO, at(5)));
    const asked = async () => store.write((tx) => draftAgain(tx, draft.id, BO, at(6)));
    const [first, second] = [await asked(), await asked()];
    expect([first.kept, second.kept, second.edition.id]).toEqual([[], [], first.edition.id]);
    expect(second.edition).toMatchObject({ reason: 'Nieuw beleid.', announcedOn: '2024-04-01' });
    const { entries } = await readEdition(store.read, first.edition.id);
    expect(entries.map(({ entry, faults }) => [entry.act, faults])).toEqual([
      ['enter', []],
      ['amend', []],
    ]);
    // What an editor corrected in it is not written over, nor doubled.
    const [entered] = entries.map(({ entry }) => entry);
    const corrected = { act: 'enter', activity: 'wsv_plan_review', content: contentOf({ title: 'Plan nakijken' }) } as const;
    await store.write((tx) => saveEntry(tx, { id: entered!.id, version: 1, by: BO }, corrected, at(7)));
    await store.write((tx) =>
      saveEdition(tx, { id: first.edition.id, version: second.edition.version, by: BO }, { reason: 'Anders.', announcedOn: null }),
    );
    const third = await asked();
    expect(third.kept.map(({ content }) => content.title)).toEqual(['Plan nakijken']);
    expect([third.edition.reason, third.edition.announcedOn]).toEqual(['Anders.', '2024-04-01']);
    expect((await readEdition(store.read, first.edition.id)).entries.map(({ entry }) => entry.content.title)).toEqual([
      'Plan nakijken',
      'Plan',
    ]);
  });
});
