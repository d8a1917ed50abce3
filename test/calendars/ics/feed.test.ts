import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import ICAL from 'ical.js';
import { describe, expect, it } from 'vitest';
import { cleanLine, cleanName, cleanText, cleanUrl } from '../../../calendars/clean-text.ts';
import { checkEntry, checkHead } from '../../../calendars/ics/feed-check.ts';
import { joinEntries, renderEntry as renderEntryAt, renderHead, renderNotice } from '../../../calendars/ics/feed.ts';
import { wordItem } from '../../../calendars/ics/feed-text.ts';
import type { Activity, Certainty, Language } from '../../../calendars/terms.ts';
import { readCalendar } from '../../helpers/calendars.ts';
import { PRECEDENT } from '../../helpers/every-mail.ts';
import { calendarOn, itemOf } from '../feed-items.ts';

const PUBLIC_URL = 'https://kalender.example/zorg';
const renderEntry = (item: ReturnType<typeof itemOf>, language: Language) => renderEntryAt(item, language, PUBLIC_URL);
const calendarOf = (events: Buffer[], language: Language = 'nl', name = 'Regio Zuid') =>
  Buffer.concat([renderHead({ name, language }), joinEntries(events)]);
const read = (item: ReturnType<typeof itemOf>, language: Language = 'nl') =>
  readCalendar(calendarOf([renderEntry(item, language)], language)).events[0]!;
const plain = { conflict: null, dueOn: '2024-09-30', lastSafeOn: '2024-09-30' } as const;

