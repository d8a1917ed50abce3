/** SQLite's checkpoints in their own thread: the log stays short, and nothing depends on the thread. */
import { execFile } from 'node:child_process';
import { readdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { openStore, type Store } from '../../../db/store/store.ts';
import { onSqlite } from '../../helpers/stores.ts';

/** How many pages of the log wait before a checkpoint is made. */
const SOON = 4000;
const PAGE_BYTES = 4096 + 24;

onSqlite('a checkpoint', (_, urlOf) => {
  const open = async () => {
    const url = await urlOf();
    const file = url.replace('file:', '');
    return { url, file, store: await openStore(url) };
  };

  it('is made beside the event loop, which goes on, and before the next write', async () => {
    const { file, store } = await open();
    const other = new Sqlite(file);
    const log = () => other.prepare('pragma wal_checkpoint(noop)').get();
    const before = store.pulse();
    await writePages(store, SOON);
    // The commit made none, and the thread only starts.
    expect(log()).toMatchObject({ checkpointed: 0 });
    const pulse = store.pulse();
    expect(pulse).not.toBe(before);
    let turns = 0;
    const counting = setInterval(() => (turns += 1), 0);
    const seen = await store.write(async () => log() as { log: number; checkpointed: number });
    clearInterval(counting);
    expect(seen.log).toBeGreaterThan(SOON);
    expect(seen.checkpointed).toBe(seen.log);
    expect(turns).toBeGreaterThan(0);
    // To move a commit is none.
    expect(store.pulse()).toBe(pulse);
    other.close();
    await store.close();
  });

  it('comes often enough for a log that never grows long', async () => {
    const { file, store } = await open();
    for (let n = 0; n < 16; n += 1) await writePages(store, SOON / 4);
    expect(statSync(`${file}-wal`).size).toBeLessThan(2 * SOON * PAGE_BYTES);
    await store.close();
    expect(readdirSync(dirname(file))).toEqual(['test.db']);
  });

  it('is made by the connection that writes where the thread cannot live', async () => {
    const { file, store } = await open();
    // The thread finds no database to open.
    renameSync(file, `${file}-elsewhere`);
    for (let n = 0; n < 16; n += 1) await writePages(store, SOON / 4);
    expect(statSync(`${file}-wal`).size).toBeLessThan(2 * SOON * PAGE_BYTES);
    renameSync(`${file}-elsewhere`, file);
    expect(await store.read.$count(store.read.tables.settings)).toBe(16);
    await store.close();
    expect(readdirSync(dirname(file))).toEqual(['test.db']);
    const again = new Sqlite(file);
    expect(again.pragma('integrity_check', { simple: true })).toBe('ok');
    again.close();
  });

  it('keeps no process that is done, closed or not', async () => {
    const { url, file, store } = await open();
    await store.close();
    const script = `
      const { openStore } = await import(${JSON.stringify(new URL('../../../db/store/store.ts', import.meta.url))});
      const store = await openStore(${JSON.stringify(url)});
      const write = () => store.write((tx) => tx.insert(tx.tables.settings).values({ name: crypto.randomUUID(), value: 'x'.repeat(${SOON * 4096}) }));
      await write();
    `;
    for (const end of ['await write(); await write();', 'await write(); await store.close();', 'process.exit(0);'])
      await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script + end], { timeout: 60_000 });
    const left = await openStore(url);
    expect(await left.read.$count(left.read.tables.settings)).toBe(6);
    await left.close();
    expect(readdirSync(dirname(file))).toEqual(['test.db']);
  });
});

/** Writes one row that takes so many pages. */
async function writePages(store: Store, pages: number): Promise<void> {
  const row = { name: crypto.randomUUID(), value: 'x'.repeat(pages * 4096) };
  await store.write((tx) => tx.insert(tx.tables.settings).values(row));
}
