/** What a file changes is an edition like any other: in sight at once, told after ten minutes, and taken back until then. */
import { beforeEach, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { auditAfter, verifyAudit } from '../../../db/registry/audit.ts';
import { recordCheck } from '../../../db/registry/checks.ts';
import { allDeadlines, getDeadline, listRevisions } from '../../../db/registry/deadlines.ts';
import { makeEditionsPublic } from '../../../db/registry/editions/becoming-public.ts';
import { entriesOf, getEdition } from '../../../db/registry/editions/drafts.ts';
import { readHeldDeadlines } from '../../../db/registry/editions/held.ts';
import { publishedSince } from '../../../db/registry/editions/looking.ts';
import { lookAt } from '../../../db/registry/editions/looking.ts';
import { draftAgain } from '../../../db/registry/editions/returning.ts';
import { takeBack } from '../../../db/registry/editions/taking-back.ts';
import { changesAfter } from '../../../db/registry/public/changes.ts';
import { contentOf as contentIn, type Revision } from '../../../db/registry/revisions.ts';
import { projectTimelines } from '../../../db/registry/timelines.ts';
import type { Store } from '../../../db/store/store.ts';
import { addDeadline, addInsurer, NOW } from '../../helpers/cast.ts';
import { onBothDialects } from '../../helpers/stores.ts';
import { applyText, EDITOR } from './files.ts';

const at = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);
const ANOTHER = 'person:iemand-anders';

/** A day as somebody writes it by hand. */
const dated = (over: object, on: string, more: object = {}) => ({
  contractYear: 2025,
  careType: 'multidisciplinary_care',
  activity: 'annual_plan',
  revisions: [
    {
      title: 'Jaarplan met begroting indienen',
      rule: { kind: 'fixed', on },
      boundary: 'by',
      certainty: 'stated',
      duty: { actors: ['ro'], contractStatus: 'contracted' },
      sources: [{ documentName: 'Beleid', quote: `Uiterlijk op ${on.slice(8)}-${on.slice(5, 7)}-${on.slice(0, 4)}.` }],
      ...more,
    },
  ],
  ...over,
});
const said = (one: Revision) => ({ ...contentIn(one), ...place(one), checkedOn: one.checkedOn, checkedBy: one.checkedBy });
const place = ({ careType, dueOn, lastSafeOn, origin, status }: Revision) => ({ careType, dueOn, lastSafeOn, origin, status });

