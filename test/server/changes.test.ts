/** What changed, for all: over REST after a mark, as pages, and as feeds that programs of others read. */
import { parseAtomFeed, parseJsonFeed } from 'feedsmith';
import { SaxesParser } from 'saxes';
import { expect, it } from 'vitest';
import { amendDeadline, createDeadline, withdrawDeadline } from '../../db/registry/amending.ts';
import { projectTimelines } from '../../db/registry/timelines.ts';
import type { Store } from '../../db/store/store.ts';
import { appFor, type Body, type Call } from '../helpers/app.ts';
import { addDeadline, castIn, contentOf, identityOf, NOW } from '../helpers/cast.ts';
import { textOf } from '../helpers/page-text.ts';
import { onBothDialects, onSqlite } from '../helpers/stores.ts';

const HTML = { headers: { accept: 'text/html' } };
const at = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);
const REASON = 'Uitstel voor "alle" RO’s & <wsv’s>.';
const LATER_QUOTE = {
  document: 'Bericht van Noord',
  section: null,
  quote: 'Het wordt 8 oktober 2024.',
  url: 'https://noord.example/?a=1&b=2',
};

/** An entry that was made, moved and withdrawn, and the requests of the last year that say nothing else. */
async function threeChanges(store: Store) {
  await castIn(store);
  const { id } = await store.write((tx) => addDeadline(tx));
  const moved = {
    baseRevision: 1,
    reason: REASON,
    announcedOn: '2024-04-01',
    rule: { kind: 'fixed' as const, on: '2024-10-08' },
    sources: [LATER_QUOTE],
  };
  await store.write((tx) => amendDeadline(tx, id, moved, at(1)));
  await store.write((tx) => withdrawDeadline(tx, id, 'Toch niet.', at(2)));
  return id;
}

/** All changes, by asking with the mark of the answer before until nothing more follows. */
async function follow(call: Call, limit: number, since?: string): Promise<{ items: Body[]; mark: string }> {
  const items: Body[] = [];
  for (let mark = since; ;) {
    const { body, status } = await call('GET', `changes?limit=${limit}${mark === undefined ? '' : `&since=${mark}`}`);
    expect(status).toBe(200);
    items.push(...body.items);
    ({ mark } = body);
    if (!body.hasMore) return { items, mark: mark! };
  }
}

onBothDialects('changes over REST', (fresh) => {
  it('come once each to whoever gives the mark of the answer before, with what was and is', async () => {
    const store = await fresh();
    const id = await threeChanges(store);
    const { call } = await appFor(store, { publicUrl: 'https://inkoop.example/zorg' });
    const { items, mark } = await follow(call, 1);
    expect(items.map(({ after, before, kind }) => [kind, before?.dueOn ?? null, after.dueOn, after.reason])).toEqual([
      ['new', null, '2024-10-01', null],
      ['moved', '2024-10-01', '2024-10-08', REASON],
      ['gone', '2024-10-08', '2024-10-08', 'Toch niet.'],
    ]);
    expect(items.every(({ deadlineId }) => deadlineId === id)).toBe(true);
    expect(items[1]).toMatchObject({ publicAt: at(1).toISOString(), url: `https://inkoop.example/zorg/wijzigingen/${items[1].id}` });
    expect((await follow(call, 100)).items).toEqual(items);
    expect(await follow(call, 100, mark)).toEqual({ items: [], mark });
    // What is computed from it is none, but moves the mark.
    await store.write((tx) => projectTimelines(tx, 2024, at(3)));
    const after = await follow(call, 100, mark);
    expect([after.items, Number(after.mark) > Number(mark)]).toEqual([[], true]);
    await store.write((tx) => addDeadline(tx, { insurer: 'oost', contractYear: 2024 }, {}, at(4)));
    expect((await follow(call, 100, mark)).items.map(({ after }) => after.insurer)).toEqual(['oost']);
    expect((await follow(call, 100, after.mark)).items).toHaveLength(1);
    expect((await call('GET', 'changes?insurer=oost')).body.items).toHaveLength(1);
  });

  it('refuse a mark that was never given, with what is allowed', async () => {
    const store = await fresh();
    await threeChanges(store);
    const { call } = await appFor(store);
    const { mark } = await follow(call, 100);
    const odd = await call('GET', `changes?since=${Number(mark) + 1}`);
    expect([odd.status, odd.body.errors]).toEqual([
      400,
      [{ field: 'since', message: 'must be the mark of an earlier answer of this service', in: 'query' }],
    ]);
    for (const query of ['since=-1', 'since=x', 'since=9999999999999', 'since=1&limit=0', 'limit=101', 'insurer=A%20B', 'from=1'])
      expect((await call('GET', `changes?${query}`)).status, query).toBe(400);
  });
});

