import { assert, array, property, stringMatching } from 'fast-check';
import { expect, it } from 'vitest';
import { mailsIn } from '../../../jobs/sending/mailbox.ts';

const split = (text: string) => Array.from(mailsIn(Buffer.from(text, 'latin1')), (mail) => mail.toString('latin1'));
const LINE = 'From MAILER-DAEMON@mx.example Mon Sep 16 07:31:00 2024';

it.each([
  ['nothing', '', []],
  ['empty lines', '\n\r\n\n', []],
  ['a mail', 'To: a\n\nFrom here on\n\nFrom 07:31 on it rained.\n', ['To: a\n\nFrom here on\n\nFrom 07:31 on it rained.\n']],
  ['a mailbox of one', `${LINE}\nTo: a\n\nx\n`, ['To: a\n\nx\n']],
  ['a mailbox of two', `${LINE}\nTo: a\n\nx\n\n${LINE}\nTo: b\n\ny\n`, ['To: a\n\nx\n\n', 'To: b\n\ny\n']],
  [
    'one with the line ends of SMTP',
    `${LINE}\r\nTo: a\r\n\r\nx\r\n\r\n${LINE}\r\nTo: b\r\n\r\ny\r\n`,
    ['To: a\r\n\r\nx\r\n\r\n', 'To: b\r\n\r\ny\r\n'],
  ],
  ['empty lines before it', `\n\n${LINE}\nTo: a\n\nx`, ['To: a\n\nx']],
  [
    'sentences that begin with From',
    `${LINE}\n\nx\n\nFrom now on\n\n>From then on\n>>From x\n> From y\n`,
    ['\nx\n\nFrom now on\n\nFrom then on\n>From x\n> From y\n'],
  ],
  ['a line without an empty one before it', `${LINE}\n\nx\n${LINE}\n`, [`\nx\n${LINE}\n`]],
  ['bytes that are no text', `${LINE}\n\n\xff\xfe\x00\n\n${LINE}\n\n\x80`, ['\n\xff\xfe\x00\n\n', '\n\x80']],
])('splits %s', (_, text, mails) => {
  expect(split(text)).toEqual(mails);
});

it('gives back each mail that was put into a mailbox', () => {
  const line = stringMatching(/^(From |>From |>>From |x:|)[a-z 0-9:]{0,12}$/);
  assert(
    property(array(array(line, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 5 }), (mails) => {
      const written = mails.map((lines) => `${lines.join('\n')}\n\n`);
      const box = written.map((mail) => `${LINE}\n${mail.replaceAll(/^(>*From )/gm, '>$1')}`).join('');
      expect(split(box)).toEqual(written);
    }),
  );
});
