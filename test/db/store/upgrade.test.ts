import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { eq, loadPg, loadSqlite } from '../../../db/store/drizzle.ts';
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

/** A row in each table that the first version had, and nothing in columns that came later. */
const ROWS = [
  `insert into settings (name, value) values ('registry_version', '7')`,
  `insert into senders (holder, host, pid, renewed_at) values ('h0', 'server', 7, MOMENT)`,
  `insert into insurers (slug, name, kind, aliases, contacts, remarks, version) values ('noord', 'Noord', 'health_insurer', '[]', '[]', '[]', 1)`,
  `insert into documents (key, title, remarks) values ('beleid', 'Inkoopbeleid', '["Blad 2 ontbreekt."]')`,
  `insert into insurer_documents (insurer_slug, document_key, position) values ('noord', 'beleid', 0)`,
  `insert into deadlines (id, key, insurer_slug, contract_year, care_type, activity, revision, sequence, changed_at, created_at)
   values ('d1', 'noord/2025/general/signing/0', 'noord', 2025, 'general', 'signing', 1, 0, MOMENT, MOMENT)`,
  `insert into revisions (deadline_id, number, origin, revised_at, status, title, rule, due_on, last_safe_on, certainty, actors, on_behalf_of, contract_status, sources)
   values ('d1', 1, 'editor', MOMENT, 'published', 'Tekenen', '{"kind":"fixed","on":"2024-12-31"}', '2024-12-31', '2024-12-31', 'stated', '["provider"]', '[]', 'any', '[]')`,
  `insert into deadline_roles (deadline_id, role) values ('d1', 'provider')`,
  `insert into organisations (id, name, language, roles, version, created_at) values ('o1', 'Regio', 'nl', '["ro"]', 0, MOMENT)`,
  `insert into organisations (id, name, language, roles, parent_id, version, created_at) values ('o2', 'Wijk', 'nl', '["wsv"]', 'o1', 0, MOMENT)`,
  `insert into keys (id, organisation_id, label, hash, created_at) values ('k1', 'o1', 'Kantoor', 'hk', MOMENT)`,
  `insert into relations (organisation_id, insurer_slug, contract_status, preferred) values ('o1', 'noord', 'contracted', BOOL)`,
  `insert into events (id, organisation_id, kind, insurer_slug, contract_year, occurred_on, created_at)
   values ('v1', 'o1', 'contract_received', 'noord', 2025, '2024-11-25', MOMENT)`,
  `insert into own_terms (id, organisation_id, deadline_id, sequence, changed_at) values ('t1', 'o1', 'd1', 2, MOMENT)`,
  `insert into completions (organisation_id, deadline_id, completed_on, "by", recorded_at) values ('o1', 'd1', '2024-12-01', 'Anna', MOMENT)`,
  `insert into steps (id, organisation_id, deadline_id, title, due_on, created_at) values ('s1', 'o1', 'd1', 'Nakijken', '2024-12-10', MOMENT)`,
  `insert into feeds (id, organisation_id, label, hash, created_at) values ('f1', 'o1', 'Kantoor', 'h', MOMENT)`,
  `insert into recipients (id, organisation_id, email, lead_days, digest, status, created_at, confirmed_at)
   values ('r1', 'o1', 'a@example.org', '[14]', 'daily', 'confirmed', MOMENT, MOMENT)`,
  `insert into messages (id, key, organisation_id, recipient_id, kind, due_at, state, claim, attempts, created_at)
   values ('m1', 'k', 'o1', 'r1', 'reminder', MOMENT, 'pending', 0, 0, MOMENT)`,
  `insert into reminders (id, recipient_id, deadline_id, organisation_id, last_safe_on, lead_days, message_id, state, created_at)
   values ('e1', 'r1', 'd1', 'o1', '2024-12-31', 14, 'm1', 'pending', MOMENT)`,
];
/** What the server said of an earlier try. */
const ATTEMPT = `insert into attempts (message_id, number, started_at, outcome, code) values ('m1', 7, MOMENT, 'refused', 450)`;
/** A mail that is leaving, with all that refers to it. */
const UNDER_WAY = [
  `update messages set state = 'sending', claim = 1, claimed_at = MOMENT, marked_at = MOMENT, copies = 1, raw = BYTES, subject = 'Over 14 dagen',
   message_id = '<m1@example.org>', sent_to = 'a@example.org', holder = 'h'`,
  `insert into attempts (message_id, number, started_at) values ('m1', 1, MOMENT)`,
  `insert into notices (id, key, message_id, deadline_id, organisation_id) values ('n1', 'n', 'm1', 'd1', 'o1')`,
];
/** A mail about a change beside one about what is not done, each with a notice. */
const NOTICES = ['change', 'escalation'].flatMap((kind) => [
  `insert into messages (id, key, organisation_id, recipient_id, kind, due_at, state, claim, attempts, created_at)
   values ('${kind}', '${kind}', 'o1', 'r1', '${kind}', MOMENT, 'sent', 1, 0, MOMENT)`,
  `insert into notices (id, key, message_id, deadline_id, organisation_id) values ('of ${kind}', 'of ${kind}', '${kind}', 'd1', 'o1')`,
]);
/** What is no deadline, with what follows from it. */
const COMMITMENT = [
  `insert into deadlines (id, key, contract_year, care_type, activity, revision, sequence, changed_at, created_at)
   values ('d2', 'sector/2025/general/green_deal/0', 2025, 'general', 'green_deal', 1, 0, MOMENT, MOMENT)`,
  `insert into revisions (deadline_id, number, origin, revised_at, status, title, rule, certainty, actors, on_behalf_of, contract_status, consequence, sources)
   values ('d2', 1, 'editor', MOMENT, 'published', 'Green Deal', '{"kind":"none"}', 'unknown', '["provider"]', '[]', 'any', '{"text":"Minder CO2.","modality":"certain"}', '[]')`,
];
/** What a row of a rule said before it was kept as such, by its id. */
const RULES = {
  holds: ['sector_rule', 'Regel van de NZa.'],
  lapsed: ['sector_rule', 'Regel van de NZa, geldig tot en met 27 maart 2024; opvolger niet ingezien.'],
  other: ['expected', 'Overgenomen; opvolger niet ingezien.'],
};
const RULED = Object.entries(RULES).flatMap(([id, [certainty, text]]) => [
  `insert into deadlines (id, key, contract_year, care_type, activity, revision, sequence, changed_at, created_at)
   values ('${id}', 'sector/2025/general/${id}/0', 2025, 'general', 'publication', 1, 0, MOMENT, MOMENT)`,
  `insert into revisions (deadline_id, number, origin, revised_at, status, title, rule, certainty, basis, actors, on_behalf_of, contract_status, sources)
   values ('${id}', 1, 'projection', MOMENT, 'published', 'Beleid', '{"kind":"none"}', '${certainty}',
     '{"kind":"sector_rule","deadlineId":null,"text":"${text}"}', '["insurer"]', '[]', 'any', '[]')`,
]);
const FIRST = [...ROWS, ATTEMPT];
const FILLED = [...new Set(FIRST.map((row) => /^insert into (\w+)/.exec(row)![1]!))];
const COUNT = readdirSync('db/migrations/sqlite').filter((name) => name.endsWith('.sql')).length;