onBothDialects('the pages of what changed', (fresh) => {
  it('tell of each what was, what is, why, and the sentences, and lead to the entry and back', async () => {
    const store = await fresh();
    const id = await threeChanges(store);
    const { call } = await appFor(store);
    const page = async (path: string) => (await call('GET', path, HTML)).body as string;
    const [made, moved, gone] = (await follow(call, 100)).items.map((item: Body) => item.id as string);
    const list = await page('/wijzigingen');
    expect(textOf(list)).toContain('2 april 2024 Jaarplan met begroting indienen Noord, contractjaar 2025 Vervallen');
    expect(textOf(list)).toContain('Verschoven : dinsdag 1 oktober 2024 werd dinsdag 8 oktober 2024');
    for (const change of [made, moved, gone]) expect(list).toContain(`href="/wijzigingen/${change}"`);
    const one = await page(`/wijzigingen/${moved}`);
    expect(textOf(one)).toContain('Dag was dinsdag 1 oktober 2024, is nu dinsdag 8 oktober 2024');
    expect(one).toContain(
      '<p>Uitstel voor &quot;alle&quot; RO’s &amp; &lt;wsv’s&gt;.</p>'.replace('<p>', '<p><span lang="nl">').replace('</p>', '</span></p>'),
    );
    expect(textOf(one)).toMatch(/Het wordt 8 oktober 2024 \..*Wat er eerder stond.*1 oktober 2024 Het jaarplan/);
    expect(textOf(one)).toContain('De verzekeraar maakte dit bekend op 1 april 2024.');
    // It is not the last word.
    expect(one).toContain(`href="/wijzigingen/${gone}"`);
    expect(await page(`/wijzigingen/${gone}`)).not.toContain('Deze datum is daarna opnieuw gewijzigd');
    expect(one).toContain(`href="/datums/${id}"`);
    expect(await page(`/datums/${id}`)).toContain(`href="/wijzigingen/${moved}"`);
    expect(textOf(await page(`/en/wijzigingen/${made}`))).toContain('New: Submit the annual plan with budget Noord, contract year 2025');
    expect((await call('GET', `/wijzigingen/${id}`, HTML)).status).toBe(404);
    expect((await call('GET', '/wijzigingen/x', HTML)).status).toBe(404);
    expect(await page('/sitemap.xml')).toContain(`/en/wijzigingen/${gone}</loc>`);
    expect(await page('/sitemap.xml')).not.toContain('wijzigingen.atom');
  });

  it('say rond before a day that is only assumed, and of one insurer nothing of another', async () => {
    const store = await fresh();
    await castIn(store);
    await store.write((tx) => projectTimelines(tx, 2024, NOW));
    const content = contentOf({
      rule: { kind: 'fixed', on: '2025-12-15' },
      sources: [{ ...LATER_QUOTE, quote: 'uiterlijk 15 december 2025' }],
    });
    const identity = identityOf({ contractYear: 2026, activity: 'signing', careType: 'general' });
    await store.write((tx) => createDeadline(tx, { identity, content, reason: 'Bekend.', announcedOn: null }, at(1)));
    const { call } = await appFor(store);
    const said = async (path: string) => textOf((await call('GET', path, HTML)).body as string);
    expect(await said('/wijzigingen')).toMatch(/Datum bekend : rond \w+ 31 december 2025 werd maandag 15 december 2025/);
    expect(await said('/wijzigingen?insurer=noord')).toMatch(/Wat er veranderde bij Noord .*Datum bekend/);
    expect(await said('/wijzigingen?insurer=oost')).toContain(
      'Van Oost staat hier nog geen wijziging. Wat een redacteur wijzigt, staat hier na tien minuten.',
    );
    expect(await said('/wijzigingen?insurer=west')).toMatch(/Deze zorgverzekeraar kennen wij niet.*Datum bekend/);
  });

  it('go on below the last one, without missing or repeating any', async () => {
    const store = await fresh();
    const id = await threeChanges(store);
    for (let n = 4; n <= 60; n++)
      await store.write((tx) => amendDeadline(tx, id, { baseRevision: n - 1, reason: `Wijziging ${n}.`, title: `Jaarplan ${n}` }, at(n)));
    const { call } = await appFor(store);
    const met: string[] = [];
    for (let path: string | undefined = '/wijzigingen'; path !== undefined;) {
      const { body } = await call('GET', path, HTML);
      met.push(...[...(body as string).matchAll(/href="\/wijzigingen\/([0-9a-f-]{36})"/g)].map(([, change]) => change!));
      path = /href="(\/wijzigingen\?voor=\d+)"/.exec(body as string)?.[1];
    }
    expect(met).toEqual((await follow(call, 100)).items.map((item: Body) => item.id).toReversed());
    expect(met).toHaveLength(60);
  });
});

