/** Names that are too long for a subject, shortened by a rule: whole words, and no two names that differ become alike. */

/**
 * Names by their full form, each of at most so many characters where it was longer. In the first of these forms in which all differ: their first words
 * ("Stichting Huisartsenzorg…"), their last words ("…Regio Noord"), or the first ones with a number in the order of the alphabet ("Stichting… (2)").
 */
export function shortNames(names: readonly string[], most: number): ReadonlyMap<string, string> {
  const all = [...new Set(names)].sort();
  const forms = [
    all.map((name) => cutWords(name, most)),
    all.map((name) => lastWords(name, most)),
    all.map((name, n) => `${cutWords(name, most - ` (${n + 1})`.length)} (${n + 1})`),
  ];
  const apart = forms.find((form) => new Set(form).size === all.length)!;
  return new Map(all.map((name, n) => [name, apart[n]!]));
}

/** As many of the first words as fit with "…"; a first word that is too long itself is cut. */
export function cutWords(text: string, most: number): string {
  if (text.length <= most) return text;
  const start = text.slice(0, most);
  const space = start.lastIndexOf(' ');
  const words = space > 0 ? start.slice(0, space).trimEnd() : '';
  return `${words || fittingFrom(charactersOf(text), most - 1)}…`;
}

function lastWords(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = text.slice(-(most - 1));
  const space = end.indexOf(' ');
  const words = space >= 0 ? end.slice(space + 1).trimStart() : '';
  return `…${words || fittingFrom(charactersOf(text).toReversed(), most - 1, true)}`;
}

/** As many characters as fit, whole ones: none is cut in two. `reversed`: they come from the end. */
function fittingFrom(characters: readonly string[], most: number, reversed = false): string {
  const taken: string[] = [];
  let length = 0;
  for (const one of characters) {
    length += one.length;
    if (length > most) break;
    taken.push(one);
  }
  return (reversed ? taken.toReversed() : taken).join('');
}

const charactersOf = (text: string) => Array.from(GRAPHEMES.segment(text), ({ segment }) => segment);
const GRAPHEMES = new Intl.Segmenter('nl', { granularity: 'grapheme' });
