/** Every kind of mail in both languages, word for word: whoever changes one sees what people will read. */
import { describe, expect, it } from 'vitest';
import type { ChangeNotice } from '../../../db/sending/news-composing.ts';
import type { Draft } from '../../../db/sending/composing.ts';
import { listBlocks } from '../../../jobs/mails/due/list.ts';
import { undonePart } from '../../../jobs/mails/escalation.ts';
import { shortened, writeText } from '../../../jobs/mails/letter.ts';
import { wordItem } from '../../../calendars/ics/feed-text.ts';
import { draftOf, ID, itemOf, linksIn, plainOf, RECIPIENT, render } from '../../helpers/drafts.ts';
import { changed, DRAFTS, GROUPED, MAILS, plan, talk, YEAR } from '../../helpers/every-mail.ts';

const CASES = Object.keys(MAILS).flatMap((name) => (['nl', 'en'] as const).map((language) => [name, language] as const));

describe('a mail', () => {
  it.each(CASES)('of kind %s reads in %s as it is pinned', async (name, language) => {
    const { subject, text, headers } = await render(draftOf([], { ...MAILS[name], language }));
    const shown = ['in-reply-to', 'references'].flatMap((name) =>
      headers.filter(({ key }) => key === name).map(({ value }) => `${name}: ${value}`),
    );
    const masked = text!.replaceAll(/\.([\w-]{43}|[\w-]{16})$/gm, '.(signature)');
    await expect([`subject: ${subject}`, ...shown, '', masked].join('\n')).toMatchFileSnapshot(`pins/${name}.${language}.txt`);
  });

  it.each(CASES)('of kind %s says in %s the same in text and in HTML, and loads nothing', async (name, language) => {
    const { text, html, raw } = await render(draftOf([], { ...MAILS[name], language }));
    const wordsOf = (body: string) =>
      body
        .replaceAll(/https?:\S+/g, ' ')
        .replaceAll(/[^\p{L}\p{N}@]+/gu, ' ')
        .trim();
    expect(wordsOf(plainOf(html!))).toBe(wordsOf(text!));
    for (const url of linksIn(html!)) expect(text).toContain(url);
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
      // Each of a year of its own: they are told of apart.
      item: itemOf({ sources }, { uid: `${n}`, contractYear: 2025 + n }),
      organisation: { id: 'ro', name: 'Regio Zuid' },
    }));
    const told = [
      [draftOf([], { kind: 'change', changes }), /^Zorg en Zekerheid: was|^- .*Jaarplan met begroting indienen/gm],
      [draftOf([], { kind: 'escalation', undone }), /jaarplan met begroting indienen/gi],
    ] as const;
    for (const [draft, each] of told) {
      const { raw, subject, text } = await render(draft);
      expect(raw.length).toBeLessThan(100_000);
      expect(subject).toMatch(/en 59 andere$/);
      expect(text!.match(each)!.length).toBeGreaterThanOrEqual(60);
    }
  });

  it('of what is undone at several insurers names the group in its subject, and lists groups with their organisations', async () => {
    const { undone = [] } = GROUPED.grouped_undone!;
    const draft = draftOf([], { kind: 'escalation', undone });
    const links = { doneUrl: () => null, muteUrl: () => null, allDoneUrl: () => null, allMuteUrl: () => null } as never;
    const { count, headlines } = undonePart(draft, links, 2)!;
    expect([count, ...headlines((name) => name)]).toEqual([
      2,
      'Nog open bij WSV De Wijk: ondertekenen bij 2 zorgverzekeraars (uiterlijk wo 18 sep)',
      'Nog open bij WSV De Wijk: ondertekenen, 2 verzekeraars (uiterlijk wo 18 sep)',
      'Nog open bij WSV De Wijk: ondertekenen (uiterlijk wo 18 sep)',
    ]);
    expect(undonePart(draft, links, 0)!.blocks).toEqual([
      { kind: 'heading', text: 'Ook nog open' },
      {
        kind: 'days',
        rows: [
          {
            day: 'tussen wo 18 sep en do 19 sep',
            what: 'ondertekenen bij 2 zorgverzekeraars (WSV De Wijk): VGZ, CZ',
          },
          { day: 'ma 30 sep', what: 'ondertekenen bij Zorg en Zekerheid (Regio Zuid)' },
        ],
      },
    ]);
  });

  it('names in a list too who else has not done it: so many, and how many more', () => {
    const listed = (undoneBy: string[], language: 'nl' | 'en') =>
      listBlocks([itemOf({ title: 'Ondertekenen' }, { undoneBy })], draftOf([], { language }), '').flatMap((block) =>
        block.kind === 'days' ? block.rows.map(({ what }) => what) : [],
      );
    expect(listed(['WSV De Wijk'], 'nl')).toEqual(['ondertekenen bij Zorg en Zekerheid (ook nog niet als gedaan gemeld door WSV De Wijk)']);
    const many = Array.from({ length: 23 }, (_, n) => `WSV ${n + 1}`);
    expect(listed(many.slice(0, 21), 'nl')[0]).toMatch(/WSV 20 en WSV 21\)$/);
    expect(listed(many, 'nl')[0]).toMatch(/WSV 19, WSV 20 en 3 andere organisaties\)$/);
    expect(listed(many, 'en')[0]).toMatch(/also not yet reported as done by WSV 1, .*WSV 20,? and 3 other organisations\)$/);
  });

  it('names them of what is told as one too, each once', async () => {
    const others = [['WSV Aan Zee'], ['WSV Aan Zee', 'WSV De Wijk']];
    const due = GROUPED.grouped_rule!.due!.map(({ item }, n) => ({ ...item, as: 'ro' as const, undoneBy: others[n]! }));
    expect((await render(draftOf(due))).text).toMatch(/^Ook nog niet als gedaan gemeld door: WSV Aan Zee en WSV De Wijk$/m);
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

  it('counts what does not fit, one or several', () => {
    const rows = [1, 2, 3].map((n) => ({ day: `${n} mei`, what: 'Jaarplan' }));
    const lastLine = (language: 'nl' | 'en', most: number) =>
      writeText(shortened({ language, subject: '', blocks: [{ kind: 'days', rows }] }, most))
        .trim()
        .split('\n')
        .at(-1);
    expect([lastLine('nl', 2), lastLine('nl', 1), lastLine('nl', 3)]).toEqual([
      'Er is nog 1 deadline die niet in deze mail past. U vindt die via "Alle datums bekijken".',
      'Er zijn nog 2 deadlines die niet in deze mail passen. U vindt die via "Alle datums bekijken".',
      '- 3 mei: Jaarplan',
    ]);
    expect([lastLine('en', 2), lastLine('en', 1)]).toEqual([
      'There is 1 more deadline that does not fit in this e-mail. You find it by "See all dates".',
      'There are 2 more deadlines that do not fit in this e-mail. You find them by "See all dates".',
    ]);
  });

  it.each([
    ['nl', 'De financiering stopt.', 'certain', 'penalty', 'Gevolg als u te laat bent: De financiering stopt.'],
    ['nl', 'Een afslag.', 'possible', 'penalty', 'Mogelijk gevolg als u te laat bent: Een afslag.'],
    ['nl', 'Mogelijk een afslag.', 'possible', 'penalty', 'Gevolg als u te laat bent: Mogelijk een afslag.'],
    ['en', 'Mogelijk een afslag.', 'possible', 'penalty', 'Possible consequence if you are late (in Dutch): Mogelijk een afslag.'],
    ['nl', 'Een bonus van 4%.', 'certain', 'bonus', 'Voordeel als u op tijd bent: Een bonus van 4%.'],
    ['nl', 'Een bonus van 4%.', 'possible', 'bonus', 'Mogelijk voordeel als u op tijd bent: Een bonus van 4%.'],
    ['nl', 'De start schuift mogelijk op.', 'possible', 'note', 'Goed om te weten: De start schuift mogelijk op.'],
  ] as const)(
    'says once whether what follows is certain, and speaks of being late for a penalty alone: %s, %s',
    async (...[language, said, modality, kind, line]) => {
      const item = itemOf({ consequence: { text: said, modality, kind } });
      const { text } = await render(draftOf([item], { language }));
      expect(text).toContain(`\n${line}\n`);
      expect(wordItem({ ...item, dutyHolders: [], completedOn: null, alarms: [] }, language).description).toContain(`\n${line}\n`);
    },
  );

  it('never lets an expected date sound certain, also not where it was', async () => {
    const moved = changed({ certainty: 'expected' }, { lastSafeOn: '2024-10-08', dueOn: '2024-10-08' });
    const gone = changed(
      { certainty: 'expected' },
      { certainty: 'expected', status: 'withdrawn' },
      { fields: ['status'], gone: 'withdrawn' },
    );
    const textOf = async (change: ChangeNotice) => (await render(draftOf([], { kind: 'change', changes: [change] }))).text;
    expect(await textOf(moved)).toContain('\nWas maandag 30 september 2024 (verwacht), is nu dinsdag 8 oktober 2024.\n');
    expect(await textOf(gone)).toContain('De datum was maandag 30 september 2024 (verwacht). U hoeft hiervoor niets meer te doen.');
  });

  it('does not make a day of a period', async () => {
    const month = itemOf(
      { title: 'Gesprek', rule: { ...YEAR, unit: 'month', number: 6 } },
      { dueOn: '2024-06-30', lastSafeOn: '2024-06-30' },
    );
    const today = '2024-06-16';
    expect((await render(draftOf([talk]))).subject).toBe('In de loop van 2024: gesprek over ouderenzorg bij Zorg en Zekerheid (di 31 dec)');
    const { subject, lead } = await render(draftOf([month], { today }));
    expect(subject).toBe('In de loop van juni 2024: gesprek bij Zorg en Zekerheid (laatste dag zo 30 jun)');
    expect(lead).toBe(
      'In de loop van juni 2024 (volgens de bron). De bron noemt geen dag, alleen de periode. Die eindigt op zondag 30 juni 2024. Dat is over 14 dagen (10 werkdagen).',
    );
  });
});
