import { expect, it } from 'vitest';
import { lintCalendar } from './ical-lint.ts';

const EVENT = `BEGIN:VEVENT
UID:d2a6a556-e8d1-5613-a4a3-2b43ca193592
SEQUENCE:2
DTSTAMP:20270105T100000Z
DTSTART;VALUE=DATE:20280229
DTEND;VALUE=DATE:20280301
SUMMARY:CZ 2028: publicatie
DESCRIPTION:Eén regel\\, en een tweede\\nmet het teken € op de vouw
  van deze regel die verder loopt
CATEGORIES:CZ,Publicatie
URL:https://example.org/a%2Cb
TRANSP:TRANSPARENT
STATUS:CONFIRMED
LAST-MODIFIED:20270105T100000Z
BEGIN:VALARM
ACTION:DISPLAY
TRIGGER:-P6DT15H
DESCRIPTION:Over een week
END:VALARM
END:VEVENT
`;
const CALENDAR = `BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Test//Test//NL
NAME:Agenda Zuid
X-WR-CALNAME:Agenda Zuid
REFRESH-INTERVAL;VALUE=DURATION:PT6H
X-PUBLISHED-TTL:PT6H
${EVENT}END:VCALENDAR
`;
const crlf = (text: string) => Buffer.from(text.replaceAll('\n', '\r\n'));
const GOOD = crlf(CALENDAR);

/** Breaks the good calendar by exchanging one piece; the piece must be there. */
const exchange = (piece: string, other: string) => {
  if (!CALENDAR.includes(piece)) throw new Error(`not in the calendar: ${piece}`);
  return crlf(CALENDAR.replace(piece, other));
};
const without = (line: string) => exchange(`${line}\n`, '');
const raw = (piece: string, bytes: number[]) => {
  const at = GOOD.indexOf(piece);
  return Buffer.concat([GOOD.subarray(0, at), Buffer.from(bytes), GOOD.subarray(at + Buffer.byteLength(piece))]);
};

