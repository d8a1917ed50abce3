/** Everything that is recorded, on one database. */
import { readRoutes } from './answers.ts';
import { readCalendars } from './feeds.ts';
import { BEGIN, live } from './life.ts';
import { mailOfEachKind } from './mails.ts';
import { keep, withoutOtherIds, type Recordings } from './recordings.ts';
import { openService, type Service } from './service.ts';
import type { Life } from './voices.ts';

/** Lives a life on an empty database and writes down what is seen of it. Needs randomness that is pinned. */
export async function recordOn(databaseUrl: string): Promise<Recordings> {
  const recordings = mailOfEachKind();
  const service = await openService(databaseUrl, BEGIN);
  const ids = new Set<string>();
  await live(service, recordings, async (life, day, at) => {
    for (const id of [...life.ids, ...(await deadlinesIn(service))]) ids.add(id);
    const feeds = await readCalendars(service, await calendarsIn(service, life));
    for (const [name, text] of feeds.answers) keep(recordings, `${day}/feeds/${name}`, text);
    keep(recordings, `${day}/tags of feeds`, feeds.tags);
    if (at === 'calendars') return;
    const routes = await readRoutes(service, life);
    for (const [name, text] of routes.answers) keep(recordings, `${day}/get/${name}`, text);
    keep(recordings, `${day}/tags of lists`, routes.tags);
  });
  await service.close();
  // A feed is recorded to the byte: what is in it has an id that the same change gives it every time.
  return new Map([...recordings].map(([name, text]) => [name, /^[\d-]+\/feeds\//.test(name) ? text : withoutOtherIds(text, ids)]));
}

async function deadlinesIn(service: Service): Promise<string[]> {
  const ids: string[] = [];
  for (let page = 1; ; page += 1) {
    const items = await itemsIn(service, `/api/v1/deadlines?includeUndated=true&pageSize=100&page=${page}`);
    if (items.length === 0) return ids;
    ids.push(...items.map(({ id }) => id));
  }
}

/** Those of every insurer, those of each organisation, and some that are not there. */
async function calendarsIn(service: Service, { feeds }: Life): Promise<Map<string, string>> {
  const insurers = await itemsIn(service, '/api/v1/insurers?pageSize=100');
  const open = insurers.flatMap(({ slug }) =>
    ['', '?lang=en'].map((query) => [`public/${slug}${query}`, `/calendars/${slug}.ics${query}`] as const),
  );
  const own = [...feeds].map(([name, address]) => [`private/${name}`, address] as const);
  return new Map([
    ...open,
    ...own,
    ...SELECTIONS.map((query) => [`public/of a choice/${query}`, `/calendars/selection.ics${query}`] as const),
    ['public/as a file', '/calendars/vgz.ics?download=1'],
    ['public/of nobody', '/calendars/nobody.ics'],
    ['private/of nobody', `/feeds/${'x'.repeat(43)}.ics`],
  ]);
}

/** Among them one that is none. */
const SELECTIONS = [
  '?role=practice',
  '?lang=en&status=contracted&insurer=vgz&insurer=cz&role=ro',
  '?role=provider&status=uncontracted&kind=all',
  '?role=huisarts&plan=x',
];

async function itemsIn({ ask }: Service, list: string): Promise<{ id: string; slug: string }[]> {
  const { items } = JSON.parse((await ask(list)).body.toString()) as { items: { id: string; slug: string }[] };
  return items;
}
