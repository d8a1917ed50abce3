/** Cuts a JSON document of the registry into its head and its parts, each with the line before which it begins, without reading what they say. */
import { AppError } from '../../calendars/errors.ts';

/** A text of a file, and how many lines stand before it. */
export interface TextPart {
  text: string;
  linesBefore: number;
}

/**
 * Gives the head, which is all that stands beside `parts`, and then each of these. Throws `invalid` for what is no JSON object. A text without
 * `parts` is one part itself.
 */
export function jsonParts(name: string, text: string): TextPart[] {
  const [begin, end] = listOf(text, 'parts');
  if (begin === null) return [{ text, linesBefore: 0 }];
  if (end === null)
    throw new AppError('invalid', 'The file has a fault; nothing is changed.', [{ field: name, message: 'is cut off within its parts' }]);
  const head = `${text.slice(0, begin)}[]${text.slice(end + 1)}`.replace(/,?\s*"parts"\s*:\s*\[\]/, '');
  let linesBefore = linesIn(text.slice(0, begin));
  const parts: TextPart[] = [];
  let from = begin + 1;
  for (const to of [...commasBetween(text, begin, end), end]) {
    const part = text.slice(from, to);
    if (part.trim() !== '') parts.push({ text: part, linesBefore });
    linesBefore += linesIn(part);
    from = to + 1;
  }
  return [{ text: head, linesBefore: 0 }, ...parts];
}

const linesIn = (text: string) => text.split('\n').length - 1;

/** Where the list begins and ends that stands under a name in the outermost object; null where there is none, or no end of it. */
function listOf(text: string, name: string): [begin: number | null, end: number | null] {
  let begin: number | null = null;
  for (const { at, depth, token } of tokens(text)) {
    if (begin === null && depth === 1 && token === '[' && new RegExp(`"${name}"\\s*:\\s*$`).test(text.slice(Math.max(0, at - 200), at)))
      begin = at;
    if (begin !== null && depth === 1 && token === ']') return [begin, at];
  }
  return [begin, null];
}

/** The commas between the members of the list. */
function commasBetween(text: string, begin: number, end: number): number[] {
  const commas: number[] = [];
  for (const { at, depth, token } of tokens(text)) if (token === ',' && depth === 2 && at > begin && at < end) commas.push(at);
  return commas;
}

/** What opens, closes and parts, outside of texts; with how many stand open around it. */
function* tokens(text: string): Generator<{ token: string; at: number; depth: number }> {
  let depth = 0;
  for (const { 0: token, index: at } of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],]/gs)) {
    if (token.startsWith('"')) continue;
    if (token === ']' || token === '}') depth -= 1;
    yield { token, at, depth };
    if (token === '[' || token === '{') depth += 1;
  }
}
