import { assert, property, stringMatching, string, oneof } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalAddress, foldAddress, parseAddress } from '../../calendars/mail-address.ts';

describe('an address', () => {
  it.each([
    ['a@example.org', 'a@example.org'],
    ['  a@example.org\r\n', 'a@example.org'],
    ['\u202aa@example.org\u202c\u200b', 'a@example.org'],
    ['\ufeffA.B+c@EXAMPLE.org', 'A.B+c@example.org'],
    ["o'brien_{x}!#$%&*/=?^`|~-@example.org", "o'brien_{x}!#$%&*/=?^`|~-@example.org"],
    ['info@zorggroep-tweestromen.nl', 'info@zorggroep-tweestromen.nl'],
    ['info@münchen.example', 'info@xn--mnchen-3ya.example'],
    ['info@MÜNCHEN.example', 'info@xn--mnchen-3ya.example'],
    ['info@mu\u0308nchen.example', 'info@xn--mnchen-3ya.example'],
    ['info@xn--mnchen-3ya.example', 'info@xn--mnchen-3ya.example'],
    ['info@例え。テスト', 'info@xn--r8jz45g.xn--zckzah'],
    [`${'a'.repeat(64)}@example.org`, `${'a'.repeat(64)}@example.org`],
    [`a@${'b'.repeat(63)}.nl`, `a@${'b'.repeat(63)}.nl`],
  ])('is taken: %j', (text, address) => {
    expect(parseAddress(text)).toEqual({ address, fault: null });
  });

  const NOT_ONE = 'must be one mail address, as name@example.org, without a name or brackets around it';
  const DOTS = 'must not begin or end with a dot before the @, or have two in a row there';
  const LETTERS = "must have only the letters a to z, digits and .!#$%&'*+-/=?^_`{|}~ before the @";
  const DOMAIN = 'must have a domain after the @ that can exist, as example.org';
  const WHOLE = 'must have a whole domain after the @, as name@example.org';
  const TOO_LONG = 'must have at most 254 characters';
  it.each([
    ['', NOT_ONE],
    ['a', NOT_ONE],
    ['@example.org', NOT_ONE],
    ['a@', NOT_ONE],
    ['a@b@example.org', NOT_ONE],
    ['A <a@example.org>', NOT_ONE],
    ['mailto:a@example.org', NOT_ONE],
    ['a@example.org, b@example.org', NOT_ONE],
    ['a b@example.org', NOT_ONE],
    ['a@example.org\r\nRCPT TO:<b@example.org>', NOT_ONE],
    ['a(x)@example.org', NOT_ONE],
    ['"a b"@example.org', 'must not have quotation marks before the @: mail to such an address is not sent'],
    ['"a@b"@example.org', 'must not have quotation marks before the @: mail to such an address is not sent'],
    ['a..b@example.org', DOTS],
    ['.a@example.org', DOTS],
    ['a.@example.org', DOTS],
    ['josé@example.org', LETTERS],
    ['a\u202eb@example.org', LETTERS],
    ['a\u0000b@example.org', LETTERS],
    ['a@example..org', DOMAIN],
    ['a@.example.org', DOMAIN],
    ['a@example.org.', DOMAIN],
    ['a@-example.org', DOMAIN],
    ['a@example-.org', DOMAIN],
    ['a@exa_mple.org', DOMAIN],
    ['a@ex%61mple.org', DOMAIN],
    ['a@example.org/x', DOMAIN],
    ['a@exa\u202emple.org', DOMAIN],
    ['a@192.0.2.1', DOMAIN],
    ['a@１９２.0.2.1', DOMAIN],
    ['a@0x7f.1', DOMAIN],
    ['a@[192.0.2.1]', DOMAIN],
    ['a@example.o', DOMAIN],
    ['a@\ud800.example', DOMAIN],
    [`a@${'b'.repeat(64)}.nl`, DOMAIN],
    [`a@${'ü'.repeat(62)}.nl`, DOMAIN],
    ['a@localhost', WHOLE],
    ['a@nl', WHOLE],
    [`${'a'.repeat(65)}@example.org`, 'must have at most 64 characters before the @'],
    [`${'a'.repeat(64)}@${`${'b'.repeat(62)}.`.repeat(3)}nl`, TOO_LONG],
    [`${'a'.repeat(1_000_000)}@example.org`, TOO_LONG],
  ])('is refused with what is wrong: %j', (text, fault) => {
    expect(parseAddress(text)).toEqual({ address: null, fault });
  });

  it('may be one of the own network where whoever runs the service says so', () => {
    expect(parseAddress('Kalender@Localhost', { localHost: true }).address).toBe('Kalender@localhost');
    expect(parseAddress('a..b@localhost', { localHost: true }).fault).toBe(DOTS);
  });

  it('is written one way only: what was read is read as itself, has two parts, and nothing that a line of SMTP could trip over', () => {
    const domain = oneof(stringMatching(/^[a-zäßé例0-9.-]{1,30}$/), string({ unit: 'binary', maxLength: 20 }));
    assert(
      property(oneof(stringMatching(/^[a-z.+"]{1,9}$/), string({ unit: 'binary', maxLength: 10 })), domain, (local, domain) => {
        const { address } = parseAddress(`${local}@${domain}.nl`);
        if (address === null) return;
        expect(address).toMatch(/^[\x21-\x7e]+@[a-z0-9.-]+$/);
        expect(parseAddress(address)).toEqual({ address, fault: null });
      }),
    );
  });
});

describe('for comparing', () => {
  it.each([
    [' Info@MÜNCHEN.example', 'info@xn--mnchen-3ya.example'],
    ['A..B@Example.org ', 'a..b@example.org'],
    ['Kalender@Localhost', 'kalender@localhost'],
  ])('case and spelling fall away, also of what was kept before: %j', (text, folded) => {
    expect(foldAddress(text)).toBe(folded);
  });

  it.each([
    ['Anna+inkoop+2@Example.org', 'anna@example.org'],
    ['anna@example.org', 'anna@example.org'],
    ['anna+x@MÜNCHEN.example', 'anna@xn--mnchen-3ya.example'],
    ['+anna@example.org', '+anna@example.org'],
    ['a..b+c@Example.org', 'a..b@example.org'],
    ['no address+at all', 'no address+at all'],
  ])('what is counted has no tag either: %j', (text, counted) => {
    expect(canonicalAddress(text)).toBe(counted);
  });
});