describe('an event', () => {
  it('says in Dutch what is due, when, for whom, where, at what risk, and why we think so', () => {
    expect(read(itemOf())).toEqual({
      uid: 'd96fcb40-8712-4590-9284-5233e5753068',
      sequence: 1,
      changedAt: '2024-04-02T10:00:00Z',
      on: '2024-09-30',
      title: 'Jaarplan met begroting indienen 2025 – Noord (bron: 1 oktober)',
      status: 'CONFIRMED',
      categories: ['Noord', 'Jaarplan met begroting indienen'],
      url: `${PUBLIC_URL}/datums/d96fcb40-8712-4590-9284-5233e5753068`,
      description: `Uiterlijk 30 september 2024 (in de bron: 1 oktober 2024). Zekerheid: volgens de bron. Let op: de bron noemt twee datums.
Paragraaf 5.3 zegt vóór 1 oktober, paragraaf 6.3 zegt 1 oktober.

Wat: Jaarplan en begroting
Wie: u, als regio-organisatie; mede namens: de aangesloten wijksamenwerkingsverbanden
Geldt voor: zorgaanbieders met een contract bij deze verzekeraar
Hoe: per e-mail aan inkoop@noord.example
Onderwerp van uw e-mail (neem dit letterlijk over): Jaarplan RO
Bereikbaar: van 8 tot 12 uur
Mogelijk gevolg als u te laat bent: Een afslag op het tarief of geen zorgovereenkomst.
Uitstel na 1 oktober is niet mogelijk.
Contractjaar: 2025

“1 oktober 2024 Het jaarplan” — Beleid 2025, § 6.3
Bron: Beleid 2025, Bijlage, https://noord.example/beleid%3B2025%2Ca?q=%C3%A9`,
    });
  });

  it('names the year of a report, and not the one that every projection carries', () => {
    const yearLine = (activity: Activity, certainty: Certainty) =>
      /^Contractjaar: .*$/m.exec(read(itemOf({ activity, certainty, reportingYear: 2023 })).description)![0];
    expect([yearLine('accounts', 'template'), yearLine('accounts', 'stated'), yearLine('csrd_report', 'stated')]).toEqual(
      Array(3).fill('Contractjaar: 2025; Verslagjaar 2023'),
    );
    expect([yearLine('publication', 'sector_rule'), yearLine('annual_plan', 'expected'), yearLine('signing', 'template')]).toEqual(
      Array(3).fill('Contractjaar: 2025'),
    );
  });

  it('says it in English with the texts of the registry as they are', () => {
    const { title, description } = read(itemOf(), 'en');
    expect(title).toBe('Submit the annual plan with budget 2025 – Noord (source: 1 October)');
    expect(description.split('\n').slice(0, 4)).toEqual([
      'By 30 September 2024 (in the source: 1 October 2024). Certainty: according to the source. Note: the source gives two dates.',
      'In Dutch: Paragraaf 5.3 zegt vóór 1 oktober, paragraaf 6.3 zegt 1 oktober.',
      '',
      'What: Jaarplan en begroting',
    ]);
  });

  it.each<[Certainty, string, string, string]>([
    ['stated', 'CONFIRMED', 'Jaarplan met begroting indienen 2025 – Noord', 'volgens de bron'],
    ['sector_rule', 'CONFIRMED', 'Jaarplan met begroting indienen 2025 – Noord (NZa-regel)', 'regel van de NZa'],
    ['expected', 'TENTATIVE', 'Jaarplan met begroting indienen 2025 – Noord (verwacht)', 'verwacht'],
  ])('shows how certain a %s date is in status, title and first line', (certainty, status, title, word) => {
    const event = read(
      itemOf({ ...plain, certainty, basis: { kind: 'common_rhythm', deadlineId: null, text: 'Het ritme van het jaar.' } }),
    );
    expect([event.status, event.title]).toEqual([status, title]);
    const day = certainty === 'expected' ? 'Verwacht: 30 september 2024' : 'Uiterlijk 30 september 2024';
    expect(event.description.split('\n')[0]).toBe(`${day}. Zekerheid: ${word}.`);
    expect(event.description).toContain('Gebaseerd op: Het ritme van het jaar.');
  });

  it.each([
    ['nl', 'Vermoedelijk uiterlijk 30 september 2024. Zekerheid: regel van de NZa; opvolger niet ingezien.', 'NZa-regel'],
    ['en', 'Probably by 30 September 2024. Certainty: rule of the NZa; its successor was not seen.', 'NZa rule'],
  ] as const)('is no firmer than a rule whose successor nobody has seen, in %s', (language, line, mark) => {
    const basis = {
      kind: 'sector_rule' as const,
      deadlineId: null,
      text: 'Regel van de NZa, geldig tot en met 27 maart 2024.',
      successorSeen: false,
    };
    const event = read(itemOf({ ...plain, certainty: 'sector_rule', basis }), language);
    expect([event.status, event.description.split('\n')[0]]).toEqual(['TENTATIVE', line]);
    expect(event.title).toContain(`(${mark})`);
  });

  it.each(['nl', 'en'] as const)('calls an assumption one in %s, and no day of it safe, last or usual', (language) => {
    const text = 'Aanname op basis van de planning van Zorg en Zekerheid voor 2025. Deze verzekeraar noemde geen datum.';
    const item = itemOf({
      certainty: 'template',
      basis: { kind: 'common_rhythm', deadlineId: null, text },
      boundary: null,
      conflict: null,
      sources: [],
      dueOn: '2026-12-31',
      lastSafeOn: null,
    });
    const event = read(item, language);
    expect(renderEntry(item, language).toString()).toContain('DTSTART;VALUE=DATE:20261231');
    expect(event.status).toBe('TENTATIVE');
    expect([event.title, event.description.split('\n')[0]]).toEqual(
      {
        nl: [
          'Jaarplan met begroting indienen 2025 – Noord (aanname)',
          'Vermoedelijk rond 31 december 2026. Deze verzekeraar noemde geen datum; de echte kan eerder zijn. Zekerheid: aanname, niet bevestigd.',
        ],
        en: [
          'Submit the annual plan with budget 2025 – Noord (assumption)',
          'Probably around 31 December 2026. This insurer named no date; the real one may be earlier. Certainty: assumption, not confirmed.',
        ],
      }[language],
    );
    expect(event.title + event.description).not.toMatch(/uiterlijk|veilig|gebruikelijk|safe|usual|deadline|\bby\b(?! e-mail)/i);
  });

  it.each([
    ['computation', ['Beleid 2025'], 'berekend uit de bron', 'berekend'],
    ['secondary_source', ['Inkoopbeleid zorgverzekeraars 2022, memo van InEen'], 'volgens een memo van InEen', 'memo InEen'],
    ['secondary_source', ['Nieuwsbrief'], 'volgens een andere bron', 'andere bron'],
  ] as const)('says of what is stated by %s in %s how: %s', (kind, documents, word, mark) => {
    const sources = documents.map((document) => ({ document, section: null, quote: 'per 1 oktober 2024', url: null }));
    const event = read(itemOf({ ...plain, basis: { kind, deadlineId: null, text: 'Zo staat het er.' }, sources }));
    expect([event.status, event.title]).toEqual(['CONFIRMED', `Jaarplan met begroting indienen 2025 – Noord (${mark})`]);
    expect(event.description).toContain(`Zekerheid: ${word}.`);
  });

  it.each([
    [{ boundary: 'before' as const }, 'vóór 1 oktober'],
    [{ rule: { kind: 'period' as const, unit: 'month' as const, year: 2024, number: 10 } }, 'oktober 2024'],
    [{ rule: { kind: 'period' as const, unit: 'quarter' as const, year: 2024, number: 4 } }, 'kwartaal 4 van 2024'],
    [{ rule: { kind: 'period' as const, unit: 'year' as const, year: 2024, number: null } }, '2024'],
  ])('names the day as the source does: %j', (over, named) => {
    expect(read(itemOf({ ...over, conflict: null })).title).toBe(`Jaarplan met begroting indienen 2025 – Noord (bron: ${named})`);
  });

  it.each([
    [{ unit: 'year' as const, year: 2025, number: null }, '2025', '2025', '2025-12-31', '31 december 2025', '31 December 2025'],
    [
      { unit: 'quarter' as const, year: 2025, number: 1 },
      'kwartaal 1 van 2025',
      'quarter 1 of 2025',
      '2025-03-31',
      '31 maart 2025',
      '31 March 2025',
    ],
    [
      { unit: 'month' as const, year: 2028, number: 2 },
      'februari 2028',
      'February 2028',
      '2028-02-29',
      '29 februari 2028',
      '29 February 2028',
    ],
  ])('does not make a day of a period: %j', (period, nl, en, day, last, ends) => {
    const item = itemOf({ rule: { kind: 'period', ...period }, conflict: null, dueOn: day, lastSafeOn: day });
    const [dutch, english] = [read(item), read(item, 'en')];
    expect(dutch.title).toBe(`Jaarplan met begroting indienen 2025 – Noord (bron: ${nl})`);
    expect(dutch.description.split('\n')[0]).toBe(
      `In de loop van ${nl}. De bron noemt geen dag, alleen de periode. Die eindigt op ${last}. Zekerheid: volgens de bron.`,
    );
    expect(english.title).toBe(`Submit the annual plan with budget 2025 – Noord (source: ${en})`);
    expect(english.description.split('\n')[0]).toBe(
      `In the course of ${en}. The source names no day, only the period. It ends on ${ends}. Certainty: according to the source.`,
    );
    expect(dutch.on).toBe(day);
  });

  it('shows what was done where the calendar is to show that', () => {
    const done = itemOf(plain, { completedOn: '2024-09-27' });
    expect(read(done).title).toBe('Gedaan: Jaarplan met begroting indienen 2025 – Noord');
    expect(read(done).description.split('\n')[0]).toBe('Dit is gedaan op 27 september 2024.');
    expect(read(done, 'en').title).toBe('Done: Submit the annual plan with budget 2025 – Noord');
    expect(read(done, 'en').description.split('\n')[0]).toBe('This was done on 27 September 2024.');
    const gone = itemOf({ ...plain, status: 'withdrawn' }, { completedOn: '2024-09-27' });
    expect(read(gone).title).toBe('VERVALLEN: Jaarplan met begroting indienen 2025 – Noord');
  });

  it('has a title of at most 75 characters: what is of the least use goes first, and the insurer and how sure it is stay', () => {
    const long = { dueOn: '2024-10-01', certainty: 'expected' } as const;
    const titled = (title: string, insurerName = 'Zorg en Zekerheid', over = {}) =>
      read(itemOf({ ...long, title, ...over }, { insurerName })).title;
    expect(
      [
        'Jaarplan 2025 indienen',
        'Jaarplan 2025 met begroting (en bijlagen)',
        'Jaarplan 2025 met een begroting indienen',
        'Jaarplan met de begroting en met bijlagen',
        'Jaarplan met begroting, met bijlagen en alles wat daarbij komt',
      ].map((title) => titled(title)),
    ).toEqual([
      'Jaarplan 2025 indienen – Zorg en Zekerheid (verwacht: 1 oktober)',
      'Jaarplan 2025 met begroting – Zorg en Zekerheid (verwacht: 1 oktober)',
      'Jaarplan 2025 met een begroting indienen – Zorg en Zekerheid (verwacht)',
      'Jaarplan met de begroting en met bijlagen – Zorg en Zekerheid (verwacht)',
      'Jaarplan met begroting indienen 2025 – Zorg en Zekerheid (verwacht)',
    ]);
    expect(titled('Plan', 'Onderlinge Waarborgmaatschappij Noord-Nederland')).toBe(
      'Plan 2025 – Onderlinge Waarborgmaatschapp… (verwacht: 1 oktober)',
    );
    expect(
      titled('Plan van '.repeat(9), 'Onderlinge Waarborgmaatschappij', { activity: 'elderly_care_plan', certainty: 'sector_rule' }),
    ).toBe('Plan van aanpak ouderenzorg – Onderlinge Waarborgmaatschapp… (NZa-regel)');
    expect(titled('Plan', 'Noord', { conflict: null, dueOn: '2024-09-30' })).toBe('Plan 2025 – Noord (verwacht)');
  });

  it('is called by its own title in both languages where it has no activity of its own, however long that is', () => {
    const titled = (title: string, language: Language) =>
      read(itemOf({ ...plain, activity: 'other', key: 'vragen', title }, { insurerName: 'Zorg en Zekerheid' }), language).title;
    expect(titled('Vragen over het beleid stellen', 'nl')).toBe('Vragen over het beleid stellen 2025 – Zorg en Zekerheid');
    expect(titled('Vragen over het beleid stellen', 'en')).toBe('Vragen over het beleid stellen 2025 – Zorg en Zekerheid');
    expect(titled('Vragen over het beleid en over de bijlagen schriftelijk stellen', 'en')).toBe(
      'Vragen over het beleid en over de bijlagen… – Zorg en Zekerheid',
    );
  });

  it('sounds its alarms at nine in the morning, on the day itself too, counted from the start of the day', () => {
    const alarms = [42, 7, 1, 0];
    const text = renderEntry(itemOf(plain, { alarms }), 'nl').toString().replaceAll('\r\n ', '');
    expect(text.match(/^TRIGGER.*$/gm)).toEqual(['TRIGGER:-P41DT15H', 'TRIGGER:-P6DT15H', 'TRIGGER:-PT15H', 'TRIGGER:PT9H']);
    const [start] = [new Date('2024-09-30T00:00:00')];
    const calendar = new ICAL.Component(ICAL.parse(calendarOf([renderEntry(itemOf(plain, { alarms }), 'nl')]).toString()) as unknown[]);
    const triggers = calendar
      .getFirstSubcomponent('vevent')!
      .getAllSubcomponents('valarm')
      .map((alarm) => alarm.getFirstPropertyValue('trigger') as InstanceType<typeof ICAL.Duration>);
    const at = triggers.map((trigger) => new Date(start.getTime() + trigger.toSeconds() * 1000));
    expect(at.map((moment) => [moment.getDate(), moment.getHours()])).toEqual([
      [19, 9],
      [23, 9],
      [29, 9],
      [30, 9],
    ]);
    for (const quiet of [itemOf({ ...plain, status: 'withdrawn' }, { alarms }), itemOf(plain, { alarms, completedOn: '2024-09-27' })])
      expect(renderEntry(quiet, 'nl').toString()).not.toContain('VALARM');
  });

  it('names no day that nobody stated', () => {
    expect(read(itemOf({ conflict: null, certainty: 'expected' })).title).toContain('– Noord (verwacht: 1 oktober)');
    expect(read(itemOf({ conflict: null, certainty: 'sector_rule' })).title).toContain('– Noord (NZa-regel: 1 oktober)');
  });

  it('says when two terms bind', () => {
    const conflict = { kind: 'terms' as const, days: ['2024-09-30', '2024-10-01'], text: 'Twee termijnen.' };
    const event = read(itemOf({ dueOn: '2024-09-30', conflict }));
    expect(event.title).toBe('Jaarplan met begroting indienen 2025 – Noord – let op: twee termijnen');
  });

  it('keeps a withdrawn deadline as a cancelled event', () => {
    const event = read(itemOf({ ...plain, status: 'withdrawn', certainty: 'expected' }));
    expect([event.status, event.title]).toEqual(['CANCELLED', 'VERVALLEN: Jaarplan met begroting indienen 2025 – Noord (verwacht)']);
    expect(event.description.split('\n')[0]).toBe('Deze deadline is vervallen.');
  });

  it.each([
    [{ as: 'informed' as const }, 'Wie: Noord. U hoeft niets te doen'],
    [
      { as: 'wsv' as const, dutyHolders: ['WSV De Wijk', 'WSV Oost'] },
      'Wie: regio-organisatie; mede namens: WSV De Wijk, WSV Oost, als wijksamenwerkingsverband',
    ],
    [{ as: 'wsv' as const }, 'Wie: regio-organisatie; mede namens: u, als wijksamenwerkingsverband'],
    [{ as: null }, 'Wie: regio-organisatie; mede namens: de aangesloten wijksamenwerkingsverbanden'],
  ])('tells who must act: %j', (over, line) => {
    expect(read(itemOf({}, over)).description.split('\n')).toContain(line);
  });

  it('tells how it went before, what to arrange before, and one sentence of it', () => {
    const { deadline, arrangedBefore } = PRECEDENT;
    expect(read(itemOf(deadline, { arrangedBefore })).description.split('\n\n').slice(2, 5)).toEqual([
      [
        'Zo ging het voor contractjaar 2025:',
        'Datum toen: 1 oktober 2024',
        'Laatste veilige dag toen: 30 september 2024',
        'Let op: Paragraaf 5.3 zegt "voor 1 oktober"; paragraaf 6.3 noemt 1 oktober als uiterste datum.',
        'Wat: Jaarplan en begroting',
        'Hoe: per e-mail aan inkoop@noord.example',
        'Onderwerp van uw e-mail (neem dit letterlijk over): Jaarplan RO',
        'Bereikbaar: van 8 tot 12 uur',
        'Gevolg als u te laat bent: Mogelijk een afslag op het tarief.',
        'Uitstel is niet mogelijk.',
        'Regel dit vooraf: Plannen van de WSV’s beoordelen.',
        '“uiterlijk 1 oktober 2024 het jaarplan” — Beleid 2025, § 6.3, https://noord.example/beleid',
      ].join('\n'),
      'Regel dit vooraf: VECOZO-certificaat aanvragen (VECOZO). Zonder certificaat kunt u niet ondertekenen.',
      [
        'Zo ging het voor contractjaar 2022:',
        'Regel dit vooraf: VECOZO-certificaat aanvragen (VECOZO). Zonder certificaat kunt u niet ondertekenen.',
      ].join('\n'),
    ]);
  });

  it('belongs to the sector where there is no insurer', () => {
    expect(read(itemOf({ ...plain, insurer: null }, { insurerName: null })).title).toBe(
      'Jaarplan met begroting indienen 2025 – hele sector',
    );
  });
});

