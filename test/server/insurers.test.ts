import { expect, it } from 'vitest';
import { saveDocument, saveInsurer } from '../../db/registry/insurers.ts';
import { appFor, type Body } from '../helpers/app.ts';
import { addDeadline, castIn, NOW } from '../helpers/cast.ts';
import { onBothDialects } from '../helpers/stores.ts';

onBothDialects('insurers over REST', (fresh) => {
  it('lists them by name', async () => {
    const store = await fresh();
    await castIn(store);
    const { call } = await appFor(store);
    const { body } = await call('GET', 'insurers');
    expect(body).toMatchObject({ page: 1, pageSize: 50, total: 3 });
    expect(body.items.map((i: Body) => i.slug)).toEqual(['noord', 'oost', 'zuid']);
    expect(body.items[0]).toEqual({ slug: 'noord', name: 'Noord', kind: 'health_insurer', website: 'https://noord.example', aliases: [] });
    expect((await call('GET', 'insurers?pageSize=1&page=3')).body.items.map((i: Body) => i.slug)).toEqual(['zuid']);
    expect((await call('GET', 'insurers?name=x')).status).toBe(400);
  });

  it('shows one with its contacts, its documents and the rhythm of each contract year', async () => {
    const store = await fresh();
    await castIn(store);
    const contacts = [{ purpose: 'Inleveren', email: 'inkoop@noord.example', phone: null, url: null, hours: null }];
    await store.write(async (tx) => {
      await saveDocument(
        tx,
        {
          key: 'beleid',
          title: 'Beleid 2025',
          version: '02-05-2024',
          url: 'https://noord.example/beleid',
          publishedOn: null,
          remarks: ['OCR'],
        },
        NOW,
      );
      await saveInsurer(
        tx,
        {
          slug: 'noord',
          name: 'Noord',
          kind: 'health_insurer',
          website: null,
          aliases: ['N'],
          contacts,
          remarks: ['Let op.'],
          documents: ['beleid'],
        },
        NOW,
      );
      await addDeadline(tx, { activity: 'signing' }, { rule: { kind: 'fixed', on: '2024-12-31' } });
      await addDeadline(tx, { activity: 'accounts', contractYear: 2026 }, { rule: { kind: 'fixed', on: '2025-05-01' } });
      await addDeadline(tx);
      await addDeadline(tx, { careType: 'gp_care' });
      await addDeadline(tx, { activity: 'review_meeting' }, { rule: { kind: 'none' }, certainty: 'unknown' });
      await addDeadline(tx, { insurer: 'oost' });
    });
    const { call } = await appFor(store);
    const { timelines, ...insurer } = (await call('GET', 'insurers/noord')).body;
    expect(insurer).toEqual({
      slug: 'noord',
      name: 'Noord',
      kind: 'health_insurer',
      website: null,
      aliases: ['N'],
      contacts,
      documents: [
        {
          title: 'Beleid 2025',
          version: '02-05-2024',
          url: 'https://noord.example/beleid',
          publishedOn: null,
          hash: null,
          remarks: ['OCR'],
        },
      ],
      remarks: ['Let op.'],
    });
    expect(timelines.map((t: Body) => [t.contractYear, t.total, t.deadlines.map((d: Body) => [d.activity, d.careType, d.dueOn])])).toEqual([
      [
        2025,
        4,
        [
          ['annual_plan', 'gp_care', '2024-10-01'],
          ['annual_plan', 'multidisciplinary_care', '2024-10-01'],
          ['signing', 'multidisciplinary_care', '2024-12-31'],
        ],
      ],
      [2026, 1, [['accounts', 'multidisciplinary_care', '2025-05-01']]],
    ]);
    expect(await call('GET', 'insurers/west')).toMatchObject({ status: 404, body: { detail: 'No such insurer.' } });
  });
});
