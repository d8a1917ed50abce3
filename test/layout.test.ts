import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

/** Lints one planted file with the project's own rules, in a folder of its own. */
function lint(path: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-'));
  copyFileSync('.oxlintrc.json', join(folder, '.oxlintrc.json'));
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
  const { stdout, status } = spawnSync(join(process.cwd(), 'node_modules/.bin/oxlint'), ['--format=unix', path], {
    cwd: folder,
    encoding: 'utf8',
  });
  rmSync(folder, { recursive: true });
  return status === 0 ? '' : stdout;
}

it.each([
  ['calendars/x.ts', '../db/store.ts'],
  ['calendars/x.ts', '../server/app.ts'],
  ['db/x.ts', '../jobs/send.ts'],
  ['db/x.ts', '../seeds/reader.ts'],
  ['jobs/x.ts', '../server/app.ts'],
  ['jobs/mails/x.ts', '../../seeds/reader.ts'],
  ['server/api/x.ts', '../../jobs/send.ts'],
  ['server/x.ts', '../seeds/reader.ts'],
  ['seeds/x.ts', '../server/app.ts'],
  ['server/main.ts', '../test/helpers/cast.ts'],
  ['calendars/x.ts', 'drizzle-orm'],
  ['seeds/x.ts', '../db/drizzle.ts'],
  ['server/main.ts', 'drizzle-orm'],
  ['server/cli/x.ts', 'drizzle-orm/pg-core'],
])('the linter refuses %s importing %s', (path, imported) => {
  expect(lint(path, `import { x } from '${imported}';\n\nx();\n`)).toContain('no-restricted-imports');
});

it.each([
  ['db/x.ts', '../calendars/days.ts'],
  ['jobs/x.ts', '../db/store.ts'],
  ['server/main.ts', '../jobs/schedule.ts'],
  ['server/cli/x.ts', '../../seeds/reader.ts'],
])('and lets %s import %s', (path, imported) => {
  expect(lint(path, `import { x } from '${imported}';\n\nx();\n`)).toBe('');
});
