/** The audit of the registry: a row for every write, none of which can be changed, removed or cut off unseen. */
import { Client } from 'pg';
import { expect, it } from 'vitest';
import { addEditor } from '../../../db/people/editors.ts';
import { erasePerson, removeEditor } from '../../../db/people/erasure.ts';
import { amendDeadline, createDeadline, withdrawDeadline } from '../../../db/registry/amending.ts';
import { auditHead, verifyAudit } from '../../../db/registry/audit.ts';
import { recordCheck } from '../../../db/registry/checks.ts';
import { getDeadline } from '../../../db/registry/deadlines.ts';
import { saveDocument } from '../../../db/registry/insurers.ts';
import { projectTimelines } from '../../../db/registry/timelines.ts';
import { asc, loadSqlite } from '../../../db/store/drizzle.ts';
import { openStore, type Store, type WriteDb } from '../../../db/store/store.ts';
import { loadRegistry } from '../../../seeds/loader.ts';
import { appFor, EDITOR_KEY } from '../../helpers/app.ts';
import { addDeadline, addInsurer, contentOf, identityOf, NOW } from '../../helpers/cast.ts';
import { onBothDialects } from '../../helpers/stores.ts';

const LATER = new Date(NOW.getTime() + 60_000);
const SECRET = 'x'.repeat(32);
const DOCUMENT = { key: 'beleid', title: 'Beleid 2025', version: null, url: null, publishedOn: null, remarks: [] };
const EDITOR = { email: 'anna@example.org', label: 'Redactie, A. de Vries', language: 'nl' as const };

const rowsOf = (store: Store) => store.read.select().from(store.read.tables.audit).orderBy(asc(store.read.tables.audit.number));

/** Runs a statement as who has the database, past the service and its triggers. */
async function tamper(url: string, statements: readonly string[]): Promise<void> {
  if (url.startsWith('file:')) {
    const database = new (loadSqlite().Sqlite)(url.replace('file:', ''));
    for (const name of ['audit_no_update', 'audit_no_delete']) database.exec(`drop trigger if exists ${name}`);
    for (const one of statements) database.exec(one);
    database.close();
    return;
  }
  const client = new Client({ connectionString: url });
  await client.connect();
  for (const one of ['alter table audit disable trigger user', ...statements]) await client.query(one);
  await client.end();
}

