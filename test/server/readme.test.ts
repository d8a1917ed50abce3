/** What the README tells each reader to open and press is there, under that name. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { wordsIn } from '../../calendars/words.ts';
import nlDesk from '../../calendars/words/nl/desk.json' with { type: 'json' };
import nlPage from '../../calendars/words/nl/page.json' with { type: 'json' };
import nlPeople from '../../calendars/words/nl/people.json' with { type: 'json' };
import nlRoom from '../../calendars/words/nl/room.json' with { type: 'json' };
import { appFor } from '../helpers/app.ts';
import { castIn } from '../helpers/cast.ts';
import { onSqlite } from '../helpers/stores.ts';

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const [, BEGIN = ''] = /### Zo begint u\n(.*?)\nIn English /s.exec(README)!;

const matchesOf = (pattern: RegExp) => [...new Set([...BEGIN.matchAll(pattern)].map(([, found]) => found!))];
const textsOf = (words: object): string[] =>
  Object.values(words).flatMap((one: string | object) => (typeof one === 'string' ? one : textsOf(one)));

onSqlite('where each of the six begins', (fresh) => {
  it('is three steps for everyone, in addresses and buttons that there are', async () => {
    const store = await fresh();
    await castIn(store);
    const { app } = await appFor(store, { outbox: { newest: async () => ({ mails: [], total: 0 }), find: async () => null } });
    const people = BEGIN.split(/^(?=\*\*)/m).slice(1);
    expect(people.map((text) => text.match(/^\d\. /gm))).toEqual(Array.from({ length: 6 }, () => ['1. ', '2. ', '3. ']));

    const addresses = matchesOf(/`(\/[^`\s]+)`/g);
    const answers = await Promise.all(
      addresses.map(async (url) => [url, (await app.inject({ url, headers: { accept: 'text/html' } })).statusCode]),
    );
    // What is for who signed in leads there first.
    expect(answers.filter(([url, status]) => status !== (url === '/redactie' ? 303 : 200))).toEqual([]);

    const buttons = matchesOf(/(?<=[a-z.] )\*\*([^*\n]+)\*\*/g);
    expect(
      buttons.filter((name) => ![...textsOf(nlPage), ...textsOf(nlRoom), ...textsOf(nlDesk), ...textsOf(nlPeople)].includes(name)),
    ).toEqual([]);
    // The way to a calendar begins on a page that has its button.
    const { body } = await app.inject({
      url: /`(\/agenda[^`]*)`[^\n]*\*\*Maak mijn agenda/.exec(BEGIN)![1]!,
      headers: { accept: 'text/html' },
    });
    expect(body).toContain('Maak mijn agenda');
    expect(buttons).toContain(wordsIn('nl')('page:enrol.confirm_button'));

    const calls = matchesOf(/`((?:GET|POST) [^`]+)`/g).map((call) => call.split(' ') as [string, string]);
    const routeOf = (path: string) => `/api/v1${path.replaceAll(/\{(\w+)\}/g, ':$1')}`;
    expect(calls.filter(([method, path]) => !app.paths.get(routeOf(path))?.has(method))).toEqual([]);
    for (const some of [addresses, buttons]) expect(some.length).toBeGreaterThan(0);
  });
});
