/** What was withdrawn, read from a database that is to be replaced, as far as it can be read at all. */
import { existsSync } from 'node:fs';
import { dialectOf, pathOf } from './database-copy.ts';
import { withClient } from './pg-tools.ts';
import type { WithdrawalKind } from '../schema/store.ts';
import { isSqlite } from '../store/opening/admission.ts';
import { loadSqlite } from '../store/drizzle.ts';
import { compareDigest, DIGEST } from '../store/secret-digest.ts';

export interface ReplacedWithdrawal {
  id: string;
  kind: WithdrawalKind;
  subject: string[];
  isOver: boolean;
}

const SECRET_QUESTION = 'select value from settings where name =';
const QUESTION = 'select id, kind, subject, is_over as "isOver" from withdrawals order by number';

/** All of them in their order; null where the database is not there, broken, of an earlier release, or signed its links with another secret: then it is another one's. */
export async function readReplacedWithdrawals(url: string, secret: string): Promise<ReplacedWithdrawal[] | null> {
  try {
    return dialectOf(url) === 'pg' ? await readPg(url, secret) : readSqlite(pathOf(url), secret);
  } catch {
    return null;
  }
}

async function readPg(url: string, secret: string): Promise<ReplacedWithdrawal[] | null> {
  return withClient(url, async (client) => {
    const { rows: digests } = await client.query<{ value: string }>(`${SECRET_QUESTION} $1`, [DIGEST]);
    if (compareDigest(digests[0]?.value, secret) !== 'same') return null;
    return (await client.query<ReplacedWithdrawal>(QUESTION)).rows;
  });
}

function readSqlite(path: string, secret: string): ReplacedWithdrawal[] | null {
  if (!existsSync(path) || !isSqlite(path)) return null;
  const { Sqlite } = loadSqlite();
  const database = new Sqlite(path, { readonly: true, fileMustExist: true });
  try {
    const digest = database.prepare(`${SECRET_QUESTION} ?`).pluck().get(DIGEST) as string | undefined;
    if (compareDigest(digest, secret) !== 'same') return null;
    const rows = database.prepare(QUESTION).all() as { id: string; kind: WithdrawalKind; subject: string; isOver: number }[];
    return rows.map(({ isOver, subject, ...row }) => ({ ...row, subject: JSON.parse(subject) as string[], isOver: isOver === 1 }));
  } finally {
    database.close();
  }
}
