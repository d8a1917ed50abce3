/** Reads a calendar byte by byte against RFC 5545 and RFC 7986, and against what we promise beyond them. Written from the RFCs, not from our renderer. */

interface Property {
  name: string;
  params: Map<string, string>;
  value: string;
}

interface Component {
  name: string;
  properties: Property[];
  children: Component[];
}

type Report = (fault: string) => void;
type Check = (property: Property, report: Report) => void;
/** How often a property may stand, and what it must look like. */
type Grammar = Record<string, { times: '1' | '0-1' | '0-n'; check: Check }>;

/** Every fault of a calendar, in words; none when it is sound. */
export function lintCalendar(bytes: Buffer): string[] {
  const faults: string[] = [];
  const report = (fault: string) => void faults.push(fault);
  const lines = readLines(bytes, report);
  const root = readTree(lines, report);
  if (root) checkCalendar(root, report);
  return faults;
}

// --- Bytes: RFC 5545, 3.1

function readLines(bytes: Buffer, report: Report): string[] {
  if (bytes.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf]))) report('starts with a byte order mark');
  if (!bytes.subarray(-2).equals(Buffer.from('\r\n'))) report('the last line has no CRLF');
  const lines: string[] = [];
  for (const line of splitAtCrlf(bytes)) {
    if (line.length > 75) report(`a line of ${line.length} octets`);
    if (line.includes(0x0a)) report('a bare LF');
    if (line.includes(0x0d)) report('a bare CR');
    const text = decode(line, report);
    if (/^[ \t]/.test(text) && lines.length > 0) lines.push(lines.pop() + text.slice(1));
    else lines.push(text);
  }
  for (const line of lines) {
    // oxlint-disable-next-line no-control-regex -- control characters are what this looks for
    if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/.test(line)) report('a control character');
    if (/[\u2028\u2029]/.test(line)) report('a Unicode line or paragraph separator');
    if (line === '') report('an empty line');
  }
  return lines;
}

function splitAtCrlf(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  let from = 0;
  for (let at = bytes.indexOf('\r\n'); at >= 0; at = bytes.indexOf('\r\n', from)) {
    lines.push(bytes.subarray(from, at));
    from = at + 2;
  }
  if (from < bytes.length) lines.push(bytes.subarray(from));
  return lines;
}

/** Each physical line is UTF-8 by itself: a fold that splits a character is seen here. */
function decode(line: Buffer, report: Report): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(line);
  } catch {
    report('a line that is no UTF-8');
    return line.toString('latin1');
  }
}

// --- Grammar: RFC 5545, 3.1, 3.4 and 3.6

function readTree(lines: readonly string[], report: Report): Component | undefined {
  const roots: Component[] = [];
  const open: Component[] = [];
  for (const line of lines.filter(Boolean)) {
    const property = readProperty(line, report);
    if (!property) continue;
    const current = open.at(-1);
    if (property.name === 'BEGIN') {
      const component = { name: property.value, properties: [], children: [] };
      (current?.children ?? roots).push(component);
      open.push(component);
    } else if (property.name === 'END') {
      if (current?.name !== property.value) report(`END:${property.value} where END:${current?.name} belongs`);
      open.pop();
    } else if (!current) report(`${property.name} outside of the calendar`);
    else {
      if (current.children.length > 0) report(`${property.name} after a component`);
      current.properties.push(property);
    }
  }
  if (open.length > 0) report(`${open.at(-1)!.name} has no end`);
  if (roots.length !== 1 || roots[0]!.name !== 'VCALENDAR') report(`${roots.length} components where one VCALENDAR belongs`);
  return roots[0];
}

