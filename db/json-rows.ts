/** Many rows as one JSON text, into a statement and out of it: one value is bound or read where there would be thousands. */
import { sql } from './drizzle.ts';
import type { Store } from './store.ts';

type Sql = ReturnType<typeof sql>;

/** What a value is in SQL. A moment is written in milliseconds. A place is that of its row, from 0: it is in no row and comes after all that is. */
type JsonType = 'text' | 'int' | 'day' | 'moment' | 'place';

/** How a dialect reads and writes them. */
export interface JsonRows {
  /** A text with an array of arrays that is given when the statement runs, as a table of which the columns are in their order. */
  table(name: string, columns: Record<string, JsonType>): Sql;
  /** All rows of a query as a text with an array of arrays. */
  text(values: readonly Sql[]): Sql;
}

const sqlite: JsonRows = {
  // In SQLite's binary form its fields are found without being parsed again for each.
  table: (name, columns) =>
    tableOf(
      columns,
      (n, type) => (type === 'place' ? sql`key` : sql`value ->> ${sql.raw(String(n))}`),
      sql`jsonb_each(${sql.placeholder(name)})`,
    ),
  text: (values) => sql`json_group_array(json_array(${sql.join([...values], sql`, `)}))`,
};

const pg: JsonRows = {
  table: (name, columns) =>
    tableOf(
      columns,
      (n, type) => (type === 'place' ? sql`place - 1` : PG_CASTS[type](sql`value ->> ${sql.raw(String(n))}`)),
      sql`json_array_elements(cast(${sql.placeholder(name)} as json)) with ordinality as rows(value, place)`,
    ),
  text: (values) => sql`coalesce(cast(json_agg(json_build_array(${sql.join([...values], sql`, `)})) as text), '[]')`,
};

const PG_CASTS: Record<Exclude<JsonType, 'place'>, (value: Sql) => Sql> = {
  text: (value) => sql`(${value})`,
  int: (value) => sql`cast(${value} as integer)`,
  day: (value) => sql`cast(${value} as date)`,
  moment: (value) => sql`to_timestamp(cast(${value} as bigint) / 1000.0)`,
};

export const jsonRows: Record<Store['dialect'], JsonRows> = { sqlite, pg };

function tableOf(columns: Record<string, JsonType>, valueOf: (n: number, type: JsonType) => Sql, from: Sql): Sql {
  const values = Object.entries(columns).map(([name, type], n) => sql`${valueOf(n, type)} as ${sql.identifier(name)}`);
  return sql`select ${sql.join(values, sql`, `)} from ${from}`;
}
