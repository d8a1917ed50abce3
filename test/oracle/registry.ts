/** What the oracle knows of the registry and of organisations: what REST answers, and nothing that is derived from it. */
import type { Day } from './working-days.ts';

export type Role = 'ro' | 'wsv' | 'practice' | 'provider';
type Actor = Role | 'insurer';

/** An entry as `GET /deadlines` gives it, as far as it decides who is told of it and when. */
export interface Row {
  id: string;
  insurer: string | null;
  contractYear: number;
  careType: string;
  activity: string;
  kind: string;
  title: string;
  certainty: 'stated' | 'sector_rule' | 'expected' | 'template' | 'unknown';
  dueOn: Day | null;
  lastSafeOn: Day | null;
  rule: { kind: string; from?: unknown; to?: unknown; year?: unknown };
  duty: { actors: readonly Actor[]; onBehalfOf: readonly Actor[]; contractStatus: 'contracted' | 'uncontracted' | 'any' };
  revision: number;
}

export interface Relation {
  contractStatus: 'contracted' | 'uncontracted' | 'unknown';
  preferred: boolean;
}

/** An organisation as it was made. `parent`: the RO that delivers for it; `members`: those that an RO delivers for. */
export interface Organisation {
  name: string;
  role: Role;
  parent: Organisation | null;
  members: Organisation[];
  relations: ReadonlyMap<string, Relation>;
}

/** The registry from a moment on: entries that stand, by id, and contract terms. */
export interface Registry {
  at: Date;
  rows: ReadonlyMap<string, Row>;
  terms: readonly Row[];
}

/** The day that counts: the last safe one, of an assumption the assumed one. */
export function countingDay(row: Row): Day | null {
  return row.lastSafeOn ?? row.dueOn;
}

/** Whether it is counted down at all. */
export function isCounted(row: Row): boolean {
  return ['deadline', 'window'].includes(row.kind) && countingDay(row) !== null;
}

export function isAssumption(row: Row): boolean {
  return row.certainty === 'template';
}

/** Whether the insurer alone acts. */
export function isInsurersAct(row: Row): boolean {
  return row.duty.actors.every((actor) => actor === 'insurer');
}
