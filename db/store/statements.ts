/** Prepared statements, for what runs with every mail or every feed: each is built once for a connection. */
import { sql } from './drizzle.ts';
import type { ReadDb } from './store.ts';

/** Gives the statements of a connection, built when they are first asked for and kept as long as the connection lives. */
export function preparedFor<D extends ReadDb, T>(build: (db: D) => T): (db: D) => T {
  return (db) => {
    // Under a builder stands what it built, and nothing else.
    const statements = (db.statements.get(build) as T | undefined) ?? build(db);
    db.statements.set(build, statements);
    return statements;
  };
}

/** A parameter of a statement, written as its column's values are. */
export function parameter(name: string, column: Parameters<typeof sql.param>[1]) {
  return sql`${sql.param(sql.placeholder(name), column)}`;
}
