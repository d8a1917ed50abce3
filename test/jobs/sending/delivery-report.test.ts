import { describe, expect, it } from 'vitest';
import { readDeliveryReport } from '../../../jobs/sending/delivery-report.ts';
import { postfix, SERVERS } from '../../helpers/reports.ts';

const TO = 'bounces+0123@inkoop.example';
const read = (mail: string) => readDeliveryReport(Buffer.from(mail));
const said = '550 5.1.1 <a@example.org>: Recipient address rejected: User unknown in virtual mailbox table';
const CASE = { to: TO, recipient: 'a@example.org', status: '5.1.1', said };

/** A report with these lines as its status part. */
const reportOf = (lines: readonly string[], { type = 'message/delivery-status', encoding = '7bit' } = {}) =>
  [
    `To: ${TO}`,
    'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
    '',
    '--b',
    `Content-Type: ${type}`,
    `Content-Transfer-Encoding: ${encoding}`,
    '',
    ...lines,
    '--b--',
  ].join('\n');
const groupOf = (final: string) => ['Reporting-MTA: dns; x', '', final, 'Action: failed', 'Status: 5.1.1'];

describe('a returned mail', () => {
  it.each(Object.entries(SERVERS))(
    'of %s is read through its parts, folds and encodings, and not the mail that it returns',
    async (_, write) => {
      const failure = { addresses: ['a@example.org'], status: '5.1.1', text: said };
      for (const mail of [write(CASE), write(CASE).replaceAll('\r\n', '\n'), write(CASE).replaceAll(/\r?\n/g, '\r\n')]) {
        const report = await read(mail);
        expect(report?.failures).toEqual([failure]);
        expect(report?.header).toContain(TO);
        expect(report?.header).not.toMatch(/^Herinnering/m);
      }
    },
  );

  it('tells of each recipient by itself, and of those alone that failed for good', async () => {
    const lines = [
      ...groupOf('Final-Recipient: rfc822; a@example.org'),
      'Diagnostic-Code: smtp; 550 5.1.1 no such user',
      '',
      'Final-Recipient: rfc822; b@example.org',
      'Action: delayed',
      'Status: 4.4.1',
      '   ',
      'final-recipient: RFC822;C@Example.org',
      'ACTION: Failed (after a week)',
      'STATUS: 4.4.7 (expired)',
      '',
      'Final-Recipient: rfc822; d@example.org',
      'Action: relayed',
      'Status: 2.0.0',
    ];
    expect((await read(reportOf(lines)))?.failures).toEqual([
      { addresses: ['a@example.org'], status: '5.1.1', text: '550 5.1.1 no such user' },
      { addresses: ['c@example.org'], status: '4.4.7', text: '' },
    ]);
  });

  it.each([
    ['rfc822; a@example.org', ['a@example.org']],
    ['rfc822;<A@EXAMPLE.org> (expanded)', ['a@example.org']],
    ['RFC822; "a.b"@example.org', ['a.b@example.org']],
    ['rfc822; "a\\.b"@example.org', ['a.b@example.org']],
    ['a@example.org', ['a@example.org']],
    ['rfc822; a+2Bx@example.org', ['a+2bx@example.org', 'a+x@example.org']],
    ['utf-8; info@münchen.example', ['info@xn--mnchen-3ya.example']],
    ['UTF-8; info@m\\x{FC}nchen.example', ['info@m\\x{fc}nchen.example', 'info@xn--mnchen-3ya.example']],
    ['utf-8; a\\x{110000}b\\x{}@example.org', ['a\\x{110000}b\\x{}@example.org']],
    ['x400; /c=nl/a@example.org', []],
    ['unknown; a@example.org', []],
    ['rfc822; postmaster', []],
    ['', []],
  ])('names whom it is about, as in %j', async (field, addresses) => {
    expect((await read(reportOf(groupOf(`Final-Recipient: ${field}`))))?.failures.map((failure) => failure.addresses)).toEqual([addresses]);
  });

  it('names whom the mail was for where it says no more than that', async () => {
    const [failure] = (await read(reportOf(groupOf('Original-Recipient: rfc822;a@example.org'))))!.failures;
    expect(failure!.addresses).toEqual(['a@example.org']);
    const both = ['Original-Recipient: rfc822;a@example.org', ...groupOf('Final-Recipient: rfc822;b@example.org').slice(2)];
    expect((await read(reportOf(both)))!.failures[0]!.addresses).toEqual(['b@example.org']);
  });

  it('is read in the form for addresses of other scripts, and within another mail that a gateway made of it', async () => {
    const lines = groupOf('Final-Recipient: utf-8; info@münchen.example');
    const inner = reportOf(lines, { type: 'message/global-delivery-status', encoding: '8bit' });
    const wrapped = [
      `To: ${TO}`,
      'Content-Type: multipart/mixed; boundary=gateway',
      '',
      '--gateway',
      ...inner.split('\n').slice(1),
      '--gateway',
      'Content-Type: text/plain',
      '',
      'Scanned.',
      '--gateway--',
    ].join('\n');
    for (const mail of [inner, wrapped])
      expect((await read(mail))?.failures).toEqual([{ addresses: ['info@xn--mnchen-3ya.example'], status: '5.1.1', text: '' }]);
  });

  it('holds no report where somebody only quotes one, or sends one along', async () => {
    const quoted = `To: ${TO}\nContent-Type: text/plain\n\nFinal-Recipient: rfc822; a@example.org\nAction: failed\nStatus: 5.1.1\n`;
    const along = [
      `To: ${TO}`,
      'Content-Type: multipart/mixed; boundary=mine',
      '',
      '--mine',
      'Content-Type: text/plain',
      '',
      'What is this?',
      '--mine',
      'Content-Type: message/rfc822',
      '',
      postfix(CASE).replaceAll('\r\n', '\n'),
      '--mine--',
    ].join('\n');
    for (const mail of [quoted, along, 'x', '', '\0\xff\n\n', reportOf(['Action: delayed', 'Status: 4.0.0'])])
      expect(await read(mail)).toBeNull();
  });
});

