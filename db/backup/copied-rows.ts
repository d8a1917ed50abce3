/** Checks a copy: whether it has the rows that the database had. */

/** What either dialect tells of a copy. */
export interface CopiedFile {
  file: string;
  rows: Record<string, number>;
  /** What drizzle keeps of the newest migration. */
  migratedAt: number;
  /** What the database keeps of the secret that signs its links; undefined where it keeps none yet. */
  secretDigest: string | undefined;
}

/** Throws, naming each table of which the copy has more or fewer rows. */
export function assertSameRows(database: Record<string, number>, copy: Record<string, number>): void {
  const tables = [...new Set([...Object.keys(database), ...Object.keys(copy)])];
  const faults = tables
    .filter((table) => database[table] !== copy[table])
    .map((table) => `${table} has ${copy[table] ?? 'no'} rows instead of ${database[table] ?? 'no'}`);
  if (faults.length > 0) throw new Error(`The copy does not hold what the database holds: ${faults.join(', ')}.`);
}
