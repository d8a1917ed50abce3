/** The structure of a JSON text, which its values do not tell any more: where it breaks off, which keys stand twice, and where a list has its members. */

/** A value that stands in an outermost object, by its key. */
export interface JsonField {
  key: string;
  from: number;
  /** Where it ends. */
  to: number;
  /** Of a list the commas between its members. */
  commas: number[];
}

export interface JsonStructure {
  /** Where the text is no JSON any more, and what may stand there; null where all of it is right. */
  fault: { at: number; expected: string } | null;
  /** The keys that stand a second time in their object, as `deadlines.3.title`. */
  doubles: { at: number; path: string }[];
  /** What the outermost object holds. */
  fields: JsonField[];
}

/** An object or a list that is open. */
interface Frame {
  isList: boolean;
  keys: Set<string>;
  key: string | number;
}

/** By RFC 8259: a text, a mark, or another value. */
const TOKEN =
  // oxlint-disable-next-line no-control-regex -- which a text may not have
  /[ \t\r\n]*(?:("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|([{}[\],:])|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))/y;

/** Reads it token by token. */
export function readStructure(text: string): JsonStructure {
  const found: JsonStructure = { fault: null, doubles: [], fields: [] };
  const frames: Frame[] = [];
  let expected: Expected = 'value';
  TOKEN.lastIndex = 0;
  for (;;) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) {
      const at = from + text.slice(from).search(/[^ \t\r\n]|$/);
      return at === text.length && expected === 'end' ? found : { ...found, fault: { at, expected: MEANING[expected] } };
    }
    const token = (match[1] ?? match[2] ?? match[3])!;
    const at = TOKEN.lastIndex - token.length;
    const next = step({ token, isText: match[1] !== undefined }, expected, frames);
    if (next === null) return { ...found, fault: { at, expected: MEANING[expected] } };
    if (frames.length > DEEPEST) return { ...found, fault: { at, expected: 'nothing that is nested so deeply' } };
    note(found, frames, { token, at, expected });
    expected = next;
  }
}

/** How many objects and lists may stand within one another: far more than any part has. */
const DEEPEST = 100;

const MEANING = {
  value: 'a value',
  'value or end': 'a value or ]',
  key: 'a name in double quotes',
  'key or end': 'a name in double quotes or }',
  colon: 'a colon',
  comma: 'a comma, or the end of the object or list',
  end: 'nothing more',
};
type Expected = keyof typeof MEANING;

/** What may come after a token, with what is open then; null where the token may not come. */
function step({ isText, token }: { isText: boolean; token: string }, expected: Expected, frames: Frame[]): Expected | null {
  const frame = frames.at(-1);
  const isMark = !isText && /^[{}[\],:]$/.test(token);
  if (expected === 'key' || expected === 'key or end') {
    if (isText) return 'colon';
    return token === '}' && expected === 'key or end' ? close(frames) : null;
  }
  if (expected === 'colon') return token === ':' && !isText ? 'value' : null;
  if (expected === 'comma') {
    if (!isMark || frame === undefined) return null;
    if (token === ',') return frame.isList ? 'value' : 'key';
    return token === (frame.isList ? ']' : '}') ? close(frames) : null;
  }
  if (expected === 'end') return null;
  if (expected === 'value or end' && isMark && token === ']') return close(frames);
  if (!isMark) return frame === undefined ? 'end' : 'comma';
  if (token !== '{' && token !== '[') return null;
  frames.push({ isList: token === '[', keys: new Set(), key: token === '[' ? 0 : '' });
  return token === '[' ? 'value or end' : 'key or end';
}

function close(frames: Frame[]): Expected {
  frames.pop();
  return frames.length === 0 ? 'end' : 'comma';
}

/** Notes a token that may stand where it stands. */
function note(found: JsonStructure, frames: Frame[], { at, expected, token }: { token: string; at: number; expected: Expected }) {
  const frame = frames.at(-1);
  const field = found.fields.at(-1);
  if (expected === 'key' || (expected === 'key or end' && token !== '}')) {
    const key = JSON.parse(token) as string;
    frame!.key = key;
    if (frame!.keys.has(key)) found.doubles.push({ at, path: frames.map((one) => one.key).join('.') });
    frame!.keys.add(key);
  } else if (expected === 'colon' && frames.length === 1)
    found.fields.push({ key: String(frame!.key), from: at + 1, to: at + 1, commas: [] });
  else if (expected === 'comma' && token === ',') {
    if (frame!.isList) frame!.key = Number(frame!.key) + 1;
    if (frames.length === 2 && frame!.isList) field!.commas.push(at);
  }
  // A value of the outermost object ends.
  else if (field && frames.length === 1) field.to = at + token.length;
}
