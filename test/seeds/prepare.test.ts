import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { amendDeadline } from '../../db/registry/amending.ts';
import { allDeadlines } from '../../db/registry/deadlines.ts';
import { getInsurer } from '../../db/registry/insurers.ts';
import type { Store } from '../../db/store/store.ts';
import type { LoadReport } from '../../seeds/loader.ts';
import { prepareStore } from '../../seeds/prepare.ts';
import { NOW } from '../helpers/cast.ts';
import { onBothDialects } from '../helpers/stores.ts';
import { changed, CZ, folderWith, SECTOR } from './folder.ts';

const PLAN = '5e0d6a0e-4f0a-4d4e-9a55-0d2f5ad2a001';
const A_YEAR_LATER = new Date(NOW.getTime() + 366 * 24 * 3600 * 1000);
const TITLE = 'title: Regioplan indienen';

onBothDialects('a start on a database that was prepared before', (_, urlOf) => {
  /** A registry, a program and a database that was prepared with both, and then spoilt in a way that no counter tells of: only whoever does all of the work again puts it right. */
  const setUp = async () => {
    const registry = await folderWith({ 'sector.yaml': SECTOR, 'cz.yaml': CZ });
    const program = await folderWith({ 'loader.ts': 'export {};\n' });
    const url = await urlOf();
    const start = async <T>(look: (store: Store, report: LoadReport) => Promise<T>, now = NOW): Promise<T> => {
      const { store, report } = await prepareStore(url, now, { registry, program: [program] });
      try {
        return await look(store, report);
      } finally {
        await store.close();
      }
    };
    const spoil = async (store: Store) => {
      await store.write(async (tx) => {
        await tx.update(tx.tables.insurers).set({ website: 'https://spoilt.example/' });
        // Else it is an editor's, and stays.
        await tx.delete(tx.tables.loadedFiles);
      });
    };
    const isSpoilt = async ({ read }: Store) => (await getInsurer(read, 'cz')).website !== null;
    await start(spoil);
    return { registry, program, start, spoil, isSpoilt };
  };

  it('loads no file where it is to begin empty, keeps what stands there, and loads them once it may', async () => {
    const registry = await folderWith({ 'sector.yaml': SECTOR, 'cz.yaml': CZ });
    const program = await folderWith({ 'loader.ts': 'export {};\n' });
    const url = await urlOf();
    const start = async (loads: boolean) => {
      const { store, report } = await prepareStore(url, NOW, { loads, registry, program: [program] });
      const ids = (await allDeadlines(store.read)).map(({ id }) => id);
      await store.close();
      return { loaded: report.deadlines, hasPlan: ids.includes(PLAN), count: ids.length };
    };
    for (let n = 0; n < 2; n += 1) expect(await start(false)).toEqual({ loaded: 0, hasPlan: false, count: 0 });
    const { count, hasPlan, loaded } = await start(true);
    expect([hasPlan, loaded > 0]).toEqual([true, true]);
    expect(await start(false)).toEqual({ loaded: 0, hasPlan: true, count });
  });

  it('does nothing again when nothing changed', async () => {
    const { start, isSpoilt } = await setUp();
    expect([await start(isSpoilt), await start(isSpoilt)]).toEqual([true, true]);
    expect(await start(async (_store, report) => report)).toEqual({
      insurers: 0,
      deadlines: 0,
      revisions: 0,
      retyped: 0,
      conflicts: [],
      unproven: [],
    });
  });

  it('does all of it, once, after a file of the registry changed', async () => {
    const { registry, start, spoil, isSpoilt } = await setUp();
    await writeFile(join(registry, 'cz.yaml'), changed(CZ, TITLE, 'title: Plan indienen'));
    const titleOf = async ({ read }: Store) => (await allDeadlines(read, {})).find(({ id }) => id === PLAN)?.title;
    expect(await start(async (store) => [await isSpoilt(store), await titleOf(store)])).toEqual([false, 'Plan indienen']);
    await start(spoil);
    expect(await start(isSpoilt)).toBe(true);
  });

  it('does all of it after a file of the registry came or went', async () => {
    const { registry, start, isSpoilt } = await setUp();
    const eno =
      'insurer: {slug: eno, name: Eno, kind: health_insurer, website: null, aliases: []}\ncontacts: []\ndocuments: []\nremarks: []\ndeadlines: []\n';
    await writeFile(join(registry, 'eno.yaml'), eno);
    expect(await start(async (store, { insurers }) => [await isSpoilt(store), insurers])).toEqual([false, 2]);
  });

  it('does all of it after the program changed', async () => {
    const { program, start, isSpoilt } = await setUp();
    await writeFile(join(program, 'loader.ts'), 'export const better = true;\n');
    expect(await start(isSpoilt)).toBe(false);
  });

  it('does all of it in another year, and makes its timelines', async () => {
    const { start, isSpoilt } = await setUp();
    const years = async ({ read }: Store) => [...new Set((await allDeadlines(read, {})).map(({ contractYear }) => contractYear))].sort();
    expect(await start(years)).toEqual([2022, 2025, 2026]);
    expect(await start(async (store) => [await isSpoilt(store), ...(await years(store))], A_YEAR_LATER)).toEqual([
      false,
      2022,
      2025,
      2026,
      2027,
    ]);
  });

  it('does all of it after an editor corrected something', async () => {
    const { start, isSpoilt } = await setUp();
    await start((store) =>
      store.write((tx) => amendDeadline(tx, PLAN, { baseRevision: 1, reason: 'Uitleg.', title: 'Door de redactie' }, NOW)),
    );
    expect(await start(isSpoilt)).toBe(false);
  });

  it('says at every start where an editor is newer than the registry', async () => {
    const { registry, start } = await setUp();
    await start((store) =>
      store.write((tx) => amendDeadline(tx, PLAN, { baseRevision: 1, reason: 'Uitleg.', title: 'Door de redactie' }, NOW)),
    );
    await writeFile(join(registry, 'cz.yaml'), changed(CZ, TITLE, 'title: Uit het bestand'));
    const kept = async (_store: Store, report: LoadReport) => report.conflicts;
    const told = [expect.stringContaining('cz/2022/gp_care/regional_plan')];
    expect([await start(kept), await start(kept)]).toEqual([told, told]);
  });

  it('is refused for as long as the registry has a fault', async () => {
    const { registry, start, isSpoilt } = await setUp();
    await writeFile(join(registry, 'cz.yaml'), changed(CZ, TITLE, 'title: 1'));
    for (let i = 0; i < 2; i += 1) await expect(start(isSpoilt)).rejects.toMatchObject({ kind: 'invalid' });
    await writeFile(join(registry, 'cz.yaml'), CZ);
    expect(await start(isSpoilt)).toBe(true);
  });
});
