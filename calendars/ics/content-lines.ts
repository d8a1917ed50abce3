/** Content lines of iCalendar (RFC 5545, 3.1): at most 75 octets, longer ones folded where no reader sees it. */

const MOST_OCTETS = 75;
const GRAPHEMES = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** Lines without their folds, from text of which every line ends in CRLF. */
export function unfoldLines(text: string): string[] {
  return text.slice(0, -2).replaceAll('\r\n ', '').split('\r\n');
}

/** Lines as text, each folded and ended by CRLF. */
export function foldLines(lines: readonly string[]): string {
  return lines.map((line) => `${foldLine(line)}\r\n`).join('');
}

/** Breaks between what a reader sees as characters: some apps show a broken emoji as its parts, or lose it. */
function foldLine(line: string): string {
  if (Buffer.byteLength(line) <= MOST_OCTETS) return line;
  const parts: string[] = [];
  let rest = line;
  while (rest !== '') {
    // The space that a further line begins with counts too.
    const at = breakIn(rest, parts.length === 0 ? MOST_OCTETS : MOST_OCTETS - 1);
    parts.push(rest.slice(0, at));
    rest = rest.slice(at);
  }
  return parts.join('\r\n ');
}

/** How much of the text fits into so many octets: whole characters, and a backslash with what it escapes. */
function breakIn(text: string, room: number): number {
  const end = fitting(text, room);
  if (end === text.length) return end;
  // One character further tells whether it belongs to the one before.
  const ahead = text.slice(0, end + 2);
  const start = GRAPHEMES.segment(ahead).containing(end)?.index ?? end;
  // A character longer than a line has to be broken all the same.
  const whole = start === 0 ? end : start;
  const [backslashes = ''] = /\\*$/.exec(text.slice(0, whole)) ?? [];
  return backslashes.length % 2 === 1 ? whole - 1 : whole;
}

function fitting(text: string, room: number): number {
  let [end, octets] = [0, 0];
  for (const point of text) {
    octets += Buffer.byteLength(point);
    if (octets > room) break;
    end += point.length;
  }
  return end;
}
