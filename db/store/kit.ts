/** Column and table builders, one set per dialect, with the same names, arguments and value types. */
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import type { AnySQLiteColumn } from 'drizzle-orm/sqlite-core';
import { loadPgCore, loadSqliteCore } from './drizzle.ts';

export type Kit = ReturnType<typeof pgKit>;
/** A column that a reference leads to. */
export type Target = AnyPgColumn;

export function pgKit() {
  const pg = loadPgCore();
  // PostgreSQL sorts text by its own locale unless told otherwise; "C" gives SQLite's order, byte by byte.
  const text = pg.customType<{ data: string; driverData: string }>({ dataType: () => 'text collate "C"' });
  const bytes = pg.customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' });
  return {
    table: pg.pgTable,
    text: () => text(),
    /** The text that another table's row is known by; `onDelete` says what becomes of this row when that one goes, which is else refused. */
    ref: (target: Target, onDelete: 'cascade' | 'set null' | 'no action' = 'no action') => text().references(() => target, { onDelete }),
    int: () => pg.integer(),
    bool: () => pg.boolean(),
    /** A moment, as a Date, to the millisecond. */
    moment: () => pg.timestamp({ withTimezone: true, precision: 3, mode: 'date' }),
    /** A calendar day without a time, as 'YYYY-MM-DD'. */
    day: () => pg.date({ mode: 'string' }),
    json: <T>() => pg.jsonb().$type<T>(),
    bytes: () => bytes(),
    index: pg.index,
    uniqueIndex: pg.uniqueIndex,
    primaryKey: pg.primaryKey,
    foreignKey: pg.foreignKey,
    check: pg.check,
  };
}

export function sqliteKit(): Kit {
  const sqlite = loadSqliteCore();
  const builders = {
    table: sqlite.sqliteTable,
    text: () => sqlite.text(),
    ref: (target: AnySQLiteColumn, onDelete: 'cascade' | 'set null' | 'no action' = 'no action') =>
      sqlite.text().references(() => target, { onDelete }),
    int: () => sqlite.integer(),
    bool: () => sqlite.integer({ mode: 'boolean' }),
    moment: () => sqlite.integer({ mode: 'timestamp_ms' }),
    day: () => sqlite.text(),
    json: <T>() => sqlite.text({ mode: 'json' }).$type<T>(),
    bytes: () => sqlite.blob({ mode: 'buffer' }),
    index: sqlite.index,
    uniqueIndex: sqlite.uniqueIndex,
    primaryKey: sqlite.primaryKey,
    foreignKey: sqlite.foreignKey,
    check: sqlite.check,
  } satisfies Record<keyof Kit, unknown>;
  // PostgreSQL's types stand for both dialects. This is the one cast; test/db/kit.test.ts compares both.
  return builders as unknown as Kit;
}
