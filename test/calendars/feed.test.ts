import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanLine, cleanName, cleanText } from '../../calendars/clean-text.ts';
import { checkEvent, checkHead } from '../../calendars/feed-check.ts';
import { joinCalendar, renderEvent, renderNotice } from '../../calendars/feed.ts';
import type { Certainty, Language } from '../../calendars/terms.ts';
import { readCalendar } from '../helpers/calendars.ts';
import { itemOf } from './feed-items.ts';

const calendarOf = (events: Buffer[], language: Language = 'nl', name = 'Regio Zuid') => joinCalendar({ name, language }, events);
const read = (item: ReturnType<typeof itemOf>, language: Language = 'nl') =>
  readCalendar(calendarOf([renderEvent(item, language)], language)).events[0]!;
const plain = { conflict: null, dueOn: '2024-09-30', lastSafeOn: '2024-09-30' } as const;

describe('an event', () => {
  it('says in Dutch what is due, when, for whom, where, at what risk, and why we think so', () => {
    expect(read(itemOf())).toEqual({
      uid: 'd96fcb40-8712-4590-9284-5233e5753068',
      sequence: 1,
      changedAt: '2024-04-02T10:00:00Z',
      on: '2024-09-30',
      title: 'Noord 2025: Jaarplan met begroting indienen – uiterlijk 30 september 2024 (genoemd: 1 oktober 2024) – let op: twee lezingen',
      status: 'CONFIRMED',
      categories: ['Noord', 'Jaarplan met begroting indienen'],
      url: 'https://noord.example/beleid%3B2025%2Ca?q=%C3%A9',
      description: `Uiterlijk 30 september 2024 (genoemd: 1 oktober 2024). Zekerheid: staat in de bron. Let op: twee lezingen.
Paragraaf 5.3 zegt vóór 1 oktober, paragraaf 6.3 zegt 1 oktober.

Wat: Jaarplan en begroting
Wie: u, als regio-organisatie; ook namens: wijksamenwerkingsverband
Geldt voor: wie een contract heeft met de verzekeraar
Waar: e-mail: inkoop@noord.example
Onderwerp (neem dit letterlijk over): Jaarplan RO
Bereikbaar: van 8 tot 12 uur
Mogelijk gevolg als u te laat bent: Een afslag op het tarief of geen zorgovereenkomst.
Uitstel: Uitstel na 1 oktober is niet mogelijk.
Contractjaar: 2025

“1 oktober 2024 Het jaarplan” — Beleid 2025, § 6.3
Bron: Beleid 2025, Bijlage`,
    });
  });

  it('says it in English with the texts of the registry as they are', () => {
    const { title, description } = read(itemOf(), 'en');
    expect(title).toBe(
      'Noord 2025: Submit the annual plan with budget – by 30 September 2024 (named: 1 October 2024) – note: two readings',
    );
    expect(description.split('\n').slice(0, 4)).toEqual([
      'By 30 September 2024 (named: 1 October 2024). Certainty: stands in the source. Note: two readings.',
      'Paragraaf 5.3 zegt vóór 1 oktober, paragraaf 6.3 zegt 1 oktober.',
      '',
      'What: Jaarplan en begroting',
    ]);
  });

  it.each<[Certainty, string, string, string]>([
    ['stated', 'CONFIRMED', 'Noord 2025: Jaarplan met begroting indienen', 'staat in de bron'],
    ['sector_rule', 'CONFIRMED', 'Noord 2025 (sectorregel): Jaarplan met begroting indienen', 'sectorregel'],
    ['expected', 'TENTATIVE', 'Noord 2025 (verwacht): Jaarplan met begroting indienen', 'verwacht'],
    ['template', 'TENTATIVE', 'Noord 2025 (sjabloon): Jaarplan met begroting indienen', 'sjabloon, niet bevestigd door de verzekeraar'],
  ])('shows how certain a %s date is in status, title and first line', (certainty, status, title, word) => {
    const event = read(
      itemOf({ ...plain, certainty, basis: { kind: 'common_rhythm', deadlineId: null, text: 'Het ritme van het jaar.' } }),
    );
    expect([event.status, event.title]).toEqual([status, title]);
    expect(event.description.split('\n')[0]).toBe(`Uiterlijk 30 september 2024. Zekerheid: ${word}.`);
    expect(event.description).toContain('Waarop de datum berust: Het ritme van het jaar.');
  });

  it.each([
    [{ boundary: 'before' as const }, 'vóór 1 oktober 2024'],
    [{ rule: { kind: 'period' as const, unit: 'month' as const, year: 2024, number: 10 } }, 'oktober 2024'],
    [{ rule: { kind: 'period' as const, unit: 'quarter' as const, year: 2024, number: 4 } }, 'kwartaal 4 2024'],
    [{ rule: { kind: 'period' as const, unit: 'year' as const, year: 2024, number: null } }, '2024'],
  ])('names the day as the source does: %j', (over, named) => {
    expect(read(itemOf({ ...over, conflict: null })).title).toBe(
      `Noord 2025: Jaarplan met begroting indienen – uiterlijk 30 september 2024 (genoemd: ${named})`,
    );
  });

  it('says when two terms bind', () => {
    const event = read(itemOf({ conflict: { kind: 'terms', days: ['2024-09-30', '2024-10-01'], text: 'Twee termijnen.' } }));
    expect(event.title).toContain('– let op: twee termijnen');
  });

  it('keeps a withdrawn deadline as a cancelled event', () => {
    const event = read(itemOf({ ...plain, status: 'withdrawn', certainty: 'expected' }));
    expect([event.status, event.title]).toEqual(['CANCELLED', 'VERVALLEN: Noord 2025 (verwacht): Jaarplan met begroting indienen']);
    expect(event.description.split('\n')[0]).toBe('Deze deadline is vervallen.');
  });

  it.each([
    [{ as: 'informed' as const }, 'Wie: de verzekeraar zelf. U hoeft niets te doen'],
    [{ as: 'wsv' as const, others: ['WSV De Wijk', 'WSV Oost'] }, 'Wie: WSV De Wijk, WSV Oost, als wijksamenwerkingsverband'],
    [{ as: null }, 'Wie: regio-organisatie; ook namens: wijksamenwerkingsverband'],
  ])('tells who must act: %j', (over, line) => {
    expect(read(itemOf({}, over)).description.split('\n')).toContain(line);
  });

  it('belongs to the sector where there is no insurer', () => {
    expect(read(itemOf({ ...plain, insurer: null }, { insurerName: null })).title).toBe('Sector 2025: Jaarplan met begroting indienen');
  });
});

