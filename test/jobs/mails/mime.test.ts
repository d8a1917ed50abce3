/** Guards the bytes of mails against upgrades of nodemailer: they must say what its own streams would. */
import * as fc from 'fast-check';
import MailComposer from 'nodemailer/lib/mail-composer';
import PostalMime from 'postal-mime';
import { expect, it } from 'vitest';
import { describeMail } from '../../../jobs/mails/compose.ts';
import { writeMail, type MailOptions } from '../../../jobs/mails/mime.ts';
import { CONFLICT, draftOf, itemOf } from '../../helpers/drafts.ts';
import { SETTINGS } from '../../helpers/mail.ts';
import { MONDAY } from '../../helpers/reminders.ts';

const MESSAGE = { id: '00000000-0000-4000-8000-0000000000aa' };
const headOf = (raw: Buffer) => raw.toString().split('\r\n\r\n', 1)[0];
const bodyOf = (raw: Buffer) => raw.toString().split('\r\n\r\n').slice(1).join('\r\n').split('\r\n');
const byStreams = (options: MailOptions) => new MailComposer(options).compile().build();

it.each(['nl', 'en'] as const)('writes a reminder in %s as nodemailer does', async (language) => {
  const options = describeMail(MESSAGE, { ...draftOf([itemOf({ conflict: CONFLICT })]), language }, SETTINGS, MONDAY);
  expect(writeMail(options).toString()).toBe((await byStreams(options)).toString());
});

it('writes any text and any subject so that they are read as nodemailer’s', async () => {
  const draft = draftOf([itemOf({})]);
  const sign = fc.constantFrom('a', 'é', '€', '😀', '=', '.', ' ', '\t', '\n', '\r\n', '-', '<', 'woord '.repeat(20), 'x'.repeat(80));
  const text = fc.array(sign, { minLength: 1, maxLength: 60 }).map((signs) => signs.join(''));
  await fc.assert(
    fc.asyncProperty(text, text, text, async (subject, plain, html) => {
      const options = { ...describeMail(MESSAGE, draft, SETTINGS, MONDAY), subject, text: plain, html };
      const [own, theirs] = [writeMail(options), await byStreams(options)];
      // Where a line is broken may differ, so the parts are compared as they are read.
      expect(await PostalMime.parse(own)).toEqual(await PostalMime.parse(theirs));
      expect(headOf(own)).toBe(headOf(theirs));
      expect(bodyOf(own).filter((line) => line.length > 76)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
