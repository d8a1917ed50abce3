/** The circuit breaker of sending: while the mail server refuses everything, one probe a minute is all that is offered. */
import { readSetting, saveSetting } from '../store/settings.ts';
import { eq } from '../store/drizzle.ts';
import type { ReadDb, WriteDb } from '../store/store.ts';

/** How long to wait between probes. */
const PROBE_MS = 60_000;
const NAME = 'mail_breaker';

export interface Breaker {
  /** `transport`: the server is not there or sends us away. `answers`: it refuses everything, or never says whether it took a mail. */
  cause: 'transport' | 'answers';
  /** What it said last. */
  response: string;
  since: Date;
  probeAt: Date;
}

/** The open breaker, or null. One for all processes that send from this database. */
export async function readBreaker(db: ReadDb): Promise<Breaker | null> {
  const text = await readSetting(db, NAME);
  if (text === undefined) return null;
  // Written below, by nobody else.
  const { since, probeAt, ...rest } = JSON.parse(text) as Omit<Breaker, 'since' | 'probeAt'> & { since: string; probeAt: string };
  return { ...rest, since: new Date(since), probeAt: new Date(probeAt) };
}

/** Opens the breaker, or keeps it open: the next probe is in a minute. */
export async function openBreaker(tx: WriteDb, { cause, response }: Pick<Breaker, 'cause' | 'response'>, now: Date): Promise<void> {
  const since = (await readBreaker(tx))?.since ?? now;
  await saveSetting(tx, NAME, JSON.stringify({ cause, response, since, probeAt: new Date(now.getTime() + PROBE_MS) }));
}

/** Takes the next probe for this sender alone: false when another took it, or it is not time yet. */
export async function takeProbe(tx: WriteDb, now: Date): Promise<boolean> {
  const breaker = await readBreaker(tx);
  if (breaker === null) return true;
  // A clock that was set back must not keep the breaker open for longer than a minute.
  if (breaker.probeAt > now && breaker.probeAt.getTime() - now.getTime() <= PROBE_MS) return false;
  await openBreaker(tx, breaker, now);
  return true;
}

export async function closeBreaker(tx: WriteDb): Promise<void> {
  const { settings } = tx.tables;
  await tx.delete(settings).where(eq(settings.name, NAME));
}