describe('a hostile mail', () => {
  const MB = 1024 * 1024;

  it('costs no more than its beginning: what stands there is read, what comes after is not', async () => {
    const large = postfix(CASE).replace('Tekst.', 'x'.repeat(9 * MB));
    expect((await read(large))?.failures).toHaveLength(1);
    const behind = postfix(CASE).replace('This is a MIME', `${'\r\n'.repeat(5 * MB)}This is a MIME`);
    expect(await read(behind)).toBeNull();
    const after = (lines: number) => postfix(CASE).replace('This is a MIME', `${'\r\n'.repeat(lines)}This is a MIME`);
    expect([(await read(after(9900)))?.failures.length, await read(after(10_000))]).toEqual([1, null]);
  });

  it.each([
    ['ten MB of empty lines', '\n'.repeat(10 * MB)],
    ['ten MB on one line', 'Subject: '.padEnd(10 * MB, 'x')],
    ['ten MB of one header, folded', `Subject: x${'\n x'.repeat(3 * MB)}`],
    ['ten MB of beginnings of parts', `Content-Type: multipart/report; boundary=b\n\n${'--b\n'.repeat(2.5 * MB)}`],
    ['ten MB of fields', reportOf(['Final-Recipient: rfc822; a@example.org\n'.repeat(MB / 4)])],
    ['ten MB of folds in a field', reportOf([`Status: ${'\n '.repeat(5 * MB)}`])],
    ['ten MB in the name of an address', reportOf(groupOf(`Final-Recipient: rfc822; ${'"\\a'.repeat(3 * MB)}"@example.org`))],
    ['ten MB of brackets', reportOf(groupOf(`Final-Recipient: rfc822; a@example.org ${'('.repeat(10 * MB)}`))],
    ['ten MB of words', reportOf([...groupOf('Final-Recipient: rfc822; a@example.org'), `Diagnostic-Code: ${'user '.repeat(2 * MB)}`])],
  ])('of %s ends, with an answer or without', async (_, mail) => {
    const report = await read(mail).catch(() => null);
    for (const { text } of report?.failures ?? []) expect(text.length).toBeLessThanOrEqual(5000);
  });

  it('that nests deeper than any server does is refused', async () => {
    const nested = (depth: number) =>
      Array.from({ length: depth }, (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\n\n--b${n}\n`).join('') +
      reportOf(groupOf('Final-Recipient: rfc822; a@example.org'));
    expect((await read(`To: ${TO}\n${nested(5)}`))?.failures).toHaveLength(1);
    await expect(read(nested(1000))).rejects.toThrow('nesting');
  });
});
