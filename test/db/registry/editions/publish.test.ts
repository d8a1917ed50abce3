/** Publishing an edition: all of it or nothing, in sight at once, told after ten minutes, and taken back until then. */
import { isTakenBack } from '../../../../calendars/deadlines/certainty.ts';
import { beforeEach, expect, it } from 'vitest';
import type { Content } from '../../../../calendars/deadlines/deadline.ts';
import { amendAlone, enterAlone, withdrawAlone } from '../../../../db/registry/editions/alone.ts';
import { makeEditionsPublic } from '../../../../db/registry/editions/becoming-public.ts';
import { draftAgain } from '../../../../db/registry/editions/returning.ts';
import { addEntry, getEdition, openDraft, removeEntry, saveEntry, type EntryInput } from '../../../../db/registry/editions/drafts.ts';
import { lookAt, unseenEditions } from '../../../../db/registry/editions/looking.ts';
import { publishEdition } from '../../../../db/registry/editions/publish.ts';
import { readEdition } from '../../../../db/registry/editions/reading.ts';
import { takeBack } from '../../../../db/registry/editions/taking-back.ts';
import { muteDeadline, mutedBy } from '../../../../db/recipients/preferences.ts';
import { allDeadlines, getDeadline, listRevisions } from '../../../../db/registry/deadlines.ts';
import { changesAfter, newestChanges } from '../../../../db/registry/public/changes.ts';
import { recordCheck } from '../../../../db/registry/checks.ts';
import type { Revision } from '../../../../db/registry/revisions.ts';
import { projectTimelines } from '../../../../db/registry/timelines.ts';
import { verifyAudit } from '../../../../db/registry/audit.ts';
import { eq } from '../../../../db/store/drizzle.ts';
import type { Store } from '../../../../db/store/store.ts';
import { addDeadline, castIn, contentOf, identityOf, NOW } from '../../../helpers/cast.ts';
import { addConfirmed } from '../../../helpers/mail.ts';
import { onBothDialects } from '../../../helpers/stores.ts';

const PLACE = { insurer: 'noord', careType: 'multidisciplinary_care', contractYear: 2025 } as const;
const [ANNA, BO] = ['person:anna', 'person:bo'];
const API = { door: 'api', by: 'key:k1' } as const;
const at = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);
const said = ({ status, origin, certainty, dueOn, careType, checkedOn, checkedBy, title }: Revision) => ({
  status,
  origin,
  certainty,
  dueOn,
  careType,
  checkedOn,
  checkedBy,
  title,
});
const movedTo = (on: string, quote: string): Partial<Content> => ({
  rule: { kind: 'fixed', on },
  sources: [{ document: 'Beleid 2025, versie 2', section: null, quote, url: null }],
});
const OCTOBER_8 = movedTo('2024-10-08', 'Het wordt 8 oktober 2024.');

