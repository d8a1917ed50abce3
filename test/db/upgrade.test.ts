import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { loadPg, loadSqlite } from '../../db/drizzle.ts';
import { openStore, type Store } from '../../db/store.ts';
import { onBothDialects } from '../helpers/stores.ts';

const folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The migrations of one dialect up to and including the first, as the first users have them. */
function firstMigration(dialect: Store['dialect']): string {
  const copy = join(folder, dialect);
  cpSync(join('db/migrations', dialect), copy, { recursive: true });
  const journal = join(copy, 'meta/_journal.json');
  const { entries, ...rest } = JSON.parse(readFileSync(journal, 'utf8'));
  writeFileSync(journal, JSON.stringify({ ...rest, entries: entries.slice(0, 1) }));
  return copy;
}

const ROWS = [
  `insert into insurers (slug, name, kind, aliases, contacts, remarks, version) values ('noord', 'Noord', 'health_insurer', '[]', '[]', '[]', 1)`,
  `insert into deadlines (id, key, insurer_slug, contract_year, care_type, activity, revision, sequence, changed_at, created_at)
   values ('d1', 'noord/2025/general/signing/0', 'noord', 2025, 'general', 'signing', 1, 0, MOMENT, MOMENT)`,
  `insert into revisions (deadline_id, number, origin, revised_at, status, title, rule, due_on, last_safe_on, certainty, actors, on_behalf_of, contract_status, sources)
   values ('d1', 1, 'editor', MOMENT, 'published', 'Tekenen', '{"kind":"fixed","on":"2024-12-31"}', '2024-12-31', '2024-12-31', 'stated', '["provider"]', '[]', 'any', '[]')`,
  `insert into organisations (id, name, language, roles, version, created_at) values ('o1', 'Regio', 'nl', '["ro"]', 0, MOMENT)`,
  `insert into feeds (id, organisation_id, label, hash, created_at) values ('f1', 'o1', 'Kantoor', 'h', MOMENT)`,
  `insert into recipients (id, organisation_id, email, lead_days, digest, status, created_at, confirmed_at)
   values ('r1', 'o1', 'a@example.org', '[14]', 'daily', 'confirmed', MOMENT, MOMENT)`,
  `insert into messages (id, key, organisation_id, recipient_id, kind, due_at, state, claim, attempts, created_at)
   values ('m1', 'k', 'o1', 'r1', 'reminder', MOMENT, 'pending', 0, 0, MOMENT)`,
  `insert into reminders (id, recipient_id, deadline_id, organisation_id, last_safe_on, lead_days, message_id, state, created_at)
   values ('e1', 'r1', 'd1', 'o1', '2024-12-31', 14, 'm1', 'pending', MOMENT)`,
];
const FILLED = ['insurers', 'deadlines', 'revisions', 'organisations', 'feeds', 'recipients', 'messages', 'reminders'] as const;

async function fillFirst(url: string) {
  if (url.startsWith('file:')) {
    const { Sqlite, drizzle, migrate } = loadSqlite();
    const file = new Sqlite(url.replace('file:', ''));
    migrate(drizzle(file), { migrationsFolder: firstMigration('sqlite') });
    for (const row of ROWS) file.exec(row.replaceAll('MOMENT', '1714550400000'));
    return file.close();
  }
  const { pg, drizzle, migrate } = loadPg();
  const client = new pg.Client(url);
  await client.connect();
  await migrate(drizzle(client), { migrationsFolder: firstMigration('pg') });
  for (const row of ROWS) await client.query(row.replaceAll('MOMENT', `'2024-05-01T08:00:00Z'`));
  return client.end();
}

onBothDialects('an upgrade', (_, urlOf) => {
  it('keeps every row of a database that the first version filled', async () => {
    const url = await urlOf();
    await fillFirst(url);
    const store = await openStore(url);
    const counts = await Promise.all(FILLED.map((name) => store.read.$count(store.read.tables[name])));
    expect(counts).toEqual(FILLED.map(() => 1));
    const [revision] = await store.read.select().from(store.read.tables.revisions);
    expect(revision).toMatchObject({
      deadlineId: 'd1',
      dueOn: '2024-12-31',
      actors: ['provider'],
      revisedAt: new Date('2024-05-01T08:00:00Z'),
    });
    await store.close();
  });
});

it('has the same migrations for both dialects, in the same order', () => {
  const names = (dialect: string) => readdirSync(`db/migrations/${dialect}`).filter((name) => name.endsWith('.sql'));
  expect(names('pg')).toEqual(names('sqlite'));
});
