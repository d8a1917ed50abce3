/** Every kind of mail in both languages, word for word: whoever changes one sees what people will read. */
import { describe, expect, it } from 'vitest';
import type { ChangeNotice } from '../../db/change-review.ts';
import type { Draft } from '../../db/drafts.ts';
import { MESSAGE_KINDS, type MessageKind } from '../../db/schema.ts';
import { contentOf } from '../helpers/cast.ts';
import { CONFLICT, draftOf, ID, itemOf, plainOf, RECIPIENT, render } from '../helpers/drafts.ts';
import { MONDAY } from '../helpers/reminders.ts';

const SOURCE = {
  document: 'Beleid 2025',
  section: '6.3',
  quote: 'uiterlijk 1 oktober 2024 het jaarplan',
  url: 'https://noord.example/beleid',
};
const BASIS = { kind: 'earlier_year' as const, deadlineId: null, text: 'Voor contractjaar 2024 was het 1 oktober 2023.' };
const YEAR = { kind: 'period' as const, unit: 'year' as const, year: 2024, number: null };

const plan = itemOf({ conflict: CONFLICT, sources: [SOURCE] });
const talk = itemOf(
  { title: 'Gesprek over ouderenzorg', rule: YEAR, consequence: { text: 'Geen gesprek, geen budget.', modality: 'certain' } },
  { dueOn: '2024-12-31', lastSafeOn: '2024-12-31', uid: 'talk', doneMark: null },
);
const expected = itemOf({ certainty: 'expected', basis: BASIS }, { dueOn: '2025-10-01', lastSafeOn: '2025-10-01', uid: 'next' });
const policy = itemOf({ title: 'Publicatie van het zorginkoopbeleid' }, { as: 'informed', uid: 'policy' });

const about = { ...draftOf([]).organisation, id: 'wsv', name: 'WSV De Wijk', unremindedSince: MONDAY };
const revision = (item: typeof plan, over: object) => ({
  ...item.deadline,
  sequence: 0,
  changedAt: MONDAY,
  origin: 'editor' as const,
  reason: 'De verzekeraar gaf een week uitstel.',
  announcedOn: '2024-09-13',
  ...over,
});
const changed = (before: object, after: object, over: Partial<ChangeNotice> = {}): ChangeNotice => ({
  before: revision(plan, { conflict: null, ...before }),
  after: revision(plan, { conflict: null, revision: 2, ...after }),
  fields: ['rule', 'dueOn', 'lastSafeOn'],
  insurerName: 'Zorg en Zekerheid',
  as: 'ro',
  organisations: [{ id: 'ro', name: 'Regio Zuid' }],
  gone: null,
  done: false,
  owner: null,
  ...over,
});
const portal = { kind: 'portal' as const, address: 'https://portaal.example', subject: null, hours: null };
const CHANGES = [
  changed({}, { dueOn: '2024-10-08', lastSafeOn: '2024-10-08', certainty: 'stated' }),
  changed({}, { channel: portal, boundary: 'before' }, { fields: ['channel', 'boundary'], done: true }),
  changed({ dueOn: '2024-09-20' }, { dueOn: '2024-09-10', lastSafeOn: '2024-09-10', certainty: 'expected', basis: BASIS }),
  changed({}, { status: 'withdrawn' }, { fields: ['status'], gone: 'withdrawn' }),
];

/** What a mail of each kind is about. */
const DRAFTS: Record<MessageKind, Partial<Draft>> = {
  confirmation: {},
  deputy_confirmation: {
    recipient: { ...RECIPIENT, deputyEmail: 'ward@example.org', deputyUntil: '2024-10-31' },
    to: 'ward@example.org',
    isForDeputy: true,
  },
  welcome: { next: [plan, expected] },
  reminder: { due: [plan, policy, talk].map((item) => ({ item, leadDays: 14 })), next: [expected] },
  change: { changes: CHANGES },
  escalation: {
    undone: [
      { item: plan, organisation: { id: 'ro', name: 'Regio Zuid' } },
      { item: itemOf(), organisation: { id: 'wsv', name: 'WSV De Wijk' } },
    ],
  },
  unreminded: { about },
  deputy_undeliverable: {
    recipient: {
      ...RECIPIENT,
      deputyEmail: 'ward@example.org',
      deputyUntil: '2024-10-31',
      deputyFault: '550 5.1.1 No such user',
      pausedUntil: '2024-10-01',
    },
    next: [plan, expected],
  },
  undeliverable: { unreached: [{ ...RECIPIENT, email: 'weg@example.org', status: 'undeliverable', fault: '550 5.1.1 No such user' }] },
};

const CASES = MESSAGE_KINDS.flatMap((kind) => (['nl', 'en'] as const).map((language) => [kind, language] as const));

