/** Statements that run for every mail or every feed, built once for as long as their connection lives: building one costs more than running it. */
import { sql } from './drizzle.ts';
import type { ReadDb } from './store.ts';

/** Statements by what runs them: on SQLite always the same, on PostgreSQL each transaction anew. */
export function preparedFor<D extends ReadDb, T>(build: (db: D) => T): (db: D) => T {
  const known = new WeakMap<D, T>();
  return (db) => {
    const statements = known.get(db) ?? build(db);
    known.set(db, statements);
    return statements;
  };
}

/** A value that is given when the statement runs, written as its column's values are. */
export function given(name: string, column: Parameters<typeof sql.param>[1]) {
  return sql`${sql.param(sql.placeholder(name), column)}`;
}
