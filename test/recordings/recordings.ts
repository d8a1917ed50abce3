/** What was recorded, by name, with what nobody can know beforehand taken out. */
import { hash } from 'node:crypto';

/** Recordings by name. A name reads as a path. */
export type Recordings = Map<string, string>;

/** Adds a recording. Two of one name would hide one another. */
export function keep(recordings: Recordings, name: string, text: string): void {
  if (recordings.has(name)) throw new Error(`recorded twice: ${name}`);
  recordings.set(name, text);
}

/** A line for each recording, by name: SHA-256, length in bytes, name. */
export function digestsOf(recordings: Recordings): string {
  const lines = [...recordings].map(([name, text]) => `${hash('sha256', text, 'base64url')} ${Buffer.byteLength(text)} ${name}\n`);
  return lines.sort((a, b) => (nameIn(a) < nameIn(b) ? -1 : 1)).join('');
}

/** What differs between two files of digests, a line each: `changed NAME`, `new NAME` or `missing NAME`. */
export function differencesIn(before: string, now: string): string[] {
  const [old, young] = [linesByName(before), linesByName(now)];
  const names = [...new Set([...old.keys(), ...young.keys()])].sort();
  return names.flatMap((name) => {
    if (old.get(name) === young.get(name)) return [];
    return [`${!old.has(name) ? 'new' : !young.has(name) ? 'missing' : 'changed'} ${name}`];
  });
}

const nameIn = (line: string) => line.trimEnd().split(' ').slice(2).join(' ');
const linesByName = (digests: string) =>
  new Map(
    digests
      .split('\n')
      .filter(Boolean)
      .map((line) => [nameIn(line), line]),
  );

/** Where two texts first differ, with what stands around it in each. */
export function firstDifference(before: string, now: string): string {
  let at = 0;
  while (at < before.length && before[at] === now[at]) at += 1;
  const around = (text: string) => JSON.stringify(text.slice(Math.max(0, at - 120), at + 120));
  return `  at ${at}\n  - ${around(before)}\n  + ${around(now)}`;
}

export const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** A text in which ids that are not among these are numbered as they appear: those of mails, which nobody gave and nobody refers to. */
export function withoutOtherIds(text: string, ids: ReadonlySet<string>): string {
  const others = new Map<string, string>();
  for (const [id] of text.matchAll(UUID)) if (!ids.has(id) && !others.has(id)) others.set(id, `(id ${others.size + 1})`);
  let masked = text;
  for (const [id, name] of others) masked = masked.replaceAll(id, name).replaceAll(id.replaceAll('-', ''), name);
  return masked;
}
