/** Reads a file of the registry, of YAML or JSON: cut into its parts, each checked against the shape that it must have. */
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError, type Fault } from '../../calendars/errors.ts';
import { ExchangeHead, ExchangePart } from '../../calendars/exchange/shape.ts';
import { createValidator, explainFaults } from '../../calendars/schema/validation.ts';
import { parseYaml, type YamlText } from '../yaml.ts';
import { jsonParts, type TextPart } from './json-parts.ts';

/** A part whose shape is right. */
export interface FilePart {
  part: ExchangePart;
  /** Where a field stands, as `registry.yaml:41 deadlines.3.rule`. */
  locate: (field: string) => string;
}

/** In bytes: of a whole file, and of one part of it, which is read in one go. */
const MOST = 128 * 1024 * 1024;
const MOST_IN_PART = 16 * 1024 * 1024;

/** Reads it part by part. Throws `not_found`, or `invalid` with every fault; its field is `name:LINE path` and its message says what is allowed. */
export async function readExchange(path: string): Promise<FilePart[]> {
  const name = basename(path);
  const text = decode(name, await readWhole(path));
  const validate = {
    head: createValidator().compile<ExchangeHead>(ExchangeHead),
    part: createValidator().compile<ExchangePart>(ExchangePart),
  };
  const cut = text.trimStart().startsWith('{') ? jsonParts(name, text) : { parts: yamlParts(text), faults: [] };
  const faults: Fault[] = [...cut.faults];
  const parts: FilePart[] = [];
  let hasHead = false;
  for (const one of cut.parts) {
    const { faults: found, locate, value } = parsePart(name, one);
    faults.push(...found);
    if (found.length > 0 || value === null || value === undefined) continue;
    const isHead = one.isHead === true || looksLikeHead(value);
    hasHead ||= isHead;
    const check = isHead ? validate.head : validate.part;
    if (!check(value)) faults.push(...explainFaults(check.errors ?? []).map(({ field, message }) => ({ field: locate(field), message })));
    else if (!isHead) parts.push({ part: value as ExchangePart, locate });
  }
  if (faults.length === 0 && parts.length === 0 && !hasHead)
    faults.push({ field: name, message: `holds no part of a registry: what "registry export" writes, or the form of seeds/registry` });
  refuseFile(faults);
  return parts;
}

/** Throws `invalid` where there is a fault. */
export function refuseFile(faults: readonly Fault[]): void {
  if (faults.length === 0) return;
  throw new AppError('invalid', `The file has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}; nothing is changed.`, faults);
}

async function readWhole(path: string): Promise<Buffer> {
  const size = await stat(path).then(
    (found) => (found.isFile() ? found.size : null),
    () => null,
  );
  if (size === null) throw new AppError('not_found', `There is no file ${path}.`);
  if (size > MOST) throw new AppError('invalid', `${path} is larger than ${MOST / 1024 / 1024} MB: apply it in several files.`);
  return readFile(path);
}

function decode(name: string, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new AppError('invalid', `The file has a fault; nothing is changed.`, [{ field: name, message: 'must be UTF-8' }]);
  }
}

/** The documents of a stream: `---` at the beginning of a line stands nowhere else in YAML. */
function* yamlParts(text: string): Generator<TextPart> {
  let [from, linesBefore] = [0, 0];
  for (const { index } of [...text.matchAll(/^---(?=\s|$)/gm)].filter(({ index }) => index > 0)) {
    const part = text.slice(from, index);
    yield { text: part, linesBefore };
    linesBefore += part.split('\n').length - 1;
    from = index;
  }
  yield { text: text.slice(from), linesBefore };
}

interface Parsed {
  value: unknown;
  faults: Fault[];
  locate: FilePart['locate'];
}

function parsePart(name: string, one: TextPart): Parsed {
  const { linesBefore, text } = one;
  const at = `${name}:${linesBefore + 1}`;
  const faulty = (message: string): Parsed => ({ value: null, faults: [{ field: at, message }], locate: () => at });
  if (text.length > MOST_IN_PART) return faulty(`begins a part of more than ${MOST_IN_PART / 1024 / 1024} MB: cut it into several`);
  // Lines count from the beginning of the file.
  const parse = () => parseYaml(name, `${'\n'.repeat(linesBefore)}${text}`);
  try {
    const { faults, value } = /^\s*\{/.test(text) ? parseJson(one) : parse();
    return { value, faults, locate: locating(parse, at) };
  } catch (error) {
    if (error instanceof RangeError) return faulty('is nested too deeply');
    return faulty(`is not valid: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** What a part says is small; its tree, which knows the lines, is grown again only where something is wrong. */
function locating(parse: () => YamlText, at: string): FilePart['locate'] {
  let tree: YamlText | undefined;
  return (field) => {
    try {
      return (tree ??= parse()).locate(field);
    } catch {
      // Too deep for a tree: it begins there.
      return `${at} ${field}`.trimEnd();
    }
  };
}

function parseJson({ isHead = false, text }: TextPart): Pick<Parsed, 'value' | 'faults'> {
  const value: unknown = JSON.parse(text);
  const { parts: _, ...head } = value as { parts?: unknown };
  return { value: isHead ? head : value, faults: [] };
}

function looksLikeHead(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'format' in value;
}
