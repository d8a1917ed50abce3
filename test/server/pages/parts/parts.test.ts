import { writeLongDay } from '../../../../calendars/days.ts';
import { describe, expect, it } from 'vitest';
import { button, buttonLink } from '../../../../server/pages/parts/button.ts';
import { dayBlock, shortDay, timeLeft, timeLeftOf } from '../../../../server/pages/parts/day-block.ts';
import { errorSummary, selectField, textField } from '../../../../server/pages/parts/field.ts';
import { writeInsurers } from '../../../../server/pages/parts/insurers.ts';
import { activityIcon, activityMark, certaintyMark, SHAPED } from '../../../../server/pages/parts/marks.ts';
import { notice } from '../../../../server/pages/parts/notice.ts';
import { quote } from '../../../../server/pages/parts/quote.ts';
import { CERTAINTIES } from '../../../../calendars/terms.ts';

const flat = (html: unknown) => String(html).replaceAll(/\s+/g, ' ').replaceAll(/ >/g, '>');

describe('a day', () => {
  it('is read out in full, and shown large with its weekday, year and "rond" where it is assumed', () => {
    expect(flat(dayBlock('2026-12-31', 'nl'))).toContain('<span class="unseen"> donderdag 31 december 2026</span>');
    expect(flat(dayBlock('2026-12-31', 'nl', true))).toContain('<span class="weekday">rond do</span>');
    expect(flat(dayBlock('2028-02-29', 'en'))).toContain('<span class="number">29</span>');
    expect(writeLongDay('2028-02-29', 'en')).toBe('Tuesday 29 February 2028');
  });

  it('in running text names its year only where it is another', () => {
    expect(String(shortDay('2026-12-31', '2026-11-30', 'nl'))).toBe('<time datetime="2026-12-31">do 31 dec</time>');
    expect(String(shortDay('2027-01-01', '2026-11-30', 'nl'))).toContain('vr 1 jan 2027');
    expect(String(shortDay('2026-12-31', null, 'nl'))).toContain('do 31 dec 2026');
  });

  it.each([
    ['2026-12-31', 'Nog 22 werkdagen.'],
    ['2026-12-01', 'Nog 1 werkdag.'],
    ['2026-11-30', 'Vandaag.'],
    ['2026-11-29', 'De laatste veilige dag is voorbij.'],
  ])('%s is told in working days on Monday 30 November 2026: %s', (day, text) => {
    expect(timeLeft('2026-11-30', day, 'nl')).toBe(text);
  });

  it('without a working day before it says so', () => {
    expect(timeLeft('2026-12-04', '2026-12-05', 'nl')).toBe('Morgen. Er zit geen werkdag meer tussen.');
    expect(timeLeft('2026-12-04', '2026-12-06', 'nl')).toBe('Over 2 dagen, en geen werkdag meer.');
  });
});

describe('what is no deadline', () => {
  const YEAR = { kind: 'period', unit: 'year', year: 2026, number: null } as const;
  const left = (over: Partial<Parameters<typeof timeLeftOf>[0]>, today: string, day = '2026-12-31') =>
    timeLeftOf({ boundary: 'by', certainty: 'stated', kind: 'intention', rule: YEAR, ...over }, today, day, 'nl');

  it('is never counted down: a period runs, or is over', () => {
    expect(left({}, '2026-11-30')).toBe('Deze periode loopt nog.');
    expect(left({ kind: 'period' }, '2026-12-31')).toBe('Deze periode loopt nog.');
    expect(left({}, '2027-01-01')).toBe('Deze periode is voorbij.');
    expect(left({}, '2025-12-31')).toBe('');
    expect(left({ kind: 'term', rule: { kind: 'range', from: '2026-06-01', to: '2026-12-31' } }, '2026-05-31')).toBe('');
    // "Vanaf 2026" has no end.
    expect(left({ boundary: 'per' }, '2027-01-01', '2026-01-01')).toBe('');
  });

  it('has a day that is over, and no last safe one', () => {
    const rule = { kind: 'fixed', on: '2026-12-31' } as const;
    expect(left({ rule }, '2026-11-30')).toBe('');
    expect(left({ rule }, '2027-01-01')).toBe('Deze dag is voorbij.');
    expect(left({ kind: 'window', rule }, '2026-11-30')).toBe('Nog 22 werkdagen.');
    expect(left({ kind: 'deadline' }, '2027-01-01')).toBe('De laatste veilige dag is voorbij.');
    expect(left({ kind: 'deadline', certainty: 'expected' }, '2027-01-01')).toBe('De verwachte dag is voorbij.');
    expect(left({ kind: 'deadline', certainty: 'template' }, '2026-11-30')).toBe('');
  });
});