onBothDialects('publishing', (fresh) => {
  let store: Store;
  let plan: Revision;
  beforeEach(async () => {
    store = await fresh();
    await castIn(store);
    plan = await store.write((tx) => addDeadline(tx, {}, {}, at(-60)));
  });
  /** A draft of these entries, all written by Anna. */
  const drafted = async (entries: readonly EntryInput[], place: { careType?: 'gp_care'; contractYear?: number } = {}) => {
    const draft = await store.write((tx) => openDraft(tx, { ...PLACE, ...place, by: ANNA }, NOW));
    for (const entry of entries) await store.write((tx) => addEntry(tx, draft.id, { ...entry, by: ANNA }, NOW));
    return readEdition(store.read, draft.id);
  };
  const publish = async (id: string, { by = BO, now = NOW, aloneReason }: { by?: string; now?: Date; aloneReason?: string } = {}) => {
    const { mark } = await readEdition(store.read, id);
    return store.write((tx) =>
      publishEdition(tx, id, { mark, by, label: 'Bo', ...(aloneReason === undefined ? {} : { aloneReason }) }, now),
    );
  };
  const amending = (content: Partial<Content> = OCTOBER_8): EntryInput => ({
    act: 'amend',
    deadlineId: plan.id,
    content,
    reason: 'Verschoven.',
  });
  const back = (id: string, now = at(9)) => store.write((tx) => takeBack(tx, id, BO, now));
  const changesNow = async () => (await changesAfter(store.read, { number: 0 }, 100)).slice(1);
  const heldUntil = async (id: string) => {
    const { deadlines } = store.read.tables;
    return (await store.read.select().from(deadlines)).find((row) => row.id === id)!.heldUntil;
  };

  it('is in sight at once, and among the changes after ten minutes, once and in its place', async () => {
    const { edition } = await drafted([amending(), { act: 'enter', activity: 'signing', content: contentOf({ title: 'Tekenen' }) }]);
    const published = await publish(edition.id);
    expect(published).toMatchObject({ status: 'published', publishedBy: BO, publicAt: at(10), aloneReason: null });
    // Ed wrote it, whose name nobody knows here: Bo, who published it, did not compare it.
    expect(await getDeadline(store.read, plan.id)).toMatchObject({
      dueOn: '2024-10-08',
      revision: 2,
      checkedBy: 'redactie',
      changeId: null,
    });
    expect(await changesNow()).toEqual([]);
    expect(await makeEditionsPublic(store, at(9.99))).toBe(0);
    // What is public at once meanwhile comes before it.
    await store.write((tx) => addDeadline(tx, { insurer: 'oost' }, {}, at(5)));
    expect(await makeEditionsPublic(store, at(10))).toBe(2);
    expect(await makeEditionsPublic(store, at(11))).toBe(0);
    const changes = await changesNow();
    expect(changes.map(({ after, before, publicAt }) => [after.insurer, after.activity, before?.dueOn, publicAt])).toEqual(
      expect.arrayContaining([
        ['noord', 'annual_plan', '2024-10-01', at(10)],
        ['noord', 'signing', undefined, at(10)],
      ]),
    );
    expect(changes[0]!.after.insurer).toBe('oost');
    expect(changes.every(({ number }, i) => i === 0 || number > changes[i - 1]!.number)).toBe(true);
    expect((await getDeadline(store.read, plan.id)).changeId).toBe(changes.find(({ after }) => after.id === plan.id)!.id);
    expect(await heldUntil(plan.id)).toBeNull();
    await expect(back(edition.id, at(11))).rejects.toMatchObject({ kind: 'conflict' });
  });

  it('gives each number once when two processes make it public, and never one that is taken back at that moment', async () => {
    const { edition } = await drafted([amending()]);
    await publish(edition.id);
    const [a, b, taken] = await Promise.allSettled([
      makeEditionsPublic(store, at(10)),
      makeEditionsPublic(store, at(10)),
      // Its clock is slow.
      back(edition.id, at(9.9)),
    ]);
    const made = [a, b].map((one) => (one.status === 'fulfilled' ? one.value : one.reason));
    const isTaken = taken.status === 'fulfilled';
    expect([isTaken, made[0] + made[1], (await changesNow()).length]).toEqual([isTaken, isTaken ? 0 : 1, isTaken ? 0 : 1]);
    expect((await getDeadline(store.read, plan.id)).dueOn).toBe(isTaken ? '2024-10-01' : '2024-10-08');
  });

  it('is not taken back once it is public, whatever time the one who takes it back thinks it is', async () => {
    const { edition } = await drafted([amending()]);
    await publish(edition.id);
    await makeEditionsPublic(store, at(10));
    await expect(back(edition.id, new Date(at(10).getTime() - 1))).rejects.toMatchObject({ kind: 'conflict' });
    expect((await changesNow()).map(({ after }) => [after.revision, after.reason])).toEqual([[2, 'Verschoven.']]);
    expect(await getDeadline(store.read, plan.id)).toMatchObject({ dueOn: '2024-10-08', revision: 2 });
  });

  it('publishes all or nothing, says every fault by its entry, and nothing that was not seen', async () => {
    const half = { act: 'enter', activity: 'signing', content: { title: 'Tekenen' } } as const;
    const { edition, entries, mark } = await drafted([{ ...amending(), reason: null }, half]);
    await expect(publish(edition.id)).rejects.toMatchObject({
      kind: 'invalid',
      faults: ['entries.0.reason', 'entries.1.rule', 'entries.1.certainty', 'entries.1.duty.actors'].map((field) => ({ field })),
    });
    expect((await getEdition(store.read, edition.id)).status).toBe('draft');
    await store.write((tx) => addEntry(tx, edition.id, { act: 'enter', activity: 'accounts', by: BO }, NOW));
    await expect(store.write((tx) => publishEdition(tx, edition.id, { mark, by: BO }, NOW))).rejects.toMatchObject({ kind: 'stale' });
    expect(entries).toHaveLength(2);
    const empty = await drafted([], { contractYear: 2026 });
    await expect(publish(empty.edition.id)).rejects.toMatchObject({ faults: [{ field: 'entries' }] });
  });

  it('names the entry that rests on a deadline which is none', async () => {
    const basis = { kind: 'computation' as const, deadlineId: '00000000-0000-4000-8000-000000000000', text: 'Berekend.' };
    const { edition } = await drafted([amending({ ...OCTOBER_8, basis })]);
    await expect(publish(edition.id)).rejects.toMatchObject({ kind: 'invalid', faults: [{ field: 'entries.0.basis.deadlineId' }] });
    expect((await getDeadline(store.read, plan.id)).revision).toBe(1);
  });

  it('needs a second person, or a reason that stays until another editor has looked', async () => {
    const { edition } = await drafted([amending()]);
    await expect(publish(edition.id, { by: ANNA })).rejects.toMatchObject({ kind: 'invalid', faults: [{ field: 'aloneReason' }] });
    await publish(edition.id, { by: ANNA, aloneReason: 'Bo is ziek.' });
    await makeEditionsPublic(store, at(10));
    expect((await changesNow()).map(({ aloneReason }) => aloneReason)).toEqual(['Bo is ziek.']);
    expect((await unseenEditions(store.read)).map(({ id }) => id)).toEqual([edition.id]);
    await expect(store.write((tx) => lookAt(tx, edition.id, ANNA, at(20)))).rejects.toMatchObject({ kind: 'forbidden' });
    await store.write((tx) => lookAt(tx, edition.id, BO, at(20)));
    expect(await store.write((tx) => lookAt(tx, edition.id, BO, at(30)))).toMatchObject({ lookedAt: at(20), lookedBy: BO });
    expect((await changesNow()).map(({ aloneReason }) => aloneReason)).toEqual([null]);
    expect(await unseenEditions(store.read)).toEqual([]);
    expect(await verifyAudit(store.read)).toMatchObject({ fault: null });
  });

  it('needs another than whoever wrote any of it, and of what is drafted again whoever wrote it first', async () => {
    const { edition, entries } = await drafted([
      amending(),
      { act: 'enter', activity: 'signing', content: contentOf({ title: 'Tekenen' }) },
    ]);
    const [first, second] = entries.map(({ entry }) => entry);
    const CY = 'person:cy';
    await store.write((tx) => removeEntry(tx, { id: second!.id, version: 1, by: CY }));
    await store.write((tx) => saveEntry(tx, { id: first!.id, version: 1, by: BO }, amending(), NOW));
    for (const by of [ANNA, BO, CY])
      await expect(publish(edition.id, { by })).rejects.toMatchObject({ faults: [{ field: 'aloneReason' }] });
    await publish(edition.id, { by: 'person:dee' });
    await back(edition.id);
    const { edition: again } = await store.write((tx) => draftAgain(tx, edition.id, 'person:eef', at(9)));
    for (const by of [ANNA, BO, CY, 'person:eef'])
      await expect(publish(again.id, { by })).rejects.toMatchObject({ faults: [{ field: 'aloneReason' }] });
    expect(await publish(again.id, { by: 'person:dee' })).toMatchObject({ aloneReason: null });
  });

  it('is taken back as if it had not been, and told to nobody; the history keeps both', async () => {
    const accounts = await store.write((tx) => addDeadline(tx, { activity: 'accounts' }, { title: 'Verantwoording' }, at(-60)));
    const talk = await store.write((tx) => addDeadline(tx, { activity: 'review_meeting' }, {}, at(-60)));
    const before = [plan, accounts, talk].map(said);
    const { edition } = await drafted([
      amending(),
      { act: 'withdraw', deadlineId: accounts.id, reason: 'Vervallen.' },
      { act: 'check', deadlineId: talk.id },
      { act: 'enter', activity: 'wsv_plan_review', content: contentOf({ title: 'Plan toetsen' }) },
    ]);
    await publish(edition.id, { now: new Date('2024-04-03T10:00:00Z') });
    expect((await getDeadline(store.read, talk.id)).checkedOn).toBe('2024-04-03');
    const taken = await back(edition.id, new Date('2024-04-03T10:09:00Z'));
    expect(taken).toMatchObject({ status: 'taken_back', endedBy: BO });
    const after = await Promise.all([plan, accounts, talk].map(async ({ id }) => said(await getDeadline(store.read, id))));
    expect(after).toEqual(before);
    expect((await listRevisions(store.read, plan.id)).map(({ dueOn, reason }) => [dueOn, reason])).toEqual([
      ['2024-10-01', null],
      ['2024-10-08', 'Verschoven.'],
      ['2024-10-01', 'Teruggenomen: hier staat weer wat er eerder stond.'],
    ]);
    const entered = (await allDeadlines(store.read, { withdrawnToo: true })).find(({ activity }) => activity === 'wsv_plan_review')!;
    expect(isTakenBack(entered)).toBe(true);
    const { changes } = store.read.tables;
    expect((await store.read.select().from(changes)).filter(({ editionId }) => editionId !== null)).toEqual([]);
    await makeEditionsPublic(store, at(60 * 24 * 2));
    expect((await changesNow()).map(({ after }) => after.reason)).toEqual([null, null]);
    await expect(back(edition.id)).rejects.toMatchObject({ kind: 'conflict' });
  });

  it('leaves what another editor compared with its document meanwhile as compared', async () => {
    const talk = await store.write((tx) => addDeadline(tx, { activity: 'review_meeting' }, {}, at(-60)));
    const accounts = await store.write((tx) => addDeadline(tx, { activity: 'accounts' }, { title: 'Verantwoording' }, at(-60)));
    const { edition } = await drafted([
      amending(),
      { act: 'check', deadlineId: talk.id },
      { act: 'withdraw', deadlineId: accounts.id, reason: 'Weg.' },
    ]);
    await publish(edition.id, { now: new Date('2024-04-03T10:00:00Z') });
    const compare = async (id: string) =>
      store.write(async (tx) =>
        recordCheck(tx, await getDeadline(tx, id), { on: '2024-04-03', by: 'Cor' }, new Date('2024-04-03T10:05:00Z'), 'person:cor'),
      );
    for (const { id } of [plan, talk, accounts]) await compare(id);
    await back(edition.id, new Date('2024-04-03T10:09:00Z'));
    for (const { id } of [plan, talk, accounts])
      expect(await getDeadline(store.read, id)).toMatchObject({ status: 'published', checkedOn: '2024-04-03', checkedBy: 'Cor' });
  });

  it('projects again what it retired, with its kind of care and what was waved away', async () => {
    const { ro } = await store.write(async (tx) => {
      await projectTimelines(tx, 2024, at(-60));
      const { organisations } = tx.tables;
      return { ro: (await tx.select().from(organisations)).find(({ name }) => name === 'Regio Zuid')! };
    });
    const [assumed] = (await allDeadlines(store.read, { insurers: ['noord'] })).filter(
      ({ activity, contractYear }) => activity === 'signing' && contractYear === 2026,
    );
    const reader = await addConfirmed(store, ro.id, at(-50));
    await store.write((tx) => muteDeadline(tx, reader.id, assumed!.id, at(-40)));
    const content = contentOf({
      title: 'Overeenkomst 2026 tekenen',
      rule: { kind: 'fixed', on: '2025-12-15' },
      sources: [{ document: 'Beleid 2026', section: null, quote: 'uiterlijk 15 december 2025', url: null }],
    });
    const enter = (now: Date) =>
      store.write((tx) =>
        enterAlone(
          tx,
          {
            identity: identityOf({ contractYear: 2026, activity: 'signing', careType: 'gp_care' }),
            content,
            reason: null,
            announcedOn: null,
          },
          API,
          now,
        ),
      );
    const { deadline, isNew } = await enter(NOW);
    expect([deadline.id, deadline.careType, isNew]).toEqual([assumed!.id, 'gp_care', false]);
    const [edition] = await unseenEditions(store.read);
    await back(edition!.id);
    expect(said(await getDeadline(store.read, assumed!.id))).toEqual(said(assumed!));
    const { audit } = store.read.tables;
    const rows = await store.read.select().from(audit).where(eq(audit.subject, assumed!.id));
    const careTypes = [{ careType: 'gp_care' }, { careType: assumed!.careType }];
    expect(rows.map(({ after, before, by }) => [by, before, after])).toContainEqual([BO, ...careTypes]);
    expect(await mutedBy(store.read, reader.id)).toEqual([assumed!.id]);
    expect(await store.write((tx) => projectTimelines(tx, 2024, at(20)))).toBe(0);
    // Published again it is the same entry, and now heard of.
    expect((await enter(at(30))).deadline.id).toBe(assumed!.id);
    await makeEditionsPublic(store, at(40));
    expect(await mutedBy(store.read, reader.id)).toEqual([]);
    expect((await newestChanges(store.read, {}, 1)).map(({ after }) => after.careType)).toEqual(['gp_care']);
  });

  it('retires what was expected also where the document names no date, and expects it again when it is taken back', async () => {
    await store.write((tx) => projectTimelines(tx, 2024, at(-60)));
    const expected = (await allDeadlines(store.read, { insurers: ['noord'] })).find(
      ({ activity, certainty, contractYear }) => activity === 'annual_plan' && certainty === 'expected' && contractYear === 2026,
    )!;
    const content = contentOf({
      title: 'Jaarplan 2026 indienen',
      rule: { kind: 'none' },
      boundary: null,
      certainty: 'unknown',
      conflict: null,
      sources: [{ document: 'Beleid 2026', section: null, quote: 'Het jaarplan dient u tijdig in.', url: null }],
    });
    const entry = { act: 'enter', activity: 'annual_plan', content } as const;
    const { edition, entries } = await drafted([entry], { contractYear: 2026 });
    expect(entries.map(({ faults, standing }) => [standing?.id, faults])).toEqual([[expected.id, []]]);
    await publish(edition.id);
    expect(await getDeadline(store.read, expected.id)).toMatchObject({
      certainty: 'unknown',
      dueOn: null,
      title: 'Jaarplan 2026 indienen',
    });
    await back(edition.id);
    expect(said(await getDeadline(store.read, expected.id))).toEqual(said(expected));
    // What is entered in the place of what a document says, or as what nobody says, is told to amend that one.
    const { edition: over } = await drafted([{ ...entry, content: { ...content, certainty: 'expected' } }], { contractYear: 2026 });
    expect((await readEdition(store.read, over.id)).entries[0]!.faults).toContainEqual({
      field: 'activity',
      message: 'has an entry already; amend that one',
    });
  });

  it('is not taken back where the place is taken by now that an assumption had', async () => {
    await store.write((tx) => projectTimelines(tx, 2024, at(-60)));
    const [assumed] = (await allDeadlines(store.read, { insurers: ['noord'] })).filter(
      ({ activity, contractYear }) => activity === 'signing' && contractYear === 2026,
    );
    const enter = async (careType: Revision['careType'], now: Date) => {
      const identity = identityOf({ contractYear: 2026, activity: 'signing', careType });
      const sources = [{ document: 'Beleid 2026', section: null, quote: 'uiterlijk 15 december 2025', url: null }];
      const content = contentOf({ title: 'Tekenen', rule: { kind: 'fixed', on: '2025-12-15' }, sources });
      await store.write((tx) => enterAlone(tx, { identity, content, reason: null, announcedOn: null }, API, now));
      return (await unseenEditions(store.read)).find(({ publishedAt }) => publishedAt!.getTime() === now.getTime())!.id;
    };
    const first = await enter('gp_care', NOW);
    await enter(assumed!.careType, at(1));
    await expect(back(first, at(2))).rejects.toMatchObject({ kind: 'conflict' });
    expect(await getDeadline(store.read, assumed!.id)).toMatchObject({ careType: 'gp_care', revision: 2 });
  });

  it('enters again what was entered and taken back, as the same deadline and new to everybody', async () => {
    const content = contentOf({ title: 'Tekenen' });
    const input = { identity: identityOf({ activity: 'wsv_plan_review' }), content, reason: null, announcedOn: null };
    const enter = (now: Date) => store.write((tx) => enterAlone(tx, input, API, now));
    const first = await enter(NOW);
    await back((await unseenEditions(store.read))[0]!.id);
    const again = await enter(at(20));
    expect([again.deadline.id, again.isNew]).toEqual([first.deadline.id, true]);
    await makeEditionsPublic(store, at(30));
    expect((await changesNow()).map(({ after, before }) => [before, after.status])).toEqual([[null, 'published']]);
  });

  it('is taken back in the reverse order where editions follow each other', async () => {
    const amend = (baseRevision: number, content: Partial<Content>, now: Date) =>
      store.write((tx) => amendAlone(tx, plan.id, { baseRevision, reason: 'Verschoven.', prove: true, ...content }, API, now));
    await amend(1, OCTOBER_8, NOW);
    await amend(2, movedTo('2024-10-15', 'Het wordt 15 oktober 2024.'), at(1));
    const [first, second] = await unseenEditions(store.read);
    await expect(back(first!.id, at(2))).rejects.toMatchObject({ kind: 'conflict', faults: [{ field: 'entries.0' }] });
    await back(second!.id, at(2));
    expect([(await getDeadline(store.read, plan.id)).dueOn, await heldUntil(plan.id)]).toEqual(['2024-10-08', at(10)]);
    await back(first!.id, at(3));
    expect([(await getDeadline(store.read, plan.id)).dueOn, await heldUntil(plan.id)]).toEqual(['2024-10-01', null]);
  });

  it('becomes public in the order of its revisions where editions of one deadline were published at the same moment', async () => {
    for (const n of [1, 2, 3, 4, 5])
      await store.write((tx) => amendAlone(tx, plan.id, { baseRevision: n, reason: 'Anders.', title: `Plan ${n}` }, API, NOW));
    expect(await makeEditionsPublic(store, at(10))).toBe(5);
    expect((await changesNow()).map(({ after, before }) => [before?.revision, after.revision])).toEqual(
      [1, 2, 3, 4, 5].map((n) => [n, n + 1]),
    );
  });

  it('withdraws what is withdrawn already without an edition, and needs no reason why it came alone by a program', async () => {
    const withdraw = () => store.write((tx) => withdrawAlone(tx, plan.id, 'Vervallen.', API, NOW));
    await withdraw();
    await withdraw();
    expect((await unseenEditions(store.read)).map(({ aloneReason, door }) => [door, aloneReason])).toEqual([
      ['api', 'Ingevoerd door een programma met een sleutel van de redactie.'],
    ]);
  });
});
