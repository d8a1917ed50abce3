/** The registry as text: YAML as people keep it, or JSON for programs. The same registry always gives the same bytes. */
import { stringify } from 'yaml';
import type { ExchangeHead, ExchangePart } from './shape.ts';

/** What is written: its head, and its parts in their order. */
interface Exchange {
  head: ExchangeHead;
  parts: readonly ExchangePart[];
}

/** How wide prose becomes before it goes on below. */
const WIDTH = 130;

/** As YAML, piece by piece: each part is a document of its own, so that a reader need not hold them all. */
export function* writeYaml({ head, parts }: Exchange): Generator<string> {
  yield yamlOf(head);
  for (const part of parts) yield `---\n${yamlOf(part)}`;
}

const yamlOf = (value: object) => stringify(value, { lineWidth: WIDTH, aliasDuplicateObjects: false });

/** As one JSON document, piece by piece: what the head says, and the same parts under `parts`. */
export function* writeJson({ head, parts }: Exchange): Generator<string> {
  yield JSON.stringify(head, null, 2).replace(/\n\}$/, ',\n  "parts": [');
  for (const [n, part] of parts.entries()) yield `${n === 0 ? '' : ','}\n${indented(JSON.stringify(part, null, 2))}`;
  yield parts.length === 0 ? ']\n}\n' : '\n  ]\n}\n';
}

const indented = (text: string) => text.replaceAll(/^/gm, '    ');
