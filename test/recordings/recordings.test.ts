import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { onBothDialects } from '../helpers/stores.ts';
import { differencesIn, digestsOf, withoutOtherIds } from './recordings.ts';

onBothDialects('all that users see', (_, urlOf) => {
  it('is to the byte as it was recorded: feeds, answers, pages and mails', { timeout: 300_000 }, async () => {
    const script = fileURLToPath(new URL('./record.ts', import.meta.url));
    const env = { PATH: process.env['PATH'], DATABASE_URL: await urlOf() };
    const child = spawn(process.execPath, [script, 'compare'], { env, stdio: 'pipe' });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    expect({ said, code }).toEqual({ said: '', code: 0 });
  });
});

it('a recording that changed, came or went is told by its name', () => {
  const before = digestsOf(
    new Map([
      ['feeds/open cz', 'BEGIN'],
      ['mail/welcome nl', 'Welkom'],
      ['get/gone', '200'],
    ]),
  );
  const now = digestsOf(
    new Map([
      ['feeds/open cz', 'BEGIN'],
      ['mail/welcome nl', 'Hallo'],
      ['get/come', '200'],
    ]),
  );
  expect(differencesIn(before, now)).toEqual(['new get/come', 'missing get/gone', 'changed mail/welcome nl']);
  expect(differencesIn(before, before)).toEqual([]);
});

it('an id that nobody was told is a number in a recording, with and without its hyphens', () => {
  const [told, other] = ['123e4567-e89b-42d3-a456-426614174000', '00000000-0000-4000-8000-000000000001'];
  const text = `${told} <${other}@x> ${other.replaceAll('-', '')}`;
  expect(withoutOtherIds(text, new Set([told]))).toBe(`${told} <(id 1)@x> (id 1)`);
});
