import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAddressGone } from '../../../jobs/transport/address-status.ts';

const GONE = ['5.1.1', '5.1.2', '5.1.3', '5.1.6', '5.1.10', '5.2.1'];
const VAGUE = ['5.0.0', '5.1.0', '5.2.0', '5.5.0'];

describe('an address is gone', () => {
  it.each([
    ['Postfix', '5.1.1', '550 5.1.1 <a@example.org>: Recipient address rejected: User unknown in virtual mailbox table'],
    ['Postfix, of its own', '5.1.1', 'unknown user: "a"'],
    ['Postfix, to a domain without mail', '5.1.10', 'Domain example.org does not accept mail (nullMX)'],
    ['Exim', '5.0.0', '550 5.1.1 <a@example.org>... User unknown'],
    ['Exim, of its own', '5.0.0', 'Unrouteable address'],
    ['Exchange Online', '5.1.10', '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient a@example.org not found by SMTP address lookup'],
    ['Exchange on premises', '5.1.1', '#< #5.1.1 smtp;550 5.1.1 RESOLVER.ADR.RecipNotFound; not found> #SMTP#'],
    ['Gmail', '5.1.1', '550-5.1.1 The email account that you tried to reach does not exist. Please try 550 5.1.1 double-checking'],
    [
      'Gmail, disabled',
      '5.2.1',
      '550 5.2.1 The email account that you tried to reach is disabled. Learn more at https://support.google.com/mail/?p=DisabledUser',
    ],
    [
      'sendmail, to a host that is unknown',
      '5.1.2',
      '550 5.1.2 a@nowhere.example... Host unknown (Name server: nowhere.example.: host not found)',
    ],
    ['qmail', null, 'sorry, no mailbox here by that name. (#5.1.1)'],
    ['one without a code', null, '550 No such user here'],
    ['one with a vague code', '5.5.0', '550 5.5.0 Requested action not taken: mailbox for a@example.org: user not found'],
    ['one with a vague code of another subject', '5.3.0', '550 5.1.1 User unknown'],
    ['one that is called after what it is not', null, '550 <policy@denied.example>: no such user'],
  ])('where %s says so', (_, status, text) => {
    expect(isAddressGone({ status, text })).toBe(true);
  });
});

describe('an address stays', () => {
  it.each([
    ['the time ran out', '5.4.7', 'delivery time expired'],
    ['Exim gave up', '5.0.0', 'retry timeout exceeded'],
    ['Exim gave up, and says so with a number', '5.0.0', '451 4.7.1 Greylisted: retry timeout exceeded'],
    ['its server was not found', '5.4.4', 'Host or domain name not found. Name service error for name=example.org type=MX: Host not found'],
    ['mail went in a circle', '5.4.6', 'mail for example.org loops back to myself'],
    ['mail went in a circle at Exchange', '5.4.14', '554 5.4.14 Hop count exceeded - possible mail loop ATTR34'],
    ['Exchange does not let us in, whoever it is for', '5.4.1', '550 5.4.1 Recipient address rejected: Access denied. AS(201806281)'],
    ['the domain is not there, by Exchange', '5.4.310', '550 5.4.310 DNS domain example.org does not exist'],
    ['the system is full', '5.3.1', '552 5.3.1 Mail system full'],
    ['the mail is too large', '5.3.4', '552 5.3.4 Message size exceeds fixed limit'],
    ['the protocol failed', '5.5.2', '502 5.5.2 Error: command not recognized'],
    ['too many recipients', '5.5.3', '452 5.5.3 Too many recipients'],
    ['the content was not taken', '5.6.1', '554 5.6.1 Media not supported'],
    ['our own domain is the fault', '5.1.8', '550 5.1.8 <b@inkoop.example>: Sender address rejected: Domain not found'],
    ['our own address is the fault', '5.1.7', '550 5.1.7 Invalid address: user unknown'],
    ['several fit', '5.1.4', '550 5.1.4 Recipient address ambiguous'],
    ['it is full', '5.2.2', '552 5.2.2 The email account that you tried to reach is over quota'],
    [
      'it gets too much at once',
      '5.2.1',
      '550-5.2.1 The user you are trying to contact is receiving mail at a rate that 550 5.2.1 prevents additional messages',
    ],
    ['we are not wanted', '5.7.1', '550 5.7.1 Unauthorized: user unknown to us'],
    ['we are not wanted, under a vague code', '5.0.0', '550 5.7.1 No such user, or you are blocked'],
    ['we are taken for spam', '5.0.0', '550 Blocked as spam: user unknown'],
    ['nothing is said', '5.0.0', ''],
    ['nothing is said, not even a code', null, ''],
    ['a vague code has no words for it', '5.1.0', '550 5.1.0 Address rejected.'],
    ['two exact codes differ', '5.1.1', '554 5.7.1 Relay access denied'],
    ['it is only for now', '4.2.1', '450 4.2.1 The user you are trying to contact does not exist yet'],
    ['the code is a machine', '5.4.4', 'connect to 5.1.1.7[5.1.1.7]:25: no route to host'],
    ['the number is a version', '5.0.0', 'mailer 5.1.1 gave up'],
    ['another word is a vague code of the system', '5.3.0', 'user unknown'],
    ['it is only for now, by the reply alone', null, 'smtp; 450 User unknown, try again later'],
    ['it is only for now, by the reply beside a vague code', '5.0.0', '421 no such user yet, too many connections'],
    ['it is only for now, by the reply, whoever gave up', '5.1.1', 'host mx.example.org said: 450 <a@example.org>: user unknown'],
    ['it is full, by a code in brackets', '5.1.1', 'mailbox full (5.2.2)'],
    ['we are not wanted, by a code in brackets', '5.0.0', '550 invalid recipient [5.7.1]'],
    ['its server was not found, by a word and a code', '5.0.0', 'user unknown; status=5.4.4 (host not found)'],
    ['our own address is the fault, by its command', '5.0.0', '550 MAIL FROM user does not exist'],
    ['only its name says so', null, '550 <user.unknown@no-such-user.example>: try later'],
  ])('where %s', (_, status, text) => {
    expect(isAddressGone({ status, text })).toBe(false);
  });

  const detail = fc.nat(999);
  const code = fc.tuple(fc.constantFrom(2, 4, 5), fc.nat(9), detail).map((parts) => parts.join('.'));
  const other = code.filter((one) => !GONE.includes(one) && !VAGUE.includes(one));
  const words = fc.oneof(fc.constantFrom('No such user', 'User unknown', '', 'mailbox does not exist', 'retry timeout'), fc.string());

  it('whatever is said, for each code that is not in the list, alone or beside a vague one', () => {
    fc.assert(
      fc.property(other, words, fc.constantFrom(...VAGUE, null), (code, text, vague) => {
        const isExact = !code.endsWith('.0');
        expect(isAddressGone({ status: code, text })).toBe(false);
        expect(isAddressGone({ status: code, text: `550 ${text}` })).toBe(false);
        if (isExact) expect(isAddressGone({ status: vague, text: `550 ${code} ${text}` })).toBe(false);
        for (const gone of GONE) if (isExact) expect(isAddressGone({ status: gone, text: `550 ${code} ${text}` })).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });
});