function readProperty(line: string, report: Report): Property | undefined {
  const match = /^([A-Z\d-]+)((?:;[A-Z\d-]+=(?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)*):(.*)$/s.exec(line);
  if (!match) {
    report(`no content line: ${line.slice(0, 40)}`);
    return undefined;
  }
  const params = new Map<string, string>();
  for (const param of match[2]!.split(';').filter(Boolean)) {
    const [name, value] = param.split('=') as [string, string];
    if (params.has(name)) report(`parameter ${name} twice`);
    params.set(name, value);
  }
  return { name: match[1]!, params, value: match[3]! };
}

// --- Properties: RFC 5545, 3.7 and 3.8; RFC 7986, 5

const fails = (rule: string, holds: (value: string) => boolean, params: Record<string, string> = {}): Check => {
  return ({ name, params: given, value }, report) => {
    if (!holds(value)) report(`${name} is not ${rule}`);
    for (const [param, wanted] of Object.entries(params)) if (given.get(param) !== wanted) report(`${name} lacks ${param}=${wanted}`);
    for (const param of given.keys()) if (params[param] === undefined) report(`${name} has ${param}`);
  };
};

const isText = (value: string) => /^(?:[^\\;,]|\\[\\;,nN])*$/.test(value);
const isDate = (value: string) =>
  /^\d{8}$/.test(value) && !Number.isNaN(Date.parse(isoOf(value))) && new Date(isoOf(value)).toISOString().startsWith(isoOf(value));
const isStamp = (value: string) => /^\d{8}T([01]\d|2[0-3])[0-5]\d[0-5]\dZ$/.test(value) && isDate(value.slice(0, 8));
/** RFC 5545, 3.3.6: hours, minutes and seconds follow each other without a gap. */
const TIME = String.raw`T(?:\d+H(?:\d+M(?:\d+S)?)?|\d+M(?:\d+S)?|\d+S)`;
const DURATION = new RegExp(String.raw`^[+-]?P(?:\d+W|\d+D(?:${TIME})?|${TIME})$`);
const isDuration = (value: string) => DURATION.test(value);
/** RFC 7986, 5.7: an interval is more than nothing. */
const isInterval = (value: string) => isDuration(value) && /^\+?P.*[1-9]/.test(value);
const isoOf = (date: string) => date.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3');

const text = fails('escaped text', isText);
const someText = fails('escaped text with something in it', (value) => isText(value) && value.trim() !== '');
const plain = fails('text that reads the same unescaped', (value) => value !== '' && !/[\\;,]/.test(value));
const stamp = fails('a moment in UTC', isStamp);
const date = fails('a day that exists', isDate, { VALUE: 'DATE' });
const word = (...words: string[]) => fails(`one of ${words.join(', ')}`, (value) => words.includes(value));
const uri: Check = (property, report) => {
  fails(
    'a harmless web address',
    (value) => /^https?:\/\/[\w\-.~:/?#[\]@!$&'()*+=%]+$/.test(value) && URL.canParse(value),
    property.params.has('VALUE') ? { VALUE: 'URI' } : {},
  )(property, report);
};

const CALENDAR: Grammar = {
  VERSION: { times: '1', check: word('2.0') },
  PRODID: { times: '1', check: plain },
  CALSCALE: { times: '0-1', check: word('GREGORIAN') },
  NAME: { times: '1', check: plain },
  'X-WR-CALNAME': { times: '1', check: plain },
  DESCRIPTION: { times: '0-1', check: text },
  'X-WR-CALDESC': { times: '0-1', check: text },
  'REFRESH-INTERVAL': { times: '1', check: fails('an interval', isInterval, { VALUE: 'DURATION' }) },
  'X-PUBLISHED-TTL': { times: '1', check: fails('an interval', isInterval) },
};

const EVENT: Grammar = {
  UID: { times: '1', check: fails('a UUID', (value) => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(value)) },
  DTSTAMP: { times: '1', check: stamp },
  'LAST-MODIFIED': { times: '1', check: stamp },
  CREATED: { times: '0-1', check: stamp },
  SEQUENCE: { times: '1', check: fails('a whole number', (value) => /^\d+$/.test(value) && Number(value) < 2 ** 31) },
  DTSTART: { times: '1', check: date },
  DTEND: { times: '1', check: date },
  SUMMARY: { times: '1', check: someText },
  DESCRIPTION: { times: '0-1', check: text },
  STATUS: { times: '1', check: word('TENTATIVE', 'CONFIRMED', 'CANCELLED') },
  TRANSP: { times: '1', check: word('TRANSPARENT') },
  CLASS: { times: '0-1', check: word('PUBLIC') },
  URL: { times: '0-1', check: uri },
  CATEGORIES: {
    times: '0-n',
    check: fails('a list without escapes', (value) => value.split(',').every((one) => one !== '' && !/[\\;]/.test(one))),
  },
  'X-MICROSOFT-CDO-ALLDAYEVENT': { times: '0-1', check: word('TRUE') },
  'X-MICROSOFT-MSNCALENDAR-ALLDAYEVENT': { times: '0-1', check: word('TRUE') },
  'X-MICROSOFT-CDO-BUSYSTATUS': { times: '0-1', check: word('FREE') },
};

const ALARM: Grammar = {
  ACTION: { times: '1', check: word('DISPLAY') },
  // From the start of the day; RELATED=END would count from the next one.
  TRIGGER: { times: '1', check: fails('a duration', isDuration) },
  DESCRIPTION: { times: '1', check: someText },
};

function checkCalendar(calendar: Component, report: Report) {
  checkProperties(calendar, CALENDAR, report);
  const value = (name: string) => valueIn(calendar, name);
  if (value('NAME') !== value('X-WR-CALNAME')) report('NAME and X-WR-CALNAME differ');
  if (value('DESCRIPTION') !== value('X-WR-CALDESC')) report('DESCRIPTION and X-WR-CALDESC differ');
  if (value('REFRESH-INTERVAL') !== value('X-PUBLISHED-TTL')) report('REFRESH-INTERVAL and X-PUBLISHED-TTL differ');
  if (calendar.children.length === 0) report('no component');
  const uids = calendar.children.map((event) => valueIn(event, 'UID'));
  for (const uid of new Set(uids.filter((uid, i) => uids.indexOf(uid) < i))) report(`UID ${uid} twice`);
  for (const event of calendar.children) {
    if (event.name === 'VEVENT') checkEntry(event, report);
    else report(`a ${event.name}`);
  }
}

function checkEntry(event: Component, report: Report) {
  checkProperties(event, EVENT, report);
  const value = (name: string) => valueIn(event, name) ?? '';
  if (value('DTSTAMP') !== value('LAST-MODIFIED')) report('DTSTAMP and LAST-MODIFIED differ');
  if (isDate(value('DTSTART')) && nextDay(value('DTSTART')) !== value('DTEND')) report('DTEND is not the day after DTSTART');
  const cancelled = value('STATUS') === 'CANCELLED';
  if (cancelled !== /^(VERVALLEN|WITHDRAWN): /.test(value('SUMMARY'))) report('STATUS and SUMMARY disagree on being cancelled');
  if (value('CREATED') > value('LAST-MODIFIED')) report('CREATED after LAST-MODIFIED');
  if (cancelled && event.children.length > 0) report('a cancelled event with an alarm');
  for (const alarm of event.children) {
    if (alarm.name === 'VALARM') checkProperties(alarm, ALARM, report);
    else report(`a ${alarm.name} in an event`);
  }
}

function checkProperties({ name: component, properties }: Component, grammar: Grammar, report: Report) {
  for (const property of properties) {
    const rule = grammar[property.name];
    if (rule) rule.check(property, report);
    else report(`${property.name} does not belong in ${component}`);
  }
  for (const [name, { times }] of Object.entries(grammar)) {
    const count = properties.filter((property) => property.name === name).length;
    if (times === '1' && count === 0) report(`${component} has no ${name}`);
    if (times !== '0-n' && count > 1) report(`${component} has ${count} times ${name}`);
  }
}

const valueIn = ({ properties }: Component, name: string) => properties.find((property) => property.name === name)?.value;

function nextDay(day: string): string {
  const next = new Date(Date.parse(isoOf(day)) + 24 * 3600 * 1000);
  return next.toISOString().slice(0, 10).replaceAll('-', '');
}
