import { execFile } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import Sqlite from 'better-sqlite3';
import { expect, expectTypeOf, it } from 'vitest';
import { getTableColumns } from 'drizzle-orm';
import { getDeadline } from '../../../db/registry/deadlines.ts';
import { pgKit, sqliteKit } from '../../../db/store/kit.ts';
import { defineSchema } from '../../../db/schema/schema.ts';
import { isUniqueViolation, openStore, type WriteDb } from '../../../db/store/store.ts';
import { addDeadline, addInsurer, castIn, contentOf, NOW } from '../../helpers/cast.ts';
import { onBothDialects, onSqlite } from '../../helpers/stores.ts';

onBothDialects('the store', (fresh, urlOf) => {
  it('gives back the values it was given, with their types', async () => {
    const store = await fresh();
    const { ro } = await castIn(store);
    const made = await store.write((tx) => addDeadline(tx));
    const read = await getDeadline(store.read, made.id);
    // What an insurer is stands beside it where it is read.
    expect(read).toEqual({ ...made, insurerKind: 'health_insurer' });
    expect(read).toMatchObject({ ...contentOf(), dueOn: '2024-10-01', lastSafeOn: '2024-10-01', revision: 1, revisedAt: NOW });
    const { relations } = store.read.tables;
    const [relation] = await store.read.select().from(relations);
    expect(relation).toEqual({ organisationId: expect.any(String), insurerSlug: 'noord', contractStatus: 'contracted', preferred: false });
    expectTypeOf(relation!.preferred).toEqualTypeOf<boolean>();
    expect(ro.createdAt).toEqual(NOW);
  });

  it('rolls back when the work throws, also after an await', async () => {
    const store = await fresh();
    await castIn(store);
    const work = store.write(async (tx) => {
      await addDeadline(tx);
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await store.read.$count(store.read.tables.deadlines)).toBe(0);
  });

  it('keeps an open write invisible to readers', async () => {
    const store = await fresh();
    await castIn(store);
    const { deadlines } = store.read.tables;
    const seen = await store.write(async (tx) => {
      await addDeadline(tx);
      return store.read.$count(deadlines);
    });
    expect(seen).toBe(0);
    expect(await store.read.$count(deadlines)).toBe(1);
  });

  it('refuses writing through read, and a write inside a write', async () => {
    const store = await fresh();
    await expect(addInsurer(store.read as WriteDb, 'noord')).rejects.toThrow();
    await expect(store.write(() => store.write(async () => 1))).rejects.toThrow('pass tx on');
  });

  it('knows a unique violation from other errors', async () => {
    const store = await fresh();
    const add = () => store.write((tx) => tx.insert(tx.tables.settings).values({ name: 'a', value: '1' }));
    await add();
    const error = await add().catch((e: unknown) => e);
    expect(isUniqueViolation(error)).toBe(true);
    expect(isUniqueViolation(new Error('other'))).toBe(false);
  });

  it('refuses a row that refers to nothing, and an unknown date that has a day', async () => {
    const store = await fresh();
    await castIn(store);
    const { deadlineRoles, revisions } = store.read.tables;
    await expect(store.write((tx) => tx.insert(deadlineRoles).values({ deadlineId: 'none', role: 'ro' }))).rejects.toThrow();
    const made = await store.write((tx) => addDeadline(tx));
    const guess = store.write(async (tx) => {
      const [row] = await tx.select().from(revisions);
      await tx.insert(revisions).values({ ...row!, number: 2, certainty: 'unknown' });
    });
    await expect(guess).rejects.toThrow();
    expect((await getDeadline(store.read, made.id)).revision).toBe(1);
  });

  it('sorts text byte by byte, the same on every machine', async () => {
    const store = await fresh();
    const names = ['b', 'A', 'a', 'B', 'é', '-'];
    await store.write((tx) => tx.insert(tx.tables.settings).values(names.map((name) => ({ name, value: '' }))));
    const { settings } = store.read.tables;
    const rows = await store.read.select({ name: settings.name }).from(settings).orderBy(settings.name);
    expect(rows.map((row) => row.name)).toEqual(['-', 'A', 'B', 'a', 'b', 'é']);
  });

  it('lets three services start at once on one new database', async () => {
    const url = await urlOf();
    const stores = url.startsWith('file:')
      ? [await openStore(url), await openStore(url)]
      : await Promise.all([1, 2, 3].map(() => openStore(url)));
    for (const store of stores) expect(await store.read.$count(store.read.tables.insurers)).toBe(0);
    for (const store of stores) await store.close();
  });
});

onSqlite('SQLite', (_, urlOf) => {
  it('waits for a lock of another process, and reads meanwhile', async () => {
    const url = await urlOf();
    const store = await openStore(url);
    const other = new Sqlite(url.replace('file:', ''));
    other.exec('begin immediate');
    let written = false;
    const turn = store.write((tx) => tx.insert(tx.tables.settings).values({ name: 'a', value: '1' })).then(() => (written = true));
    for (let n = 0; n < 20; n += 1) await store.read.$count(store.read.tables.settings);
    expect(written).toBe(false);
    other.exec('rollback');
    await turn;
    expect(await store.read.$count(store.read.tables.settings)).toBe(1);
    other.close();
    await store.close();
  });

  it('keeps a commit through a power cut: synchronous stays FULL when the file is opened again', async () => {
    const url = await urlOf();
    await (await openStore(url)).close();
    const store = await openStore(url);
    await store.close();
    const bare = new Sqlite(url.replace('file:', ''));
    // What better-sqlite3 does by itself on reopening a WAL file, and why the store sets and checks it.
    expect(bare.pragma('synchronous', { simple: true })).toBe(1);
    bare.close();
  });

  it('keeps its files for their owner alone, and the folder that it makes', async () => {
    const folder = join(dirname((await urlOf()).replace('file:', '')), 'data');
    const store = await openStore(`file:${join(folder, 'test.db')}`);
    await castIn(store);
    const modes = [folder, ...readdirSync(folder).map((name) => join(folder, name))].map((path) => statSync(path).mode & 0o777);
    expect(modes).toEqual([0o700, 0o600, 0o600, 0o600]);
    await store.close();
  });
});

it('gives both dialects the same columns', () => {
  const shape = (tables: ReturnType<typeof defineSchema>) =>
    Object.entries(tables).map(([name, table]) => [
      name,
      // A whole number that is the primary key has a default only in SQLite, which would count it by itself.
      Object.entries(getTableColumns(table)).map(([key, c]) => [
        key,
        c.notNull,
        ['audit.number', 'withdrawals.number'].includes(`${name}.${key}`) ? 'given' : c.hasDefault,
        c.primary,
      ]),
    ]);
  expect(shape(defineSchema(sqliteKit()))).toEqual(shape(defineSchema(pgKit())));
});

it('refuses a database URL of another kind', async () => {
  await expect(openStore('mysql://localhost/x')).rejects.toThrow('starts with file: or postgres://');
});

it('says at once that no folder can be made for the database', async () => {
  // In a process of its own, which can be ended if it tries for ever.
  const store = new URL('../../../db/store/store.ts', import.meta.url).href;
  const script = `import('${store}').then(({ openStore }) => openStore('file:/proc/none/test.db')).catch((error) => console.log(error.message))`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], { timeout: 60_000 });
  expect(stdout).toMatch(/^E[A-Z]+: .*, mkdir '\/proc\/none'\n$/);
});