describe('a mail', () => {
  it.each(CASES)('of kind %s reads in %s as it is pinned', async (kind, language) => {
    const { subject, text, headers } = await render(draftOf([], { ...DRAFTS[kind], kind, language }));
    const shown = ['in-reply-to', 'references'].flatMap((name) =>
      headers.filter(({ key }) => key === name).map(({ value }) => `${name}: ${value}`),
    );
    const masked = text!.replaceAll(/\.[\w-]{43}$/gm, '.(signature)');
    await expect([`subject: ${subject}`, ...shown, '', masked].join('\n')).toMatchFileSnapshot(`pins/${kind}.${language}.txt`);
  });

  it.each(CASES)('of kind %s says in %s the same in text and in HTML, and loads nothing', async (kind, language) => {
    const { text, html, raw } = await render(draftOf([], { ...DRAFTS[kind], kind, language }));
    const wordsOf = (body: string) =>
      body
        .replaceAll(/https?:\S+/g, ' ')
        .replaceAll(/[^\p{L}\p{N}@]+/gu, ' ')
        .trim();
    expect(wordsOf(plainOf(html!))).toBe(wordsOf(text!));
    for (const [, url] of html!.matchAll(/href="([^"]+)"/g)) expect(text).toContain(`\n${url!.replaceAll('&amp;', '&')}\n`);
    expect(html).toContain('<meta name="color-scheme" content="light dark" />');
    expect(html).not.toMatch(/<img|<script|<link|<style|\ssrc=|background|url\(/);
    expect(raw.length).toBeLessThan(100_000);
  });

  it('about a deadline is always in the same thread of a reader, whatever its kind', async () => {
    const threadOf = async (draft: Draft) => {
      const { headers } = await render(draft);
      return ['in-reply-to', 'references'].map((name) => headers.find(({ key }) => key === name)?.value);
    };
    const thread = `<${ID}.${RECIPIENT.id}@inkoop.example>`;
    for (const kind of ['reminder', 'change', 'escalation'] as const)
      expect(await threadOf(draftOf([], { ...DRAFTS[kind], kind }))).toEqual([thread, thread]);
    expect(await threadOf(draftOf([], { ...DRAFTS.welcome, kind: 'welcome' }))).toEqual([undefined, undefined]);
  });

  it('of sixty changes or sixty undone deadlines is short enough for every mail program', async () => {
    const quote = 'Een lange zin uit het beleid. '.repeat(60);
    const sources = Array.from({ length: 5 }, () => ({ document: 'Beleid', section: null, quote, url: null }));
    const changes = Array.from({ length: 60 }, () => changed({}, { lastSafeOn: '2024-10-08', dueOn: '2024-10-08', sources }));
    const undone = Array.from({ length: 60 }, (_, n) => ({
      item: itemOf({ sources }, { uid: `${n}` }),
      organisation: { id: 'ro', name: 'Regio Zuid' },
    }));
    for (const draft of [draftOf([], { kind: 'change', changes }), draftOf([], { kind: 'escalation', undone })]) {
      const { raw, subject, text } = await render(draft);
      expect(raw.length).toBeLessThan(100_000);
      expect(subject!.endsWith('en nog 59')).toBe(true);
      expect(text!.match(/Jaarplan met begroting indienen/g)!.length).toBeGreaterThanOrEqual(60);
    }
  });

  it('to a deputy offers what is the deputy’s to choose alone', async () => {
    const recipient = { ...RECIPIENT, deputyEmail: 'ward@example.org', deputyUntil: '2024-10-31' };
    const draft = draftOf([plan], { recipient, to: 'ward@example.org', isForDeputy: true });
    const { to, text, headers } = await render(draft);
    expect(to?.map(({ address }) => address)).toEqual(['ward@example.org']);
    expect(text).toContain('U krijgt deze mail als vervanger van a@example.org bij Regio Zuid, tot en met donderdag 31 oktober 2024.');
    expect(text!.match(/inkoop\.example\/(\w*)\//g)).toEqual(['inkoop.example/done/', 'inkoop.example/leave/']);
    expect(headers.find(({ key }) => key === 'list-unsubscribe')?.value).toContain('/leave/');
  });

  it('names the consequence as a consequence, possible or not, and never as a threat', async () => {
    const certain = itemOf({ consequence: { text: 'De financiering stopt.', modality: 'certain' } });
    const { text } = await render(draftOf([certain, itemOf(contentOf())]));
    expect(text).toContain('\nGevolg: De financiering stopt.\n');
    expect(text).toContain('\nMogelijk gevolg: Mogelijk een afslag op het tarief.\n');
  });

  it('does not make a day of a period', async () => {
    const month = itemOf(
      { title: 'Gesprek', rule: { ...YEAR, unit: 'month', number: 6 } },
      { dueOn: '2024-06-30', lastSafeOn: '2024-06-30' },
    );
    const today = '2024-06-16';
    expect((await render(draftOf([talk]))).subject).toBe(
      'In de loop van 2024: gesprek over ouderenzorg bij Zorg en Zekerheid (laatste dag di 31 dec)',
    );
    const { subject, firstLine } = await render(draftOf([month], { today }));
    expect(subject).toBe('In de loop van juni 2024: gesprek bij Zorg en Zekerheid (laatste dag zo 30 jun)');
    expect(firstLine).toBe(
      'Gesprek bij Zorg en Zekerheid: in de loop van juni 2024. De bron noemt geen dag. De laatste dag van deze periode is zondag 30 juni 2024. Dat is over 14 dagen (10 werkdagen).',
    );
  });
});
