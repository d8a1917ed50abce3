import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { loadPg, loadSqlite } from '../../../db/store/drizzle.ts';
import { openStore, type Store } from '../../../db/store/store.ts';
import { onBothDialects } from '../../helpers/stores.ts';

const folder = mkdtempSync(join(tmpdir(), 'inkoopkalender-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The first migrations of one dialect, as who stopped there has them. */
function firstMigrations(dialect: Store['dialect'], count: number): string {
  const copy = join(folder, `${dialect}-${count}`);
  cpSync(join('db/migrations', dialect), copy, { recursive: true });
  const journal = join(copy, 'meta/_journal.json');
  const { entries, ...rest } = JSON.parse(readFileSync(journal, 'utf8'));
  writeFileSync(journal, JSON.stringify({ ...rest, entries: entries.slice(0, count) }));
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
/** A mail that is leaving, with all that refers to it. */
const UNDER_WAY = [
  `update messages set state = 'sending', claim = 1, claimed_at = MOMENT, marked_at = MOMENT, copies = 1, raw = BYTES, subject = 'Over 14 dagen',
   message_id = '<m1@example.org>', sent_to = 'a@example.org', holder = 'h'`,
  `insert into attempts (message_id, number, started_at) values ('m1', 1, MOMENT)`,
  `insert into notices (id, key, message_id, deadline_id, organisation_id) values ('n1', 'n', 'm1', 'd1', 'o1')`,
];
const FILLED = ['insurers', 'deadlines', 'revisions', 'organisations', 'feeds', 'recipients', 'messages', 'reminders'] as const;

async function fillFirst(url: string, rows: readonly string[] = ROWS, count = 1) {
  if (url.startsWith('file:')) {
    const { Sqlite, drizzle, migrate } = loadSqlite();
    const file = new Sqlite(url.replace('file:', ''));
    migrate(drizzle(file), { migrationsFolder: firstMigrations('sqlite', count) });
    for (const row of rows) file.exec(row.replaceAll('MOMENT', '1714550400000').replaceAll('BYTES', "x'46726f6d3a2061'"));
    return file.close();
  }
  const { pg, drizzle, migrate } = loadPg();
  const client = new pg.Client(url);
  await client.connect();
  await migrate(drizzle(client), { migrationsFolder: firstMigrations('pg', count) });
  for (const row of rows) await client.query(row.replaceAll('MOMENT', `'2024-05-01T08:00:00Z'`).replaceAll('BYTES', "'\\x46726f6d3a2061'"));
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

  it('keeps what hangs on mails, and what they say, where their table is made anew', async () => {
    const url = await urlOf();
    await fillFirst(url, [...ROWS, ...UNDER_WAY], 13);
    const store = await openStore(url);
    const { attempts, messages, notices, organisations, reminders } = store.read.tables;
    const [message] = await store.read.select().from(messages);
    const at = new Date('2024-05-01T08:00:00Z');
    const bytes = { raw: Buffer.from('From: a'), subject: 'Over 14 dagen', messageId: '<m1@example.org>', sentTo: 'a@example.org' };
    expect(message).toMatchObject({
      id: 'm1',
      organisationId: 'o1',
      recipientId: 'r1',
      state: 'sending',
      markedAt: at,
      copies: 1,
      ...bytes,
    });
    expect(message!.content).toBeNull();
    const counts = () => Promise.all([messages, reminders, notices, attempts].map((table) => store.read.$count(table)));
    expect(await counts()).toEqual([1, 1, 1, 1]);
    // What belongs to whom is still known to the database, and what belongs to nobody is not.
    await expect(store.write((tx) => tx.update(messages).set({ organisationId: null }))).rejects.toThrow();
    await store.write((tx) => tx.delete(organisations));
    expect(await counts()).toEqual([0, 0, 0, 0]);
    await store.close();
  });
});

it('has the same migrations for both dialects, in the same order', () => {
  const names = (dialect: string) => readdirSync(`db/migrations/${dialect}`).filter((name) => name.endsWith('.sql'));
  expect(names('pg')).toEqual(names('sqlite'));
});
