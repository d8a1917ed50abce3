import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { digestOfFiles } from '../../seeds/file-digest.ts';

const PROGRAM = {
  'rules/days.ts': 'export const days = 7;\n',
  'rules/words/nl/feed.json': '{"expected": "verwacht"}\n',
  'store/store.ts': 'export {};\n',
  'store/thread.js': 'export {};\n',
  'store/migrations/pg/0001_first.sql': 'create table one (id text);\n',
  'store/migrations/pg/meta/_journal.json': '{"entries": []}\n',
  'store/migrations/pg/meta/0001_snapshot.json': '{"tables": {}}\n',
  'store/README.md': 'About the store.\n',
  'seeds/registry/cz.yaml': 'insurer: cz\n',
};

/** A program of these files, in two folders and a file: what is its digest, now and after what is done to it? */
async function program() {
  const folder = await mkdtemp(join(tmpdir(), 'inkoopkalender-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  };
  for (const [path, text] of Object.entries(PROGRAM)) await write(path, text);
  const move = async (from: string, to: string) => {
    await mkdir(dirname(join(folder, to)), { recursive: true });
    await rename(join(folder, from), join(folder, to));
  };
  const digest = () => digestOfFiles(['rules', 'store', 'seeds/registry/cz.yaml'].map((place) => join(folder, place)));
  return { digest, move, remove: (path: string) => rm(join(folder, path)), write };
}

const READ = Object.keys(PROGRAM).filter((path) => !/README|snapshot/.test(path));

it.each(READ)('a change of %s is seen, at whatever depth it stands', async (path) => {
  const { digest, write } = await program();
  const before = digest();
  expect(digest()).toBe(before);
  await write(path, 'something else\n');
  expect(digest()).not.toBe(before);
});

it.each([
  ['to another folder', 'rules/days.ts', 'rules/calendar/days.ts'],
  ['up', 'rules/words/nl/feed.json', 'rules/words/feed.json'],
  ['to another place, where it stands in the same order', 'rules/words/nl/feed.json', 'store/a.json'],
  ['to another name', 'store/store.ts', 'store/stores.ts'],
])('a file that moved %s is seen', async (_, from, to) => {
  const { digest, move } = await program();
  const before = digest();
  await move(from, to);
  expect(digest()).not.toBe(before);
});

it('a file that came or went is seen', async () => {
  const { digest, remove, write } = await program();
  const before = digest();
  await write('store/rooms/new.ts', '');
  const more = digest();
  await remove('store/rooms/new.ts');
  expect([more === before, digest()]).toEqual([false, before]);
  await remove('store/thread.js');
  expect(digest()).not.toBe(before);
});

it('what no program reads is not seen: snapshots of migrations, texts about it', async () => {
  const { digest, write } = await program();
  const before = digest();
  await write('store/migrations/pg/meta/0001_snapshot.json', '{}\n');
  await write('store/README.md', 'More about the store.\n');
  expect(digest()).toBe(before);
});

it('a place that is not there is refused', () => {
  expect(() => digestOfFiles([join(tmpdir(), 'nowhere-at-all')])).toThrow('ENOENT');
});
