import { expect, it } from 'vitest';
import { writeCsv } from '../../../calendars/exchange/csv.ts';
import type { Deadline } from '../../../calendars/deadlines/deadline.ts';
import { contentOf, identityOf, NOW } from '../../helpers/cast.ts';

const deadline = (title: string): Deadline => ({
  id: 'x',
  ...identityOf(),
  ...contentOf({ title }),
  dueOn: '2024-10-01',
  lastSafeOn: '2024-10-01',
  revision: 1,
  revisedAt: NOW,
  status: 'published',
  checkedOn: null,
  checkedBy: null,
  precedent: null,
});
const titleIn = (title: string) => {
  const [head = '', ...lines] = writeCsv([deadline(title)], new Map([['noord', 'Noord']])).split('\r\n');
  const [, after = ''] = lines.join('\r\n').split(';deadline;');
  expect(head.slice(1).split(';')[9]).toBe('title');
  return after.slice(0, after.indexOf(';2024-10-01'));
};

it('begins with a mark by which spreadsheets know UTF-8, and parts cells with semicolons and lines with CRLF', () => {
  const text = writeCsv([deadline('Eén')], new Map([['noord', 'Noord']]));
  expect(text.startsWith('\uFEFFid;insurer;insurerName;contractYear;')).toBe(true);
  expect(text.endsWith('\r\n')).toBe(true);
  expect(text).toContain('x;noord;Noord;2025;multidisciplinary_care;annual_plan;;;deadline;Eén;2024-10-01;2024-10-01;by;stated;');
});

it.each(['=1+1', '+31 71', '-2', '@SUM(A1)', '\t=1', ' =1', '\r\n=1', '|x', '%x', '＝1', '\u200B=1', '\uFEFF=cmd'])(
  'makes no cell of %j that a spreadsheet takes for a formula',
  (title) => expect(titleIn(title).replace(/^"/, '')).toBe(/["\t\r\n]/.test(title) ? `'${title}"` : `'${title}`),
);

it('puts in quotes what parts cells or lines, and doubles quotes', () => {
  expect(titleIn('a;b')).toBe('"a;b"');
  expect(titleIn('zegt "nee"\nniet')).toBe('"zegt ""nee""\nniet"');
  expect(titleIn('gewoon')).toBe('gewoon');
});
