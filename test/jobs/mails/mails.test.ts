/** Rendered mails: what stands in the subject, in the first line and in both forms. */
import { describe, expect, it } from 'vitest';
import { contentOf } from '../../helpers/cast.ts';
import { CONFLICT, draftOf, itemOf, linksIn, MESSAGE, plainOf, render } from '../../helpers/drafts.ts';
import { changed, YEAR } from '../../helpers/every-mail.ts';
import { SETTINGS } from '../../helpers/mail.ts';
import { MONDAY } from '../../helpers/reminders.ts';
import { firstReminderOn } from '../../../calendars/reminders/reminders.ts';

const AFTER_RECEIPT = { kind: 'offset', from: { event: 'contract_received' }, amount: 6, unit: 'week', direction: 'after' } as const;
const AFTER_PLAN = { kind: 'offset', from: { activity: 'annual_plan' }, amount: 6, unit: 'week', direction: 'after' } as const;

describe('the reminder', () => {
  it('says the fact and the date in its subject, and all at once in its first line', async () => {
    const { subject, firstLine, lead } = await render(draftOf([itemOf({ title: 'Jaarplan indienen' }, { dueOn: '2024-09-30' })]));
    expect(subject).toBe('Over 14 dagen: jaarplan indienen bij Zorg en Zekerheid (uiterlijk ma 30 sep)');
    expect(firstLine).toBe('== Jaarplan indienen bij Zorg en Zekerheid ==');
    expect(lead).toBe('Uiterlijk maandag 30 september 2024 (volgens de bron). Dat is over 14 dagen (10 werkdagen).');
  });

  it.each([
    ['nl', 'stated', 'Over 14 dagen: ', 'Uiterlijk maandag 30 september 2024 (volgens de bron). '],
    ['nl', 'sector_rule', 'Over 14 dagen: ', 'Uiterlijk maandag 30 september 2024 (regel van de NZa). '],
    ['nl', 'expected', 'Over 14 dagen (verwacht): ', 'Maandag 30 september 2024 (verwacht). '],
    [
      'nl',
      'template',
      'Aanname',
      'Vermoedelijk rond dinsdag 1 oktober 2024 (aanname, niet bevestigd). Deze verzekeraar noemde geen datum; de echte kan eerder zijn.',
    ],
    ['en', 'stated', 'In 14 days: ', 'By Monday 30 September 2024 (according to the source). '],
    ['en', 'sector_rule', 'In 14 days: ', 'By Monday 30 September 2024 (rule of the NZa). '],
    ['en', 'expected', 'In 14 days (expected): ', 'Monday 30 September 2024 (expected). '],
    [
      'en',
      'template',
      'Assumption',
      'Probably around Tuesday 1 October 2024 (assumption, not confirmed). This insurer named no date; the real one may be earlier.',
    ],
  ] as const)('says in %s how sure a date is: %s', async (language, certainty, inSubject, inFirstLine) => {
    const basis = certainty === 'stated' ? null : { kind: 'common_rhythm' as const, deadlineId: null, text: 'Het gewone ritme.' };
    const { subject, lead, text } = await render(draftOf([itemOf({ certainty, basis })], { language }));
    expect(subject!.startsWith(inSubject)).toBe(true);
    expect(lead.startsWith(inFirstLine)).toBe(true);
    expect(text!.includes('Het gewone ritme.')).toBe(certainty !== 'stated');
    if (certainty === 'template') expect(subject! + text!).not.toMatch(/uiterlijk|veilig|gebruikelijk|\bsafe\b|usual|\bby \w+ \d/i);
  });

  it.each([
    [
      'nl',
      'Vermoedelijk uiterlijk maandag 30 september 2024 (regel van de NZa; opvolger niet ingezien). ',
      /uiterlijk/i,
      /opvolger niet ingezien/,
    ],
    ['en', 'Probably by Monday 30 September 2024 (rule of the NZa; its successor was not seen). ', /\bby Mon/i, /successor was not seen/],
  ] as const)(
    'calls no day the last one in %s by a rule whose successor nobody has seen, without saying so',
    async (language, start, by, so) => {
      const basis = { kind: 'sector_rule' as const, deadlineId: null, text: 'Regel van de NZa.', successorSeen: false };
      for (const title of ['Plan', 'Publicatie van het zorginkoopbeleid voor de multidisciplinaire zorg 2025']) {
        const { subject, lead } = await render(draftOf([itemOf({ certainty: 'sector_rule', basis, title })], { language }));
        expect(lead.startsWith(start)).toBe(true);
        expect(!by.test(subject!) || so.test(subject!)).toBe(true);
      }
    },
  );

  it.each([
    ['nl', '(uiterlijk ma 30 sep; let op: twee datums)', 'De bron noemt dinsdag 1 oktober 2024. Let op: de bron noemt twee datums.'],
    ['en', '(by Mon 30 Sept; note: two dates)', 'The source names Tuesday 1 October 2024. Note: the source gives two dates.'],
  ] as const)('shows a conflict and the safe day in %s', async (language, inSubject, inFirstLine) => {
    const item = itemOf({ conflict: CONFLICT, title: 'Jaarplan' }, { insurerName: 'A' });
    const { subject, lead, text, html } = await render(draftOf([item], { language }));
    if (language === 'nl') expect(subject!.endsWith(inSubject)).toBe(true);
    expect(lead.endsWith(inFirstLine)).toBe(true);
    for (const body of [text, plainOf(html!)]) expect(body).toContain(CONFLICT.text);
  });

  it.each([
    ['nl', { certainty: 'expected' }, 'Waarschijnlijk noemt de verzekeraar als datum dinsdag 1 oktober 2024.'],
    ['en', { certainty: 'expected' }, 'The insurer will probably name Tuesday 1 October 2024 as the date.'],
    ['nl', { boundary: 'before' }, 'De bron zegt: vóór dinsdag 1 oktober 2024.'],
    ['en', { boundary: 'before' }, 'The source says: before Tuesday 1 October 2024.'],
    ['nl', { rule: AFTER_RECEIPT }, 'De termijn na ontvangst loopt tot en met dinsdag 1 oktober 2024.'],
    [
      'en',
      { rule: AFTER_RECEIPT, certainty: 'expected' },
      'The term after receipt probably runs up to and including Tuesday 1 October 2024.',
    ],
    ['nl', { rule: AFTER_PLAN, boundary: 'before' }, 'Berekend uit de bron: dinsdag 1 oktober 2024.'],
    ['nl', { rule: AFTER_PLAN, certainty: 'expected' }, 'Berekend uit een datum die niet is bevestigd: dinsdag 1 oktober 2024.'],
  ] as const)('claims in %s no more of the other day than is known: %j', async (language, content, inLead) => {
    expect((await render(draftOf([itemOf(content)], { language }))).lead.endsWith(inLead)).toBe(true);
  });

  it.each([
    ['nl', 'Volgens de tekst voor 2023 bent u tot en met 30 september 2024 op tijd.'],
    ['en', 'By the text for 2023 you are in time up to and including 30 September 2024.'],
  ] as const)('says in %s why an expected day before the other is in time', async (language, end) => {
    const { deadline } = itemOf();
    const { activity: _activity, ...precedent } = { ...deadline, deadlineId: deadline.id, contractYear: 2023, deliverable: null };
    const { lead } = await render(draftOf([itemOf({ certainty: 'expected' }, { precedent })], { language }));
    expect(lead).toContain(end);
  });

  it.each([
    ['nl', 'U meldde dit als gedaan toen wij de datum niet kenden. Klopt dat voor 30 september 2024?'],
    ['en', 'You reported this as done when we did not know the date. Is that right for 30 September 2024?'],
  ] as const)('asks again in %s what was done while the day was not known', async (language, question) => {
    const done = { completedOn: '2024-04-02', by: 'Anna', evidence: null };
    const { lead, html } = await render(draftOf([itemOf({}, { askedAgain: done })], { language }));
    expect(lead.endsWith(question)).toBe(true);
    expect(plainOf(html!)).toContain(question);
    expect((await render(draftOf([itemOf()], { language }))).lead).not.toContain(question);
  });

  it('tells who hands its part over that another submits it', async () => {
    const linesOf = async (as: 'ro' | 'wsv', actors: ('ro' | 'provider')[] = ['ro']) => {
      const duty = { ...contentOf().duty, actors };
      const { text } = await render(draftOf([itemOf({ duty }, { as })]));
      return text!.split('\n').filter((line) => /^(Wie dient in|Uw rol|Voor|Hoe|Zo dient .*):/.test(line));
    };
    expect(await linesOf('wsv')).toEqual([
      'Wie dient in: uw regio-organisatie, ook namens u',
      'Uw rol: Lever uw deel liefst uiterlijk maandag 16 september 2024 aan bij uw regio-organisatie. Dat is ons advies: tien werkdagen vóór de laatste veilige dag.',
      'Zo dient uw regio-organisatie in: per e-mail aan inkoop@verzekeraar.example',
    ]);
    const how = 'Hoe: per e-mail aan inkoop@verzekeraar.example';
    expect(await linesOf('ro')).toEqual(['Uw rol: regio-organisatie, ook namens uw wijksamenwerkingsverbanden', how]);
    expect(await linesOf('wsv', ['provider'])).toEqual(['Uw rol: wijksamenwerkingsverband, ook namens uw regio-organisaties', how]);
  });

  it('counts insurers, not entries: of two kinds of care of one insurer it says its name once', async () => {
    const items = ['Jaarplan', 'Jaarplan huisartsenzorg'].map((title, n) => itemOf({ title, certainty: 'sector_rule' }, { uid: `${n}` }));
    const { firstLine, subject, text } = await render(draftOf(items));
    expect([firstLine, subject!.includes('2 zorgverzekeraars')]).toEqual(['== Jaarplan bij Zorg en Zekerheid ==', false]);
    expect(text).not.toContain('Zorg en Zekerheid en Zorg en Zekerheid');
  });

  it('names everything that has to be known to act', async () => {
    const channel = {
      kind: 'email' as const,
      address: 'zorginkoop@zz.example',
      subject: 'Verzoek zorgovereenkomst multidisciplinaire zorg',
      hours: '8–12 uur',
    };
    const extension = { possible: false, text: 'Uitstel is niet mogelijk.' };
    const sources = [{ document: 'Beleid 2025', section: '6.3', quote: 'uiterlijk 1 oktober 2024', url: 'https://zz.example/beleid' }];
    const { html, text } = await render(draftOf([itemOf({ channel, conflict: CONFLICT, extension, sources, reportingYear: 2023 })]));
    expect(text!.split('\n\n')[1]!.split('\nGedaan?')[0]).toBe(
      [
        'Uw rol: regio-organisatie, ook namens uw wijksamenwerkingsverbanden',
        `Let op: ${CONFLICT.text}`,
        'Wat: Jaarplan en begroting',
        'Hoe: per e-mail aan zorginkoop@zz.example',
        'Onderwerp van uw e-mail (neem dit letterlijk over): Verzoek zorgovereenkomst multidisciplinaire zorg',
        'Bereikbaar: 8–12 uur',
        'Gevolg als u te laat bent: Mogelijk een afslag op het tarief.',
        'Uitstel is niet mogelijk.',
        'Contractjaar: 2025',
        'Verslagjaar: 2023',
      ].join('\n'),
    );
    expect(text!.split('\n\n')[2]).toBe('"uiterlijk 1 oktober 2024"\nBeleid 2025, 6.3, https://zz.example/beleid');
    // The mailbox with the exact subject filled in.
    expect(html).toContain('href="mailto:zorginkoop@zz.example?subject=Verzoek%20zorgovereenkomst%20multidisciplinaire%20zorg"');
  });

  it('names the year of a report, and not the one that every projection carries', async () => {
    const item = itemOf({ certainty: 'template', reportingYear: 2023 });
    const textOf = async (activity: 'accounts' | 'signing') =>
      (await render(draftOf([{ ...item, deadline: { ...item.deadline, activity } }]))).text!;
    expect([(await textOf('accounts')).includes('Verslagjaar: 2023'), (await textOf('signing')).includes('Verslagjaar')]).toEqual([
      true,
      false,
    ]);
  });

  it('names those it is done for, and says when one only has to know', async () => {
    const organisations = [
      { id: 'a', name: 'WSV A' },
      { id: 'b', name: 'WSV B' },
    ];
    const behalf = await render(draftOf([itemOf({}, { as: 'wsv', organisations })]));
    expect(behalf.text).toContain('\nVoor: WSV A, WSV B\n');
    const publication = itemOf({ title: 'Publicatie van het zorginkoopbeleid' }, { as: 'informed' });
    const informed = await render(draftOf([publication]));
    expect(informed.subject).toBe('Over 14 dagen: publicatie van het zorginkoopbeleid door Zorg en Zekerheid (ma 30 sep)');
    expect(informed.text).toContain('\nUw rol: Dit doet de verzekeraar. U hoeft hiervoor nu niets te doen.\n');
  });

  it('puts the most urgent in the subject and lists the next ones', async () => {
    const certificate = itemOf({ title: 'VECOZO-certificaat aanvragen' }, { dueOn: '2024-09-16', lastSafeOn: '2024-09-16', uid: 'x' });
    const today = { ...certificate, deadline: { ...certificate.deadline, activity: 'certificate_request' as const } };
    const tomorrow = itemOf({}, { dueOn: '2024-09-17', lastSafeOn: '2024-09-17', insurerName: null });
    const basis = { kind: 'earlier_year' as const, deadlineId: null, text: 'Vorig jaar.' };
    const next = [
      itemOf({ certainty: 'expected', basis, title: 'Zorgovereenkomst ondertekenen' }, { dueOn: '2025-12-31', lastSafeOn: '2025-12-31' }),
    ];
    const { subject, text } = await render(draftOf([today, tomorrow], { next }));
    expect(subject).toBe('Vandaag: VECOZO-certificaat aanvragen bij Zorg en Zekerheid (ma 16 sep) en 1 andere');
    expect(text).toContain(
      '== Jaarplan met begroting indienen (hele sector) ==\nUiterlijk dinsdag 17 september 2024 (volgens de bron). Dat is morgen (1 werkdag).',
    );
    expect(text).toContain('\nDaarna komt wo 31 dec 2025: zorgovereenkomst ondertekenen bij Zorg en Zekerheid (verwacht).\n');
    const alone = await render(draftOf([today], { next }));
    expect(alone.text).toContain('== Daarna komt ==\n- wo 31 dec 2025: zorgovereenkomst ondertekenen bij Zorg en Zekerheid (verwacht)\n');
  });

  it('names the activity in English for who reads English, and says that texts are Dutch', async () => {
    const { subject, text, headers } = await render(draftOf([itemOf({}, { dueOn: '2024-09-30' })], { language: 'en' }));
    expect(subject).toBe('In 14 days: submit the annual plan with budget for 2025, Zorg en Zekerheid (Mon 30 Sept)');
    expect(text).toContain('== Submit the annual plan with budget for 2025, Zorg en Zekerheid ==');
    expect(text).toContain('Texts and quotes are in Dutch.');
    expect(headers.find(({ key }) => key === 'content-language')?.value).toBe('en');
  });

  it('says the same in text and in HTML', async () => {
    for (const language of ['nl', 'en'] as const) {
      const due = [itemOf({ conflict: CONFLICT }), itemOf({ title: 'A <b>& "B"</b>' }, { insurerName: 'Noord & Zuid' })];
      const { text, html } = await render(draftOf(due, { language, next: [itemOf()] }));
      const wordsOf = (body: string) =>
        body
          .replaceAll(/https?:\S+/g, ' ')
          .replaceAll(/[^\p{L}\p{N}@]+/gu, ' ')
          .trim();
      expect(wordsOf(plainOf(html!))).toBe(wordsOf(text!));
      const links = linksIn(html!);
      expect(links.length).toBeGreaterThan(1);
      for (const url of links) expect(text).toContain(url);
    }
  });

  it('stays under the size at which mail programs cut, however much is due', async () => {
    const quote = 'Een lange zin uit het beleid. '.repeat(60);
    const sources = Array.from({ length: 5 }, () => ({ document: 'Beleid', section: null, quote, url: null }));
    const due = Array.from({ length: 60 }, (_, n) => itemOf({ sources }, { contractYear: 2025 + n, uid: String(n) }));
    const { raw, subject, text } = await render(draftOf(due));
    expect(raw.length).toBeLessThan(100_000);
    expect(subject!.endsWith('en 59 andere')).toBe(true);
    expect(text!.match(/[Jj]aarplan met begroting indienen/g)).toHaveLength(60);
  });
});

