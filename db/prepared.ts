/** Statements that run for every single mail, built once for as long as their connection lives: building one costs more than running it. */
import { sql } from './drizzle.ts';
import type { WriteDb } from './store.ts';

/** Statements by what runs them: on SQLite always the same, on PostgreSQL each transaction anew. */
export function preparedFor<T>(build: (tx: WriteDb) => T): (tx: WriteDb) => T {
  const known = new WeakMap<WriteDb, T>();
  return (tx) => {
    const statements = known.get(tx) ?? build(tx);
    known.set(tx, statements);
    return statements;
  };
}

/** A value that is given when the statement runs, written as its column's values are. */
export function given(name: string, column: Parameters<typeof sql.param>[1]) {
  return sql`${sql.param(sql.placeholder(name), column)}`;
}