describe('a mark', () => {
  it('is another for each certainty, with a word beside it, sure ones too', () => {
    const marks = CERTAINTIES.map((certainty) =>
      flat(certaintyMark({ certainty, basis: null, rule: { kind: 'none' }, sources: [] }, 'nl')),
    );
    expect(new Set(marks.map((mark) => mark.replace(/<\/svg>.*/, ''))).size).toBe(CERTAINTIES.length);
    expect(marks[0]).toMatch(/volgens de bron<\/span>$/);
    expect(marks.every((mark) => mark.includes('aria-hidden="true"'))).toBe(true);
  });

  it('has a shape of its own for each activity of the year, and one for all others', () => {
    expect(new Set(SHAPED.map((activity) => String(activityMark(activity, 'stated')))).size).toBe(SHAPED.length);
    expect(String(activityIcon('review_meeting'))).toBe(String(activityIcon(null)));
  });

  it('is half filled where a date is expected, whatever its shape', () => {
    for (const activity of SHAPED) {
      const [whole, half] = String(activityMark(activity, 'expected')).matchAll(/ d="([^"]*)"/g);
      expect(half?.[1]).toMatch(/^M(0|-[67]\.5)-/);
      expect(half?.[1]).not.toBe(whole?.[1]);
    }
  });
});

describe('names of insurers', () => {
  it('stand once each in one line, by Dutch collation', () => {
    expect(writeInsurers(['Zilveren Kruis', 'CZ', 'Caresq', 'ASR', 'CZ'], 'nl')).toBe('ASR, Caresq, CZ en Zilveren Kruis');
    expect(writeInsurers([null], 'en')).toBe('Sector');
  });
});

describe('a field', () => {
  it('keeps what was typed, and has its hint and error read out with it', () => {
    const field = { name: 'email', label: 'Uw e-mailadres', hint: 'Zoals a@b.nl', error: 'Vul een adres in' };
    const html = flat(textField({ ...field, value: 'a"b', type: 'email', autocomplete: 'email' }));
    expect(html).toContain('<label for="email">Uw e-mailadres</label>');
    expect(html).toContain('value="a&quot;b" autocomplete="email" aria-describedby="email-hint email-error" aria-invalid="true"');
    expect(flat(textField({ name: 'q', label: 'Zoek' }))).not.toContain('aria-');
  });

  it('of a choice shows what was chosen', () => {
    const options = [
      { value: '', label: 'Alle' },
      { value: 'ro', label: 'RO' },
    ];
    const html = flat(selectField({ name: 'role', label: 'Rol', value: 'ro', options }));
    expect(html.match(/<option value="ro" selected>/g)).toHaveLength(1);
    expect(html).toMatch(/<option value=""\s*>Alle/);
  });

  it('with an error stands in the summary, which leads to it; without any there is no summary', () => {
    const fields = [
      { name: 'a', label: 'A', error: 'Vul A in' },
      { name: 'b', label: 'B' },
    ];
    const html = flat(errorSummary(fields, 'nl'));
    expect(html).toContain('role="alert"');
    expect(html).toContain('Er klopt iets niet');
    expect(html).toContain('<li><a href="#a">Vul A in</a></li>');
    expect(html).not.toContain('#b');
    expect(errorSummary([{ name: 'b', label: 'B' }], 'nl')).toBe('');
  });
});

describe('what is said', () => {
  it('stands out as a notice, and is read out where a page comes back with it', () => {
    expect(flat(notice('Er ontbreekt beleid <2027>', 'caution'))).toContain('class="notice caution"');
    expect(flat(notice('Bewaard', 'status'))).toContain('role="status"');
    expect(String(notice('<b>'))).toContain('&lt;b&gt;');
  });

  it('is proved by a quote with its place and the day it was checked, or that nobody did', () => {
    const source = { document: 'Beleid 2025', section: '5.3', quote: 'Uitstel is niet mogelijk.', url: 'https://x.example/b.pdf' };
    const html = flat(quote(source, '2026-11-03', 'en'));
    expect(html).toContain('<blockquote lang="nl">');
    expect(html).toContain('<a href="https://x.example/b.pdf">Beleid 2025, 5.3</a>');
    expect(html).toContain('checked on 3 November 2026');
    const bare = flat(quote({ ...source, section: null, quote: null, url: null }, null, 'nl'));
    expect(bare).toContain('<figcaption> <span lang="nl">Beleid 2025</span> <span class="checked">niet gecontroleerd</span>');
    expect(bare).not.toMatch(/blockquote|<a /);
  });

  it('is done by a button, of which one kind is what the page is for', () => {
    expect(String(button('Ja', 'primary'))).toBe('<button type="submit" class="button primary">Ja</button>');
    expect(flat(button('Stop', 'plain', { name: 'stop', value: 'reminder' }))).toContain('name="stop" value="reminder"');
    expect(String(buttonLink('/x', 'Verder'))).toBe('<a class="button plain" href="/x">Verder</a>');
  });
});
