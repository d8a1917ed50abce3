/** Cuts a JSON document of the registry into its head and its parts, in whatever order they stand, without reading what they say. */
import type { Fault } from '../../calendars/errors.ts';
import { readStructure, type JsonField } from './json-text.ts';

/** A text of a file, and how many lines stand before it. */
export interface TextPart {
  text: string;
  linesBefore: number;
  /** Whether it is all that stands beside `parts`: with an empty list in their place. */
  isHead?: boolean;
}

/**
 * Gives the head, which is all that stands beside `parts`, and then each of these; a text without such a list is one part itself. Beside them every key that
 * stands twice, which a reader of JSON would pass over, and where the text breaks off: then there are no parts.
 */
export function jsonParts(name: string, text: string): { parts: TextPart[]; faults: Fault[] } {
  const { doubles, fault, fields } = readStructure(text);
  const lineAt = (offset: number) => `${name}:${linesIn(text.slice(0, offset)) + 1}`;
  const faults = doubles.map(({ at, path }): Fault => ({
    field: `${lineAt(at)} ${path.replace(/^parts\.\d+\./, '')}`,
    message: 'must stand once',
  }));
  if (fault !== null) {
    faults.push({ field: lineAt(fault.at), message: `is not valid JSON: there must be ${fault.expected}` });
    return { parts: [], faults };
  }
  const list = fields.find(
    ({ from, key }) =>
      key === 'parts' &&
      text
        .slice(from, from + 1000)
        .trimStart()
        .startsWith('['),
  );
  return { parts: list === undefined ? [{ text, linesBefore: 0 }] : cut(text, list), faults };
}

function cut(text: string, list: JsonField): TextPart[] {
  const begin = text.indexOf('[', list.from);
  const end = list.to - 1;
  // As many lines as before: what stands behind the list keeps its own.
  const head = `${text.slice(0, begin)}[${'\n'.repeat(linesIn(text.slice(begin, end)))}]${text.slice(end + 1)}`;
  let linesBefore = linesIn(text.slice(0, begin));
  const parts: TextPart[] = [];
  let from = begin + 1;
  for (const to of [...list.commas, end]) {
    const part = text.slice(from, to);
    if (part.trim() !== '') parts.push({ text: part, linesBefore });
    linesBefore += linesIn(part);
    from = to + 1;
  }
  return [{ text: head, linesBefore: 0, isHead: true }, ...parts];
}

const linesIn = (text: string) => text.split('\n').length - 1;