/** An edition that published the very revision, with a draft, and a deadline of elsewhere of the same moment. */
const EDITIONS = [
  `insert into deadlines (id, key, contract_year, care_type, activity, revision, sequence, changed_at, created_at)
   values ('d2', 'sector/2025/general/signing/0', 2025, 'general', 'signing', 1, 0, MOMENT, MOMENT)`,
  `insert into revisions (deadline_id, number, origin, revised_at, status, title, rule, due_on, last_safe_on, certainty, actors, on_behalf_of, contract_status, sources)
   select 'd2', number, origin, revised_at, status, title, rule, due_on, last_safe_on, certainty, actors, on_behalf_of, contract_status, sources from revisions`,
  `insert into editions (id, insurer_slug, contract_year, care_type, door, status, version, created_at, created_by, published_at)
   values ('out', 'noord', 2025, 'general', 'desk', 'published', 2, MOMENT, 'person:anna', MOMENT)`,
  `insert into editions (id, insurer_slug, contract_year, care_type, door, status, version, created_at, created_by)
   values ('draft', 'noord', 2025, 'general', 'desk', 'draft', 1, MOMENT, 'person:anna')`,
  `insert into edition_entries (id, edition_id, position, act, deadline_id, base_revision, content, version, edited_at, edited_by)
   values ('e1', 'out', 1, 'amend', 'd1', 1, '{}', 1, MOMENT, 'person:bo')`,
];

