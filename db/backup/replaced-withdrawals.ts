/** What was withdrawn, read from a database that is to be replaced, as far as it can be read at all. */
import { existsSync } from 'node:fs';
import { dialectOf, pathOf } from './database-copy.ts';
import { withClient } from './pg-tools.ts';
import type { WithdrawalKind } from '../schema/store.ts';
import { isSqlite } from '../store/opening/admission.ts';
import { loadSqlite } from '../store/drizzle.ts';
import { compareDigest, DIGEST } from '../store/secret-digest.ts';
import { MAIL_HOLD } from '../store/settings.ts';

interface ReplacedWithdrawal {
  id: string;
  kind: WithdrawalKind;
  subject: string[];
  isOver: boolean;
}

/** What a database knows of them. */
export interface ReplacedWithdrawals {
  withdrawals: ReplacedWithdrawal[];
  /** It was restored itself, and what was withdrawn before that is not known to it. */
  isInDoubt: boolean;
}

const SETTING_QUESTION = 'select value from settings where name =';
const QUESTION = 'select id, kind, subject, is_over as "isOver" from withdrawals order by number';

/** All of them in their order; null where the database is not there, broken, of an earlier release, or signed its links with another secret: then it is another one's. */
export async function readReplacedWithdrawals(url: string, secret: string): Promise<ReplacedWithdrawals | null> {
  try {
    return dialectOf(url) === 'pg' ? await readPg(url, secret) : readSqlite(pathOf(url), secret);
  } catch {
    return null;
  }
}

async function readPg(url: string, secret: string): Promise<ReplacedWithdrawals | null> {
  return withClient(url, async (client) => {
    const settingOf = async (name: string) => (await client.query<{ value: string }>(`${SETTING_QUESTION} $1`, [name])).rows[0]?.value;
    if (compareDigest(await settingOf(DIGEST), secret) !== 'same') return null;
    return { withdrawals: (await client.query<ReplacedWithdrawal>(QUESTION)).rows, isInDoubt: hasDoubt(await settingOf(MAIL_HOLD)) };
  });
}

function readSqlite(path: string, secret: string): ReplacedWithdrawals | null {
  if (!existsSync(path) || !isSqlite(path)) return null;
  const { Sqlite } = loadSqlite();
  const database = new Sqlite(path, { readonly: true, fileMustExist: true });
  try {
    const settingOf = (name: string) => database.prepare(`${SETTING_QUESTION} ?`).pluck().get(name) as string | undefined;
    if (compareDigest(settingOf(DIGEST), secret) !== 'same') return null;
    const rows = database.prepare(QUESTION).all() as { id: string; kind: WithdrawalKind; subject: string; isOver: number }[];
    const withdrawals = rows.map(({ isOver, subject, ...row }) => ({
      ...row,
      subject: JSON.parse(subject) as string[],
      isOver: isOver === 1,
    }));
    return { withdrawals, isInDoubt: hasDoubt(settingOf(MAIL_HOLD)) };
  } finally {
    database.close();
  }
}

const hasDoubt = (hold: string | undefined) => hold !== undefined && (JSON.parse(hold) as { doubt: string | null }).doubt !== null;
