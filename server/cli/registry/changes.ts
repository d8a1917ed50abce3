/** Changes of the registry as the audit has them, one line for each. */
import type { EditionAct } from '../../../calendars/editions/entry-faults.ts';
import type { AuditRow } from '../../../db/registry/audit.ts';
import { keysOfDeadlines } from '../../../db/registry/deadlines.ts';
import type { ReadDb } from '../../../db/store/store.ts';
import type { OpenEdition } from '../../../seeds/exchange/writing.ts';

/** A change with what it is called. */
export interface WrittenChange extends Pick<AuditRow, 'after' | 'before' | 'what' | 'subject' | 'by'> {
  name: string;
}

/** Names them: a deadline by insurer, year and what it is about. */
export async function namesOf(read: ReadDb, rows: readonly AuditRow[]): Promise<WrittenChange[]> {
  const ids = rows.filter(({ what }) => what === 'deadline' || what === 'check').map(({ subject }) => subject);
  const keys = await keysOfDeadlines(read, [...new Set(ids)]);
  return rows.map(({ after, before, by, subject, what }) => ({ what, subject, name: keys.get(subject) ?? subject, by, before, after }));
}

/** An edition that a file makes; of a dry run none has an id. */
export interface WrittenEdition {
  id: string | null;
  insurer: string | null;
  contractYear: number;
  careType: string;
  entries: Record<EditionAct, number>;
  /** When it is told, unless it is taken back before. */
  publicAt: string;
}

/** An edition with how many entries it has of each kind. */
export function writtenEdition({ edition, made }: OpenEdition, isDry: boolean): WrittenEdition {
  const { careType, contractYear, id, insurerSlug: insurer, publicAt } = edition;
  const count = (act: EditionAct) => made.filter((one) => one.act === act).length;
  const entries = { enter: count('enter'), amend: count('amend'), withdraw: count('withdraw'), check: count('check') };
  return { id: isDry ? null : id, insurer, contractYear, careType, entries, publicAt: publicAt!.toISOString() };
}

/** "Edition noord 2025 gp_care: 2 new, 1 amended, 1 withdrawn." */
export function editionLine({ careType, contractYear, entries, id, insurer }: WrittenEdition): string {
  const { amend, check, enter, withdraw } = entries;
  const parts = Object.entries({ new: enter, amended: amend, withdrawn: withdraw, checked: check }).filter(([, count]) => count > 0);
  const counts = parts.map(([word, count]) => `${count} ${word}`).join(', ');
  return `Edition ${insurer ?? 'sector'} ${contractYear} ${careType}: ${counts}${id === null ? '' : ` (${id})`}.`;
}

/** What, of what, and the fields that differ. */
export function changeRow({ after, before, name, what }: WrittenChange): Record<string, string> {
  return { change: kindOf({ after, before, what }), of: name, says: saysOf({ after, before }) };
}

function kindOf({ after, before, what }: Pick<WrittenChange, 'after' | 'before' | 'what'>): string {
  if (what === 'check') return 'checked';
  if (before === null) return `new ${what}`;
  if (after?.['status'] === 'withdrawn') return `${what} withdrawn`;
  return `${what} changed`;
}

/** Of what is new its title and day, else each field as it was and is. */
function saysOf({ after, before }: Pick<WrittenChange, 'after' | 'before'>): string {
  if (after === null) return '';
  if (before === null)
    return ['title', 'name', 'dueOn', 'certainty'].flatMap((field) => (after[field] ? [short(after[field])] : [])).join(', ');
  return Object.keys(after)
    .filter((field) => !UNTOLD.has(field))
    .map((field) => `${field}: ${short(before[field])} → ${short(after[field])}`)
    .join('; ');
}

/** What changes with every revision and says nothing of it. */
const UNTOLD = new Set(['revision', 'origin']);
const LONGEST = 80;

function short(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? null);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