describe('the last working day', () => {
  const saturday = itemOf({}, { dueOn: '2027-05-01', lastSafeOn: '2027-05-01' });
  it.each([
    ['nl', 'Morgen: ', 'Uiterlijk zaterdag 1 mei 2027 (volgens de bron). Dat is morgen. Vandaag is de laatste werkdag.'],
    ['en', 'Tomorrow: ', 'By Saturday 1 May 2027 (according to the source). That is tomorrow. Today is the last working day.'],
  ] as const)('is named in %s on the Friday before a Saturday', async (language, start, lead) => {
    const mail = await render(draftOf([saturday], { language, today: '2027-04-30' }));
    expect([mail.subject!.startsWith(start), mail.lead]).toEqual([true, lead]);
    const informed = await render(draftOf([{ ...saturday, as: 'informed' }], { language, today: '2027-04-30' }));
    expect(informed.lead).not.toMatch(/laatste werkdag|last working day/);
  });
});

describe('the first reminder', () => {
  it('is foreseen in the welcome mail, where there will be one', async () => {
    const textOf = async (firstOn: string | null) => (await render(draftOf([], { kind: 'welcome', firstOn }))).text!;
    expect(await textOf('2026-12-17')).toContain(' Uw eerste herinnering komt op donderdag 17 december 2026.\n');
    expect(await textOf(null)).not.toContain('eerste herinnering');
  });

  it('is the soonest of the days on which the leads of the open items fall', () => {
    const assumed = itemOf({ certainty: 'template' }, { dueOn: '2026-12-31' });
    const stated = itemOf({}, { dueOn: '2026-12-31', lastSafeOn: '2026-12-31' });
    const choices = { digest: 'daily' as const, from: '2026-11-29', leadDays: [42, 14] };
    expect(firstReminderOn([assumed, stated], choices)).toBe('2026-12-17');
    expect(firstReminderOn([assumed], choices)).toBe(null);
    expect(firstReminderOn([stated], { ...choices, digest: 'weekly' })).toBe('2026-12-21');
  });
});

