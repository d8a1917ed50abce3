/** Reads back what was rendered, byte for byte, and refuses what a calendar app could trip over. */

import { unfoldLines } from './content-lines.ts';

type Shape = ReadonlyMap<string, { value: RegExp; needed: boolean }>;

/** Escaped TEXT (RFC 5545, 3.3.11): nothing bare that separates values, no control characters. */
const TEXT = /^(?:[^\\;,\p{Cc}\u2028\u2029]|\\[\\;,n])*$/u;
/** Text that means the same escaped and unescaped. */
const PLAIN = /^[^\\;,\p{Cc}\u2028\u2029]+$/u;
const MOMENT = /^\d{8}T\d{6}Z$/;
const DAY = /^\d{8}$/;

const needed = (value: RegExp) => ({ value, needed: true });
const optional = (value: RegExp) => ({ value, needed: false });

const ENTRY: Shape = new Map([
  ['BEGIN', needed(/^VEVENT$/)],
  ['UID', needed(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/)],
  ['SEQUENCE', needed(/^(0|[1-9]\d{0,9})$/)],
  ['DTSTAMP', needed(MOMENT)],
  ['DTSTART;VALUE=DATE', needed(DAY)],
  ['DTEND;VALUE=DATE', needed(DAY)],
  ['X-MICROSOFT-CDO-ALLDAYEVENT', needed(/^TRUE$/)],
  ['X-MICROSOFT-MSNCALENDAR-ALLDAYEVENT', needed(/^TRUE$/)],
  ['SUMMARY', needed(TEXT)],
  ['TRANSP', needed(/^TRANSPARENT$/)],
  ['DESCRIPTION', needed(TEXT)],
  ['CATEGORIES', optional(/^[^\\;\p{Cc}]+$/u)],
  ['URL;VALUE=URI', optional(/^https?:\/\/[\w\-.~:/?#[\]@!$&'()*+=%]+$/)],
  ['STATUS', needed(/^(CONFIRMED|TENTATIVE|CANCELLED)$/)],
  ['X-MICROSOFT-CDO-BUSYSTATUS', needed(/^FREE$/)],
  ['LAST-MODIFIED', needed(MOMENT)],
  ['END', needed(/^VEVENT$/)],
]);

const ALARM: Shape = new Map([
  ['BEGIN', needed(/^VALARM$/)],
  ['ACTION', needed(/^DISPLAY$/)],
  // Without a RELATED parameter it counts from the start of the day (RFC 5545, 3.8.6.3).
  ['TRIGGER', needed(/^(PT9H|-P(\d+D)?T15H)$/)],
  ['DESCRIPTION', needed(TEXT)],
  ['END', needed(/^VALARM$/)],
]);

const HEAD: Shape = new Map([
  ['BEGIN', needed(/^VCALENDAR$/)],
  ['VERSION', needed(/^2\.0$/)],
  ['PRODID', needed(PLAIN)],
  ['NAME', needed(PLAIN)],
  ['X-WR-CALNAME', needed(PLAIN)],
  ['DESCRIPTION', needed(TEXT)],
  ['X-WR-CALDESC', needed(TEXT)],
  ['REFRESH-INTERVAL;VALUE=DURATION', needed(/^PT\d+H$/)],
  ['X-PUBLISHED-TTL', needed(/^PT\d+H$/)],
]);

/** One entry (VEVENT) as it was rendered. Throws on anything but the properties we write, each once and well formed, and its alarms. */
export function checkEntry(text: string): void {
  const { entry, alarms } = partAlarms(readLines(text));
  const values = checkShape(entry, ENTRY);
  for (const alarm of alarms) checkShape(alarm, ALARM);
  if (values.get('STATUS') === 'CANCELLED' && alarms.length > 0) throw new Error('rendered: an alarm for what was cancelled');
  if (values.get('DTSTAMP') !== values.get('LAST-MODIFIED')) throw new Error('rendered: DTSTAMP and LAST-MODIFIED differ');
  if (values.get('DTEND;VALUE=DATE')! <= values.get('DTSTART;VALUE=DATE')!) throw new Error('rendered: DTEND is not after DTSTART');
}

/** What stands above the entries. Throws as {@link checkEntry} does. */
export function checkHead(text: string): void {
  const values = checkShape(readLines(text), HEAD);
  if (values.get('NAME') !== values.get('X-WR-CALNAME')) throw new Error('rendered: NAME and X-WR-CALNAME differ');
}

/** The value of each property, after checking that all are expected, well formed, and none is missing. */
function checkShape(lines: readonly string[], shape: Shape): Map<string, string> {
  const values = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const [name, value] = [line.slice(0, colon), line.slice(colon + 1)];
    const expected = shape.get(name);
    if (!expected) throw new Error(`rendered: unexpected ${line.slice(0, 40)}`);
    if (values.has(name)) throw new Error(`rendered: ${name} stands twice`);
    if (!expected.value.test(value)) throw new Error(`rendered: malformed ${line.slice(0, 80)}`);
    values.set(name, value);
  }
  for (const [name, { needed }] of shape) if (needed && !values.has(name)) throw new Error(`rendered: ${name} is missing`);
  return values;
}

/** An entry's own lines, and those of each of its alarms, which stand at its end. */
function partAlarms(lines: readonly string[]): { entry: string[]; alarms: string[][] } {
  const starts = lines.flatMap((line, i) => (line === 'BEGIN:VALARM' ? [i] : []));
  const alarms = starts.map((start, i) => lines.slice(start, starts[i + 1] ?? -1));
  return { entry: [...lines.slice(0, starts[0] ?? -1), ...lines.slice(-1)], alarms };
}

/** The content lines (RFC 5545, 3.1). Throws on a line end other than CRLF, a line over 75 octets, and text that UTF-8 cannot hold. */
function readLines(text: string): string[] {
  if (!text.endsWith('\r\n')) throw new Error('rendered: the last line has no end');
  if (!text.isWellFormed()) throw new Error('rendered: a lone surrogate');
  const lines = text.slice(0, -2).split('\r\n');
  for (const line of lines) {
    if (/[\r\n]/.test(line)) throw new Error('rendered: a line end inside a line');
    if (Buffer.byteLength(line) > 75) throw new Error('rendered: a line over 75 octets');
  }
  return unfoldLines(text);
}
