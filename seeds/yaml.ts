/** One YAML text: its value, and the line on which each of its fields stands. */
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml';
import type { Fault } from '../calendars/errors.ts';

export interface YamlText {
  name: string;
  /** What the text says; null when it is no valid YAML. */
  value: unknown;
  /** Faults of the YAML itself. */
  faults: Fault[];
  /** Where a field like `deadlines.3.rule` stands, as `name.yaml:41 deadlines.3.rule`: the line of its key, or of the nearest field around it. */
  locate: (field: string) => string;
}

/** Reads a YAML text. Faults of the syntax, double keys included, are returned with their line. */
export function parseYaml(name: string, text: string): YamlText {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineAt = (offset: number) => Math.max(lines.linePos(offset).line, 1);
  const faultAt = (offset: number, message: string) => ({ field: `${name}:${lineAt(offset)}`, message: `is not valid YAML: ${message}` });
  const faults = [...document.errors, ...document.warnings].map(({ message, pos }) => faultAt(pos[0], message));
  // The parser accepts an alias of nothing, and throws only when the value is asked for.
  visit(document, {
    Alias: (_, alias) => {
      if (!alias.resolve(document)) faults.push(faultAt(startOf(alias) ?? 0, `*${alias.source} stands before its anchor, or has none`));
    },
  });
  return {
    name,
    value: faults.length > 0 ? null : document.toJS(),
    faults,
    locate: (field) => `${name}:${lineAt(offsetOf(document, field.split('.')))} ${field}`.trimEnd(),
  };
}

/** How far into the text a field stands. Descends as far as the text goes along. */
function offsetOf(document: Document, path: string[]): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const part of path) {
    if (isAlias(node)) node = node.resolve(document);
    const [key, value] = step(node, part);
    if (key === undefined) break;
    offset = startOf(key) ?? offset;
    node = value;
  }
  return offset;
}

/** The node that marks where a part begins, and the node that holds its value. */
function step(node: unknown, part: string): [mark: unknown, value: unknown] {
  if (isSeq(node)) return [node.items[Number(part)], node.items[Number(part)]];
  if (!isMap(node)) return [undefined, undefined];
  const pair = node.items.find(({ key }) => String(isScalar(key) ? key.value : key) === part);
  return [pair?.key, pair?.value];
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}