describe('the change notice', () => {
  const [SEP, OCT] = [
    { dueOn: '2024-09-20', lastSafeOn: '2024-09-19' },
    { dueOn: '2024-10-08', lastSafeOn: '2024-10-07' },
  ];
  const NONE = { dueOn: null, lastSafeOn: null, certainty: 'unknown' };
  const BEFORE = { boundary: 'before' };

  it.each([
    ['nl', {}, {}, 'Genoemde dag: was vrijdag 20 september 2024, is nu dinsdag 8 oktober 2024'],
    ['nl', { certainty: 'expected' }, {}, 'Dag: was vrijdag 20 september 2024 (verwacht), is nu dinsdag 8 oktober 2024 (volgens de bron)'],
    [
      'en',
      {},
      { certainty: 'expected' },
      'Day: was Friday 20 September 2024 (according to the source), is now Tuesday 8 October 2024 (expected)',
    ],
    [
      'nl',
      { certainty: 'sector_rule' },
      { certainty: 'template' },
      /^Dag: was .* 2024 \(regel van de NZa\), is nu .* 2024 \(aanname, niet bevestigd\)$/,
    ],
    [
      'nl',
      { certainty: 'template' },
      { certainty: 'expected' },
      'Dag: was vrijdag 20 september 2024 (aanname, niet bevestigd), is nu dinsdag 8 oktober 2024 (verwacht)',
    ],
    ['nl', { certainty: 'expected' }, NONE, 'Verwachte dag: was vrijdag 20 september 2024, is nu zonder datum'],
    ['en', NONE, { certainty: 'expected' }, 'Expected day: was without a date, is now Tuesday 8 October 2024'],
    ['nl', NONE, {}, 'Genoemde dag: was zonder datum, is nu dinsdag 8 oktober 2024'],
    ['nl', BEFORE, BEFORE, 'Genoemde dag: was vóór vrijdag 20 september 2024, is nu vóór dinsdag 8 oktober 2024'],
    [
      'en',
      BEFORE,
      { ...BEFORE, certainty: 'expected' },
      /^Day: was before Friday 20 .*, is now before Tuesday 8 October 2024 \(expected\)$/,
    ],
    // Which of the two readings holds is not said here.
    ['nl', { ...BEFORE, conflict: CONFLICT }, BEFORE, 'Genoemde dag: was vrijdag 20 september 2024, is nu dinsdag 8 oktober 2024'],
    ['nl', {}, { rule: YEAR }, null],
  ] as const)('calls in %s no day named that nobody named: from %j to %j', async (language, before, after, row) => {
    const changes = [changed({ ...SEP, ...before }, { ...OCT, ...after })];
    const { text, html } = await render(draftOf([], { kind: 'change', language, changes }));
    const rows = text!.split('\n').filter((line) => /^(Genoemde dag|Verwachte dag|Dag|Day named|Expected day|Day):/.test(line));
    expect(rows).toEqual(row === null ? [] : [typeof row === 'string' ? row : expect.stringMatching(row)]);
    for (const line of rows) expect(plainOf(html!).replaceAll(' ,', ',')).toContain(line);
  });

  it('says of what it only lists too how sure its day is', async () => {
    const many = Array.from({ length: 90 }, () => changed(SEP, { ...OCT, certainty: 'expected' }));
    const withdrawn = changed({}, { status: 'withdrawn' }, { fields: ['status'], gone: 'withdrawn' });
    const changes = [...many, withdrawn, changed(SEP, NONE)];
    const { text } = await render(draftOf([], { kind: 'change', changes }));
    expect(text).toContain('ma 7 okt: Jaarplan met begroting indienen bij Zorg en Zekerheid (verschoven, verwacht)');
    expect(text).toContain('ma 30 sep: Jaarplan met begroting indienen bij Zorg en Zekerheid (vervallen)');
    expect(text).toContain('zonder datum: Jaarplan met begroting indienen bij Zorg en Zekerheid (verschoven)');
  });
});

