/** The title of an entry (VEVENT): what to do first, since a month view shows about 15 characters, then whose it is, then what must not be missed. */
import { cleanLine } from '../clean-text.ts';
import { certaintyWord } from '../deadlines/certainty.ts';
import { reportedYear, type Deadline } from '../deadlines/deadline.ts';
import { isCounted } from '../deadlines/kinds.ts';
import { isReckoned } from '../deadlines/rules.ts';
import type { Language } from '../terms.ts';
import { titleOf, wordsIn } from '../words.ts';

/** So many characters (code points) fit in a title: what is longer is cut off by week views, and by phones. */
const MOST_CHARACTERS = 75;
/** Of an insurer's name, where nobody foresaw a longer one. */
const MOST_OF_NAME = 30;

/** What a title is made of. */
export interface TitleParts {
  /** What became of it, if anything: gone, done, or not applicable. */
  state: 'withdrawn' | 'completed' | 'not_applicable' | null;
  deadline: Deadline;
  /** Whose it is: an insurer's name, or how many insurers. */
  whose: string;
  /** The other day that the source names, or the period that is meant; empty where the entry's own day says all. */
  days: string;
  /** That two days compete; empty where they do not. */
  conflict: string;
}

/**
 * `Jaarplan 2027 met begroting indienen – Zorg en Zekerheid (verwacht: 1 oktober)`, in at most 75 characters. What does not fit goes in this order: the
 * word that two days compete, what stands in brackets in the registry's title, the other day, the year, the registry's title for the activity's
 * name, of what is gone or done how sure it was, the end of what to do. What became of it, whose it is and how sure it is stay.
 */
export function titleLine({ state, deadline, whose, days, conflict }: TitleParts, language: Language): string {
  const say = wordsIn(language);
  const prefix = state === null ? '' : `${say(`feed:${state}`)}: `;
  const name = shorten(cleanLine(whose), MOST_OF_NAME);
  const mark = [isCounted(deadline) ? '' : say(`common:kind.${deadline.kind}`), say(`feed:mark.${certaintyWord(deadline)}`)];
  const plain = mark.filter(Boolean).join(', ');
  const from = say(isReckoned(deadline.rule) ? 'feed:mark.computed' : 'feed:source_short');
  const dated = days === '' ? plain : `${plain || from}: ${days}`;
  const title = cleanLine(titleOf(deadline, language));
  const short = cleanLine(title.replace(/\s*\([^()]*\)/g, '')) || title;
  // What has no activity of its own is named by its title alone.
  const activity = deadline.activity === 'other' ? short : say(`common:activity.${deadline.activity}`);
  const endOf = (sure: string, more = '') => ` – ${name}${sure && ` (${sure})`}${more && ` – ${more}`}`;

  const candidates = [
    [withYear(title, deadline), endOf(dated, conflict)],
    [withYear(title, deadline), endOf(dated)],
    [withYear(short, deadline), endOf(dated)],
    [withYear(short, deadline), endOf(plain)],
    [short, endOf(plain)],
    [withYear(activity, deadline), endOf(plain)],
    [activity, endOf(plain)],
    ...(state === null ? [] : [[activity, endOf('')]]),
  ].map(([what, end]) => `${prefix}${what}${end}`);
  const fitting = candidates.find((title) => lengthOf(title) <= MOST_CHARACTERS);
  if (fitting !== undefined) return fitting;
  const end = endOf(plain);
  return `${prefix}${shorten(short, MOST_CHARACTERS - lengthOf(prefix + end))}${end}`;
}

/** With the year it is about, where the text names none. */
function withYear(text: string, deadline: Deadline): string {
  return /\b20\d\d\b/.test(text) ? text : `${text} ${reportedYear(deadline) ?? deadline.contractYear}`;
}

/** At most so many characters, cut between words where there are any. */
function shorten(text: string, most: number): string {
  if (lengthOf(text) <= most) return text;
  let start = '';
  for (const { segment } of GRAPHEMES.segment(text)) {
    if (lengthOf(start + segment) >= most) break;
    start += segment;
  }
  const space = start.lastIndexOf(' ');
  return `${(space > start.length / 2 ? start.slice(0, space) : start).trimEnd()}…`;
}

const GRAPHEMES = new Intl.Segmenter('nl', { granularity: 'grapheme' });
const lengthOf = (text: string) => Array.from(text).length;
