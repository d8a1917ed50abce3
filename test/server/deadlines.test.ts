import { beforeEach, expect, it } from 'vitest';
import type { Store } from '../../db/store/store.ts';
import { projectTimelines } from '../../db/registry/timelines.ts';
import { appFor, EDITOR_KEY, type Body, type Call } from '../helpers/app.ts';
import { addDeadline, castIn, NOW } from '../helpers/cast.ts';
import { onBothDialects } from '../helpers/stores.ts';

const source = { document: 'Beleid 2025', section: '6.3', quote: 'uiterlijk 1 oktober 2024' };
const quoteOf = (quote: string) => ({ ...source, quote });
/** The least that an editor has to say. */
const least = {
  insurer: 'noord',
  contractYear: 2025,
  activity: 'annual_plan',
  title: 'Jaarplan met begroting indienen',
  rule: { kind: 'fixed', on: '2024-10-01' },
  certainty: 'stated',
  duty: { actors: ['ro'] },
  sources: [source],
};

onBothDialects('deadlines over REST', (fresh) => {
  let store: Store;
  let call: Call;
  let rings = 0;
  beforeEach(async () => {
    store = await fresh();
    await castIn(store);
    rings = 0;
    ({ call } = await appFor(store, { ring: () => void rings++ }));
  });
  const edit = (method: string, path: string, body: unknown) => call(method, path, { key: EDITOR_KEY, body });
  const titles = async (query: string) => (await call('GET', `deadlines?${query}`)).body.items.map((item: Body) => item.title);

  it('takes from an editor what is known, and gives back every field', async () => {
    const made = await edit('POST', 'deadlines', least);
    expect(made.status).toBe(201);
    const { doubtful, ...entry } = made.body;
    const { id, ...said } = entry;
    expect(doubtful).toEqual([]);
    expect(made.headers['location']).toBe(`/api/v1/deadlines/${id}`);
    expect(said).toEqual({
      insurer: 'noord',
      contractYear: 2025,
      careType: 'general',
      activity: 'annual_plan',
      slot: null,
      key: null,
      kind: 'deadline',
      title: 'Jaarplan met begroting indienen',
      dueOn: '2024-10-01',
      rule: { kind: 'fixed', on: '2024-10-01' },
      boundary: null,
      lastSafeOn: '2024-10-01',
      certainty: 'stated',
      basis: null,
      reportingYear: null,
      duty: { actors: ['ro'], onBehalfOf: [], contractStatus: 'any', deliverable: null },
      channel: null,
      consequence: null,
      extension: null,
      sources: [{ ...source, url: null }],
      conflict: null,
      strictness: null,
      precedent: null,
      checkedOn: '2024-04-02',
      checkedBy: 'redactie',
      revision: 1,
      revisedAt: '2024-04-02T10:00:00.000Z',
      status: 'published',
    });
    expect((await call('GET', `deadlines/${id}`)).body).toEqual(entry);
    expect((await call('GET', 'deadlines')).body).toEqual({ items: [entry], page: 1, pageSize: 50, total: 1 });
    expect(rings).toBe(1);
  });

  it('fills the parts of a channel, a consequence and a basis that are not given', async () => {
    const { body } = await edit('POST', 'deadlines', {
      ...least,
      channel: { kind: 'portal', address: 'VECOZO' },
      consequence: { text: 'Daarna volgt de toetsing.', modality: 'certain' },
      basis: { kind: 'computation', text: 'Berekend.' },
      duty: { actors: ['ro'], onBehalfOf: ['wsv'], contractStatus: 'contracted' },
    });
    expect(body).toMatchObject({
      channel: { kind: 'portal', address: 'VECOZO', subject: null, hours: null },
      consequence: { text: 'Daarna volgt de toetsing.', modality: 'certain', kind: 'note' },
      basis: { kind: 'computation', deadlineId: null, text: 'Berekend.' },
      duty: { actors: ['ro'], onBehalfOf: ['wsv'], contractStatus: 'contracted', deliverable: null },
    });
  });

  it('keeps of a public rule whether its successor was seen, and takes that of no other basis', async () => {
    const basis = { kind: 'sector_rule', text: 'Een regel die niet meer geldt.', successorSeen: false };
    const ruled = { ...least, certainty: 'sector_rule', sources: [] };
    const { body } = await edit('POST', 'deadlines', { ...ruled, basis });
    expect(body.basis).toEqual({ ...basis, deadlineId: null });
    const amended = await edit('POST', `deadlines/${body.id}/revisions`, { baseRevision: 1, reason: 'Titel.', title: 'Beleid' });
    expect(amended.body.basis).toEqual({ ...basis, deadlineId: null });
    const wrong = await edit('POST', 'deadlines', { ...ruled, basis: { ...basis, kind: 'computation' } });
    expect([wrong.status, wrong.body.errors]).toEqual([
      400,
      [{ field: 'basis.successorSeen', message: 'must not be given unless kind is sector_rule' }],
    ]);
  });

  it('amends with a reason, and shows the history', async () => {
    const { id } = (await edit('POST', 'deadlines', least)).body;
    const amended = await edit('POST', `deadlines/${id}/revisions`, {
      baseRevision: 1,
      reason: 'Een week later op verzoek.',
      announcedOn: '2024-05-02',
      rule: { kind: 'fixed', on: '2024-10-08' },
      boundary: 'before',
      sources: [{ document: 'Beleid 2025, versie 2', quote: 'voor 8 oktober 2024' }],
    });
    expect(amended).toMatchObject({
      status: 201,
      body: {
        id,
        revision: 2,
        dueOn: '2024-10-08',
        lastSafeOn: '2024-10-07',
        reason: 'Een week later op verzoek.',
        announcedOn: '2024-05-02',
      },
    });
    const { items, total } = (await call('GET', `deadlines/${id}/revisions`)).body;
    expect([total, items.map((r: Body) => [r.revision, r.dueOn, r.reason, r.announcedOn])]).toEqual([
      2,
      [
        [1, '2024-10-01', null, null],
        [2, '2024-10-08', 'Een week later op verzoek.', '2024-05-02'],
      ],
    ]);
    expect((await call('GET', `deadlines/${id}/revisions?page=2&pageSize=1`)).body.items.map((r: Body) => r.revision)).toEqual([2]);
    expect(rings).toBe(2);
  });

  it('lets an editor confirm what was only a template, by its quote', async () => {
    const basis = { kind: 'common_rhythm', text: 'Een aanname.' };
    const assumed = (await edit('POST', 'deadlines', { ...least, certainty: 'template', basis, sources: [] })).body;
    expect(assumed).toMatchObject({ dueOn: '2024-10-01', lastSafeOn: null });
    const { id } = assumed;
    const confirmed = await edit('POST', `deadlines/${id}/revisions`, {
      baseRevision: 1,
      reason: 'Bevestigd.',
      certainty: 'stated',
      sources: [source],
    });
    expect(confirmed.body).toMatchObject({
      id,
      revision: 2,
      certainty: 'stated',
      basis: null,
      dueOn: '2024-10-01',
      lastSafeOn: '2024-10-01',
    });
  });

  it('refuses an amendment without reason, without quote, on an old revision or of nothing known', async () => {
    const { id } = (await edit('POST', 'deadlines', least)).body;
    const amend = (body: object, of = id) => edit('POST', `deadlines/${of}/revisions`, body);
    expect((await amend({ baseRevision: 1, title: 'Anders' })).body.errors).toEqual([
      { field: 'reason', message: 'is required', in: 'body' },
    ]);
    const moved = { baseRevision: 1, reason: 'Later.', rule: { kind: 'fixed', on: '2024-10-08' } };
    expect(await amend(moved)).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'sources', message: 'must hold at least one literal quote when certainty is stated' }] },
    });
    expect((await amend({ ...moved, sources: [source], baseRevision: 7 })).status).toBe(409);
    expect((await amend({ ...moved, sources: [source] }, '123e4567-e89b-42d3-a456-426614174000')).status).toBe(404);
    expect((await call('GET', `deadlines/${id}/revisions`)).body.total).toBe(1);
    expect(rings).toBe(1);
  });

  it('withdraws: gone from the list, kept under its id and in its history', async () => {
    const { id } = (await edit('POST', 'deadlines', least)).body;
    expect((await edit('PUT', `deadlines/${id}/withdrawal`, {})).status).toBe(400);
    const reason = 'De verzekeraar trok het beleid in.';
    expect((await edit('PUT', `deadlines/${id}/withdrawal`, { reason })).body).toMatchObject({ status: 'withdrawn', revision: 2 });
    expect((await edit('PUT', `deadlines/${id}/withdrawal`, { reason })).body).toMatchObject({ status: 'withdrawn', revision: 2 });
    expect((await call('GET', 'deadlines')).body.total).toBe(0);
    expect((await call('GET', `deadlines/${id}`)).body.status).toBe('withdrawn');
    expect((await call('GET', `deadlines/${id}/revisions`)).body.items[1]).toMatchObject({ reason, status: 'withdrawn' });
    // An amendment publishes it again: a mistake of one editor is mended by the next.
    expect(await edit('POST', `deadlines/${id}/revisions`, { baseRevision: 2, reason: 'Toch.' })).toMatchObject({
      status: 201,
      body: { status: 'published', revision: 3 },
    });
    expect((await call('GET', 'deadlines')).body.total).toBe(1);
  });

  it('renews with each change what is expected because of it', async () => {
    await store.write((tx) => projectTimelines(tx, 2024, NOW));
    const year = 'insurer=noord&contractYear=2026&activity=annual_plan';
    const next = async () => (await call('GET', `deadlines?${year}`)).body.items.map((item: Body) => [item.dueOn, item.certainty]);
    expect(await next()).toEqual([['2025-10-01', 'template']]);
    const { id } = (
      await edit('POST', 'deadlines', {
        ...least,
        contractYear: 2024,
        rule: { kind: 'fixed', on: '2023-10-08' },
        sources: [quoteOf('8 oktober 2023')],
      })
    ).body;
    expect(await next()).toEqual([['2025-10-08', 'expected']]);
    const later = { reason: 'Later.', rule: { kind: 'fixed', on: '2023-10-15' }, sources: [quoteOf('15 oktober 2023')] };
    await edit('POST', `deadlines/${id}/revisions`, { baseRevision: 1, ...later });
    expect(await next()).toEqual([['2025-10-15', 'expected']]);
    await edit('PUT', `deadlines/${id}/withdrawal`, { reason: 'Vervallen.' });
    expect(await next()).toEqual([['2025-10-01', 'template']]);
  });

  it('refuses a stated day that no quote names, says what they name, and changes nothing', async () => {
    const may = { ...least, rule: { kind: 'fixed', on: '2024-05-15' }, sources: [quoteOf('1 mei 2024 Uiterste datum')] };
    const refused = await edit('POST', 'deadlines', may);
    expect([refused.status, refused.body.errors.map(({ field }: Body) => field)]).toEqual([400, ['rule']]);
    expect(refused.body.errors[0].message).toContain('they name 1 mei 2024, 2024; not 15 mei 2024');
    expect((await call('GET', 'deadlines')).body.total).toBe(0);
    const { id } = (await edit('POST', 'deadlines', least)).body;
    const amend = (change: object) => edit('POST', `deadlines/${id}/revisions`, { baseRevision: 1, reason: 'Uitstel.', ...change });
    const moved = { rule: { kind: 'fixed', on: '2024-10-08' }, sources: [source] };
    expect((await amend(moved)).status).toBe(400);
    expect((await call('GET', `deadlines/${id}`)).body).toMatchObject({ revision: 1, dueOn: '2024-10-01' });
    const basis = { kind: 'computation', text: 'Een week na de genoemde dag.' };
    expect((await amend({ ...moved, basis })).status).toBe(201);
  });

  it('tells what no quote names and what it rests on beside all that contradicts itself', async () => {
    const days = ['2024-05-15', '2024-05-15'];
    const wrong = {
      ...least,
      slot: 2,
      rule: { kind: 'fixed', on: '2024-05-15' },
      sources: [quoteOf('1 mei 2024 Uiterste datum')],
      basis: { kind: 'secondary_source', deadlineId: '123e4567-e89b-42d3-a456-426614174000', text: 'Een memo.' },
      conflict: { kind: 'readings', days, text: 'Twee lezingen.' },
    };
    const { body, status } = await edit('POST', 'deadlines', wrong);
    expect(status).toBe(400);
    const fields = ['basis.deadlineId', 'conflict.days', 'rule', 'slot'];
    expect([...new Set(body.errors.map(({ field }: Body) => field))].sort()).toEqual(fields);
    const requirement = {
      ...least,
      activity: 'contract_requirement',
      key: 'agb',
      strictness: 'hard',
      rule: { kind: 'none' },
      boundary: 'by',
    };
    expect((await edit('POST', 'deadlines', requirement)).body.errors.map(({ field }: Body) => field)).toEqual(['boundary']);
    expect((await edit('POST', 'deadlines', { ...requirement, boundary: null })).status).toBe(201);
  });

  it('names all faults of a body together, with what is allowed, and changes nothing', async () => {
    const { status, body } = await edit('POST', 'deadlines', {
      ...least,
      contractYear: '2025',
      activity: 'jaarplan',
      rule: { kind: 'fixed', on: '2024-02-30' },
      duty: { actors: [] },
      colour: 'red',
    });
    expect(status).toBe(400);
    const faults = Object.fromEntries(body.errors.map(({ field, message }: Body) => [field, message]));
    expect(Object.keys(faults).sort()).toEqual(['activity', 'colour', 'contractYear', 'duty.actors', 'rule.on']);
    expect(faults).toMatchObject({ contractYear: 'must be integer', 'rule.on': 'must be a day that exists, as YYYY-MM-DD' });
    expect(faults['activity']).toContain('annual_plan');
    expect(faults['colour']).toContain('known are insurer, contractYear');
    expect((await edit('POST', 'deadlines', { ...least, insurer: 'west' })).body.errors[0].field).toBe('insurer');
    expect((await call('GET', 'deadlines')).body.total).toBe(0);
    expect(rings).toBe(0);
  });

  it('has at most one deadline per insurer, year, care type and activity', async () => {
    await edit('POST', 'deadlines', least);
    expect((await edit('POST', 'deadlines', least)).status).toBe(409);
    expect((await edit('POST', 'deadlines', { ...least, careType: 'gp_care' })).status).toBe(201);
  });

  it('filters, with both ends of a window included and undated ones only when asked for', async () => {
    await store.write(async (tx) => {
      const provider = { actors: ['provider' as const], onBehalfOf: [], contractStatus: 'uncontracted' as const, deliverable: null };
      const insurer = { actors: ['insurer' as const], onBehalfOf: [], contractStatus: 'any' as const, deliverable: null };
      await addDeadline(tx, { activity: 'publication' }, { title: 'publicatie', rule: { kind: 'fixed', on: '2024-04-01' }, duty: insurer });
      await addDeadline(
        tx,
        { activity: 'contract_request' },
        { title: 'aanvraag', rule: { kind: 'fixed', on: '2024-08-31' }, duty: provider },
      );
      await addDeadline(tx, {}, { title: 'jaarplan', boundary: 'before' });
      await addDeadline(tx, { activity: 'review_meeting' }, { title: 'gesprek', rule: { kind: 'none' }, certainty: 'unknown' });
      await addDeadline(tx, { insurer: 'oost', contractYear: 2026 }, { title: 'oost', rule: { kind: 'fixed', on: '2025-10-01' } });
      await addDeadline(tx, { insurer: null, activity: 'green_deal' }, { title: 'sector', rule: { kind: 'fixed', on: '2024-12-31' } });
    });
    expect(await titles('')).toEqual(['publicatie', 'aanvraag', 'jaarplan', 'sector', 'oost']);
    expect(await titles('includeUndated=true')).toEqual(['publicatie', 'aanvraag', 'jaarplan', 'sector', 'oost', 'gesprek']);
    expect(await titles('includeUndated=true&from=2024-01-01')).not.toContain('gesprek');
    expect(await titles('insurer=noord')).toEqual(['publicatie', 'aanvraag', 'jaarplan']);
    expect(await titles('contractYear=2026')).toEqual(['oost']);
    expect(await titles('activity=green_deal')).toEqual(['sector']);
    expect(await titles('certainty=unknown&includeUndated=true')).toEqual(['gesprek']);
    expect(await titles('role=ro&insurer=noord')).toEqual(['aanvraag', 'jaarplan']);
    expect(await titles('role=practice')).toEqual(['aanvraag']);
    expect(await titles('role=insurer')).toEqual(['publicatie']);
    expect(await titles('role=ro&contractStatus=contracted&insurer=noord')).toEqual(['jaarplan']);
    expect(await titles('contractStatus=uncontracted')).toEqual(['publicatie', 'aanvraag']);
    expect(await titles('from=2024-08-31&to=2024-10-01')).toEqual(['aanvraag', 'jaarplan']);
    expect(await titles('asOf=2024-10-01')).toEqual(['jaarplan', 'sector', 'oost']);
    expect(await titles('asOf=2024-08-01&withinDays=30')).toEqual(['aanvraag']);
    expect(await titles('asOf=2024-08-01&withinDays=29')).toEqual([]);
    // The pinned clock says 2 April 2024.
    expect(await titles('withinDays=151')).toEqual(['aanvraag']);
    expect(await titles('withinDays=0')).toEqual([]);
    expect(await titles('upcoming=true')).toEqual(['aanvraag', 'jaarplan', 'sector', 'oost']);
    expect(await titles('upcoming=true&withinDays=151&to=2024-12-31')).toEqual(['aanvraag']);
    expect(await titles('upcoming=false&from=2024-01-01')).toEqual(await titles('from=2024-01-01'));
    expect(await titles('sort=-dueOn')).toEqual(['oost', 'sector', 'jaarplan', 'aanvraag', 'publicatie']);
    expect(await titles('sort=-dueOn&includeUndated=true')).toEqual(['oost', 'sector', 'jaarplan', 'aanvraag', 'publicatie', 'gesprek']);
    expect((await call('GET', 'deadlines?page=2&pageSize=2')).body).toMatchObject({
      page: 2,
      pageSize: 2,
      total: 5,
      items: [{ title: 'jaarplan' }, { title: 'sector' }],
    });
    expect((await call('GET', 'deadlines?page=9')).body).toEqual({ items: [], page: 9, pageSize: 50, total: 5 });
  });

  it('counts what is upcoming from the day that it is in Amsterdam', async () => {
    await edit('POST', 'deadlines', least);
    for (const [now, days] of [
      ['2024-09-30T22:00:00Z', ['2024-10-01']],
      ['2024-10-01T21:59:59Z', ['2024-10-01']],
      ['2024-10-01T22:00:00Z', []],
    ] as const) {
      const later = await appFor(store, { clock: () => new Date(now) });
      const { items } = (await later.call('GET', 'deadlines?upcoming=true')).body;
      expect(
        items.map(({ dueOn }: Body) => dueOn),
        now,
      ).toEqual(days);
    }
  });

  it('refuses a question that cannot be meant, naming every fault', async () => {
    const faultsOf = async (query: string) => {
      const { status, body } = await call('GET', `deadlines?${query}`);
      expect(status).toBe(400);
      return body.errors.map(({ field, in: where }: Body) => `${where}:${field}`);
    };
    expect(
      await faultsOf(
        'page=-1&pageSize=101&from=2024-02-30&to=gisteren&colour=red&role=baas&contractYear=2025.5&withinDays=-1&includeUndated=ja',
      ),
    ).toEqual(
      expect.arrayContaining(
        ['page', 'pageSize', 'from', 'to', 'colour', 'role', 'contractYear', 'withinDays', 'includeUndated'].map((f) => `query:${f}`),
      ),
    );
    expect(await faultsOf('from=2024-10-02&to=2024-10-01')).toEqual(['query:to']);
    expect(await faultsOf('insurer=west&from=2024-10-02&to=2024-10-01')).toEqual(['query:to', 'query:insurer']);
    expect((await call('GET', 'deadlines?insurer=west')).body.errors[0].message).toBe('must be one of noord, oost, zuid');
    expect(await faultsOf('insurer=noord&insurer=oost')).toEqual(['query:insurer']);
    expect(await faultsOf('upcoming=ja')).toEqual(['query:upcoming']);
    expect((await call('GET', 'deadlines?upcoming=true&asOf=2024-04-02&from=2024-04-02')).body).toMatchObject({
      status: 400,
      errors: [
        { field: 'upcoming', message: 'must not be given beside asOf: both say from which day on', in: 'query' },
        { field: 'upcoming', message: 'must not be given beside from: both say from which day on', in: 'query' },
      ],
    });
    for (const odd of [
      'page=',
      'page=1e9',
      'asOf=',
      'asOf=2024-1-1',
      'sort=title',
      '__proto__=1',
      'constructor=1',
      'insurer[$ne]=x',
      'page=%00',
    ]) {
      expect((await call('GET', `deadlines?${odd}`)).status, odd).toBe(400);
    }
  });

  it('refuses text that a database cannot keep, wherever it stands', async () => {
    const { status, body } = await edit('POST', 'deadlines', {
      ...least,
      title: 'Jaarplan\0',
      sources: [{ document: 'x', quote: '\ud800' }],
    });
    expect([status, body.errors.map(({ field }: Body) => field)]).toEqual([400, ['title', 'sources.0.quote']]);
    for (const path of ['insurers/%00', 'deadlines?insurer=%00', 'deadlines/%00'])
      expect((await call('GET', path)).status, path).toBeLessThan(500);
    expect((await edit('POST', 'deadlines', { ...least, title: 'Jaarplan 😀 ‘é’' })).body.title).toBe('Jaarplan 😀 ‘é’');
  });

  it('knows no deadline by another id', async () => {
    for (const path of ['deadlines/123e4567-e89b-42d3-a456-426614174000', 'deadlines/123e4567-e89b-42d3-a456-426614174000/revisions']) {
      expect(await call('GET', path)).toMatchObject({ status: 404, body: { detail: 'No such deadline.' } });
    }
    expect((await call('GET', 'deadlines/x')).body.errors).toEqual([
      { field: 'deadlineId', message: 'must be a UUID, as 123e4567-e89b-42d3-a456-426614174000', in: 'path' },
    ]);
  });
});
