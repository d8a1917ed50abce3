/** What becomes of an assumption when the insurer names its day: one entry through both, and nothing that was waved away stays silent. */
import { beforeEach, expect, it } from 'vitest';
import type { Content } from '../../../calendars/deadlines/deadline.ts';
import { readAgenda } from '../../../db/organisations/agenda.ts';
import { complete } from '../../../db/organisations/completions.ts';
import { muteDeadline, mutedBy } from '../../../db/recipients/preferences.ts';
import { createDeadline } from '../../../db/registry/amending.ts';
import { allDeadlines, getDeadline, listRevisions } from '../../../db/registry/deadlines.ts';
import { amendAlone } from '../../../db/registry/editions/alone.ts';
import { unseenEditions } from '../../../db/registry/editions/looking.ts';
import { takeBack } from '../../../db/registry/editions/taking-back.ts';
import { projectTimelines } from '../../../db/registry/timelines.ts';
import type { Store } from '../../../db/store/store.ts';
import { loadRegistry } from '../../../seeds/loader.ts';
import { EDITOR_KEY, appFor } from '../../helpers/app.ts';
import { addDeadline, castIn, contentOf, identityOf, NOW } from '../../helpers/cast.ts';
import { addConfirmed } from '../../helpers/mail.ts';
import { onBothDialects } from '../../helpers/stores.ts';

const LATER = new Date(NOW.getTime() + 60_000);
const DONE = { completedOn: '2024-04-02', by: 'Anna', evidence: null };
const quoting = (day: string) => [{ document: 'Beleid 2026', section: '6.3', quote: `uiterlijk ${day}`, url: null }];
const stated = (over: Partial<Content> = {}): Content =>
  contentOf({
    title: 'Overeenkomst 2026 tekenen',
    rule: { kind: 'fixed', on: '2025-12-15' },
    duty: { actors: ['provider'], onBehalfOf: [], contractStatus: 'any', deliverable: null },
    sources: quoting('15 december 2025'),
    ...over,
  });
const PLACE = { contractYear: 2026, activity: 'signing' as const };

