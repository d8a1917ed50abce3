/** A day that is only assumed never stands on a page as if somebody had said it. */
import { expect, it } from 'vitest';
import { amendDeadline } from '../../../db/registry/amending.ts';
import { addDeadline, NOW } from '../../helpers/cast.ts';
import { partsIn } from '../../helpers/page-text.ts';
import { roomOf } from '../../helpers/rooms.ts';
import { onBothDialects } from '../../helpers/stores.ts';

/** One still to come and one that is over; nothing else happens on them. */
const DAYS = ['2024-12-17', '2024-03-17'];
const BARE = /(?<!\b(?:rond|around) (?:\p{L}+ )?)\b17 (?:december|dec|maart|mrt|March|Mar|mar)\b/u;

onBothDialects('the pages of the site and of an organisation', (fresh) => {
  it('say “rond” wherever the day of an assumption stands', async () => {
    const store = await fresh();
    const { manager } = await roomOf(store, NOW);
    const assumed = {
      certainty: 'template',
      basis: { kind: 'common_rhythm', deadlineId: null, text: 'Een aanname.' },
      sources: [],
      channel: null,
      consequence: null,
      extension: null,
      duty: { actors: ['provider'], onBehalfOf: [], contractStatus: 'any', deliverable: null },
    } as const;
    const on = (day: string) => ({ rule: { kind: 'fixed' as const, on: day } });
    await store.write(async (tx) => {
      for (const insurer of ['noord', 'oost'])
        for (const activity of ['contract_request', 'signing', 'publication'] as const)
          await addDeadline(tx, { insurer, activity, careType: 'general' }, {
            ...structuredClone(assumed),
            ...on(DAYS[0]!),
            title: activity,
          } as never);
      await addDeadline(tx, { activity: 'accounts', careType: 'general' }, {
        ...structuredClone(assumed),
        ...on(DAYS[1]!),
        title: 'Stukken',
      } as never);
      const { id } = await addDeadline(tx, { insurer: 'zuid', careType: 'general' }, {
        ...structuredClone(assumed),
        ...on('2024-11-05'),
        title: 'Plan',
      } as never);
      await amendDeadline(tx, id, { baseRevision: 1, reason: 'Later.', basis: assumed.basis, ...on(DAYS[0]!) }, NOW);
    });

    const starts = ['/', '/mijn', '/agenda?role=practice&status=contracted', '/datums?period=alles', '/datums?period=voorbij', '/?role=ro'];
    const waiting = starts.flatMap((path) => [path, path === '/' ? '/en' : `/en${path}`.replace('/en/?', '/en?')]);
    const seen = new Set(waiting);
    const bare: string[] = [];
    let said = 0;
    for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
      const { body, headers, location } = await manager.get(path);
      const links = [location ?? [], [...body.matchAll(/ href="([^"#]*)/g)].map(([, href]) => href!.replaceAll('&amp;', '&'))].flat();
      for (const link of links)
        if (/^\/(?!api|docs|assets|calendars|feeds|uitloggen)/.test(link) && !/\.(ico|ics)$/.test(link) && !seen.has(link)) {
          seen.add(link);
          waiting.push(link);
        }
      if (!headers.get('content-type')?.startsWith('text/html')) continue;
      const text = [...partsIn(body, 'nl'), ...partsIn(body, 'en')].join(' ').replaceAll(/\s+/g, ' ');
      said += text.match(/\b17 (?:dec|Dec|maart|mrt|Mar)/g)?.length ?? 0;
      const [found] = BARE.exec(text) ?? [];
      if (found !== undefined) bare.push(`${path}: …${text.slice(text.indexOf(found) - 40, text.indexOf(found) + 30)}`);
    }
    expect(bare).toEqual([]);
    expect(said).toBeGreaterThan(100);
  });
});
