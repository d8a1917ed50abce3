/** The list of withdrawals beside the backups: sealed, so that it brings a restored backup up to date and tells nothing to who has it alone. */
import { appendFileSync, closeSync, existsSync, fsyncSync, openSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { sealWithdrawal, type SealedWithdrawal } from '../../db/people/reapplying.ts';
import { WITHDRAWAL_KINDS } from '../../db/schema/store.ts';
import { makeFolder } from '../../db/store/folder.ts';
import { withdrawalDigest } from '../../db/store/secrets.ts';
import type { Store } from '../../db/store/store.ts';
import { withdrawalsAfter, type Withdrawal } from '../../db/store/withdrawals.ts';

const FILE = 'withdrawals.jsonl';
/** How many are read in one go. */
const AT_ONCE = 500;

/** A line of the list. `key` tells by which secret it is sealed. */
type Line = SealedWithdrawal & { at: string; key: string };

export interface WithdrawalsList {
  /** Appends what the store noted and the list lacks, and marks the list as complete by now. Gives how many lines that were. */
  write: (store: Store, now: Date) => Promise<number>;
}

/** Opens the list in a folder. Several processes may write to one: what stands there twice counts once. */
export function openWithdrawalsList(folder: string, secret: string): WithdrawalsList {
  const path = join(folder, FILE);
  let listed: Set<string> | undefined;
  let last = 0;
  return {
    async write({ read }, now) {
      listed ??= prepare(folder, path);
      let written = 0;
      for (;;) {
        const noted = await withdrawalsAfter(read, last, AT_ONCE);
        const missing = noted.filter(({ id }) => !listed!.has(id));
        append(path, missing, secret);
        for (const { id } of missing) listed.add(id);
        written += missing.length;
        last = noted.at(-1)?.number ?? last;
        if (noted.length < AT_ONCE) break;
      }
      utimesSync(path, now, now);
      return written;
    },
  };
}

/** The ids that stand in the list. Makes it where there is none, and ends a line that broke off. */
function prepare(folder: string, path: string): Set<string> {
  makeFolder(folder);
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  appendFileSync(path, text === '' || text.endsWith('\n') ? '' : '\n', { mode: 0o600 });
  return new Set(linesIn(text).map(({ id }) => id));
}

function append(path: string, withdrawals: readonly Withdrawal[], secret: string) {
  if (withdrawals.length === 0) return;
  const key = keyOf(secret);
  const lines = withdrawals.map((one) => ({ at: one.at.toISOString(), key, ...sealWithdrawal(one, secret) }) satisfies Line);
  const file = openSync(path, 'a', 0o600);
  try {
    appendFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** What a list holds that this secret sealed, in its order; the ids of all its lines; until when it is complete; and how many lines another secret sealed. */
export interface ReadList {
  ids: ReadonlySet<string>;
  withdrawals: SealedWithdrawal[];
  until: Date;
  foreign: number;
}

/** Reads the list in a folder; null where there is none. */
export function readWithdrawalsList(folder: string, secret: string): ReadList | null {
  const path = join(folder, FILE);
  if (!existsSync(path)) return null;
  const key = keyOf(secret);
  const lines = linesIn(readFileSync(path, 'utf8'));
  const withdrawals = lines.filter((line) => line.key === key);
  return { withdrawals, ids: new Set(lines.map(({ id }) => id)), until: statSync(path).mtime, foreign: lines.length - withdrawals.length };
}

/** Lines that broke off, or of a kind that is not known here, are none. */
function linesIn(text: string): Line[] {
  return text.split('\n').flatMap((line) => {
    try {
      const one = JSON.parse(line) as Line;
      return WITHDRAWAL_KINDS.includes(one.kind) && Array.isArray(one.subject) ? [one] : [];
    } catch {
      return [];
    }
  });
}

const keyOf = (secret: string) => withdrawalDigest(secret, 'key').slice(0, 12);