/** A connection of nobody's, to a database that may be older than our tables. */
async function connect(url: string) {
  if (url.startsWith('file:')) {
    const { Sqlite, drizzle, migrate } = loadSqlite();
    const file = new Sqlite(url.replace('file:', ''));
    const values = { MOMENT: '1714550400000', BYTES: "x'46726f6d3a2061'", BOOL: '1' };
    return {
      migrate: async (count: number) => migrate(drizzle(file), { migrationsFolder: firstMigrations('sqlite', count) }),
      run: async (text: string) => void file.exec(withValues(text, values)),
      rows: async (table: string) => file.prepare<[], Row>(`select * from ${table} order by 1, 2`).all(),
      close: async () => void file.close(),
    };
  }
  const { pg, drizzle, migrate } = loadPg();
  const client = new pg.Client(url);
  await client.connect();
  const values = { MOMENT: `'2024-05-01T08:00:00Z'`, BYTES: "'\\x46726f6d3a2061'", BOOL: 'true' };
  return {
    migrate: (count: number) => migrate(drizzle(client), { migrationsFolder: firstMigrations('pg', count) }),
    run: async (text: string) => void (await client.query(withValues(text, values))),
    rows: async (table: string) => (await client.query<Row>(`select * from ${table} order by 1, 2`)).rows,
    close: () => client.end(),
  };
}

type Row = Record<string, unknown>;

const withValues = (text: string, values: Record<string, string>) => text.replace(/\b(MOMENT|BYTES|BOOL)\b/g, (name) => values[name]!);

/** A database that went through the first migrations and was filled then; gives its rows by table. */
async function fill(url: string, count: number, statements: readonly string[]): Promise<Map<string, Row[]>> {
  const client = await connect(url);
  await client.migrate(count);
  for (const statement of statements) await client.run(statement);
  const rows = await rowsIn(client);
  await client.close();
  return rows;
}

async function rowsIn({ rows }: { rows: (table: string) => Promise<Row[]> }): Promise<Map<string, Row[]>> {
  const tables = new Map<string, Row[]>();
  for (const table of FILLED) tables.set(table, await rows(table));
  return tables;
}

/** A row with the columns of another alone. */
const like = (row: Row, other: Row) => Object.fromEntries(Object.keys(other).map((column) => [column, row[column]]));

