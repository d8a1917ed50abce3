/** How an SQLite connection has to be, and whether it is. */

interface Connection {
  readonly readonly: boolean;
  pragma(source: string, options?: { simple: boolean }): unknown;
}

/** What the promises of this service rest on. */
export const WANTED_PRAGMAS: Readonly<Record<string, string | number>> = {
  journal_mode: 'wal',
  synchronous: 2,
  foreign_keys: 1,
  secure_delete: 1,
  busy_timeout: 5000,
};

/** better-sqlite3 falls back to synchronous=NORMAL when a file is reopened: a committed reminder could be lost with the power. */
export function setPragmas(connection: Connection): void {
  connection.pragma('busy_timeout = 5000');
  if (!connection.readonly) connection.pragma('journal_mode = wal');
  connection.pragma('synchronous = full');
  connection.pragma('foreign_keys = on');
  // What is deleted is overwritten with zeros, and not only left to be used again.
  connection.pragma('secure_delete = on');
  connection.pragma('trusted_schema = off');
}

/** Throws where SQLite keeps one of them otherwise. */
export function assertPragmas(connection: Connection): void {
  for (const [name, value] of Object.entries(WANTED_PRAGMAS)) {
    const setting = connection.pragma(name, { simple: true });
    if (setting !== value) throw new Error(`SQLite keeps ${name} at ${String(setting)} instead of ${value}`);
  }
}
