/** Names in mails: whatever an organisation calls itself, no mail program makes a link of it. */
import { expect, it } from 'vitest';
import { MESSAGE_KINDS } from '../../../db/schema/schema.ts';
import { unlinked } from '../../../jobs/mails/unlinked.ts';
import { draftOf, itemOf, plainOf, RECIPIENT, render } from '../../helpers/drafts.ts';
import { changed, DRAFTS } from '../../helpers/every-mail.ts';

const LINKS = [
  'evil.example/x',
  'EVIL.Example',
  'Klik op evil.example/inloggen?x=1 nu',
  'www.evil.example',
  'https://evil.example',
  'http://localhost/x',
  'https://3232235777/',
  '192.168.1.1/x',
  'mailto:a@evil.example',
  'tel:0900123456',
  'a@evil.example',
  '(evil.example)',
  '"evil.example"',
  'evil。example',
  'evil．example',
  'evil.\u200Bexample',
  'evil.\u034Fexample',
  'evil.\u0001example',
  'evil.\uFE0Fexample',
  'e\u00ADvil.example',
  'xn--80ak6aa92e.xn--p1ai',
  'пример.рф',
  '\\\\server\\share',
  'sub.evil.example:8080/a/b.html',
];
const NAMES = [
  'Regio Zuid',
  'St. Jan',
  'Zorg B.V.',
  'N.V. Zorg',
  'Huisartsen versie 2.0',
  'Zorg & Zo',
  'WSV 25/26',
  'Praktijk ’t Hof',
  'Regio 1.2',
];

/** What mail programs look for, each more than most do: a scheme, www, a domain with letters after the dot, an address, four numbers, a server. */
const PROGRAMS = [
  /\b[a-z][a-z\d+.-]*:[^\s:]/iu,
  /\bwww\.\S/iu,
  /[\p{L}\p{N}-]+[.\u3002\uFF0E\uFF61](?:\p{L}{2,}|xn--[a-z\d-]+)/iu,
  /\S@\S/u,
  /\d+\.\d+\.\d+\.\d+/u,
  /\\\\\w/u,
];
const UNSEEN = /[[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]--\s]/gv;
const linksIn = (text: string) => PROGRAMS.flatMap((pattern) => pattern.exec(text.replaceAll(UNSEEN, ''))?.[0] ?? []);

it.each(LINKS)('the name %j would be a link, and is none any more', (name) => {
  expect(linksIn(name)).not.toEqual([]);
  expect(linksIn(unlinked(name))).toEqual([]);
  // It can still be read.
  const lettersOf = (text: string) => text.replaceAll(UNSEEN, '').replaceAll(/\s/g, '');
  expect(lettersOf(unlinked(name))).toBe(lettersOf(name));
});

it.each(NAMES)('the name %j stays as it is', (name) => {
  expect(unlinked(name)).toBe(name);
});

it.each(MESSAGE_KINDS)('no name in a mail of kind %s is a link, in text or in HTML', async (kind) => {
  const name = 'evil.example/x';
  const organisations = [{ id: 'wsv', name }];
  const item = itemOf({}, { organisations, undoneBy: [name] });
  const draft = draftOf([], {
    ...DRAFTS[kind],
    kind,
    name,
    about: { ...draftOf([]).organisation, name },
    due: kind === 'reminder' ? [{ item, leadDays: 14 }] : [],
    next: [item],
    undone: [{ item, organisation: { id: 'wsv', name } }],
    changes: [changed({}, { lastSafeOn: '2024-10-08' }, { organisations })],
  });
  const { subject, text, html } = await render(draft);
  for (const part of [subject!, text!, plainOf(html!)]) expect(part).not.toMatch(/evil\.example/i);
  expect(text).toContain('evil. example/ x');
});

it('an address that could pass for a web address is none in a question to a stranger', async () => {
  const recipient = { ...RECIPIENT, email: 'evil.example/login@a.example', deputyEmail: 'ward@example.org', deputyUntil: '2024-10-31' };
  const { subject, text, html, to } = await render(
    draftOf([], { ...DRAFTS.deputy_confirmation, kind: 'deputy_confirmation', recipient, to: 'ward@example.org' }),
  );
  for (const part of [subject!, text!, plainOf(html!)]) expect(part).not.toMatch(/evil\.example/i);
  expect(to?.map(({ address }) => address)).toEqual(['ward@example.org']);
  const plain = { ...recipient, email: 'jan.de-vries+zorg@a.example' };
  expect((await render(draftOf([], { ...DRAFTS.deputy_confirmation, kind: 'deputy_confirmation', recipient: plain }))).text).toContain(
    'voor jan.de-vries+zorg@a.example wilt krijgen',
  );
});