onBothDialects('an upgrade', (_, urlOf) => {
  it('keeps every row and all that stands in it, whichever migration a database stopped at', async () => {
    for (let count = 1; count < COUNT; count += 1) {
      const url = await urlOf();
      const before = await fill(url, count, FIRST);
      await (await openStore(url)).close();
      const client = await connect(url);
      const after = await rowsIn(client);
      for (const [table, rows] of before) {
        expect(rows.length).toBeGreaterThan(0);
        expect(after.get(table)!.map((row, i) => like(row, rows[i]!))).toEqual(rows);
      }
      await client.close();
    }
  });

  it('from the very first migration on reads all values as they were, and knows what belongs to whom', async () => {
    const url = await urlOf();
    await fill(url, 1, FIRST);
    const store = await openStore(url);
    const { deadlines, insurers, organisations, ...others } = store.read.tables;
    const [revision] = await store.read.select().from(others.revisions);
    expect(revision).toMatchObject({
      deadlineId: 'd1',
      dueOn: '2024-12-31',
      actors: ['provider'],
      revisedAt: new Date('2024-05-01T08:00:00Z'),
    });
    const orphan = { organisationId: 'o3', insurerSlug: 'noord', contractStatus: 'contracted', preferred: false } as const;
    await expect(store.write((tx) => tx.insert(others.relations).values(orphan))).rejects.toThrow();
    await expect(store.write((tx) => tx.delete(insurers))).rejects.toThrow();
    await store.write((tx) => tx.delete(organisations).where(eq(organisations.id, 'o1')));
    expect(await store.read.select({ id: organisations.id, parentId: organisations.parentId }).from(organisations)).toEqual([
      { id: 'o2', parentId: null },
    ]);
    const { keys, relations, events, ownTerms, completions, steps, feeds, recipients, messages, reminders, attempts } = others;
    const own = [keys, relations, events, ownTerms, completions, steps, feeds, recipients, messages, reminders, attempts];
    expect(await Promise.all(own.map((table) => store.read.$count(table)))).toEqual(own.map(() => 0));
    await store.write((tx) => tx.delete(deadlines));
    expect(await Promise.all([others.revisions, others.deadlineRoles].map((table) => store.read.$count(table)))).toEqual([0, 0]);
    await store.close();
  });

  it('keeps what hangs on mails, and what they say, where their table is made anew', async () => {
    const url = await urlOf();
    await fill(url, 13, [...ROWS, ...UNDER_WAY]);
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

  it('keeps own dates and reminders as they were, and takes no reminder of both or of nothing', async () => {
    const url = await urlOf();
    await fill(url, 23, ROWS);
    const store = await openStore(url);
    const { reminders, steps } = store.read.tables;
    const blank = { ownerId: null, completedOn: null, completedBy: null, setAt: null, sequence: 0, changedAt: null };
    const createdAt = new Date('2024-05-01T08:00:00Z');
    expect(await store.read.select().from(steps)).toEqual([
      { id: 's1', organisationId: 'o1', deadlineId: 'd1', title: 'Nakijken', dueOn: '2024-12-10', createdAt, ...blank },
    ]);
    expect(await store.read.select().from(reminders)).toMatchObject([{ id: 'e1', deadlineId: 'd1', stepId: null }]);
    await expect(store.write((tx) => tx.update(reminders).set({ stepId: 's1' }))).rejects.toThrow();
    await expect(store.write((tx) => tx.update(reminders).set({ deadlineId: null }))).rejects.toThrow();
    await store.write((tx) => tx.update(steps).set({ deadlineId: null, ownerId: 'r1' }));
    await store.write((tx) => tx.delete(store.read.tables.recipients));
    expect(await store.read.select({ ownerId: steps.ownerId }).from(steps)).toEqual([{ ownerId: null }]);
    await expect(store.write((tx) => tx.update(steps).set({ ownerId: 'r9' }))).rejects.toThrow();
    await store.close();
  });

  it('gives each entry the kind of its activity, and calls each consequence a note', async () => {
    const url = await urlOf();
    await fill(url, 16, [...ROWS, ...COMMITMENT]);
    const store = await openStore(url);
    const { revisions } = store.read.tables;
    const { kind, consequence } = revisions;
    expect(await store.read.select({ kind, consequence }).from(revisions).orderBy(revisions.deadlineId)).toEqual([
      { kind: 'deadline', consequence: null },
      { kind: 'commitment', consequence: { text: 'Minder CO2.', modality: 'certain', kind: 'note' } },
    ]);
    await store.close();
  });

  it('knows of each rule by its words whether its successor was seen, and tells nobody', async () => {
    const url = await urlOf();
    await fill(url, 27, [...ROWS, ...RULED]);
    const store = await openStore(url);
    const { deadlines, messages, notices, revisions } = store.read.tables;
    const { basis, deadlineId, number } = revisions;
    const rows = await store.read.select({ basis, deadlineId, number }).from(revisions).orderBy(deadlineId);
    const seen = rows.map((row) => [
      row.deadlineId,
      row.number,
      row.basis && 'successorSeen' in row.basis ? row.basis.successorSeen : null,
    ]);
    expect(seen).toEqual([
      ['d1', 1, null],
      ['holds', 1, null],
      ['lapsed', 1, false],
      ['other', 1, null],
    ]);
    expect(rows.find((row) => row.deadlineId === 'lapsed')!.basis!.text).toBe(RULES.lapsed[1]);
    expect(await store.read.$count(deadlines, eq(deadlines.sequence, 0))).toBe(4);
    expect([await store.read.$count(messages), await store.read.$count(notices)]).toEqual([1, 0]);
    await store.close();
  });

  it('knows of each edition who wrote it, and of each revision which edition it came with', async () => {
    const url = await urlOf();
    await fill(url, 30, [...ROWS, ...EDITIONS]);
    const store = await openStore(url);
    const { editionWriters, revisions } = store.read.tables;
    expect(await store.read.select().from(editionWriters).orderBy(editionWriters.editionId, editionWriters.by)).toEqual([
      { editionId: 'draft', by: 'person:anna' },
      { editionId: 'out', by: 'person:anna' },
      { editionId: 'out', by: 'person:bo' },
    ]);
    const { deadlineId, editionId } = revisions;
    expect(await store.read.select({ deadlineId, editionId }).from(revisions).orderBy(deadlineId)).toEqual([
      { deadlineId: 'd1', editionId: 'out' },
      { deadlineId: 'd2', editionId: null },
    ]);
    await store.close();
  });

  it('gives each notice the kind of the mail that it stands in', async () => {
    const url = await urlOf();
    await fill(url, 15, [...ROWS, ...NOTICES]);
    const store = await openStore(url);
    const { notices } = store.read.tables;
    const rows = await store.read.select({ id: notices.id, kind: notices.kind }).from(notices).orderBy(notices.id);
    expect(rows).toEqual([
      { id: 'of change', kind: 'change' },
      { id: 'of escalation', kind: 'escalation' },
    ]);
    await store.close();
  });
});

it('has the same migrations for both dialects, in the same order', () => {
  const names = (dialect: string) => readdirSync(`db/migrations/${dialect}`).filter((name) => name.endsWith('.sql'));
  expect(names('pg')).toEqual(names('sqlite'));
});

it.each(['sqlite', 'pg'])('keeps only the newest snapshot of %s, which is all that drizzle-kit reads', (dialect) => {
  const snapshots = readdirSync(`db/migrations/${dialect}/meta`).filter((name) => name.endsWith('_snapshot.json'));
  expect(snapshots).toEqual([`${String(COUNT - 1).padStart(4, '0')}_snapshot.json`]);
});
