/** Deadlines in a link of a mail: short enough for a line, and exact enough to mean those that the mail named and no others. */
import { CERTAINTIES, type Certainty } from '../../calendars/terms.ts';

/** What a link names. */
export interface NamedDeadlines {
  /** How sure the days of several were when the mail was written: what has become surer since, the mail did not speak of. Null for one alone. */
  certainty: Certainty | null;
  marks: readonly string[];
}

/** Thirty bits of an id: among all deadlines of the registry no two are alike but by a chance of one in hundreds. */
const MARK_LENGTH = 5;

/** Seven hexadecimal digits are 28 bits of it. */
const PREFIX_LENGTH = 7;

const LETTERS = { stated: 's', sector_rule: 'r', expected: 'e', template: 't', unknown: 'u' } as const satisfies Record<Certainty, string>;

/** One deadline, by the mark of its id. */
export function markOf(id: string): string {
  return Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url').slice(0, MARK_LENGTH);
}

/** Several that are equally sure: at least one. */
export function writeNamed(deadlines: readonly { certainty: Certainty; id: string }[]): string {
  return `${LETTERS[deadlines[0]!.certainty]}.${deadlines.map(({ id }) => markOf(id)).join('')}`;
}

/** Reads either; null for what names none so, such as a deadline's whole id in a mail of an older release. */
export function readNamed(text: string): NamedDeadlines | null {
  if (text.length === MARK_LENGTH) return { certainty: null, marks: [text] };
  const [, letter = '', marks = ''] = /^([a-z])\.([\w-]+)$/.exec(text) ?? [];
  const certainty = CERTAINTIES.find((one) => LETTERS[one] === letter);
  if (certainty === undefined || marks.length % MARK_LENGTH !== 0) return null;
  return { certainty, marks: marks.match(new RegExp(`.{${MARK_LENGTH}}`, 'g')) ?? [] };
}

/** How an id with this mark begins, in full digits. */
export function prefixOf(mark: string): string {
  return Buffer.from(`${mark}AAA`, 'base64url').toString('hex').slice(0, PREFIX_LENGTH);
}