const BROKEN: [string, Buffer, string][] = [
  ['a byte order mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), GOOD]), 'starts with a byte order mark'],
  ['no final line end', GOOD.subarray(0, -2), 'the last line has no CRLF'],
  ['bare line feeds', Buffer.from(CALENDAR), 'a bare LF'],
  ['a bare carriage return', raw('Zuid', [0x0d]), 'a bare CR'],
  ['a line of 76 octets', exchange('SUMMARY:CZ 2028: publicatie', `SUMMARY:${'x'.repeat(68)}`), 'a line of 76 octets'],
  ['76 octets in 74 characters', exchange('SUMMARY:CZ 2028: publicatie', `SUMMARY:€${'x'.repeat(65)}`), 'a line of 76 octets'],
  ['a fold inside a character', raw('€', [0xe2, 0x0d, 0x0a, 0x20, 0x82, 0xac]), 'a line that is no UTF-8'],
  ['latin-1', raw('é', [0xe9]), 'a line that is no UTF-8'],
  ['a NUL', raw('Zuid', [0]), 'a control character'],
  ['a bell', raw('publicatie', [7]), 'a control character'],
  ['a C1 control', exchange('publicatie', 'pub\u0085'), 'a control character'],
  ['a line separator', exchange('publicatie', 'pub\u2028'), 'a Unicode line or paragraph separator'],
  ['half a surrogate pair', raw('€', [0xed, 0xa0, 0x80]), 'a line that is no UTF-8'],
  ['a byte cut off', raw('€', [0xe2, 0x82]), 'a line that is no UTF-8'],
  ['UTF-16', Buffer.from(CALENDAR, 'utf16le'), 'a control character'],
  ['a DEL', exchange('publicatie', 'pub\u007f'), 'a control character'],
  ['a long line after a fold', exchange('  van deze regel', `  ${'x'.repeat(74)}`), 'a line of 93 octets'],
  ['a space before the first line', crlf(` ${CALENDAR}`), 'no content line:  BEGIN:VCALENDAR'],
  ['small letters', exchange('STATUS:', 'status:'), 'no content line: status:CONFIRMED'],
  ['a property without a colon', exchange('STATUS:CONFIRMED', 'STATUS'), 'no content line: STATUS'],
  ['a parameter twice', exchange('DTEND;VALUE=DATE', 'DTEND;VALUE=DATE;VALUE=DATE'), 'parameter VALUE twice'],
  ['words after the end', crlf(`${CALENDAR}X-EVIL:1\n`), 'X-EVIL outside of the calendar'],
  ['a time zone', exchange('BEGIN:VEVENT', 'BEGIN:VTIMEZONE\nEND:VTIMEZONE\nBEGIN:VEVENT'), 'a VTIMEZONE'],
  ['an empty line', exchange('STATUS', '\nSTATUS'), 'an empty line'],
  ['a raw line break in text', exchange('publicatie', 'publi\ncatie'), 'no content line: catie'],
  ['an injected property', exchange('publicatie', 'x\nX-EVIL:1'), 'X-EVIL does not belong in VEVENT'],
  ['a cut body', GOOD.subarray(0, GOOD.indexOf('TRANSP')), 'VEVENT has no end'],
  ['an HTML page', crlf('<html><body>login</body></html>\n'), 'no content line: <html><body>login</body></html>'],
  ['nothing at all', Buffer.alloc(0), '0 components where one VCALENDAR belongs'],
  ['no events', crlf(CALENDAR.replace(EVENT, '')), 'no component'],
  ['two calendars', crlf(CALENDAR + CALENDAR), '2 components where one VCALENDAR belongs'],
  ['ends crossed', exchange('END:VALARM\nEND:VEVENT', 'END:VEVENT\nEND:VALARM'), 'END:VEVENT where END:VALARM belongs'],
  ['a property after the events', exchange('END:VCALENDAR', 'NAME:x\nEND:VCALENDAR'), 'NAME after a component'],
  ['a to-do', crlf(CALENDAR.replaceAll('VEVENT', 'VTODO')), 'a VTODO'],
  ['no VERSION', without('VERSION:2.0'), 'VCALENDAR has no VERSION'],
  ['another VERSION', exchange('VERSION:2.0', 'VERSION:1.0'), 'VERSION is not one of 2.0'],
  ['no PRODID', without('PRODID:-//Test//Test//NL'), 'VCALENDAR has no PRODID'],
  ['VERSION twice', exchange('VERSION:2.0', 'VERSION:2.0\nVERSION:2.0'), 'VCALENDAR has 2 times VERSION'],
  ['another calendar than ours', exchange('NAME:', 'CALSCALE:JULIAN\nNAME:'), 'CALSCALE is not one of GREGORIAN'],
  ['no name', without('NAME:Agenda Zuid'), 'VCALENDAR has no NAME'],
  ['one description for new apps only', exchange('NAME:', 'DESCRIPTION:Van ons\nNAME:'), 'DESCRIPTION and X-WR-CALDESC differ'],
  ['an interval of nothing', exchange('TTL:PT6H', 'TTL:PT0S'), 'X-PUBLISHED-TTL is not an interval'],
  ['an interval into the past', exchange('DURATION:PT6H', 'DURATION:-PT6H'), 'REFRESH-INTERVAL is not an interval'],
  ['METHOD', exchange('NAME:', 'METHOD:PUBLISH\nNAME:'), 'METHOD does not belong in VCALENDAR'],
  ['SOURCE', exchange('NAME:', 'SOURCE;VALUE=URI:https://x/feeds/secret.ics\nNAME:'), 'SOURCE does not belong in VCALENDAR'],
  ['TIMEZONE-ID', exchange('NAME:', 'TIMEZONE-ID:Europe/Amsterdam\nNAME:'), 'TIMEZONE-ID does not belong in VCALENDAR'],
  ['X-WR-TIMEZONE', exchange('NAME:', 'X-WR-TIMEZONE:Europe/Amsterdam\nNAME:'), 'X-WR-TIMEZONE does not belong in VCALENDAR'],
  ['a comma in the name', exchange('NAME:Agenda Zuid', 'NAME:Agenda\\, Zuid'), 'NAME is not text that reads the same unescaped'],
  ['two names that differ', exchange('X-WR-CALNAME:Agenda Zuid', 'X-WR-CALNAME:Agenda Noord'), 'NAME and X-WR-CALNAME differ'],
  ['an interval without its type', exchange(';VALUE=DURATION', ''), 'REFRESH-INTERVAL lacks VALUE=DURATION'],
  ['a fractional interval', exchange('TTL:PT6H', 'TTL:PT1H1.5S'), 'X-PUBLISHED-TTL is not an interval'],
  [
    'the interval twice',
    exchange('X-PUBLISHED', 'REFRESH-INTERVAL;VALUE=DURATION:PT6H\nX-PUBLISHED'),
    'VCALENDAR has 2 times REFRESH-INTERVAL',
  ],
  ['no UID', without('UID:d2a6a556-e8d1-5613-a4a3-2b43ca193592'), 'VEVENT has no UID'],
  ['a UID with a host', exchange('2b43ca193592', '2b43ca193592@host.example'), 'UID is not a UUID'],
  ['a UID twice', crlf(CALENDAR.replace(EVENT, EVENT + EVENT)), 'UID d2a6a556-e8d1-5613-a4a3-2b43ca193592 twice'],
  ['no DTSTAMP', without('DTSTAMP:20270105T100000Z'), 'VEVENT has no DTSTAMP'],
  ['a local DTSTAMP', exchange('DTSTAMP:20270105T100000Z', 'DTSTAMP:20270105T100000'), 'DTSTAMP is not a moment in UTC'],
  ['an hour that does not exist', exchange('DTSTAMP:20270105T10', 'DTSTAMP:20270105T25'), 'DTSTAMP is not a moment in UTC'],
  ['stamps that differ', exchange('MODIFIED:20270105', 'MODIFIED:20270106'), 'DTSTAMP and LAST-MODIFIED differ'],
  ['a LAST-MODIFIED in a zone', exchange('MODIFIED:', 'MODIFIED;TZID=Europe/Amsterdam:'), 'LAST-MODIFIED has TZID'],
  ['no LAST-MODIFIED', without('LAST-MODIFIED:20270105T100000Z'), 'VEVENT has no LAST-MODIFIED'],
  ['made after its last change', exchange('TRANSP', 'CREATED:20280101T000000Z\nTRANSP'), 'CREATED after LAST-MODIFIED'],
  ['a SEQUENCE below nothing', exchange('SEQUENCE:2', 'SEQUENCE:-1'), 'SEQUENCE is not a whole number'],
  ['a SEQUENCE over 31 bits', exchange('SEQUENCE:2', 'SEQUENCE:2147483648'), 'SEQUENCE is not a whole number'],
  ['no SEQUENCE', without('SEQUENCE:2'), 'VEVENT has no SEQUENCE'],
  ['a fractional SEQUENCE', exchange('SEQUENCE:2', 'SEQUENCE:2.5'), 'SEQUENCE is not a whole number'],
  ['a day without its type', exchange('DTSTART;VALUE=DATE', 'DTSTART'), 'DTSTART lacks VALUE=DATE'],
  ['30 February', exchange('20280229', '20280230'), 'DTSTART is not a day that exists'],
  ['29 February in a common year', exchange('20280229', '20270229'), 'DTSTART is not a day that exists'],
  ['an end on the same day', exchange('20280301', '20280229'), 'DTEND is not the day after DTSTART'],
  ['an end two days later', exchange('20280301', '20280302'), 'DTEND is not the day after DTSTART'],
  ['an end before the start', exchange('20280301', '20280228'), 'DTEND is not the day after DTSTART'],
  ['a moment as a day', exchange('DTSTART;VALUE=DATE:20280229', 'DTSTART;VALUE=DATE:20280229T000000Z'), 'DTSTART is not a day that exists'],
  ['a length beside the end', exchange('TRANSP', 'DURATION:P1D\nTRANSP'), 'DURATION does not belong in VEVENT'],
  ['no DTSTART', without('DTSTART;VALUE=DATE:20280229'), 'VEVENT has no DTSTART'],
  ['no DTEND', without('DTEND;VALUE=DATE:20280301'), 'VEVENT has no DTEND'],
  ['a zone on a day', exchange('DTEND;VALUE', 'DTEND;TZID=Europe/Amsterdam;VALUE'), 'DTEND has TZID'],
  ['two titles', exchange('TRANSP', 'SUMMARY:x\nTRANSP'), 'VEVENT has 2 times SUMMARY'],
  ['an empty title', exchange('CZ 2028: publicatie', ''), 'SUMMARY is not escaped text with something in it'],
  ['a bare comma', exchange('publicatie', 'a, b'), 'SUMMARY is not escaped text with something in it'],
  ['a bare semicolon', exchange('regel\\,', 'regel;'), 'DESCRIPTION is not escaped text'],
  ['an unknown escape', exchange('regel\\,', 'regel\\x'), 'DESCRIPTION is not escaped text'],
  ['an escape cut off', exchange('publicatie', 'publicatie\\'), 'SUMMARY is not escaped text with something in it'],
  ['an escaped comma between categories', exchange('CZ,Publicatie', 'CZ\\,Publicatie'), 'CATEGORIES is not a list without escapes'],
  ['an empty category', exchange('CZ,Publicatie', 'CZ,'), 'CATEGORIES is not a list without escapes'],
  ['no TRANSP', without('TRANSP:TRANSPARENT'), 'VEVENT has no TRANSP'],
  ['no STATUS', without('STATUS:CONFIRMED'), 'VEVENT has no STATUS'],
  ['one L too few', exchange('STATUS:CONFIRMED', 'STATUS:CANCELED'), 'STATUS is not one of TENTATIVE, CONFIRMED, CANCELLED'],
  ['a busy day', exchange('TRANSP:TRANSPARENT', 'TRANSP:OPAQUE'), 'TRANSP is not one of TRANSPARENT'],
  ['a comma in a link', exchange('a%2Cb', 'a,b'), 'URL is not a harmless web address'],
  ['a backslash in a link', exchange('a%2Cb', 'a\\b'), 'URL is not a harmless web address'],
  ['a link to a file of the reader', exchange('https://example.org/a%2Cb', 'file:///etc/passwd'), 'URL is not a harmless web address'],
  ['a guest', exchange('TRANSP', 'ATTENDEE:mailto:a@example.org\nTRANSP'), 'ATTENDEE does not belong in VEVENT'],
  ['a file with it', exchange('TRANSP', 'ATTACH:https://example.org/a\nTRANSP'), 'ATTACH does not belong in VEVENT'],
  ['a script as link', exchange('https://example.org/a%2Cb', 'javascript:alert(1)'), 'URL is not a harmless web address'],
  ['a rule to repeat', exchange('TRANSP', 'RRULE:FREQ=YEARLY\nTRANSP'), 'RRULE does not belong in VEVENT'],
  [
    'a cancelled event that does not say so',
    exchange('STATUS:CONFIRMED', 'STATUS:CANCELLED'),
    'STATUS and SUMMARY disagree on being cancelled',
  ],
  ['a cancelled event with an alarm', exchange('CONFIRMED', 'CANCELLED'), 'a cancelled event with an alarm'],
  ['an alarm without a text', without('DESCRIPTION:Over een week'), 'VALARM has no DESCRIPTION'],
  ['an alarm without a moment', without('TRIGGER:-P6DT15H'), 'VALARM has no TRIGGER'],
  ['an alarm without an action', without('ACTION:DISPLAY'), 'VALARM has no ACTION'],
  ['an alarm from the end', exchange('TRIGGER:', 'TRIGGER;RELATED=END:'), 'TRIGGER has RELATED'],
  ['an alarm at a moment', exchange('TRIGGER:-P6DT15H', 'TRIGGER;VALUE=DATE-TIME:20280222T080000Z'), 'TRIGGER has VALUE'],
  ['an alarm days and nothing before', exchange('-P6DT15H', '-P6DT'), 'TRIGGER is not a duration'],
  ['an alarm hours and seconds before', exchange('-P6DT15H', '-PT15H10S'), 'TRIGGER is not a duration'],
  ['an alarm that makes a sound', exchange('ACTION:DISPLAY', 'ACTION:AUDIO'), 'ACTION is not one of DISPLAY'],
  ['an alarm that repeats', exchange('ACTION', 'REPEAT:2\nACTION'), 'REPEAT does not belong in VALARM'],
  ['an alarm with an empty text', exchange('Over een week', ' '), 'DESCRIPTION is not escaped text with something in it'],
  ['an alarm without its end', without('END:VALARM'), 'END:VEVENT where END:VALARM belongs'],
  ['an alarm outside of an event', exchange('END:VALARM\nEND:VEVENT', 'END:VALARM\nEND:VEVENT\nBEGIN:VALARM\nEND:VALARM'), 'a VALARM'],
  ['an event in an event', exchange('BEGIN:VALARM', 'BEGIN:VEVENT\nEND:VEVENT\nBEGIN:VALARM'), 'a VEVENT in an event'],
  ['a property after the alarm', exchange('END:VALARM\n', 'END:VALARM\nCLASS:PUBLIC\n'), 'CLASS after a component'],
  ['an alarm with a UID', exchange('ACTION', 'UID:d2a6a556-e8d1-5613-a4a3-2b43ca193592\nACTION'), 'UID does not belong in VALARM'],
];

it('finds nothing wrong with a good calendar', () => {
  expect(lintCalendar(GOOD)).toEqual([]);
});

it.each([
  ['the turn of a year', exchange('20280229', '20271231').toString().replace('20280301', '20280101')],
  ['the night in which summer time ends', exchange('20280229', '20261025').toString().replace('20280301', '20261026')],
  ['the night in which it begins', exchange('20280229', '20270328').toString().replace('20280301', '20270329')],
  ['escapes, quotes and colons in a title', exchange('publicatie', 'a\\, b\\; c\\\\ d\\n "e": f').toString()],
  ['a fold inside an escape', exchange('regel\\,', 'regel\\\n ,').toString()],
  ['an alarm on the day itself', exchange('-P6DT15H', 'PT9H').toString()],
])('finds nothing wrong with %s', (_, text) => {
  expect(lintCalendar(Buffer.from(text))).toEqual([]);
});

it.each(BROKEN)('reports %s', (_, bytes, fault) => {
  expect(lintCalendar(bytes)).toContain(fault);
});