describe('a calendar', () => {
  it('has a name that no app shows with backslashes', () => {
    expect(readCalendar(calendarOf([renderEvent(itemOf(), 'nl')], 'nl', 'Zuid; Oost, \\Noord\r\nX-EVIL:1')).name).toBe(
      'Inkoopkalender Zuid Oost Noord X-EVIL:1',
    );
  });

  it('never comes without events', () => {
    expect(() => calendarOf([])).toThrow('a calendar without events');
  });

  it('can hold a notice', () => {
    const notice = {
      uid: itemOf().uid,
      sequence: 0,
      changedAt: new Date(0),
      on: '2024-12-31',
      title: 'Nog\nniets',
      text: 'Regel; een\r\nregel, twee',
    };
    const [event] = readCalendar(calendarOf([renderNotice(notice)])).events;
    expect(event).toMatchObject({ on: '2024-12-31', title: 'Nog niets', description: 'Regel; een\nregel, twee' });
  });
});

describe('torture', () => {
  const nasty = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.string({ unit: 'grapheme', maxLength: 60 }),
    fc.constantFrom(
      '\r\nX-EVIL:1',
      'a\nEND:VEVENT\nBEGIN:VEVENT',
      ',;\\"',
      '\\n\\,',
      '\u0000\u0007',
      'a\u2028b\u2029c',
      '\ud800',
      '\udc00x',
      '👩‍👩‍👧‍👦'.repeat(40),
    ),
    fc.constantFrom(
      'שלום עולם',
      'مرحبا\u202e',
      'ë'.repeat(500),
      'x'.repeat(5000),
      '$t(common:sector) {{count}} $&',
      '\ufeffBOM',
      '\t\t',
      '%zz%00',
    ),
  );
  const said = fc.array(nasty, { minLength: 1, maxLength: 4 }).map((parts) => `x${parts.join('')}x`);

  it('says what was meant and nothing else, whatever is typed', () => {
    const typed = fc.record({ title: said, insurer: said, name: said, other: said, text: said, subject: said, quote: said, link: said });
    fc.assert(
      fc.property(typed, ({ title, insurer, name, other, text, subject, quote, link }) => {
        const item = itemOf(
          {
            ...plain,
            title,
            channel: { kind: 'email', address: text, subject, hours: text },
            sources: [{ document: text, section: text, quote, url: `https://noord.example/${link}` }],
          },
          { insurerName: insurer, as: 'wsv', others: [other] },
        );
        const calendar = readCalendar(calendarOf([renderEvent(item, 'nl')], 'nl', name));
        expect(calendar.events.length).toBe(1);
        expect(calendar.name).toBe(cleanName(`Inkoopkalender ${name}`));
        const [event] = calendar.events;
        expect(event!.title).toBe(cleanLine(`${insurer} 2025: ${title}`));
        const [first, ...rest] = event!.description.split(/\n(?=Wie: )/);
        expect(first).toBe('Uiterlijk 30 september 2024. Zekerheid: staat in de bron.\n\nWat: Jaarplan en begroting');
        expect(rest.join('\n')).toContain(cleanText(`Wie: ${other}, als wijksamenwerkingsverband`));
        expect(event!.description).toContain(cleanText(`\nOnderwerp (neem dit letterlijk over): ${subject}\n`));
        expect(event!.description.endsWith(cleanText(`“${quote}” — ${text}, ${text}`))).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('bytes', () => {
  const days = ['2026-10-25', '2027-03-28', '2028-02-29', '2026-12-31', '2027-01-01', '2028-02-28'];

  it.each(['UTC', 'Europe/Amsterdam', 'America/New_York', 'Pacific/Kiritimati'])('are the same in %s, on every day', (zone) => {
    const here = days.map((day) => renderEvent(itemOf({ ...plain, dueOn: day, lastSafeOn: day }), 'nl'));
    const script = fileURLToPath(new URL('render-days.ts', import.meta.url));
    const there = execFileSync(process.execPath, [script, ...days], { env: { ...process.env, TZ: zone } });
    expect(there.equals(Buffer.concat(here))).toBe(true);
    expect(readCalendar(calendarOf([renderEvent(itemOf(plain), 'nl')])).events.length).toBe(1);
  });

  it('put every day on its day', () => {
    const on = days.map((day) => read(itemOf({ ...plain, dueOn: day, lastSafeOn: day })).on);
    expect(on).toEqual(days);
  });
});

describe('reading back what was rendered', () => {
  const event = renderEvent(itemOf(), 'nl').toString();
  const head = calendarOf([Buffer.from('')])
    .toString()
    .replace('END:VCALENDAR\r\n', '');

  it.each([
    ['an unexpected property', event.replace('TRANSP', 'RRULE:FREQ=DAILY\r\nTRANSP'), 'unexpected RRULE'],
    ['a missing UID', event.replace(/UID:.*\r\n/, ''), 'UID is missing'],
    ['a property twice', event.replace('STATUS', 'STATUS:CONFIRMED\r\nSTATUS'), 'STATUS stands twice'],
    ['a line too long', event.replace('SUMMARY:', `SUMMARY:${'x'.repeat(75)}`), 'a line over 75 octets'],
    ['a bare line end', event.replace('Noord 2025', 'Noord\n2025'), 'a line end inside a line'],
    ['a bare comma', event.replace('Noord 2025', 'Noord, 2025'), 'malformed SUMMARY'],
    ['no last line end', event.trimEnd(), 'the last line has no end'],
    ['a lone surrogate', event.replace('Noord 2025', 'Noord \ud800'), 'a lone surrogate'],
    ['stamps that differ', event.replace('LAST-MODIFIED:2024', 'LAST-MODIFIED:2025'), 'DTSTAMP and LAST-MODIFIED differ'],
    ['an end that is no later', event.replace('DATE:20241001', 'DATE:20240930'), 'DTEND is not after DTSTART'],
  ])('refuses %s', (_, text, fault) => {
    expect(() => checkEvent(event)).not.toThrow();
    expect(() => checkEvent(text)).toThrow(fault);
  });

  it.each([
    ['another name', head.replace('X-WR-CALNAME:', 'X-WR-CALNAME:x'), 'NAME and X-WR-CALNAME differ'],
    ['an escaped name', head.replaceAll('Zuid', 'Zuid\\,'), 'malformed NAME'],
  ])('refuses a calendar with %s', (_, text, fault) => {
    expect(() => checkHead(head)).not.toThrow();
    expect(() => checkHead(text)).toThrow(fault);
  });
});
