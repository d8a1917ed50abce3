/** Two editors at once: what differs between what one typed and the other saved, part by part, and the text that is made of both. */
import { createHash } from 'node:crypto';
import { labelOf, wordOf } from './fault-words.ts';
import { say } from '../../frame.ts';

/** The parts of an entry that are chosen by themselves: which fields each has. */
const PARTS: Readonly<Record<string, RegExp>> = {
  what: /^(activity|kind|requirementKey|slot)$/,
  title: /^title$/,
  when: /^(rule|boundary|(fixed|range|period|offset|slot|event)\..+)$/,
  sure: /^(certainty|basis\..+)$/,
  year: /^reportingYear$/,
  strictness: /^strictness$/,
  who: /^duty\./,
  how: /^channel\./,
  consequence: /^consequence\./,
  extension: /^extension\./,
  proof: /^sources\./,
  readings: /^conflict\./,
  reason: /^reason$/,
};
const PART_NAMES = Object.keys(PARTS);

/** A part in which both differ. */
export interface Difference {
  part: string;
  mine: string[];
  theirs: string[];
  /** Whether only the other one changed it, so that theirs is what is meant. */
  isTheirs: boolean;
}

const pairsIn = (fields: URLSearchParams, part: string) =>
  [...fields].filter(([name, value]) => value !== '' && PARTS[part]!.test(name)).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));

/** By which it is known later which parts were changed since the form was opened. */
export function marksOf(fields: URLSearchParams): string {
  return PART_NAMES.map((part) => markOf(fields, part)).join('.');
}

function markOf(fields: URLSearchParams, part: string): string {
  return createHash('sha256')
    .update(JSON.stringify(pairsIn(fields, part)))
    .digest('base64url')
    .slice(0, 8);
}

/** `was`: the marks of the form as it was opened. */
export function differencesOf(mine: URLSearchParams, theirs: URLSearchParams, was: string): Difference[] {
  const marks = was.split('.');
  return PART_NAMES.flatMap((part, at) => {
    if (markOf(mine, part) === markOf(theirs, part)) return [];
    return [{ part, mine: linesOf(mine, part), theirs: linesOf(theirs, part), isTheirs: marks[at] === markOf(mine, part) }];
  });
}

/** What was typed, but for the parts of which theirs was chosen: by fields called `take.` and the part. */
export function merged(mine: URLSearchParams, theirs: URLSearchParams): URLSearchParams {
  const taken = PART_NAMES.filter((part) => mine.get(`take.${part}`) === 'theirs');
  const isOf = (name: string) => taken.some((part) => PARTS[part]!.test(name));
  return new URLSearchParams([...[...mine].filter(([name]) => !isOf(name)), ...[...theirs].filter(([name]) => isOf(name))]);
}

/** What stands in a part, line by line, as people read it. */
function linesOf(fields: URLSearchParams, part: string): string[] {
  const lines = pairsIn(fields, part)
    .filter(([name]) => !HIDDEN.has(name))
    .map(([name, value]) => `${labelOf(name)}: ${wordsOf(name, value)}`);
  return lines.length === 0 ? [say('edition:nothing')] : lines;
}

const HIDDEN: ReadonlySet<string> = new Set(['basis.deadlineId', 'basis.term']);

/** Which fields hold a choice, and where its words stand. */
const CHOICES =
  /^(rule|boundary|certainty|strictness|basis\.(kind|successorSeen)|duty\.(contractStatus|actors|onBehalfOf)|consequence\.(kind|modality)|extension\.possible|conflict\.kind|offset\.(unit|direction)|slot\.unit)$/;

function wordsOf(name: string, value: string): string {
  if (CHOICES.test(name)) return say(`edition:option.${wordOf(name)}.${value}`);
  if (name === 'activity') return say(`common:activity.${value}`);
  if (name === 'kind') return say(`common:kind.${value}`);
  if (name === 'channel.kind') return say(`common:channel.${value}`);
  if (name === 'offset.from') return offsetWord(value);
  if (name === 'period.of') return periodWord(value);
  return /^sources\.\d+\.choice$/.test(name)
    ? value.includes('|')
      ? value.slice(0, value.lastIndexOf('|'))
      : say('edition:option.sources_choice.other')
    : value;
}

/** "januari", "eerste kwartaal", "het hele jaar". */
export function periodWord(value: string): string {
  const [unit = '', number = ''] = value.split('-');
  return number === '' ? say('edition:option.period_of.year') : say(`edition:${unit}.${number}`);
}

/** The deadline or event that is counted from. */
export function offsetWord(value: string): string {
  const [what = '', name = ''] = value.split(':');
  return what === 'activity' ? say(`common:activity.${name}`) : say(`edition:event.${name}`);
}
