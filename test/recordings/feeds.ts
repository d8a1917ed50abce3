/** Recordings of calendars: as an app gets them, plain and packed, and again when it has them already. */
import { gunzipSync } from 'node:zlib';
import { textOf } from './answers.ts';
import type { Answer, Service } from './service.ts';

/** Calendars to ask for: their addresses by name. */
export type Calendars = ReadonlyMap<string, string>;

/**
 * Each calendar's answers by its name: headers when asked plainly, packed, and with its own tag, then the body, which must be the same in each
 * form and each time. `tags`: the tags of all of them.
 */
export async function readCalendars({ ask }: Service, calendars: Calendars): Promise<{ answers: Map<string, string>; tags: string }> {
  const answers = new Map<string, string>();
  const tags: string[] = [];
  for (const [name, address] of calendars) {
    const plain = await ask(address);
    const packed = await ask(address, { headers: { 'accept-encoding': 'gzip' } });
    const etag = plain.headers['etag'] ?? '"none"';
    const unchanged = await ask(address, { headers: { 'if-none-match': etag } });
    insistOnSame(name, plain, await ask(address));
    if (packed.headers['content-encoding'] === 'gzip') insistOnSame(name, plain, { ...packed, body: gunzipSync(packed.body) });
    const withoutBody = [packed, unchanged].map((answer) => textOf({ ...answer, body: Buffer.alloc(0) }));
    answers.set(name, [...withoutBody, textOf(plain)].join('\n'));
    tags.push(`${name} ${etag} ${packed.headers['etag'] ?? ''}\n`);
  }
  return { answers, tags: tags.join('') };
}

function insistOnSame(name: string, one: Answer, other: Answer): void {
  if (!one.body.equals(other.body)) throw new Error(`two answers of ${name} have different bodies`);
}
