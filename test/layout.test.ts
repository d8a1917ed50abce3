import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** The rooms of db/, each after those that it may import. Those of one line do not import each other, but for the first. */
const LAW = [
  ['store', 'schema'],
  ['registry', 'backup'],
  ['organisations', 'messages'],
  ['feeds', 'recipients'],
  ['people'],
  ['reminders', 'notices'],
  ['sending'],
];
const ROOMS = LAW.flat();
const PAIRS = ROOMS.flatMap((room) => ROOMS.filter((other) => other !== room).map((other) => ({ room, other })));
const rankOf = (room: string) => LAW.findIndex((line) => line.includes(room));
const isRefused = ({ room, other }: { room: string; other: string }) =>
  rankOf(other) > rankOf(room) || (rankOf(other) === rankOf(room) && rankOf(room) > 0);

const SOURCE = ['calendars', 'db', 'jobs', 'server', 'seeds'];

/** Lints planted files with the project's own rules, in a folder of their own. Gives the rules that each breaks, as `path rule`. */
function lint(files: Record<string, string>): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-'));
  try {
    copyFileSync('.oxlintrc.json', join(folder, '.oxlintrc.json'));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const oxlint = join(process.cwd(), 'node_modules/.bin/oxlint');
    const { stdout, stderr, status } = spawnSync(oxlint, ['--format=unix', '.'], { cwd: folder, encoding: 'utf8' });
    const faults = [...stdout.matchAll(/^(\S+?):\d+:\d+: .*\[Error\/[\w-]+\(([\w-]+)\)\]$/gm)].map(([, path, rule]) => `${path} ${rule}`);
    // Rules that cannot be read forbid nothing.
    if ((status === 0) !== (faults.length === 0)) throw new Error(`${stdout}${stderr}`);
    return faults.sort();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const importing = (specifier: string) => `import { x } from '${specifier}';\n\nx();\n`;

describe('the law of folders', () => {
  const refused: [string, string][] = [
    ['calendars/x.ts', '../db/store/store.ts'],
    ['calendars/ics/x.ts', '../../server/app.ts'],
    ['db/store/a.ts', '../../jobs/sending/send.ts'],
    ['db/sending/b.ts', '../../seeds/reader.ts'],
    ['db/sending/c.ts', '../../test/helpers/cast.ts'],
    ['jobs/x.ts', '../server/app.ts'],
    ['jobs/mails/x.ts', '../../seeds/reader.ts'],
    ['server/api/x.ts', '../../jobs/sending/send.ts'],
    ['server/feeds/x.ts', '../../seeds/reader.ts'],
    ['seeds/x.ts', '../server/app.ts'],
    ['server/main.ts', '../test/helpers/cast.ts'],
  ];
  it('is kept by the linter', () => {
    const found = lint(Object.fromEntries(refused.map(([path, specifier]) => [path, importing(specifier)])));
    expect(found).toEqual(refused.map(([path]) => `${path} no-restricted-imports`).sort());
  });

  it('lets right import left, and a folder with the name of a room be what it is', () => {
    const allowed: [string, string][] = [
      ['db/store/x.ts', '../../calendars/days.ts'],
      ['db/feeds/x.ts', '../../calendars/reminders/reminders.ts'],
      ['calendars/deadlines/x.ts', '../reminders/reminders.ts'],
      ['jobs/sending/x.ts', '../../db/sending/claims.ts'],
      ['server/feeds/x.ts', '../../db/feeds/cache.ts'],
      ['server/main.ts', '../jobs/schedule.ts'],
      ['server/cli/x.ts', '../../seeds/reader.ts'],
    ];
    expect(lint(Object.fromEntries(allowed.map(([path, specifier]) => [path, importing(specifier)])))).toEqual([]);
  });
});

describe('the store itself', () => {
  const text = "import type { Store } from '%/db/store/store.ts';\n\nexport const x = (y: Store) => y;\n";
  const takingStore = (path: string) => [path, text.replace('%', '../'.repeat(path.split('/').length - 1).slice(0, -1))] as const;
  const refused = [
    'server/api/registry/x.ts',
    'server/cli/x.ts',
    'server/feeds/x.ts',
    'server/http/x.ts',
    'server/metrics/x.ts',
    'server/pages/x.ts',
  ];

  it('is no route’s and no command’s: the linter refuses its type', () => {
    expect(lint(Object.fromEntries(refused.map(takingStore)))).toEqual(refused.map((path) => `${path} no-restricted-imports`));
  });

  it('is opened by none of them', () => {
    const opening = "import { openStore } from '../../db/store/store.ts';\n\nopenStore('file:x');\n";
    expect(lint({ 'server/pages/x.ts': opening, 'server/cli/x.ts': opening })).toEqual([
      'server/cli/x.ts no-restricted-imports',
      'server/pages/x.ts no-restricted-imports',
    ]);
  });

  it('is theirs who wire, start, or do the work of the jobs; reading and writing is everybody’s', () => {
    const theirs = [
      'jobs/x.ts',
      'seeds/x.ts',
      'server/main.ts',
      'server/starting/x.ts',
      'server/cli/session.ts',
      'server/cli/remind.ts',
      'server/cli/delivery.ts',
    ];
    expect(lint(Object.fromEntries(theirs.map(takingStore)))).toEqual([]);
    const reading = "import type { ReadDb } from '../../db/store/store.ts';\n\nexport const x = (y: ReadDb) => y;\n";
    expect(lint({ 'server/pages/x.ts': reading, 'server/cli/x.ts': reading })).toEqual([]);
  });
});

describe('the law of rooms', () => {
  it('is kept by the linter, for every pair of them', () => {
    const files = PAIRS.map(({ room, other }) => [`db/${room}/to-${other}.ts`, importing(`../${other}/x.ts`)] as const);
    const expected = PAIRS.filter(isRefused).map(({ room, other }) => `db/${room}/to-${other}.ts no-restricted-imports`);
    expect(lint(Object.fromEntries(files))).toEqual(expected.sort());
  });

  it.each([
    ['a type', "import type { X } from '../reminders/x.ts';\n\nexport const x = (y: X) => y;\n"],
    ['what is passed on', "export { x } from '../reminders/x.ts';\n"],
    ['what is imported late', "export const x = async () => import('../reminders/x.ts');\n"],
    ['a way around', importing('../../db/reminders/x.ts')],
  ])('holds for %s too', (_, text) => {
    expect(lint({ 'db/registry/x.ts': text })).toEqual(['db/registry/x.ts no-restricted-imports']);
  });

  it('holds for a type without an import of its own: it must have one', () => {
    expect(lint({ 'db/registry/x.ts': "export type X = typeof import('../reminders/x.ts');\n" })).toEqual([
      'db/registry/x.ts consistent-type-imports',
    ]);
  });

  it('knows every room, and nothing of db/ is outside of one', () => {
    expect(readdirSync('db').sort()).toEqual([...ROOMS, 'migrations'].sort());
  });

  it('forbids circles, also through types', () => {
    const circle = {
      'db/registry/a.ts': `import type { B } from './b.ts';\n\nexport interface A {\n  b: B;\n}\n`,
      'db/registry/b.ts': `import type { A } from './a.ts';\n\nexport interface B {\n  a: A | null;\n}\n`,
    };
    expect(lint(circle)).toEqual(['db/registry/a.ts no-cycle', 'db/registry/b.ts no-cycle']);
  });
});

describe('drizzle', () => {
  const imports = ['drizzle-orm', 'drizzle-orm/pg-core'];

  it.each(SOURCE.filter((folder) => folder !== 'db'))('is not imported by %s/', (folder) => {
    const files = [...imports, '../db/store/drizzle.ts'].map((specifier, i) => [`${folder}/x${i}.ts`, importing(specifier)] as const);
    const found = lint(Object.fromEntries(files));
    expect([...new Set(found)]).toEqual(files.map(([path]) => `${path} no-restricted-imports`));
  });

  it('is not imported where all is wired either', () => {
    expect(lint({ 'server/main.ts': importing('drizzle-orm'), 'server/cli/x.ts': importing('drizzle-orm') })).toEqual([
      'server/cli/x.ts no-restricted-imports',
      'server/main.ts no-restricted-imports',
    ]);
  });

  it('is imported by db/ and by tests', () => {
    const text = importing('drizzle-orm');
    expect(
      lint({ 'db/store/x.ts': text, 'db/sending/x.ts': text, 'test/x.ts': text, 'test/db/x.ts': importing('../../db/store/drizzle.ts') }),
    ).toEqual([]);
  });
});

describe('size', () => {
  const rows = (count: number) => Array.from({ length: count }, (_, i) => `export const x${i} = ${i};\n`).join('');
  const body = (count: number) => `export function f(x: number[]) {\n${'  x.push(1);\n'.repeat(count - 2)}}\n`;

  it('of a file is at most 250 lines, of a function 60, without blanks and comments', () => {
    const long = { 'jobs/a.ts': rows(251), 'jobs/b.ts': body(61) };
    expect(lint(long)).toEqual(['jobs/a.ts max-lines', 'jobs/b.ts max-lines-per-function']);
    const blanks = '\n// why\n'.repeat(20);
    expect(lint({ 'jobs/a.ts': rows(250) + blanks, 'jobs/b.ts': body(60).replace('\n', `\n${blanks}`) })).toEqual([]);
    expect(lint({ 'test/a.ts': rows(251), 'test/b.ts': body(61) })).toEqual([]);
  });

  it('of a folder is at most 15 files', () => {
    const folders = (folder: string): string[] => [
      folder,
      ...readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? folders(join(folder, entry.name)) : [])),
    ];
    const countIn = (folder: string) => readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile()).length;
    const full = SOURCE.flatMap(folders).filter((folder) => !folder.startsWith(join('db', 'migrations')) && countIn(folder) > 15);
    expect(full).toEqual([]);
  });
});