onBothDialects('a file that is applied', (fresh) => {
  let store: Store;
  let plan: string;
  let signing: string;
  let report: string;
  beforeEach(async () => {
    store = await fresh();
    await store.write(async (tx) => {
      for (const slug of ['noord', 'oost']) await addInsurer(tx, slug);
      await projectTimelines(tx, 2024, at(-120));
      plan = (await addDeadline(tx, {}, {}, at(-60))).id;
      signing = (await addDeadline(tx, { activity: 'signing', careType: 'gp_care' }, { title: 'Tekenen' }, at(-60))).id;
      report = (await addDeadline(tx, { insurer: null, activity: 'csrd_report' }, { title: 'Verslag' }, at(-60))).id;
    });
  });
  const apply = (parts: readonly object[]) =>
    applyText(store, parts.map((part) => `---\n${stringify(part)}`).join(''), NOW, 'Het nieuwe beleid.');
  /** An amendment and what is new of one kind of care, a withdrawal of another, another year, another insurer, and the sector. */
  const applyMuch = async () =>
    apply([
      {
        insurer: 'noord',
        deadlines: [
          dated({ id: plan }, '2024-11-01', { announcedOn: '2024-04-01' }),
          dated({ activity: 'register_check' }, '2024-09-02', { title: 'Melden', announcedOn: '2024-04-01' }),
          dated({ id: signing, activity: 'signing', careType: 'gp_care' }, '2024-10-01', { title: 'Tekenen', status: 'withdrawn' }),
          dated({ contractYear: 2026 }, '2025-11-03'),
        ],
      },
      { insurer: 'oost', deadlines: [dated({ careType: 'general' }, '2024-12-02')] },
      { insurer: null, checked: { on: '2024-04-02', by: 'B. Jansen' }, deadlines: [await standing(report)] },
    ]);
  const standing = async (id: string) => {
    const { activity, careType, contractYear } = await getDeadline(store.read, id);
    const { conflict: _, basis: __, reportingYear: ___, strictness: ____, ...content } = contentIn(await getDeadline(store.read, id));
    const sources = content.sources.map(({ document, quote, section }) => ({ documentName: document, section, quote }));
    return {
      id,
      activity,
      careType,
      contractYear,
      revisions: [{ ...content, sources, channel: { kind: 'email', address: content.channel!.address } }],
    };
  };
  const all = async () => new Map((await allDeadlines(store.read, { withdrawnToo: true })).map((one) => [one.id, said(one)]));
  const noted = async () => {
    const { changes } = store.read.tables;
    return store.read.select().from(changes);
  };

  it('is an edition for each insurer, kind of care and contract year, which waits ten minutes and stands alone until somebody looks', async () => {
    const before = (await noted()).length;
    const { editions } = await applyMuch();
    const listed = await publishedSince(store.read, at(-1));
    expect(
      listed
        .map(({ careType, contractYear, insurerSlug }) => `${insurerSlug} ${contractYear} ${careType}`)
        .sort((a, b) => (a < b ? -1 : 1)),
    ).toEqual([
      'noord 2025 gp_care',
      'noord 2025 multidisciplinary_care',
      'noord 2026 multidisciplinary_care',
      'null 2025 multidisciplinary_care',
      'oost 2025 general',
    ]);
    for (const edition of listed)
      expect(edition).toMatchObject({
        door: 'file',
        status: 'published',
        createdBy: EDITOR.by,
        publishedBy: EDITOR.by,
        publishedAt: NOW,
        publicAt: at(10),
        reason: 'Het nieuwe beleid.',
        aloneReason: 'Overgenomen uit een bestand.',
        lookedAt: null,
      });
    expect(editions.map(({ edition, made }) => [edition.insurerSlug, edition.contractYear, made.length])).toHaveLength(5);
    const [mine] = listed.filter(
      ({ careType, contractYear, insurerSlug }) => insurerSlug === 'noord' && careType !== 'gp_care' && contractYear === 2025,
    );
    expect(mine).toMatchObject({ announcedOn: '2024-04-01' });
    expect(
      (await entriesOf(store.read, mine!.id)).map(({ act, baseRevision, position, reason }) => ({ act, baseRevision, position, reason })),
    ).toEqual([
      { act: 'amend', baseRevision: 2, position: 1, reason: 'Het nieuwe beleid.' },
      { act: 'enter', baseRevision: null, position: 2, reason: 'Het nieuwe beleid.' },
    ]);
    // In sight at once, told to nobody.
    expect(await getDeadline(store.read, plan)).toMatchObject({ dueOn: '2024-11-01', revision: 3 });
    expect((await changesAfter(store.read, { number: 0 }, 100)).filter(({ after }) => after.reason === 'Het nieuwe beleid.')).toEqual([]);
    for (const { editionId, notBefore } of (await noted()).slice(before)) {
      expect(notBefore).toEqual(at(10));
      expect(listed.map(({ id }) => id)).toContain(editionId);
    }
    const held = await readHeldDeadlines(store.read);
    for (const { made } of editions) for (const { deadline } of made) expect(held.get(deadline.id)?.until).toEqual(at(10));
    await store.write((tx) => lookAt(tx, mine!.id, ANOTHER, at(2)));
    await makeEditionsPublic(store, at(10));
    const told = (await changesAfter(store.read, { number: 0 }, 100)).filter(({ after }) => after.reason === 'Het nieuwe beleid.');
    expect(told.map(({ after, aloneReason }) => `${after.insurer} ${after.contractYear} ${after.activity} ${aloneReason}`).sort()).toEqual([
      'noord 2025 annual_plan null',
      'noord 2025 register_check null',
      'noord 2025 signing Overgenomen uit een bestand.',
      'noord 2026 annual_plan Overgenomen uit een bestand.',
      'oost 2025 annual_plan Overgenomen uit een bestand.',
    ]);
    expect(await readHeldDeadlines(store.read)).toEqual(new Map());
    const rows = (await auditAfter(store.read, { number: 0, hash: '' })).filter(({ what }) => what === 'edition');
    expect(
      rows
        .filter(({ after }) => after?.['status'] === 'published')
        .map(({ subject }) => subject)
        .sort(),
    ).toEqual(listed.map(({ id }) => id).sort());
    expect(await verifyAudit(store.read)).toMatchObject({ fault: null });
  });

  it('is taken back edition by edition, in whatever order, as if it had not been', async () => {
    const before = await all();
    const changes = (await noted()).map(({ id }) => id).sort();
    await applyMuch();
    expect(await all()).not.toEqual(before);
    for (const { id } of await publishedSince(store.read, at(-1))) await store.write((tx) => takeBack(tx, id, ANOTHER, at(5)));
    const after = await all();
    for (const [id, one] of before) expect(after.get(id), id).toEqual(one);
    for (const [id, one] of after) if (!before.has(id)) expect(one).toMatchObject({ status: 'withdrawn', origin: 'projection' });
    expect((await noted()).map(({ id }) => id).sort()).toEqual(changes);
    expect(await readHeldDeadlines(store.read)).toEqual(new Map());
    await makeEditionsPublic(store, at(10));
    expect((await changesAfter(store.read, { number: 0 }, 100)).filter(({ after: { reason } }) => reason === 'Het nieuwe beleid.')).toEqual(
      [],
    );
    // What was taken back is applied again as the same deadlines.
    const [entered] = [...after].filter(([id]) => !before.has(id) && after.get(id)!.title === 'Melden');
    await apply([{ insurer: 'noord', deadlines: [dated({ activity: 'register_check' }, '2024-09-02', { title: 'Melden' })] }]);
    expect(await getDeadline(store.read, entered![0])).toMatchObject({ status: 'published', dueOn: '2024-09-02' });
  });

  it('puts a kind of care right in an edition too, which goes back with it', async () => {
    const one = { ...(await standing(plan)), careType: 'gp_care' };
    const before = await all();
    const { editions } = await apply([{ insurer: 'noord', deadlines: [one] }]);
    expect(editions.map(({ edition, made }) => [edition.careType, made.map(({ act }) => act)])).toEqual([['gp_care', ['amend']]]);
    expect(await getDeadline(store.read, plan)).toMatchObject({ careType: 'gp_care', reason: 'Het nieuwe beleid.', dueOn: '2024-10-01' });
    expect((await apply([{ insurer: 'noord', deadlines: [one] }])).editions).toEqual([]);
    await store.write((tx) => takeBack(tx, editions[0]!.edition.id, ANOTHER, at(5)));
    expect(await all()).toEqual(before);
  });

  it('says in an edition that something was compared again, and makes none where that is known', async () => {
    const checked = { on: '2024-04-02', by: 'B. Jansen' };
    await store.write(async (tx) => void (await recordCheck(tx, await getDeadline(tx, plan), checked, at(-30), ANOTHER)));
    const parts = async () => [{ insurer: 'noord', checked, deadlines: [await standing(plan), await signed()] }];
    const signed = async () => standing(signing);
    const { editions } = await apply(await parts());
    expect(editions.flatMap(({ made }) => made.map(({ act, deadline }) => [act, deadline.id]))).toEqual([['check', signing]]);
    expect(await getDeadline(store.read, signing)).toMatchObject({ checkedBy: 'B. Jansen', revision: 2 });
    expect((await apply(await parts())).editions).toEqual([]);
    await store.write((tx) => takeBack(tx, editions[0]!.edition.id, ANOTHER, at(5)));
    expect(await getDeadline(store.read, signing)).toMatchObject({ checkedBy: 'redactie' });
  });

  it('can be a draft again once it was taken back', async () => {
    const { editions } = await applyMuch();
    const [{ edition } = { edition: null }] = editions.filter(({ made }) => made.length === 2);
    await store.write((tx) => takeBack(tx, edition!.id, ANOTHER, at(5)));
    const { edition: draft } = await store.write((tx) => draftAgain(tx, edition!.id, ANOTHER, at(6)));
    expect((await entriesOf(store.read, draft.id)).map(({ act, content }) => [act, content.rule])).toEqual([
      ['amend', { kind: 'fixed', on: '2024-11-01' }],
      ['enter', { kind: 'fixed', on: '2024-09-02' }],
    ]);
    expect(await getEdition(store.read, edition!.id)).toMatchObject({ status: 'taken_back' });
  });

  it('moves what counts from it under the same edition, once, and back with it', async () => {
    const offset = { kind: 'offset', from: { activity: 'annual_plan' }, amount: 6, unit: 'week', direction: 'after' } as const;
    const { id } = await store.write((tx) => addDeadline(tx, { activity: 'review_meeting' }, { title: 'Gesprek', rule: offset }, at(-50)));
    const meeting = await getDeadline(store.read, id);
    const { editions } = await apply([{ insurer: 'noord', deadlines: [dated({ id: plan }, '2024-11-01')] }]);
    const [edition] = editions.map((one) => one.edition);
    expect(await getDeadline(store.read, id)).toMatchObject({ dueOn: '2024-12-13', revision: 2 });
    expect((await noted()).filter(({ deadlineId, editionId }) => deadlineId === id && editionId === edition!.id)).toHaveLength(1);
    await store.write((tx) => takeBack(tx, edition!.id, ANOTHER, at(5)));
    expect(place(await getDeadline(store.read, id))).toEqual(place(meeting));
    expect((await listRevisions(store.read, id)).length).toBe(3);
  });
});