describe('every mail', () => {
  it('carries what mail programs ask for, and is the same to the byte when it is made again', async () => {
    const draft = draftOf([itemOf()]);
    const { raw, messageId, date, headers, from, to } = await render(draft);
    expect((await render(draft)).raw.equals(raw)).toBe(true);
    expect([messageId, date, from?.address, to?.map(({ address }) => address)]).toEqual([
      `<${MESSAGE.id}@inkoop.example>`,
      MONDAY.toISOString(),
      SETTINGS.from,
      ['a@example.org'],
    ]);
    const valueOf = (name: string) => headers.filter(({ key }) => key === name).map(({ value }) => value);
    expect(valueOf('list-unsubscribe')).toEqual([expect.stringMatching(/^<https:\/\/inkoop\.example\/unsubscribe\/[\w.-]+>$/)]);
    expect(valueOf('list-unsubscribe-post')).toEqual(['List-Unsubscribe=One-Click']);
    expect(valueOf('auto-submitted')).toEqual(['auto-generated']);
    expect(valueOf('list-id')).toEqual(['Inkoopkalender <reminders.inkoop.example>']);
    expect(raw.toString('latin1')).not.toMatch(/<img|<script|<link|[^\r]\n/);
  });

  it('lets no name, title or address add a header, a link or a line', async () => {
    const evil =
      'X\r\nBcc: evil@example.org\r\n\r\n<a href="https://evil.example">klik</a>\u202Egnp.exe\u2066\u200f\u061c\u200b\u001b[2J $t(page:home.title) {{email}}';
    const title = evil.slice(0, 200);
    for (const kind of ['reminder', 'welcome', 'confirmation'] as const) {
      const item = itemOf({ title, duty: { ...contentOf().duty, deliverable: evil } }, { insurerName: evil });
      const { headers, subject, text, html, to, cc, bcc } = await render(draftOf([item], { kind, name: evil, next: [item] }));
      expect(headers.map(({ key }) => key).filter((key) => ['bcc', 'cc', 'x'].includes(key))).toEqual([]);
      expect([to?.length, cc, bcc]).toEqual([1, undefined, undefined]);
      for (const part of [subject, text, html])
        expect(part).not.toMatch(/[\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]|\p{Cc}\[2J/u);
      expect(subject).not.toMatch(/[\r\n]/);
      expect(text).not.toContain('\nBcc');
      expect(html).not.toContain('href="https://evil.example"');
      expect(text).toMatch(/\$t\(page: ?home\. ?title\) \{\{email\}\}/);
    }
  });

  it('asks for a confirmation with a link to say yes, one to be asked no more, and no list to leave, and welcomes with the next deadlines', async () => {
    const asks = await render(draftOf([], { kind: 'confirmation' }));
    expect(asks.subject).toBe('Bevestig uw adres voor de Inkoopkalender');
    expect(asks.text!.match(/https:\S+/g)).toEqual([
      expect.stringContaining('https://inkoop.example/confirm/'),
      expect.stringContaining('https://inkoop.example/decline/'),
    ]);
    expect(asks.headers.some(({ key }) => key.startsWith('list-unsub'))).toBe(false);
    const welcomes = await render(draftOf([], { kind: 'welcome', next: [itemOf()] }));
    expect(welcomes.subject).toBe('U krijgt herinneringen voor Regio Zuid');
    expect(welcomes.firstLine).toBe(
      'Uw adres is bevestigd. U krijgt herinneringen aan de deadlines van Regio Zuid: 42, 14 en 3 dagen van tevoren en op de dag zelf.',
    );
    expect(welcomes.text).toContain('- ma 30 sep: jaarplan met begroting indienen bij Zorg en Zekerheid\n');
    const nothing = await render(draftOf([], { kind: 'welcome' }));
    expect(nothing.text).toContain('Er zijn nu geen deadlines met een datum.');
  });
});
