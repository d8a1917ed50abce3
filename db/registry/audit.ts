/** The audit of the registry: who changed what, when, each row bound to the one before by its hash, in the transaction of the change itself. */
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { canonical, sameText } from '../../calendars/canonical.ts';
import type { Audited, Tables } from '../schema/schema.ts';
import { asc, gt, sql } from '../store/drizzle.ts';
import { readSetting, saveSetting } from '../store/settings.ts';
import type { ReadDb, WriteDb } from '../store/store.ts';

/** Who changes the registry where no person and no key does: the registry's own files, the computing of what follows, whoever runs the service. */
export const [BY_FILES, BY_PROJECTION, BY_OPERATOR, BY_SERVICE] = ['files', 'projection', 'operator', 'service'] as const;

export type AuditRow = Tables['audit']['$inferSelect'];

/** Something that was changed; `by` is `key:` or `person:` with an id, or one of the words above. */
export interface AuditEntry {
  by: string;
  what: Audited;
  subject: string;
  /** As it was, and as it is; null where there was nothing, or is nothing any more. Only what differs is kept. */
  before: Readonly<Record<string, unknown>> | null;
  after: Readonly<Record<string, unknown>> | null;
}

/** How many rows there are, and the hash of the last one, which stands for all of them; empty where there are none. */
export interface AuditHead {
  number: number;
  hash: string;
}

/** Where the head stands in the settings: whoever writes it holds it until the commit, so that rows are committed in their order. */
const HEAD = 'audit_head';
const NO_ROWS: AuditHead = { number: 0, hash: '' };

/** Adds a row. To be called in the transaction that changes the registry. */
export async function noteAudit(tx: WriteDb, { by, what, subject, before, after }: AuditEntry, now: Date): Promise<void> {
  const head = await holdHead(tx);
  const row = { number: head.number + 1, at: now, by, what, subject, ...differing(before, after) };
  const hash = hashOf(row, head.hash);
  await tx.insert(tx.tables.audit).values({ ...row, hash });
  await saveSetting(tx, HEAD, writeHead({ number: row.number, hash }));
}

/** The head as it is now: what somebody keeps elsewhere to see later that no row was cut off. */
export async function auditHead(db: ReadDb): Promise<AuditHead> {
  return parseHead(await readSetting(db, HEAD));
}

/** The rows after a head, in their order. */
export async function auditAfter(db: ReadDb, { number }: AuditHead): Promise<AuditRow[]> {
  const { audit } = db.tables;
  return db.select().from(audit).where(gt(audit.number, number)).orderBy(asc(audit.number));
}

/** What reading the audit found: how many rows fit, and what is wrong with the first that does not; null where all do. */
export interface AuditFinding {
  rows: number;
  fault: string | null;
}

/** Reads all rows, in slices. `kept`: the hash of a head that was kept elsewhere, which must be the hash of one of them. */
export async function verifyAudit(db: ReadDb, kept?: string): Promise<AuditFinding> {
  const { audit } = db.tables;
  const head = await auditHead(db);
  let last = NO_ROWS;
  let hasKept = kept === undefined;
  for (;;) {
    const rows = await db.select().from(audit).where(gt(audit.number, last.number)).orderBy(asc(audit.number)).limit(AT_ONCE);
    for (const row of rows) {
      const fault = faultOf(row, last);
      if (fault !== null) return { rows: last.number, fault };
      last = row;
      hasKept ||= row.hash === kept;
    }
    if (rows.length < AT_ONCE) break;
    await setImmediate();
  }
  // What was committed meanwhile stands behind the head that was read before.
  if (last.number < head.number)
    return { rows: last.number, fault: `row ${last.number + 1} is missing: the audit had ${head.number} rows` };
  if (!hasKept) return { rows: last.number, fault: `no row has the hash ${kept}: rows were cut off, or it is the head of another audit` };
  return { rows: last.number, fault: null };
}

const AT_ONCE = 500;

/** What is wrong with a row that comes after another. */
function faultOf(row: AuditRow, { number, hash }: AuditHead): string | null {
  if (row.number !== number + 1) return `row ${number + 1} is missing`;
  return row.hash === hashOf(row, hash) ? null : `row ${row.number} does not fit its hash: it, or a row before it, was changed`;
}

function hashOf({ number, at, by, what, subject, before, after }: Omit<AuditRow, 'hash'>, previous: string): string {
  const said = canonical({ number, at: at.toISOString(), by, what, subject, before, after, previous });
  return createHash('sha256').update(said).digest('hex');
}

/** The fields in which both differ, of each; of what is new or gone all. */
function differing(before: AuditEntry['before'], after: AuditEntry['after']): Pick<AuditRow, 'before' | 'after'> {
  if (before === null || after === null) return { before: before && { ...before }, after: after && { ...after } };
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((field) => !sameText(before[field], after[field]));
  const only = (values: Readonly<Record<string, unknown>>) => Object.fromEntries(fields.map((field) => [field, values[field] ?? null]));
  return { before: only(before), after: only(after) };
}

/** Reads the head and holds it until the commit. */
async function holdHead(tx: WriteDb): Promise<AuditHead> {
  const { settings } = tx.tables;
  const [row] = await tx
    .insert(settings)
    .values({ name: HEAD, value: writeHead(NO_ROWS) })
    .onConflictDoUpdate({ target: settings.name, set: { value: sql`${settings.value}` } })
    .returning();
  return parseHead(row?.value);
}

const writeHead = ({ number, hash }: AuditHead) => `${number} ${hash}`;

function parseHead(value: string | undefined): AuditHead {
  const [number = '', hash = ''] = (value ?? '').split(' ');
  return number === '' ? NO_ROWS : { number: Number(number), hash };
}