onSqlite('the feeds of what changed', (fresh) => {
  /** What a strict XML parser says of it, with how often each element of Atom stands in it; throws where it is not well-formed. */
  function elementsOf(xml: string): Map<string, number> {
    const counts = new Map<string, number>();
    const parser = new SaxesParser({ xmlns: true });
    parser.on('error', (error) => {
      throw error;
    });
    parser.on('opentag', ({ local, uri }) => {
      expect(uri).toBe('http://www.w3.org/2005/Atom');
      counts.set(local, (counts.get(local) ?? 0) + 1);
    });
    parser.write(xml).close();
    return counts;
  }

  it('are Atom as RFC 4287 has it, in both languages, of all and of one insurer', async () => {
    const store = await fresh();
    await threeChanges(store);
    const { call } = await appFor(store, { publicUrl: 'https://inkoop.example' });
    const { items } = await follow(call, 100);
    for (const path of ['/wijzigingen.atom', '/en/wijzigingen.atom', '/verzekeraars/noord/wijzigingen.atom', '/wijzigingen.atom?x=1']) {
      const { body, headers, status } = await call('GET', path);
      expect([status, headers['content-type']]).toEqual([200, 'application/atom+xml; charset=utf-8']);
      const counts = elementsOf(body);
      // One of each in the feed and in every entry (RFC 4287, 4.1.1 and 4.1.2).
      for (const name of ['id', 'title', 'updated']) expect(counts.get(name), name).toBe(4);
      expect([counts.get('entry'), counts.get('author'), counts.get('content')]).toEqual([3, 1, 3]);
      const feed = parseAtomFeed(body);
      const plain = path.replace('?x=1', '');
      expect(feed.id).toBe(`https://inkoop.example${plain}`);
      expect(feed.links?.find(({ rel }) => rel === 'self')?.href).toBe(`https://inkoop.example${plain}`);
      expect(feed.updated).toBe(at(2).toISOString());
      expect(feed.entries?.map(({ id }) => id)).toEqual(items.toReversed().map((item: Body) => `urn:uuid:${item.id}`));
      const prefix = path.startsWith('/en') ? '/en' : '';
      expect(feed.entries?.map(({ links }) => links?.[0]?.href)).toEqual(
        items.toReversed().map((item: Body) => `https://inkoop.example${prefix}/wijzigingen/${item.id}`),
      );
    }
    const { entries } = parseAtomFeed((await call('GET', '/wijzigingen.atom')).body);
    const text = (part: unknown) => (typeof part === 'string' ? part : String((part as { value?: string } | undefined)?.value));
    expect(text(entries?.[1]?.title)).toBe('Verschoven: Jaarplan met begroting indienen – Noord, contractjaar 2025');
    expect(text(entries?.[1]?.summary)).toBe(`dinsdag 1 oktober 2024 werd dinsdag 8 oktober 2024. ${REASON}`);
    expect(text(entries?.[1]?.content)).toContain('RO’s &amp; &lt;wsv’s&gt;.');
    expect(text(entries?.[1]?.content)).toContain('<blockquote lang="nl">Het wordt 8 oktober 2024.</blockquote>');
  });

  it('are JSON Feed 1.1 with the same, and empty ones too', async () => {
    const store = await fresh();
    await threeChanges(store);
    const { call } = await appFor(store, { publicUrl: 'https://inkoop.example' });
    const { items } = await follow(call, 100);
    const answer = await call('GET', '/wijzigingen.json');
    expect(answer.headers['content-type']).toBe('application/feed+json; charset=utf-8');
    expect(answer.body).toMatchObject({
      version: 'https://jsonfeed.org/version/1.1',
      home_page_url: 'https://inkoop.example/wijzigingen',
      feed_url: 'https://inkoop.example/wijzigingen.json',
      language: 'nl',
    });
    // What the specification wants of each: an id and a url that are texts, content as html or text, RFC 3339 dates, tags as texts.
    for (const item of answer.body.items) {
      expect(Object.keys(item).sort()).toEqual(['content_html', 'date_published', 'id', 'summary', 'tags', 'title', 'url']);
      expect(
        Object.values(item).every(
          (value) => typeof value === 'string' || (Array.isArray(value) && value.every((tag) => typeof tag === 'string')),
        ),
      ).toBe(true);
      expect(new Date(item.date_published).toISOString()).toBe(item.date_published);
    }
    const parsed = parseJsonFeed(answer.body);
    expect(parsed.items?.map(({ id }) => id)).toEqual(items.toReversed().map((item: Body) => `urn:uuid:${item.id}`));
    expect((await call('GET', '/verzekeraars/oost/wijzigingen.json')).body).toMatchObject({
      title: 'Inkoopkalender: Wat er veranderde bij Oost',
      items: [],
    });
    const empty = await call('GET', '/verzekeraars/oost/wijzigingen.atom');
    expect(elementsOf(empty.body).get('updated')).toBe(1);
    expect((await call('GET', '/verzekeraars/west/wijzigingen.atom')).status).toBe(404);
    expect((await call('GET', '/verzekeraars/west/wijzigingen.atom?x')).status).toBe(404);
  });

  it('are not sent again while nothing changed, and are named by their page', async () => {
    const store = await fresh();
    const id = await threeChanges(store);
    const { call } = await appFor(store);
    const first = await call('GET', '/wijzigingen.atom');
    const again = { headers: { 'if-none-match': String(first.headers['etag']) } };
    expect((await call('GET', '/wijzigingen.atom', again)).status).toBe(304);
    await store.write((tx) => amendDeadline(tx, id, { baseRevision: 3, reason: 'Toch wel.' }, at(3)));
    const changed = await call('GET', '/wijzigingen.atom', again);
    expect([changed.status, parseAtomFeed(changed.body).entries?.length]).toEqual([200, 4]);
    const { body } = await call('GET', '/en/wijzigingen?insurer=noord', HTML);
    expect(body).toContain('type="application/atom+xml" title="What changed at Noord" href="/en/verzekeraars/noord/wijzigingen.atom"');
    expect(body).toContain('type="application/feed+json"');
  });
});
