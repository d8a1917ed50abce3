/** Acts: what somebody did that ends reminders or lets them go on, noted in the change itself, so that the organisation's others hear of it. */
import { randomUUID } from 'node:crypto';
import type { ActKind, ActWay, Said } from '../../schema/schema.ts';
import { and, eq, gt, inArray, isNotNull, lt, notExists, sql } from '../../store/drizzle.ts';
import type { ReadDb, Store, WriteDb } from '../../store/store.ts';

/** Who does something, and by which way. */
export interface Doer {
  way: ActWay;
  /** An address, or the name that was given; null where none was. */
  by: string | null;
  /** Whose mail the link stood in. */
  recipientId?: string;
}

/** What was done, and to what. */
interface Deed {
  kind: ActKind;
  organisationId: string;
  /** Null where it is about no deadline. */
  deadlineId: string | null;
  /** The own date that it is about, where it is about one. */
  stepId?: string;
  /** What was said of the deadline, or of the own date, before; null where it was open. */
  before?: Said | null;
}

/** Notes an act. Who is to hear of it is found by the next round of work. */
export async function noteAct(tx: WriteDb, deed: Deed, { way, by, recipientId }: Doer, now: Date): Promise<void> {
  const { acts } = tx.tables;
  await tx
    .insert(acts)
    .values({ id: randomUUID(), before: null, ...deed, way, by, recipientId: recipientId ?? null, at: now, queuedAt: null });
}

/** Whether anything else was said since of deadlines, or of an own date: a link in a mail takes back what the mail told of, and nothing later. */
export async function isSaidSince(
  db: ReadDb,
  organisationId: string,
  about: { deadlineIds: readonly string[] } | { stepId: string },
  since: Date,
): Promise<boolean> {
  const { acts } = db.tables;
  const isAbout = 'stepId' in about ? eq(acts.stepId, about.stepId) : inArray(acts.deadlineId, [...about.deadlineIds]);
  const isSaying = inArray(acts.kind, ['completed', 'reopened']);
  return (await db.$count(acts, and(eq(acts.organisationId, organisationId), isAbout, isSaying, gt(acts.at, since)))) > 0;
}

/** Whether two sayings are the same: both that it is open, or the same outcome for the same reason. */
export function isSameSaid(a: Said | null, b: Said | null): boolean {
  return a?.outcome === b?.outcome && a?.reason === b?.reason;
}

/** Takes addresses out of who did something. `removed`: what stands in their place. */
export async function eraseDoers(tx: WriteDb, organisationId: string, addresses: readonly string[], removed: string): Promise<void> {
  const { acts } = tx.tables;
  const rows = await tx
    .select({ id: acts.id, by: acts.by })
    .from(acts)
    .where(and(eq(acts.organisationId, organisationId), isNotNull(acts.by)));
  for (const { id, by } of rows)
    if (addresses.some((address) => by!.toLowerCase().includes(address))) await tx.update(acts).set({ by: removed }).where(eq(acts.id, id));
}

/** Removes acts from before a moment of which no mail that is kept tells. Gives how many. */
export async function purgeActs(store: Store, before: Date): Promise<number> {
  const { acts, notices } = store.read.tables;
  const telling = store.read
    .select({ one: sql`1` })
    .from(notices)
    .where(eq(notices.actId, acts.id));
  const isOver = and(lt(acts.at, before), isNotNull(acts.queuedAt), notExists(telling));
  if ((await store.read.$count(acts, isOver)) === 0) return 0;
  return store.write(async (tx) => (await tx.delete(acts).where(isOver).returning({ id: acts.id })).length);
}
