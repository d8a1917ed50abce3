import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Store } from '../../../db/store/store.ts';
import { appFor, EDITOR_KEY } from '../../helpers/app.ts';
import { addDeadline, castIn } from '../../helpers/cast.ts';
import { onBothDialects } from '../../helpers/stores.ts';

const day = fc.constantFrom('2024-02-30', '2024-02-29', '9999-12-31', '0000-01-01', '2024-10-01');
const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  day,
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('\0', '\ud800', -1, 1e308, 2 ** 53, 'é'.repeat(3000), [], {}),
);

/** Puts an odd value somewhere in a body: in a field, in a field of a field, or in place of all. */
const spoil = (body: object) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.tuple(fc.constantFrom(...Object.keys(body)), odd).map(([field, value]) => ({ ...body, [field]: value })) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom(...Object.keys(body)), fc.string(), odd)
        .map(([field, name, value]) => ({ ...body, [field]: { ...Object(body)[field], [name]: value } })),
    },
    { weight: 1, arbitrary: odd },
  );

async function countsOf(store: Store): Promise<number[]> {
  const counts: number[] = [];
  for (const table of Object.values(store.read.tables)) counts.push(await store.read.$count(table));
  return counts;
}

onBothDialects('an odd body', (fresh) => {
  it('may be nested as deep as it fits, and is refused', async () => {
    const store = await fresh();
    const { app } = await appFor(store);
    const headers = { authorization: `Bearer ${EDITOR_KEY}`, 'content-type': 'application/json' };
    const post = (body: string) => app.inject({ method: 'POST', url: '/api/v1/organisations', headers, body });
    expect((await post('['.repeat(30_000) + ']'.repeat(30_000))).statusCode).toBe(400);
    expect((await post(`${'{"a":'.repeat(9000)}1${'}'.repeat(9000)}`)).statusCode).toBe(400);
  });

  it('is taken or refused, never a failure, and a refused one changes nothing', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const { id } = await store.write((tx) => addDeadline(tx));
    const { call } = await appFor(store);
    const own = `organisations/${ro.id}`;
    const duty = { actors: ['ro'], onBehalfOf: [], contractStatus: 'any', deliverable: null };
    const sources = [{ document: 'Beleid', section: null, quote: '1 oktober 2024', url: null }];
    const said = {
      title: 'T',
      rule: { kind: 'fixed', on: '2024-10-01' },
      boundary: 'by',
      certainty: 'stated',
      duty,
      sources,
      channel: { kind: 'email' },
      conflict: null,
    };
    const writes: [string, string, string, object][] = [
      [
        'POST',
        'deadlines',
        EDITOR_KEY,
        { insurer: 'zuid', contractYear: 2025, careType: 'general', activity: 'signing', slot: null, ...said },
      ],
      ['POST', `deadlines/${id}/revisions`, EDITOR_KEY, { baseRevision: 1, reason: 'R', announcedOn: null, ...said }],
      ['POST', 'organisations', EDITOR_KEY, { name: 'N', language: 'nl', roles: ['ro'], parent: null, insurers: [{ insurer: 'noord' }] }],
      ['PATCH', own, ro.key, { name: 'N', language: 'en', roles: ['ro'], parent: null }],
      ['PUT', `${own}/insurers/noord`, ro.key, { contractStatus: 'contracted', preferred: true }],
      ['POST', `${own}/events`, ro.key, { kind: 'contract_received', insurer: 'noord', contractYear: 2025, occurredOn: '2024-11-04' }],
      ['PUT', `${own}/deadlines/${id}/completion`, ro.key, { completedOn: '2024-09-27', by: 'A', evidence: null }],
      ['POST', `${own}/deadlines/${id}/steps`, ro.key, { title: 'S', dueOn: '2024-09-01' }],
      ['POST', `${own}/feeds`, ro.key, { label: 'L' }],
      ['POST', `${own}/recipients`, ro.key, { email: 'a@example.org', leadDays: [42, 0], digest: 'daily' }],
    ];
    let refused = 0;
    for (const [method, path, key, body] of writes) {
      await fc.assert(
        fc.asyncProperty(spoil(body), async (spoilt) => {
          const before = await countsOf(store);
          const { status } = await call(method, path, { key, body: spoilt });
          expect(status).toBeLessThan(500);
          if (status < 400) return;
          refused += 1;
          expect(await countsOf(store)).toEqual(before);
        }),
        { numRuns: 40, seed: 7 },
      );
    }
    expect(refused).toBeGreaterThan(200);
  });
});
