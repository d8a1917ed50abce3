/** Everything that is kept in SQLite, and what became another of it. */
import { getTableColumns } from 'drizzle-orm';
import { getTableConfig, type SQLiteTable } from 'drizzle-orm/sqlite-core';
import type { ReadDb } from '../../db/store/store.ts';

/** The rows of each table by their primary keys, each value as text. */
export type Rows = ReadonlyMap<string, ReadonlyMap<string, Readonly<Record<string, string>>>>;

export async function rowsIn(db: ReadDb): Promise<Rows> {
  const tables = Object.entries(db.tables).map(async ([name, table]) => {
    const keys = primaryKeyOf(table);
    const rows: Record<string, unknown>[] = await db.select().from(table);
    return [name, new Map(rows.map((row) => [keys.map((key) => String(row[key])).join(' '), textsOf(row)]))] as const;
  });
  return new Map(await Promise.all(tables));
}

/** What is not as before: `table.column`, `table +` for new rows, and `table -` for those that went; of the settings their names. */
export function differencesBetween(before: Rows, after: Rows): string[] {
  const differences = new Set<string>();
  for (const [table, rows] of after) {
    const earlier = before.get(table)!;
    const note = (id: string, what: string) => differences.add(table === 'settings' ? `settings ${id}` : table + what);
    for (const id of earlier.keys()) if (!rows.has(id)) note(id, ' -');
    for (const [id, row] of rows) {
      const was = earlier.get(id);
      if (!was) note(id, ' +');
      else for (const [column, value] of Object.entries(row)) if (was[column] !== value) note(id, `.${column}`);
    }
  }
  return [...differences].sort();
}

function primaryKeyOf(table: SQLiteTable): string[] {
  const { columns, primaryKeys } = getTableConfig(table);
  const names = primaryKeys[0]?.columns.map(({ name }) => name) ?? columns.filter(({ primary }) => primary).map(({ name }) => name);
  return Object.entries(getTableColumns(table)).flatMap(([key, { name }]) => (names.includes(name) ? [key] : []));
}

const textsOf = (row: object) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, JSON.stringify(value)]));