describe('a calendar', () => {
  it('has a name that no app shows with backslashes', () => {
    expect(readCalendar(calendarOf([renderEntry(itemOf(), 'nl')], 'nl', 'Zuid; Oost, \\Noord\r\nX-EVIL:1')).name).toBe(
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
      '\u2066a\u200fb\u061cc\u200bd',
      'ë'.repeat(500),
      'x'.repeat(5000),
      '$t(common:sector) {{count}} $&',
      '\ufeffBOM',
      '\t\t',
      '%zz%00',
    ),
  );
  const said = fc.array(nasty, { minLength: 1, maxLength: 4 }).map((parts) => `x${parts.join('')}x`);

  const typed = fc.record({
    title: said,
    insurer: said,
    name: said,
    other: said,
    deliverable: said,
    address: said,
    subject: said,
    hours: said,
    consequence: said,
    extension: said,
    basis: said,
    conflict: said,
    document: said,
    section: said,
    quote: said,
    link: said,
  });

  it('says what was meant and nothing else, whatever is typed, and wherever', () => {
    fc.assert(
      fc.property(typed, ({ title, insurer, name, other, link, ...t }) => {
        const url = `https://noord.example/${link}`;
        const item = itemOf(
          {
            title,
            duty: { actors: ['wsv'], onBehalfOf: [], contractStatus: 'any', deliverable: t.deliverable },
            channel: { kind: 'email', address: t.address, subject: t.subject, hours: t.hours },
            consequence: { text: t.consequence, modality: 'certain', kind: 'penalty' },
            extension: { possible: false, text: t.extension },
            basis: { kind: 'earlier_year', deadlineId: null, text: t.basis },
            sources: [{ document: t.document, section: t.section, quote: t.quote, url }],
            conflict: { kind: 'readings', days: ['2024-09-30', '2024-10-01'], text: t.conflict },
          },
          { insurerName: insurer, as: 'wsv', dutyHolders: [other], alarms: [7, 0] },
        );
        const notice = { uid: OTHER, sequence: 0, changedAt: new Date(0), on: '2024-12-31', title: t.quote, text: t.document };
        const calendar = readCalendar(calendarOf([renderEntry(item, 'nl'), renderNotice(notice)], 'nl', name));
        expect(calendar.name).toBe(cleanName(`Inkoopkalender ${name}`));
        expect(calendar.events.length).toBe(2);
        expect(JSON.stringify(calendar)).not.toMatch(/[\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]/);
        const [event, told] = calendar.events;
        expect([told!.title, told!.description]).toEqual([cleanLine(t.quote), cleanText(t.document)]);
        const days = 'uiterlijk 30 september 2024 (in de bron: 1 oktober 2024)';
        expect(event!.title).toBe(cleanLine(wordItem(item, 'nl').title));
        expect(Array.from(event!.title).length).toBeLessThanOrEqual(75);
        expect(event!.title).toContain(` – ${Array.from(cleanLine(insurer)).slice(0, 5).join('')}`);
        expect(event!.description).toBe(
          cleanText(`U${days.slice(1)}. Zekerheid: volgens de bron. Let op: de bron noemt twee datums.
${t.conflict}

Wat: ${t.deliverable}
Wie: ${other}, als wijksamenwerkingsverband
Hoe: per e-mail aan ${t.address}
Onderwerp van uw e-mail (neem dit letterlijk over): ${t.subject}
Bereikbaar: ${t.hours}
Gevolg als u te laat bent: ${t.consequence}
Uitstel: ${t.extension}
Contractjaar: 2025

Gebaseerd op: ${t.basis}
“${t.quote}” — ${t.document}, ${t.section}, ${cleanUrl(url)}`),
        );
        // The same for whoever reads it escaped and for whoever does not.
        expect(cleanUrl(url)).toMatch(/^https:\/\/noord\.example\/[^\s,;\\"]*$/);
        expect(event!.categories).toEqual([cleanName(insurer), 'Jaarplan met begroting indienen']);
      }),
      { numRuns: 1000 },
    );
  });

  it('breaks no line within what a reader sees as one character', () => {
    const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });
    const seen = fc.array(fc.constantFrom('👩‍👩‍👧‍👦', '🇳🇱', 'é', 'e\u0301', 'नि', 'a', '\\', ',', '한', 'x\u0323\u0307'), {
      minLength: 60,
      maxLength: 200,
    });
    fc.assert(
      fc.property(seen, (characters) => {
        const title = characters.join('');
        const text = renderEntry(itemOf({ ...plain, title }), 'nl').toString();
        const unfolded = text.replaceAll('\r\n ', '');
        const starts = new Set([...graphemes.segment(unfolded)].map(({ index }) => index));
        let at = 0;
        for (const [i, line] of text.split('\r\n').entries()) {
          const part = i > 0 && line.startsWith(' ') ? line.slice(1) : line;
          const whole = i > 0 && !line.startsWith(' ') ? (at += 2) : at;
          expect(starts.has(whole) || whole === unfolded.length).toBe(true);
          // Nor between a backslash and what it escapes.
          expect(/(?<!\\)(?:\\\\)*\\$/.test(part)).toBe(false);
          at += part.length;
        }
      }),
      { numRuns: 200 },
    );
  });
});

const OTHER = '123e4567-e89b-42d3-a456-426614174000';

describe('bytes', () => {
  const days = ['2026-10-25', '2027-03-28', '2028-02-29', '2026-12-31', '2027-01-01', '2028-02-28'];

  it.each(['UTC', 'Europe/Amsterdam', 'America/New_York', 'Pacific/Kiritimati'])('are the same in %s, on every day', (zone) => {
    const here = (['nl', 'en'] as const).map((language) => calendarOn(days, language));
    const script = fileURLToPath(new URL('../render-days.ts', import.meta.url));
    const there = execFileSync(process.execPath, [script, ...days], { env: { ...process.env, TZ: zone } });
    expect(there.equals(Buffer.concat(here))).toBe(true);
  });

  it('put every day on its day, and end it on the next', () => {
    const [, ...events] = readCalendar(calendarOn(days, 'nl')).events;
    expect(events.map(({ on }) => on)).toEqual(days);
    const ends = [
      ...calendarOn(days, 'nl')
        .toString()
        .matchAll(/DTEND;VALUE=DATE:(\d+)/g),
    ].map(([, end]) => end);
    expect(ends.slice(1)).toEqual(['20261026', '20270329', '20280301', '20270101', '20270102', '20280229']);
  });
});

describe('reading back what was rendered', () => {
  const event = renderEntry(itemOf(), 'nl').toString();
  const head = calendarOf([Buffer.from('')])
    .toString()
    .replace('END:VCALENDAR\r\n', '');

  it.each([
    ['an unexpected property', event.replace('TRANSP', 'RRULE:FREQ=DAILY\r\nTRANSP'), 'unexpected RRULE'],
    ['a missing UID', event.replace(/UID:.*\r\n/, ''), 'UID is missing'],
    ['a property twice', event.replace('STATUS', 'STATUS:CONFIRMED\r\nSTATUS'), 'STATUS stands twice'],
    ['a line too long', event.replace('SUMMARY:', `SUMMARY:${'x'.repeat(75)}`), 'a line over 75 octets'],
    ['a bare line end', event.replace('– Noord', '–\nNoord'), 'a line end inside a line'],
    ['a bare comma', event.replace('– Noord', '–,Noord'), 'malformed SUMMARY'],
    ['no last line end', event.trimEnd(), 'the last line has no end'],
    ['a lone surrogate', event.replace('– Noord', '– \ud800'), 'a lone surrogate'],
    ['stamps that differ', event.replace('LAST-MODIFIED:2024', 'LAST-MODIFIED:2025'), 'DTSTAMP and LAST-MODIFIED differ'],
    ['an end that is no later', event.replace('DATE:20241001', 'DATE:20240930'), 'DTEND is not after DTSTART'],
  ])('refuses %s', (_, text, fault) => {
    expect(() => checkEntry(event)).not.toThrow();
    expect(() => checkEntry(text)).toThrow(fault);
  });

  it.each([
    ['another name', head.replace('X-WR-CALNAME:', 'X-WR-CALNAME:x'), 'NAME and X-WR-CALNAME differ'],
    ['an escaped name', head.replaceAll('Zuid', 'Zuid\\,'), 'malformed NAME'],
  ])('refuses a calendar with %s', (_, text, fault) => {
    expect(() => checkHead(head)).not.toThrow();
    expect(() => checkHead(text)).toThrow(fault);
  });
});
