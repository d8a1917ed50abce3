/** Unavailability of the database: the one rule for errors that pass by themselves and may be tried again. */

/**
 * Whether an error, or what caused it, says that the database is away, full, held by another, or only to be read from. Whether a transaction
 * that ended so at its very commit was committed nobody can know.
 */
export function isUnavailable(error: unknown): boolean {
  return causeOf(error) !== null;
}

/** By what name the database is known to be unavailable, fit for everybody to read: a code, or `no answer`. Null where it is not. */
export function unavailableCode(error: unknown): string | null {
  const cause = causeOf(error);
  if (cause === null) return null;
  const { code } = cause as { code?: unknown };
  return typeof code === 'string' ? code : 'no answer';
}

/** The first error in a chain of causes that the rule is about. */
function causeOf(error: unknown): Error | null {
  for (let e = error; e instanceof Error; e = e.cause) {
    const { code } = e as { code?: unknown };
    if (typeof code === 'string' ? UNAVAILABLE.some((codes) => codes.test(code)) : UNANSWERED.test(e.message)) return e;
    if (e instanceof AggregateError) for (const one of e.errors) if (isUnavailable(one)) return causeOf(one);
  }
  return null;
}

const UNAVAILABLE = [
  // SQLite: a lock, a full disk, and what it makes of that where it cannot grow its log; a disk that fails or was mounted to be read only.
  /^SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN|PROTOCOL)/,
  // PostgreSQL (its appendix A): no connection, also where it lets us in no more, the database is away or takes no one; no room; a server that
  // stops, starts or only follows another; its time limits; a lock or a deadlock that another won; a disk that fails.
  /^(08...|28...|3D000|55000|53...|57P0[1235]|25006|25P0[34]|57014|55P03|40001|40P01|58030)$/,
  // The network between.
  /^(ECONN(REFUSED|RESET|ABORTED)|EPIPE|ETIMEDOUT|E(HOST|NET)(UNREACH|DOWN)|ENOTFOUND|EAI_AGAIN)$/,
];

/** What pg, which gives its own errors no code, says of time limits and of connections that ended. */
const UNANSWERED =
  /^(Query read timeout|timeout (exceeded when trying to connect|expired)|Connection terminated.*|Client (has encountered a connection error|was closed) and is not queryable|Cannot use a pool after calling end on the pool)$/;