onBothDialects('a date that becomes stated', (fresh) => {
  let store: Store;
  let cast: Awaited<ReturnType<typeof castIn>>;
  beforeEach(async () => {
    store = await fresh();
    cast = await castIn(store);
  });
  const project = () => store.write((tx) => projectTimelines(tx, 2024, NOW));
  const entries = async (activity: string) =>
    (await allDeadlines(store.read, { insurers: ['noord'], fromContractYear: 2026 })).filter((one) => one.activity === activity);
  const enter = (content: Content, careType: 'gp_care' | 'multidisciplinary_care' = 'gp_care', now = LATER) =>
    store.write((tx) =>
      createDeadline(tx, { identity: identityOf({ ...PLACE, careType }), content, reason: 'Bekendgemaakt.', announcedOn: null }, now),
    );
  const itemFor = async (id: string) =>
    (await readAgenda(store.read, id)).find(({ deadline }) => deadline.activity === 'signing' && deadline.contractYear === 2026)!;

  it('is the next revision of the assumption, whatever its care type; one for another care type is an entry of its own', async () => {
    await project();
    const [assumed] = await entries('signing');
    const { deadline, isNew, doubtful } = await enter(stated());
    expect([deadline.id, deadline.careType, deadline.certainty, deadline.lastSafeOn, isNew, doubtful]).toEqual([
      assumed!.id,
      'gp_care',
      'stated',
      '2025-12-15',
      false,
      [],
    ]);
    expect((await listRevisions(store.read, assumed!.id)).map(({ certainty }) => certainty)).toEqual(['template', 'stated']);
    expect((await enter(stated(), 'multidisciplinary_care')).isNew).toBe(true);
    expect(await entries('signing')).toHaveLength(2);
    await expect(enter(stated())).rejects.toMatchObject({ kind: 'conflict' });
    // What was made once is not made anew.
    expect(await project()).toBe(0);
  });

  it('keeps what is expected for another care type, and names it as doubtful in the answer', async () => {
    await store.write((tx) =>
      addDeadline(tx, { contractYear: 2025, activity: 'signing' }, stated({ sources: quoting('15 december 2025') })),
    );
    await project();
    const [expected] = await entries('signing');
    expect(expected).toMatchObject({ certainty: 'expected', careType: 'multidisciplinary_care' });
    const { call } = await appFor(store, { clock: () => LATER });
    const post = async (careType: string) => {
      const { insurer, contractYear, activity } = identityOf(PLACE);
      const { duty, rule, sources, title } = stated();
      const body = { insurer, contractYear, activity, careType, title, rule, certainty: 'stated', duty, sources };
      return call('POST', 'deadlines', { key: EDITOR_KEY, body });
    };
    const other = await post('gp_care');
    expect([other.status, other.body.doubtful]).toEqual([
      201,
      [{ id: expected!.id, careType: 'multidisciplinary_care', dueOn: expected!.dueOn }],
    ]);
    const same = await post('multidisciplinary_care');
    expect([same.status, same.body.id, same.body.certainty, same.body.doubtful]).toEqual([200, expected!.id, 'stated', []]);
  });

  it('is asked again where the assumption was done or muted: open for its reader, until it says so of the day itself', async () => {
    await project();
    const [assumed] = await entries('signing');
    const reader = await addConfirmed(store, cast.ro.id, NOW);
    await store.write(async (tx) => {
      await complete(tx, cast.ro.id, assumed!.id, DONE, NOW);
      await muteDeadline(tx, reader.id, assumed!.id, NOW);
    });
    expect((await itemFor(cast.ro.id)).completion).toEqual(DONE);
    await enter(stated());
    expect(await itemFor(cast.ro.id)).toMatchObject({ completion: null, askedAgain: DONE });
    expect(await mutedBy(store.read, reader.id)).toEqual([]);
    await store.write((tx) => complete(tx, cast.ro.id, assumed!.id, DONE, new Date(LATER.getTime() + 1000)));
    expect(await itemFor(cast.ro.id)).toMatchObject({ completion: DONE, askedAgain: null });
  });

  it('stays done where an edition made it an expectation, or another expectation of it a date, and was taken back', async () => {
    const { deadline } = await store.write((tx) =>
      createDeadline(tx, { identity: identityOf(PLACE), content: stated(), reason: null, announcedOn: null }, NOW),
    );
    await store.write((tx) => complete(tx, cast.ro.id, deadline.id, DONE, LATER));
    const minute = (n: number) => new Date(LATER.getTime() + n * 60_000);
    const sender = { door: 'api', by: 'key:k1' } as const;
    const amend = async (baseRevision: number, content: Partial<Content>, now: Date) => {
      await store.write((tx) => amendAlone(tx, deadline.id, { baseRevision, reason: 'Anders.', ...content }, sender, now));
      return (await unseenEditions(store.read)).find(({ publishedAt }) => publishedAt!.getTime() === now.getTime())!.id;
    };
    const back = (id: string, now: Date) => store.write((tx) => takeBack(tx, id, 'person:bo', now));
    const expected = { certainty: 'expected' as const, rule: { kind: 'fixed' as const, on: '2025-12-20' }, sources: [] };
    const basis = { kind: 'computation' as const, deadlineId: null, text: 'Zoals vorig jaar.' };
    const first = await amend(1, { ...expected, basis }, minute(1));
    const second = await amend(2, stated({ basis: null }), minute(2));
    await back(second, minute(3));
    await back(first, minute(4));
    expect(await getDeadline(store.read, deadline.id)).toMatchObject({ certainty: 'stated', revision: 5, lastSafeOn: '2025-12-15' });
    expect(await itemFor(cast.ro.id)).toMatchObject({ completion: DONE, askedAgain: null });
    // What is not taken back does ask again.
    await amend(5, { ...expected, basis }, minute(20));
    await amend(6, stated({ basis: null }), minute(21));
    expect(await itemFor(cast.ro.id)).toMatchObject({ completion: null, askedAgain: DONE });
  });

  it('stays done where that very day was expected', async () => {
    const day = { kind: 'fixed' as const, on: '2024-12-15' };
    await store.write((tx) =>
      addDeadline(tx, { contractYear: 2025, activity: 'signing' }, stated({ rule: day, sources: quoting('15 december 2024') })),
    );
    await project();
    const [expected] = await entries('signing');
    expect(expected).toMatchObject({ certainty: 'expected', lastSafeOn: '2025-12-15' });
    await store.write((tx) => complete(tx, cast.ro.id, expected!.id, DONE, NOW));
    await enter(stated(), 'multidisciplinary_care');
    expect(await itemFor(cast.ro.id)).toMatchObject({ completion: DONE, askedAgain: null });
  });

  it('is the next revision of the assumption when it comes from a file too, once however often it is loaded', async () => {
    await project();
    const [assumed] = await entries('signing');
    const identity = { id: '123e4567-e89b-42d3-a456-426614174000', ...identityOf({ ...PLACE, careType: 'gp_care' }) };
    const registry = {
      insurers: [],
      documents: [],
      quotes: [],
      deadlines: [{ ...identity, checked: null, revisions: [{ reason: 'Eerste.', announcedOn: null, content: stated() }] }],
    };
    for (let start = 0; start < 2; start += 1) await loadRegistry(store, registry, LATER);
    expect((await entries('signing')).map(({ id, careType, certainty, revision }) => [id, careType, certainty, revision])).toEqual([
      [assumed!.id, 'gp_care', 'stated', 2],
    ]);
  });
});
