import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { fitting, fittingReader } from '../../../calendars/deadlines/listing.ts';
import { DUTY_STATUSES, ROLES } from '../../../calendars/terms.ts';
import type { Revision } from '../../../db/registry/revisions.ts';
import { saveInsurer } from '../../../db/registry/insurers.ts';
import type { Store } from '../../../db/store/store.ts';
import { NAMES, readChoice, type Choice } from '../../../server/pages/dates/choice.ts';
import { applyChoice } from '../../../server/pages/dates/filter.ts';
import { pagesOf, sectionsOf } from '../../../server/pages/dates/sections.ts';
import type { Entry } from '../../../server/pages/parts/entry-groups.ts';
import { appFor } from '../../helpers/app.ts';
import { addDeadline, castIn, NOW } from '../../helpers/cast.ts';
import { textOf } from '../../helpers/page-text.ts';
import { onBothDialects } from '../../helpers/stores.ts';

const TODAY = '2024-04-02';
const ASSUMED = {
  certainty: 'template',
  basis: { kind: 'common_rhythm', deadlineId: null, text: 'Een aanname.' },
  sources: [],
  rule: { kind: 'fixed', on: '2024-12-31' },
  title: 'Ondertekenen',
  duty: { actors: ['provider'], onBehalfOf: [], contractStatus: 'any', deliverable: null },
} as const;
const on = (day: string) => ({ rule: { kind: 'fixed' as const, on: day } });
const byInsurer = { actors: ['insurer' as const], onBehalfOf: [], contractStatus: 'any' as const, deliverable: null };

/** A plan and an act of an insurer in one month, an assumption of three, one of the sector, one of the past, one without a day, and an intention. */
async function filled(store: Store) {
  await castIn(store);
  await store.write(async (tx) => {
    await addDeadline(tx, {}, on('2024-10-01'));
    await addDeadline(tx, { activity: 'tariff_publication' }, { ...on('2024-10-01'), title: 'Tarief', duty: byInsurer });
    for (const insurer of ['zuid', 'noord', 'oost'])
      await addDeadline(tx, { activity: 'signing', insurer }, structuredClone(ASSUMED) as never);
    await addDeadline(
      tx,
      { activity: 'csrd_delivery', insurer: null },
      { ...on('2024-04-10'), title: 'Voor de CSRD', duty: { ...byInsurer, actors: ['practice'] } },
    );
    await addDeadline(tx, { activity: 'accounts', insurer: 'oost' }, { ...on('2024-03-01'), title: 'Voorbij' });
    await addDeadline(tx, { activity: 'review_meeting' }, { title: 'Gesprek', rule: { kind: 'none' }, certainty: 'unknown' });
    await addDeadline(tx, { activity: 'fall_prevention' }, { ...on('2024-11-01'), title: 'Voornemen', kind: 'intention' });
  });
  const { call } = await appFor(store);
  const page = async (path: string, expected = 200) => {
    const { status, body } = await call('GET', path);
    expect([path, status]).toEqual([path, expected]);
    return { body: body as string, text: textOf(body) };
  };
  return { call, page };
}