onBothDialects('the audit', (fresh, urlOf) => {
  it('has a row for every write of the registry and of its editors, with who and what', async () => {
    const store = await fresh();
    let count = 0;
    /** What a write added to it. */
    const added = async <T>(work: (tx: WriteDb) => Promise<T>): Promise<[T, string[]]> => {
      const outcome = await store.write(work);
      const rows = (await rowsOf(store)).slice(count);
      count += rows.length;
      return [outcome, rows.map(({ by, subject, what }) => `${by} ${what} ${subject}`)];
    };
    expect((await added((tx) => addInsurer(tx, 'noord')))[1]).toEqual(['files insurer noord']);
    expect((await added((tx) => addInsurer(tx, 'noord', 'Noord en Oost')))[1]).toEqual(['files insurer noord']);
    expect((await added((tx) => addInsurer(tx, 'noord', 'Noord en Oost')))[1]).toEqual([]);
    expect((await added((tx) => saveDocument(tx, DOCUMENT, NOW)))[1]).toEqual(['files document beleid']);
    const input = { identity: identityOf(), content: contentOf(), reason: null, announcedOn: null, by: 'person:p1' };
    const [{ deadline }, entered] = await added((tx) => createDeadline(tx, input, NOW));
    expect(entered).toContain(`person:p1 deadline ${deadline.id}`);
    const sources = [{ document: 'Beleid 2025', section: null, quote: '8 oktober 2024', url: null }];
    const moved = { baseRevision: 1, reason: 'Verschoven.', rule: { kind: 'fixed' as const, on: '2024-10-08' }, sources };
    const [, amended] = await added((tx) => amendDeadline(tx, deadline.id, moved, LATER, { by: 'key:k1' }));
    expect(amended).toContain(`key:k1 deadline ${deadline.id}`);
    const checked = { on: '2025-01-02', by: 'redactie' };
    const check = async (tx: WriteDb) => recordCheck(tx, await getDeadline(tx, deadline.id), checked, LATER);
    expect((await added(check))[1]).toEqual([`files check ${deadline.id}`]);
    const [, withdrawn] = await added((tx) => withdrawDeadline(tx, deadline.id, 'Vervallen.', LATER));
    expect(withdrawn).toContain(`service deadline ${deadline.id}`);
    expect((await added((tx) => projectTimelines(tx, 2024, LATER)))[1]).toContainEqual(expect.stringMatching(/^projection deadline /));
    const [anna, made] = await added((tx) => addEditor(tx, EDITOR, LATER));
    expect(made).toEqual([`operator editor ${anna.id}`]);
    expect((await added((tx) => removeEditor(tx, anna.id, SECRET, LATER)))[1]).toEqual([`operator editor ${anna.id}`]);
    const [bert] = await added((tx) => addEditor(tx, { ...EDITOR, email: 'bert@example.org' }, LATER));
    expect((await added((tx) => erasePerson(tx, bert.id, SECRET, LATER)))[1]).toEqual([`operator editor ${bert.id}`]);
    expect(JSON.stringify(await rowsOf(store))).not.toMatch(/anna@|bert@|de Vries/);
    const rule = (on: string) => expect.objectContaining({ rule: { kind: 'fixed', on } });
    const change = (await rowsOf(store)).find(({ by }) => by === 'key:k1')!;
    expect(change).toMatchObject({ before: rule('2024-10-01'), after: rule('2024-10-08') });
    expect(change.after).not.toHaveProperty('title');
    expect(await verifyAudit(store.read)).toEqual({ rows: count, fault: null });
  });

  it('names the key of whoever changes the registry over REST, and who a file speaks for', async () => {
    const store = await fresh();
    await store.write((tx) => addInsurer(tx, 'noord'));
    const { call } = await appFor(store);
    const body = { ...identityOf(), ...contentOf(), reason: null, announcedOn: null };
    const made = await call('POST', 'deadlines', { key: EDITOR_KEY, body });
    expect(made.status).toBe(201);
    const { id } = made.body;
    const amended = await call('POST', `deadlines/${id}/revisions`, {
      key: EDITOR_KEY,
      body: { baseRevision: 1, reason: 'x', title: 'Anders' },
    });
    expect(amended.status).toBe(201);
    await call('PUT', `deadlines/${id}/withdrawal`, { key: EDITOR_KEY, body: { reason: 'Vervallen.' } });
    const own = (await rowsOf(store)).filter(({ subject }) => subject === id);
    expect(own.map(({ by }) => by)).toEqual(['key:environment', 'key:environment', 'key:environment']);
    expect(own.at(-1)).toMatchObject({ before: { status: 'published' }, after: { status: 'withdrawn' } });
  });

  it('takes what a load writes, and nothing of what was rolled back', async () => {
    const store = await fresh();
    const insurers = [
      {
        slug: 'noord',
        name: 'Noord',
        kind: 'health_insurer' as const,
        website: null,
        aliases: [],
        contacts: [],
        remarks: [],
        documents: [],
      },
    ];
    await loadRegistry(store, { insurers, documents: [], deadlines: [], quotes: [] }, NOW);
    const before = await auditHead(store.read);
    expect(before.number).toBeGreaterThan(0);
    await expect(
      store.write(async (tx) => {
        await addDeadline(tx);
        throw new Error('rolled back');
      }),
    ).rejects.toThrow('rolled back');
    expect(await auditHead(store.read)).toEqual(before);
    await Promise.all(
      ['annual_plan', 'accounts', 'signing'].map((activity) => store.write((tx) => addDeadline(tx, { activity: activity as 'signing' }))),
    );
    expect(await verifyAudit(store.read, before.hash)).toMatchObject({ fault: null });
  });

  it('is append only in the database itself', async () => {
    const store = await fresh();
    await store.write((tx) => addInsurer(tx, 'noord'));
    const { audit } = store.read.tables;
    const causes = async (work: (tx: WriteDb) => Promise<unknown>) =>
      store.write(work).catch((error: Error) => `${error.message} ${String(error.cause)}`);
    expect(await causes((tx) => tx.update(audit).set({ by: 'nobody' }))).toContain('the audit is append only');
    expect(await causes((tx) => tx.delete(audit))).toContain('the audit is append only');
    expect((await rowsOf(store)).map(({ by }) => by)).toEqual(['files']);
  });

  it('shows a row that was changed, one that was removed, and a tail that was cut off', async () => {
    const url = await urlOf();
    const store = await openStore(url);
    const write = async () => {
      for (const slug of ['een', 'twee', 'drie', 'vier']) await store.write((tx) => addInsurer(tx, slug));
    };
    const found = async (kept?: string) => (await verifyAudit(store.read, kept)).fault;
    try {
      await write();
      const { hash } = await auditHead(store.read);
      expect([await found(), await found(hash), await found('0'.repeat(64))]).toEqual([
        null,
        null,
        expect.stringContaining('no row has the hash'),
      ]);
      await tamper(url, [`update audit set subject = 'vijf' where number = 2`]);
      expect(await found()).toBe('row 2 does not fit its hash: it, or a row before it, was changed');
      await tamper(url, [`update audit set subject = 'twee' where number = 2`]);
      expect(await found()).toBe(null);
      // Who makes another chain from there on has to change all that follow.
      await tamper(url, [`update audit set hash = '${'a'.repeat(64)}' where number = 4`]);
      expect(await found()).toMatch(/^row 4 does not fit/);
      await tamper(url, [
        `update audit set hash = '${hash}' where number = 4`,
        'create table kept as select * from audit where number in (2, 4)',
      ]);
      await tamper(url, ['delete from audit where number = 2']);
      expect(await found()).toBe('row 2 is missing');
      await tamper(url, ['insert into audit select * from kept where number = 2', 'delete from audit where number = 4']);
      expect(await found()).toBe('row 4 is missing: the audit had 4 rows');
      const [third] = (await rowsOf(store)).slice(-1);
      await tamper(url, [`update settings set value = '3 ${third!.hash}' where name = 'audit_head'`]);
      expect(await found()).toBe(null);
      expect(await found(hash)).toMatch(/^no row has the hash .*: rows were cut off/);
    } finally {
      await store.close();
    }
  });
});
