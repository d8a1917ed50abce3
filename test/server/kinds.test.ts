/** What kind of thing an entry is, over REST and in calendars: what is no deadline is asked for by name. */
import { beforeEach, expect, it } from 'vitest';
import { createFeed } from '../../db/feeds/feeds.ts';
import type { Store } from '../../db/store/store.ts';
import { appFor, EDITOR_KEY, type Body, type Call } from '../helpers/app.ts';
import { readCalendar } from '../helpers/calendars.ts';
import { addDeadline, castIn, NOW } from '../helpers/cast.ts';
import { onBothDialects } from '../helpers/stores.ts';
import type { App } from '../../server/deps.ts';

const quoted = { document: 'Beleid 2025', section: '5.1', quote: 'De RO heeft een Wtza-vergunning.' };
const requirement = {
  insurer: 'noord',
  contractYear: 2025,
  activity: 'contract_requirement',
  key: 'wtza',
  title: 'Wtza-vergunning',
  rule: { kind: 'none' },
  certainty: 'stated',
  strictness: 'hard',
  duty: { actors: ['ro'] },
  sources: [quoted],
};

onBothDialects('the kind of an entry', (fresh) => {
  let app: App;
  let call: Call;
  let store: Store;
  let ro: string;
  let own: string;
  beforeEach(async () => {
    store = await fresh();
    ({
      ro: { id: ro, key: own },
    } = await castIn(store));
    ({ app, call } = await appFor(store));
  });
  const edit = (method: string, path: string, body: unknown) => call(method, path, { key: EDITOR_KEY, body });
  const asked = async (query: string, path = 'deadlines') =>
    (await call('GET', `${path}?${query}`, { key: own })).body.items.map(({ activity }: Body) => activity);

  /** A deadline, and a period, an intention and a requirement beside it. */
  async function fill() {
    await store.write(async (tx) => {
      await addDeadline(tx);
      await addDeadline(tx, { activity: 'elderly_care_talk' }, { kind: 'period' });
      await addDeadline(tx, { activity: 'fall_prevention' }, { kind: 'intention', conflict: null });
    });
    expect((await edit('POST', 'deadlines', requirement)).status).toBe(201);
  }

  it('is that of its activity where an editor gives none, and stands in every answer', async () => {
    const { key: _, strictness: __, ...least } = { ...requirement, activity: 'green_deal' };
    const made = await edit('POST', 'deadlines', least);
    expect([made.status, made.body.kind, made.body.key, made.body.strictness]).toEqual([201, 'commitment', null, null]);
    const amended = await edit('POST', `deadlines/${made.body.id}/revisions`, {
      baseRevision: 1,
      reason: 'Beter gelezen.',
      kind: 'intention',
    });
    expect([amended.status, amended.body.kind]).toEqual([201, 'intention']);
  });

  it.each([
    ['', ['annual_plan']],
    ['kind=deadline', ['annual_plan']],
    ['kind=period,intention&sort=-dueOn', ['elderly_care_talk', 'fall_prevention']],
    ['kind=requirement', ['contract_requirement']],
    ['kind=all', ['annual_plan', 'elderly_care_talk', 'fall_prevention', 'contract_requirement']],
    ['activity=fall_prevention', ['fall_prevention']],
    ['activity=contract_requirement', ['contract_requirement']],
    ['activity=fall_prevention&kind=deadline', []],
    ['kind=all&from=2024-01-01', ['annual_plan', 'elderly_care_talk', 'fall_prevention']],
    ['includeUndated=true', ['annual_plan']],
  ])('is asked for: %s', async (query, activities) => {
    await fill();
    expect(await asked(query)).toEqual(activities);
    expect(await asked(query, `organisations/${ro}/deadlines`)).toEqual(activities);
  });

  it('is refused where it is none, with those that there are', async () => {
    const { status, body } = await call('GET', 'deadlines?kind=deadline,eis');
    const allowed = 'deadline, window, period, term, intention, commitment, requirement';
    expect([status, body.errors]).toEqual([
      400,
      [{ in: 'query', field: 'kind', message: `must be all, or with commas between them some of ${allowed}` }],
    ]);
  });

  it('lets an insurer have as many requirements as there are keys, each once', async () => {
    expect((await edit('POST', 'deadlines', requirement)).body).toMatchObject({ kind: 'requirement', key: 'wtza', strictness: 'hard' });
    expect((await edit('POST', 'deadlines', { ...requirement, key: 'agb-register', strictness: 'soft' })).status).toBe(201);
    expect((await edit('POST', 'deadlines', requirement)).status).toBe(409);
    expect(await asked('kind=requirement')).toHaveLength(2);
  });

  it('says all that a requirement lacks, and what only a requirement may have', async () => {
    const { key: _, strictness: __, ...bare } = requirement;
    const faults = async (body: object) => (await edit('POST', 'deadlines', body)).body.errors.map(({ field }: Body) => field);
    expect(await faults({ ...bare, kind: 'intention', certainty: 'unknown' })).toEqual(['kind', 'key', 'strictness', 'certainty']);
    expect(await faults({ ...requirement, activity: 'green_deal', kind: 'requirement' })).toEqual(['kind', 'key', 'strictness']);
  });

  it('keeps all but deadlines and windows from being marked as done', async () => {
    const { id } = await store.write((tx) => addDeadline(tx, { activity: 'fall_prevention' }, { kind: 'intention' }));
    const done = { completedOn: '2024-09-01', by: 'Anna' };
    const answer = await call('PUT', `organisations/${ro}/deadlines/${id}/completion`, { key: own, body: done });
    expect([answer.status, answer.body.detail]).toEqual([
      400,
      'Only a deadline, or the end of a window, is marked as done; the kind of this entry is intention.',
    ]);
  });

  it('is chosen by a feed, which else has deadlines and windows alone; an event goes without a tombstone', async () => {
    const { id } = await store.write((tx) => addDeadline(tx, { activity: 'fall_prevention' }, { kind: 'intention', conflict: null }));
    const plan = await store.write((tx) => addDeadline(tx));
    const { id: feedId, token } = await store.write((tx) => createFeed(tx, ro, { label: 'Agenda' }, NOW));
    const uids = async (url: string) => readCalendar((await app.inject(url)).rawPayload).events.map(({ uid }) => uid);
    const link = `/feeds/${token}.ics`;
    expect(await uids(link)).toEqual([plan.id]);
    expect(await uids('/calendars/noord.ics')).toEqual([plan.id]);
    const kinds = ['intention', 'deadline'];
    const changed = await call('PATCH', `organisations/${ro}/feeds/${feedId}`, { key: own, body: { kinds } });
    expect([changed.status, changed.body.kinds]).toEqual([200, ['deadline', 'intention']]);
    expect((await uids(link)).sort()).toEqual([plan.id, id].sort());
    await edit('POST', `deadlines/${plan.id}/revisions`, { baseRevision: 1, reason: 'Het is een voornemen.', kind: 'intention' });
    expect(await uids('/calendars/noord.ics')).not.toContain(plan.id);
    const no = await call('PATCH', `organisations/${ro}/feeds/${feedId}`, { key: own, body: { kinds: ['requirement'] } });
    expect(no.status).toBe(400);
  });
});