onBothDialects('the list of dates', (fresh) => {
  it('stands by month, what insurers do below what readers must do, assumptions in one line, each a link', async () => {
    const { page } = await filled(await fresh());
    const { body, text } = await page('/datums');
    expect([...body.matchAll(/<h2 id="m[^>]*>([^<]*)/g)].map(([, month]) => month)).toEqual([
      'april 2024',
      'oktober 2024',
      'december 2024',
    ]);
    expect(text).toContain('6 datums gevonden.');
    expect(text.indexOf('Jaarplan met begroting')).toBeLessThan(text.indexOf('Dit doen verzekeraars zelf'));
    expect(text).toMatch(/aanname Noord\s?, Oost en Zuid/);
    expect(body.match(/href="\/datums\/[0-9a-f-]{36}"/g)).toHaveLength(6);
    expect(text).toContain(
      'Wat zie ik niet? (3) 1 datum die voorbij is 1 waarvan de dag niet bekend is, of die geen dag heeft 1 van een andere soort',
    );
    expect(body).not.toContain('U ziet dit omdat');
    expect((await page('/en/datums')).text).toContain('6 dates found.');
  });

  it('says why each is there once somebody chose, and each choice can be taken back', async () => {
    const { page } = await filled(await fresh());
    const { body, text } = await page('/datums?role=ro&insurer=noord&contractStatus=contracted');
    expect(text).toContain('U ziet dit omdat regio-organisaties dit doen, u Noord koos en het geldt als u een contract hebt.');
    expect(text).toContain('U ziet dit omdat elke zorgaanbieder dit doet, u Noord koos en het met en zonder contract geldt.');
    expect(text).toContain('U ziet dit omdat verzekeraars dit zelf doen en u het moet weten, u Noord koos');
    expect(text).not.toContain('Voor de CSRD');
    expect(body).toContain('href="/datums?insurer=noord&amp;contractStatus=contracted#found"');
    expect(body).toContain('href="/datums?role=ro&amp;insurer=noord#found"');
    expect(body).toMatch(/<a class="all" href="\/datums#found"/);
    expect((await page('/datums?insurer=noord&role=practice')).text).toContain('het bij alle zorgverzekeraars geldt, dus ook bij Noord');
  });

  it('leads to a calendar that says what it takes along of the choice, and to none where nothing was found', async () => {
    const { page } = await filled(await fresh());
    expect((await page('/datums?role=ro&insurer=noord')).text).toContain('Zet deze keuze in uw agenda');
    const wider = (await page('/datums?role=ro&insurer=noord&activity=annual_plan')).text;
    expect(wider).toContain('Zet alles voor deze rol en verzekeraars in uw agenda');
    expect((await page('/datums?period=past')).text).toContain('Zet alle datums in uw agenda');
    expect(wider).not.toContain('Zet deze keuze in uw agenda');
    expect((await page('/datums?words=onvindbaar')).body).not.toMatch(/<span class="unprinted">\s*<a href="\/agenda/);
  });

  it('finds by words, by period and by what else is chosen, and leads from home with its choice', async () => {
    const store = await fresh();
    const { page } = await filled(store);
    await store.write((tx) =>
      saveInsurer(
        tx,
        {
          slug: 'zuid',
          name: 'Zuid',
          kind: 'health_insurer',
          website: null,
          aliases: ['Zonnige Kust'],
          contacts: [],
          remarks: [],
          documents: [],
        },
        NOW,
      ),
    );
    const count = async (query: string) => /(\d+ datums?|Geen datums) gevonden/.exec((await page(`/datums?${query}`)).text)?.[1];
    expect(await count('words=zorggroep')).toBe('1 datum');
    expect(await count('words=zonnige+kust')).toBe('1 datum');
    expect(await count('period=2weeks')).toBe('1 datum');
    expect(await count('period=past')).toBe('1 datum');
    expect(await count('period=undated')).toBe('1 datum');
    expect(await count('period=all&kind=all')).toBe('9 datums');
    expect(await count('activity=signing&contractYear=2025')).toBe('3 datums');
    expect(await count('kind=intention')).toBe('1 datum');
    expect((await page('/datums?kind=intention')).text).not.toContain('werkdagen');
    expect(await count('words=nergens')).toBe('Geen datums');
    // Several insurers, as a mail names them to its reader.
    expect(await count('activity=signing&insurer=oost,zuid')).toBe('2 datums');
    const several = await page('/datums?activity=signing&insurer=oost,zuid');
    expect(several.body).toMatch(/<option value="oost,zuid" selected>\s*Oost en Zuid/);
    expect(several.text).toMatch(/Verzekeraar: Oost en Zuid/);
    expect(several.body).toContain('href="/agenda?insurer=oost,zuid"');
    expect((await page('/')).body).toMatch(/<form class="choice unprinted" method="get" action="\/datums#found"/);
  });

  it('names each value that means nothing, keeps what was typed, and shows no list as if nothing were asked', async () => {
    const { page } = await filled(await fresh());
    const { body, text } = await page(
      `/datums?insurer=noord,x%22y&period=ooit&role=ro&role=wsv&contractYear=1999&words=${'a'.repeat(101)}`,
      400,
    );
    expect(text).toContain('Er kloppen 5 dingen niet');
    expect(text).toContain('Deze verzekeraar staat niet in de Inkoopkalender.');
    expect(body).toContain('<option value="noord,x&quot;y" selected>');
    expect(body).toContain('<option value="ooit" selected>');
    expect(body).toContain('a'.repeat(101));
    expect(text).not.toContain('gevonden');
    expect((await page('/datums?utm_source=x&page=9')).text).toContain('Die bladzijde is er niet. De laatste is 1.');
  });
});

it('asks as GET /deadlines does: the same is shown, beside what a reader has to know of', async () => {
  const deadlines: Revision[] = ROLES.flatMap((role, i) =>
    DUTY_STATUSES.map(
      (contractStatus, n) =>
        ({
          id: `${role}${contractStatus}`,
          insurer: n === 0 ? null : `i${n}`,
          contractYear: 2024 + n,
          activity: n === 1 ? 'signing' : 'accounts',
          kind: i === 3 ? 'term' : 'deadline',
          certainty: 'stated',
          dueOn: i === 2 ? null : `2024-0${4 + n}-0${1 + i}`,
          duty: { actors: i === 1 ? ['insurer'] : [role], onBehalfOf: [], contractStatus, deliverable: null },
          title: role,
        }) as unknown as Revision,
    ),
  );
  const names = new Map([
    ['i1', 'Een'],
    ['i2', 'Twee'],
  ]);
  const value: Record<string, fc.Arbitrary<string>> = {
    period: fc.constantFrom('', '2weeks', 'coming', 'past', 'all'),
    role: fc.constantFrom('', ...ROLES),
    insurer: fc.constantFrom('', 'i1', 'i2', 'i2, i1', 'i1,i2'),
    contractStatus: fc.constantFrom('', ...DUTY_STATUSES),
    activity: fc.constantFrom('', 'signing'),
    contractYear: fc.constantFrom('', '2025'),
    kind: fc.constantFrom('', 'all', 'term'),
    words: fc.constant(''),
  };
  const WINDOW: Record<string, object> = {
    '': { upcoming: true },
    coming: { upcoming: true },
    '2weeks': { upcoming: true, withinDays: 14 },
    past: { to: '2024-04-01' },
    all: { includeUndated: true },
  };
  fc.assert(
    fc.property(fc.record(value), (query) => {
      const { choice, faulty } = readChoice(query, names);
      expect(faulty.size).toBe(0);
      const { activity, contractStatus, contractYear, insurer, kind, role } = query as Choice;
      const asked = {
        ...WINDOW[query['period']!],
        ...(role ? { role } : {}),
        ...(contractStatus ? { contractStatus } : {}),
        ...(activity ? { activity } : {}),
        ...(contractYear ? { contractYear: Number(contractYear) } : {}),
        ...(kind === 'all' ? { kinds: ['deadline', 'term'] } : kind ? { kinds: [kind] } : {}),
      } as Parameters<typeof fitting>[0];
      const { shown, hidden, hiddenTwice } = applyChoice(deadlines, choice, TODAY, () => []);
      // Of several insurers: what fits any of them.
      const each = insurer ? insurer.split(/, ?/).map((one) => ({ ...asked, insurer: one })) : [asked];
      const fits = each.map((one) => fittingReader(one, TODAY));
      expect(shown).toEqual(deadlines.filter((deadline) => fits.some((fit) => fit(deadline))));
      for (const one of each) for (const deadline of deadlines.filter(fitting(one, TODAY))) expect(shown).toContain(deadline);
      // Nothing is left uncounted.
      expect(shown.length + hiddenTwice + hidden.reduce((sum, { count }) => sum + count, 0)).toBe(deadlines.length);
    }),
    { seed: 20241001 },
  );
  expect(NAMES.every((name) => name in value)).toBe(true);
});

it('puts whole months on pages, and leaves none out', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 28 }), { maxLength: 120 }),
      fc.integer({ min: 1, max: 50 }),
      fc.boolean(),
      (sizes, most, isNewestFirst) => {
        const entries = sizes
          .map(
            (n, i) =>
              ({ day: `20${10 + (i % 30)}-${String((n % 12) + 1).padStart(2, '0')}-01`, title: `${i}`, lines: [] }) as unknown as Entry,
          )
          .sort((a, b) => (a.day < b.day ? -1 : 1));
        const sections = sectionsOf(entries, [], { isNewestFirst });
        const pages = pagesOf(sections, most);
        expect(pages.flat()).toEqual(sections);
        expect(
          pages
            .flat()
            .flatMap((section) => section.entries)
            .map(({ title }) => title)
            .sort(),
        ).toEqual(entries.map(({ title }) => title).sort());
        for (const page of pages) {
          const size = page.reduce((sum, section) => sum + section.entries.length, 0);
          expect(page.length === 1 || size <= most).toBe(true);
        }
      },
    ),
    { seed: 20241001 },
  );
});
